#include "base/number.h"

#include "base/i18n.h"

#include <inttypes.h>
#include <stdbool.h>

static bool parse(const char *text, int64_t *out)
{
    bool negative = *text == '-';
    text += negative;
    if (!*text)
        return false;
    int64_t value = 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        int64_t digit = *text - '0';
        if (value > (INT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = negative ? -value : value;
    return true;
}

int azml_number_parse_i64(const char *text, int64_t min, int64_t max, int64_t *out,
                          struct azml_error *err)
{
    int64_t value;
    if (!parse(text, &value))
        return azml_error_set(err, AZML_ERROR_USAGE, _("'%s' is not a whole number"), text);
    if (value < min || value > max)
        return azml_error_set(err, AZML_ERROR_USAGE,
                              _("%s is not between %" PRId64 " and %" PRId64), text, min, max);
    *out = value;
    return 0;
}

int azml_number_parse_u32(const char *text, uint32_t min, uint32_t max, uint32_t *out,
                          struct azml_error *err)
{
    int64_t value = 0;
    if (azml_number_parse_i64(text, min, max, &value, err) < 0)
        return -1;
    *out = (uint32_t)value;
    return 0;
}
