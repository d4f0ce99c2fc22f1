#include "sandbox/entra.h"
#include "sandbox/provider.h"

/* Each provider adds its declaration and its row here. */
extern const struct sandbox_provider sandbox_provider_deployments;
extern const struct sandbox_provider sandbox_provider_graph;
extern const struct sandbox_provider sandbox_provider_groups;
extern const struct sandbox_provider sandbox_provider_insights;
extern const struct sandbox_provider sandbox_provider_locks;
extern const struct sandbox_provider sandbox_provider_logs;
extern const struct sandbox_provider sandbox_provider_ml;
extern const struct sandbox_provider sandbox_provider_providers;
extern const struct sandbox_provider sandbox_provider_resources;
extern const struct sandbox_provider sandbox_provider_storage;
extern const struct sandbox_provider sandbox_provider_subscriptions;
extern const struct sandbox_provider sandbox_provider_tags;
extern const struct sandbox_provider sandbox_provider_vaults;

const struct sandbox_provider *const sandbox_providers[] = {
    &sandbox_entra_token,
    &sandbox_entra_documents,
    &sandbox_metadata,
    &sandbox_provider_subscriptions,
    &sandbox_provider_providers,
    &sandbox_provider_groups,
    &sandbox_provider_locks,
    &sandbox_provider_tags,
    &sandbox_provider_resources,
    &sandbox_provider_graph,
    &sandbox_provider_deployments,
    &sandbox_provider_storage,
    &sandbox_provider_vaults,
    &sandbox_provider_logs,
    &sandbox_provider_insights,
    &sandbox_provider_ml,
    NULL,
};
