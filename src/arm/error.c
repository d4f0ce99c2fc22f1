#include "azml/arm_error.h"

#include "arm/advice.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

#define auto_said __attribute__((cleanup(azml_arm_said_cleanup)))

enum { MOST_LEVELS = 32 }; /* of details in details; the deepest real ones have four */

void azml_arm_said_cleanup(struct azml_arm_said *said)
{
    if (!said)
        return;
    free(said->code);
    free(said->message);
    *said = (struct azml_arm_said){0};
}

/* --- the shapes --- */

static bool has_text(const char *text)
{
    return text && text[strspn(text, " \t\r\n")];
}

/* The object that carries code and message, in whichever wrapping; NULL where there is none. */
static const cJSON *find_error(const cJSON *document)
{
    const cJSON *inner = azml_json_at(document, "error");
    if (cJSON_IsObject(inner))
        return inner;
    inner = cJSON_GetObjectItemCaseSensitive(document, "odata.error");
    if (cJSON_IsObject(inner))
        return inner;
    bool is_bare = has_text(azml_json_text(document, "code")) ||
                   has_text(azml_json_text(document, "message")) ||
                   has_text(azml_json_text(document, "error"));
    return cJSON_IsObject(document) && is_bare ? document : NULL;
}

/* A text, an OData {"lang","value"}, or what OAuth calls error_description. */
static const char *message_of(const cJSON *node)
{
    const char *text = azml_json_text(node, "message");
    text = text ? text : azml_json_text(node, "message.value");
    return text ? text : azml_json_text(node, "error_description");
}

static int take(struct azml_arm_said *said, const cJSON *node, struct azml_error *err)
{
    const char *code = azml_json_text(node, "code");
    code = code ? code : azml_json_text(node, "error");
    const char *message = message_of(node);
    struct azml_arm_said own = {0};
    if (code)
        own.code = azml_strdup(code, err);
    if (message)
        own.message = azml_strdup(message, err);
    if ((code && !own.code) || (message && !own.message)) {
        azml_arm_said_cleanup(&own);
        return -1;
    }
    azml_arm_said_cleanup(said);
    *said = own;
    return 0;
}

static int dig(struct azml_arm_said *said, const cJSON *node, int level, struct azml_error *err);

/* A message that is a document itself: deployments wrap a provider's error so. */
static int dig_text(struct azml_arm_said *said, int level, struct azml_error *err)
{
    const char *text = said->message ? said->message + strspn(said->message, " \t\r\n") : "";
    if (*text != '{')
        return 0;
    auto_json cJSON *document = azml_json_parse(text, strlen(text), NULL);
    const cJSON *node = document ? find_error(document) : NULL;
    return node ? dig(said, node, level + 1, err) : 0;
}

/* The first of `details` that says something replaces what its parent said. */
static int dig_details(struct azml_arm_said *said, const cJSON *node, int level,
                       struct azml_error *err)
{
    const cJSON *detail = NULL;
    cJSON_ArrayForEach (detail, azml_json_at(node, "details")) {
        auto_said struct azml_arm_said deeper = {0};
        const cJSON *inner = find_error(detail);
        if (!inner)
            continue;
        if (dig(&deeper, inner, level + 1, err) < 0)
            return -1;
        if (!has_text(deeper.message))
            continue;
        azml_arm_said_cleanup(said);
        *said = deeper;
        deeper = (struct azml_arm_said){0};
        return 0;
    }
    return 0;
}

static const cJSON *inner_error(const cJSON *node)
{
    const cJSON *inner = azml_json_at(node, "innererror"); /* found whatever its case */
    if (inner)
        return inner;
    const cJSON *info = NULL;
    cJSON_ArrayForEach (info, azml_json_at(node, "additionalInfo")) {
        if (azml_same_text(azml_json_text(info, "type"), "InnerError"))
            return azml_json_at(info, "info.value");
    }
    return NULL;
}

/* Machine Learning's UserError and ServiceError say nothing: the inner code does. */
static int dig_inner(struct azml_arm_said *said, const cJSON *node, struct azml_error *err)
{
    bool is_vague = !said->code || azml_same_text(said->code, "UserError") ||
                    azml_same_text(said->code, "ServiceError");
    const cJSON *inner = inner_error(node);
    for (int level = 0; inner && level < MOST_LEVELS; level++) {
        const char *code = azml_json_text(inner, "code");
        if (has_text(message_of(inner)) && !has_text(said->message) && take(said, inner, err) < 0)
            return -1;
        if (is_vague && has_text(code)) {
            free(said->code);
            said->code = azml_strdup(code, err);
            if (!said->code)
                return -1;
        }
        inner = azml_json_at(inner, "innererror");
    }
    return 0;
}

static int dig(struct azml_arm_said *said, const cJSON *node, int level, struct azml_error *err)
{
    if (take(said, node, err) < 0)
        return -1;
    if (level >= MOST_LEVELS)
        return 0;
    if (dig_text(said, level, err) < 0 || dig_inner(said, node, err) < 0)
        return -1;
    return dig_details(said, node, level, err);
}

int azml_arm_error_said(const cJSON *document, struct azml_arm_said *said_out,
                        struct azml_error *err)
{
    const cJSON *node = find_error(document);
    if (!node)
        return 0;
    auto_said struct azml_arm_said said = {0};
    if (dig(&said, node, 0, err) < 0)
        return -1;
    *said_out = said;
    said = (struct azml_arm_said){0};
    return 1;
}

/* --- what they mean --- */

static int set(struct azml_error *err, int status, const struct azml_arm_said *said,
               const char *request_id)
{
    enum azml_error_code code = azml_arm_error_code(said->code, status);
    code = azml_arm_advice_refine(code, said);
    azml_error_set(err, code, "%s", azml_arm_advice_sentence(code));
    azml_error_said(err, said->code, said->message, request_id);
    if (err)
        err->http_status = status;
    return -1;
}

/* The name of the policy that stands in the way, wherever in the document it is. */
static void add_policy(struct azml_error *err, const cJSON *node, int level)
{
    const cJSON *each = NULL;
    cJSON_ArrayForEach (each, azml_json_at(node, "additionalInfo")) {
        const char *name = azml_json_text(each, "info.policyDefinitionDisplayName");
        name = name ? name : azml_json_text(each, "info.policyDefinitionName");
        if (azml_same_text(azml_json_text(each, "type"), "PolicyViolation") && name)
            azml_error_why(err, _("the policy is '%s'"), name);
    }
    cJSON_ArrayForEach (each, azml_json_at(node, "details")) {
        if (level < MOST_LEVELS)
            add_policy(err, each, level + 1);
    }
}

int azml_arm_error_from_json(struct azml_error *err, int status, const cJSON *document,
                             const char *request_id)
{
    auto_said struct azml_arm_said said = {0};
    if (azml_arm_error_said(document, &said, err) < 0)
        return -1;
    set(err, status, &said, request_id);
    azml_arm_advice_add(err, &said, NULL);
    const cJSON *node = find_error(document);
    if (node && err)
        add_policy(err, node, 0);
    return -1;
}

static int from_nothing(struct azml_error *err, const struct azml_http_response *response,
                        const char *request_id)
{
    const struct azml_arm_said nothing = {0};
    set(err, response->status, &nothing, request_id);
    if (err && (err->code == AZML_ERROR_SERVICE || err->code == AZML_ERROR_FAILED))
        azml_error_set(err, AZML_ERROR_SERVICE, _("the service answered with status %d"),
                       response->status);
    if (err)
        err->http_status = response->status;
    return azml_error_said(err, NULL, NULL, request_id);
}

int azml_arm_error_from_response(struct azml_error *err, const struct azml_http_response *response)
{
    const char *request_id = azml_http_response_header(response, "x-ms-request-id");
    auto_json cJSON *document = azml_json_parse(response->body, response->body_length, NULL);
    auto_said struct azml_arm_said said = {0};
    int found = document ? azml_arm_error_said(document, &said, err) : 0;
    if (found < 0)
        return -1;
    if (found == 0) {
        from_nothing(err, response, request_id);
    } else {
        azml_arm_error_from_json(err, response->status, document, request_id);
        azml_arm_advice_add(err, &said, response->url);
    }
    if (response->refused_wait_ms && err) {
        err->code = AZML_ERROR_THROTTLED;
        azml_error_why(err, _("it asks to wait %.0f minutes, longer than azml waits by itself"),
                       (double)response->refused_wait_ms / 60000.0);
    }
    return -1;
}
