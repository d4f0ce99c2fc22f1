#include "auth/entra.h"

#include "base/auto.h"
#include "base/i18n.h"

/* The identity that a practice cloud brings along; it exists for that cloud only. */
static enum azml_source_answer acquire(const struct azml_credential_options *options, bool again,
                                       struct azml_token *token_out, struct azml_str *missing,
                                       struct azml_error *err)
{
    (void)again;
    const struct azml_cloud *cloud = options->cloud;
    if (!cloud->client_id) {
        azml_str_addf(missing, _("the cloud %s has no identity of its own"), cloud->name);
        return AZML_SOURCE_NOTHING;
    }
    int done = azml_entra_client_secret(options, cloud->tenant_id, cloud->client_id,
                                        &cloud->client_secret, token_out, err);
    return done < 0 ? AZML_SOURCE_REFUSED : AZML_SOURCE_TOKEN;
}

const struct azml_source azml_source_sandbox = {
    .name = "sandbox",
    .acquire = acquire,
};
