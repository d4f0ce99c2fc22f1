#include "auth/jwt.h"

#include "base/auto.h"
#include "base/base64.h"
#include "base/json.h"

#include <string.h>

cJSON *azml_jwt_claims(const struct azml_secret *token)
{
    const char *start = strchr(azml_secret_reveal(token), '.');
    const char *end = start ? strchr(start + 1, '.') : NULL;
    if (!end)
        return NULL;
    size_t length = 0;
    auto_free uint8_t *bytes =
        azml_base64_decode(start + 1, (size_t)(end - start - 1), &length, NULL);
    return bytes ? azml_json_parse((const char *)bytes, length, NULL) : NULL;
}

int64_t azml_jwt_expires_ms(const struct azml_secret *token)
{
    auto_json cJSON *claims = azml_jwt_claims(token);
    int64_t seconds = claims ? azml_json_int_or(claims, "exp", 0) : 0;
    return seconds > 0 && seconds < INT64_MAX / 1000 ? seconds * 1000 : 0;
}
