#include "sandbox/match.h"

#include "base/auto.h"
#include "base/str.h"

#include <string.h>

/* A pattern cut at its slashes; the pieces point into the pattern. */
struct pieces {
    struct piece {
        const char *text;
        size_t length;
    } items[SANDBOX_MAX_SEGMENTS];
    size_t count;
    size_t star; /* index of {*name}, or count */
};

static void cut(const char *pattern, struct pieces *pieces)
{
    pieces->count = 0;
    pieces->star = SIZE_MAX;
    while (*pattern == '/' && pieces->count < SANDBOX_MAX_SEGMENTS) {
        size_t length = strcspn(++pattern, "/");
        if (length >= 2 && pattern[0] == '{' && pattern[1] == '*')
            pieces->star = pieces->count;
        pieces->items[pieces->count++] = (struct piece){pattern, length};
        pattern += length;
    }
    if (pieces->star == SIZE_MAX)
        pieces->star = pieces->count;
}

static bool fits(const struct piece *piece, const char *segment, size_t *literals)
{
    if (piece->text[0] == '{')
        return true;
    (*literals)++;
    return strlen(segment) == piece->length && azml_same_bytes(piece->text, segment, piece->length);
}

/* How many literal segments fit, or -1 where the path does not match. */
static int score(const struct pieces *pieces, const struct sandbox_request *request)
{
    bool has_star = pieces->star < pieces->count;
    if (has_star ? request->segment_count < pieces->count : request->segment_count != pieces->count)
        return -1;
    size_t literals = 0;
    for (size_t i = 0; i < pieces->star; i++) {
        if (!fits(&pieces->items[i], request->segments[i], &literals))
            return -1;
    }
    size_t tail = has_star ? pieces->count - pieces->star - 1 : 0;
    for (size_t i = 1; i <= tail; i++) {
        if (!fits(&pieces->items[pieces->count - i], request->segments[request->segment_count - i],
                  &literals))
            return -1;
    }
    return (int)literals;
}

static bool takes_method(const struct sandbox_route *route, const char *method)
{
    return strcmp(route->method, "*") == 0 || strcmp(route->method, method) == 0;
}

struct best {
    const struct sandbox_route *route;
    int score;
    bool is_other_method;
};

/* Rows that are no fallback stand above those that are. */
static void consider(struct best *best, const struct sandbox_route *route,
                     const struct sandbox_request *request, const char *method)
{
    struct pieces pieces;
    cut(route->pattern, &pieces);
    int literals = score(&pieces, request);
    if (literals < 0)
        return;
    if (!takes_method(route, method)) {
        best->is_other_method = true;
        return;
    }
    int rank = literals + ((route->flags & SANDBOX_ROUTE_FALLBACK) ? 0 : SANDBOX_MAX_SEGMENTS);
    if (rank <= best->score)
        return;
    best->score = rank;
    best->route = route;
}

static struct best find(const struct sandbox *sandbox, const struct sandbox_request *request,
                        const char *method)
{
    struct best best = {.score = -1};
    for (const struct sandbox_provider *const *provider = sandbox->providers; *provider;
         provider++) {
        const struct sandbox_route *route = (*provider)->routes;
        for (; route && route->method; route++)
            consider(&best, route, request, method);
    }
    return best;
}

/* The segments [from, to) joined by slashes, a leading one included. */
static char *join(const struct sandbox_request *request, size_t from, size_t to,
                  struct azml_error *err)
{
    auto_str struct azml_str text = {0};
    for (size_t i = from; i < to; i++) {
        azml_str_add_char(&text, '/');
        azml_str_add(&text, request->segments[i]);
    }
    return azml_str_take(&text, err);
}

static int take_params(struct sandbox_request *request, struct azml_error *err)
{
    struct pieces pieces;
    cut(request->route->pattern, &pieces);
    for (size_t i = 0; i < pieces.count; i++) {
        if (pieces.items[i].text[0] != '{' || request->param_count == SANDBOX_MAX_PARAMS)
            continue;
        bool is_star = i == pieces.star;
        size_t extra = request->segment_count - pieces.count;
        size_t at = i > pieces.star ? i + extra : i;
        char *value = is_star ? join(request, at, at + extra + 1, err)
                              : azml_strdup(request->segments[at], err);
        if (!value)
            return -1;
        request->param_names[request->param_count] = pieces.items[i].text + 1 + is_star;
        request->params[request->param_count++] = value;
    }
    return 0;
}

int sandbox_match(const struct sandbox *sandbox, struct sandbox_request *request,
                  bool *is_other_method_out, struct azml_error *err)
{
    struct best best = find(sandbox, request, request->method);
    if (!best.route && strcmp(request->method, "HEAD") == 0)
        best = find(sandbox, request, "GET");
    request->route = best.route;
    *is_other_method_out = best.is_other_method;
    return best.route ? take_params(request, err) : 0;
}
