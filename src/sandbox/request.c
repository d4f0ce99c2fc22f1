#include "sandbox/request.h"

#include "base/auto.h"
#include "base/str.h"

#include <string.h>

/* How many bytes the sequence has that this first byte begins; 0: it begins none. */
static size_t sequence_length(unsigned char first)
{
    if (first < 0x80)
        return first ? 1 : 0;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* Neither overlong, nor half of a pair, nor beyond the last character (RFC 3629 section 4). */
static bool is_sequence(const unsigned char *at, size_t length)
{
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return false;
    }
    return !(at[0] == 0xe0 && at[1] < 0xa0) && !(at[0] == 0xed && at[1] > 0x9f) &&
           !(at[0] == 0xf0 && at[1] < 0x90) && !(at[0] == 0xf4 && at[1] > 0x8f);
}

bool sandbox_text_is_clean(const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text;
    const unsigned char *end = at + length;
    while (at < end) {
        size_t bytes = sequence_length(*at);
        if (bytes == 0 || bytes > (size_t)(end - at) || (bytes > 1 && !is_sequence(at, bytes)))
            return false;
        at += bytes;
    }
    return true;
}

static int decode(char *text, bool plus_is_space, struct azml_error *err)
{
    size_t length = azml_percent_decode(text, plus_is_space);
    if (sandbox_text_is_clean(text, length))
        return 0;
    return azml_error_set(err, AZML_ERROR_USAGE, "it holds what is no UTF-8 text");
}

int sandbox_pairs_add(struct sandbox_pairs *pairs, const char *name, const char *value,
                      struct azml_error *err)
{
    auto_free char *own_name = azml_strdup(name, err);
    auto_free char *own_value = azml_strdup(value, err);
    if (!own_name || !own_value)
        return -1;
    bool is_full = (pairs->count & (pairs->count - 1)) == 0; /* room doubles: 0, 1, 2, 4, 8 … */
    struct sandbox_pair *items = pairs->items;
    if (is_full) {
        size_t room = pairs->count ? pairs->count * 2 : 1;
        items = realloc(items, room * sizeof(*items));
        if (!items)
            return azml_error_memory(err);
        pairs->items = items;
    }
    items[pairs->count++] =
        (struct sandbox_pair){.name = AZML_STEAL(own_name), .value = AZML_STEAL(own_value)};
    return 0;
}

const char *sandbox_pairs_find(const struct sandbox_pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (azml_same_text(pairs->items[i].name, name))
            return pairs->items[i].value;
    }
    return NULL;
}

void sandbox_pairs_cleanup(struct sandbox_pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        free(pairs->items[i].name);
        free(pairs->items[i].value);
    }
    free(pairs->items);
    *pairs = (struct sandbox_pairs){0};
}

int sandbox_pairs_parse(struct sandbox_pairs *pairs, const char *text, struct azml_error *err)
{
    auto_free char *copy = azml_strdup(text, err);
    if (!copy)
        return -1;
    char *rest = copy;
    while (rest) {
        char *value = azml_split(&rest, '&');
        char *name = azml_split(&value, '=');
        if (!*name && !value)
            continue;
        if (decode(name, true, err) < 0 || (value && decode(value, true, err) < 0) ||
            sandbox_pairs_add(pairs, name, value ? value : "", err) < 0)
            return -1;
    }
    return 0;
}

static int add_segment(struct sandbox_request *request, const char *text, struct azml_error *err)
{
    if (request->segment_count == SANDBOX_MAX_SEGMENTS)
        return azml_error_set(err, AZML_ERROR_USAGE, "the path has too many segments");
    char *segment = azml_strdup(text, err);
    if (!segment)
        return -1;
    request->segments[request->segment_count++] = segment;
    return decode(segment, false, err);
}

static int split_path(struct sandbox_request *request, char *path, struct azml_error *err)
{
    char *rest = path;
    while (rest) {
        const char *segment = azml_split(&rest, '/');
        if (*segment && add_segment(request, segment, err) < 0)
            return -1;
    }
    request->path = sandbox_request_id(request, 0, err);
    return request->path ? 0 : -1;
}

int sandbox_request_set_target(struct sandbox_request *request, const char *target,
                               struct azml_error *err)
{
    if (*target != '/')
        return azml_error_set(err, AZML_ERROR_USAGE, "the path does not begin with a slash");
    request->target = azml_strdup(target, err);
    auto_free char *copy = azml_strdup(target, err);
    if (!request->target || !copy)
        return -1;
    char *query = copy;
    char *path = azml_split(&query, '?');
    if (split_path(request, path, err) < 0)
        return -1;
    if (query && sandbox_pairs_parse(&request->query, query, err) < 0)
        return -1;
    const char *version = sandbox_request_query(request, "api-version");
    request->api_version = version ? version : "";
    return 0;
}

int sandbox_request_add_header(struct sandbox_request *request, const char *name, const char *value,
                               struct azml_error *err)
{
    return sandbox_pairs_add(&request->headers, name, value, err);
}

void sandbox_request_cleanup(struct sandbox_request *request)
{
    for (size_t i = 0; i < request->segment_count; i++)
        free(request->segments[i]);
    for (size_t i = 0; i < request->param_count; i++)
        free(request->params[i]);
    free(request->target);
    free(request->path);
    sandbox_pairs_cleanup(&request->query);
    sandbox_pairs_cleanup(&request->headers);
    cJSON_Delete(request->json);
    *request = (struct sandbox_request){0};
}

const char *sandbox_request_query(const struct sandbox_request *request, const char *name)
{
    return sandbox_pairs_find(&request->query, name);
}

const char *sandbox_request_header(const struct sandbox_request *request, const char *name)
{
    return sandbox_pairs_find(&request->headers, name);
}

const char *sandbox_request_param(const struct sandbox_request *request, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < request->param_count; i++) {
        const char *in_pattern = request->param_names[i];
        if (strncmp(in_pattern, name, length) == 0 && in_pattern[length] == '}')
            return request->params[i];
    }
    return "";
}

bool sandbox_request_is_write(const struct sandbox_request *request)
{
    return strcmp(request->method, "PUT") == 0 || strcmp(request->method, "PATCH") == 0 ||
           strcmp(request->method, "POST") == 0 || strcmp(request->method, "DELETE") == 0;
}

char *sandbox_request_id(const struct sandbox_request *request, size_t segment_count,
                         struct azml_error *err)
{
    if (segment_count == 0 || segment_count > request->segment_count)
        segment_count = request->segment_count;
    auto_str struct azml_str id = {0};
    for (size_t i = 0; i < segment_count; i++) {
        azml_str_add_char(&id, '/');
        azml_str_add(&id, request->segments[i]);
    }
    if (segment_count == 0)
        azml_str_add_char(&id, '/');
    return azml_str_take(&id, err);
}
