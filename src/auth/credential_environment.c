#include "auth/entra.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/platform.h"

#include <string.h>

/* A service principal whose three parts stand in the environment (entra-auth.md 6.1). */
static enum azml_source_answer acquire(const struct azml_credential_options *options, bool again,
                                       struct azml_token *token_out, struct azml_str *missing,
                                       struct azml_error *err)
{
    (void)again;
    static const char *const names[] = {"AZURE_TENANT_ID", "AZURE_CLIENT_ID",
                                        "AZURE_CLIENT_SECRET"};
    const char *values[AZML_COUNT(names)];
    for (size_t i = 0; i < AZML_COUNT(names); i++) {
        values[i] = azml_platform_env(names[i]);
        if (!values[i]) {
            azml_str_addf(missing, _("%s is not set"), names[i]);
            return AZML_SOURCE_NOTHING;
        }
    }
    auto_secret struct azml_secret secret = {0};
    if (azml_secret_set(&secret, values[2], strlen(values[2]), err) < 0)
        return AZML_SOURCE_REFUSED;
    int done = azml_entra_client_secret(options, values[0], values[1], &secret, token_out, err);
    return done < 0 ? AZML_SOURCE_REFUSED : AZML_SOURCE_TOKEN;
}

const struct azml_source azml_source_environment = {
    .name = "environment",
    .is_in_chain = true,
    .acquire = acquire,
};
