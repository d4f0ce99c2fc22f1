#include "azml/arm.h"

#include "arm/handle.h"
#include "azml/arm_error.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/platform.h"

#include <string.h>

/* One read on its way: a document, or a list that grows page by page. */
struct reader {
    struct azml_arm *arm;
    struct azml_arm_read *read;
    uint64_t *seen; /* of each link that was followed, its hash */
    size_t pages;
    size_t bytes;
};

static void end(struct reader *reader)
{
    if (reader->read->error.code != AZML_ERROR_NONE) {
        cJSON_Delete(reader->read->json);
        reader->read->json = NULL;
    }
    free(reader->seen);
    free(reader);
}

/* FNV-1a, 64 bits: two links of one list will not share it by chance. */
static uint64_t hash(const char *text)
{
    uint64_t value = UINT64_C(14695981039346656037);
    for (; *text; text++)
        value = (value ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return value;
}

/* Remember a link; a list that leads in a circle, or has no end, is an error. */
static int note_link(struct reader *reader, const char *link, struct azml_error *err)
{
    if (reader->pages >= reader->arm->most_pages)
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the list has more than %zu pages"),
                              reader->arm->most_pages);
    uint64_t value = hash(link);
    for (size_t i = 0; i < reader->pages; i++) {
        if (reader->seen[i] == value)
            return azml_error_set(
                err, AZML_ERROR_PROTOCOL,
                _("the list leads in a circle: a nextLink came again after %zu pages"),
                reader->pages);
    }
    uint64_t *more = realloc(reader->seen, (reader->pages + 1) * sizeof(*more));
    if (!more)
        return azml_error_memory(err);
    reader->seen = more;
    reader->seen[reader->pages++] = value;
    return 0;
}

/* Move the page's items behind those that came before. */
static int take_page(struct reader *reader, cJSON *page, struct azml_error *err)
{
    const cJSON *found = NULL;
    if (!cJSON_IsArray(page) && azml_json_array(page, "value", &found, err) < 0)
        return azml_error_context(err, _("the reply for %s is no list"), reader->read->path);
    cJSON *items = cJSON_IsArray(page) ? page : cJSON_GetObjectItem(page, "value");
    while (items && items->child) {
        cJSON *item = cJSON_DetachItemViaPointer(items, items->child);
        if (azml_json_append(reader->read->json, item) < 0)
            return azml_error_memory(err);
    }
    return 0;
}

static void on_reply(void *data, struct azml_arm_reply *reply, struct azml_error *error);

static int ask_next(struct reader *reader, const struct azml_arm_reply *reply,
                    struct azml_error *err)
{
    const cJSON *next = azml_json_at(reply->body, "nextLink");
    if (next && !cJSON_IsString(next))
        return azml_error_set(err, AZML_ERROR_PROTOCOL,
                              _("the reply for %s has a nextLink that is no address"),
                              reader->read->path);
    const char *link = cJSON_GetStringValue(next);
    if (!link || !*link)
        return 0;
    auto_free char *url = azml_arm_link(reader->arm, reply->http.url, link, err);
    if (!url || note_link(reader, url, err) < 0)
        return -1;
    const struct azml_arm_call call = {.path = url};
    return azml_arm_submit(reader->arm, &call, 0, on_reply, reader, err) < 0 ? -1 : 1;
}

/* 1 when another page was asked for, 0 at the end, -1 failed. */
static int take_reply(struct reader *reader, struct azml_arm_reply *reply, struct azml_error *err)
{
    struct azml_arm_read *read = reader->read;
    if (!azml_arm_is_success(reply->status))
        return azml_arm_error_from_response(err, &reply->http);
    if (!reply->body)
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the reply for %s holds no document"),
                              read->path);
    if (!read->is_list) {
        read->json = AZML_STEAL(reply->body);
        return 0;
    }
    reader->bytes += reply->http.body_length;
    if (reader->bytes > AZML_LIMIT_LIST)
        return azml_error_set(err, AZML_ERROR_PROTOCOL, _("the list is larger than %lu MiB"),
                              AZML_LIMIT_LIST / 1024 / 1024);
    if (take_page(reader, reply->body, err) < 0)
        return -1;
    return ask_next(reader, reply, err);
}

static void on_reply(void *data, struct azml_arm_reply *reply, struct azml_error *error)
{
    struct reader *reader = data;
    if (!reply) {
        azml_error_move(&reader->read->error, error);
        end(reader);
        return;
    }
    if (take_reply(reader, reply, &reader->read->error) <= 0)
        end(reader);
}

static int start(struct azml_arm *arm, struct azml_arm_read *read)
{
    struct reader *reader = calloc(1, sizeof(*reader));
    if (!reader)
        return azml_error_memory(&read->error);
    *reader = (struct reader){.arm = arm, .read = read};
    read->json = read->is_list ? cJSON_CreateArray() : NULL;
    if (read->is_list && !read->json)
        azml_error_memory(&read->error);
    struct azml_arm_call call = {.path = read->path};
    if (read->post_body) {
        call.method = "POST";
        call.raw_body = read->post_body;
        call.raw_length = strlen(read->post_body);
        call.repeat = AZML_HTTP_REPEAT_SAFE;
    }
    if (read->error.code == AZML_ERROR_NONE &&
        azml_arm_submit(arm, &call, 0, on_reply, reader, &read->error) == 0)
        return 0;
    end(reader);
    return -1;
}

static int judge_run(struct azml_arm *arm, struct azml_error *err)
{
    if (azml_http_run(arm->http, err) < 0)
        return -1;
    if (azml_http_time_left(arm->http) == 0)
        return azml_error_set(err, AZML_ERROR_TIMEOUT, _("time ran out"));
    return 0;
}

int azml_arm_read_all(struct azml_arm *arm, struct azml_arm_read *reads, size_t count,
                      struct azml_error *err)
{
    for (size_t i = 0; i < count; i++) {
        reads[i].json = NULL;
        reads[i].error = (struct azml_error){0};
        (void)start(arm, &reads[i]); /* its own error says why not */
    }
    return judge_run(arm, err);
}

cJSON *azml_arm_list(struct azml_arm *arm, const char *path, struct azml_error *err)
{
    struct azml_arm_read read = {.path = path, .is_list = true};
    struct azml_error run = {0};
    int done = azml_arm_read_all(arm, &read, 1, &run);
    if (read.error.code != AZML_ERROR_NONE) {
        azml_error_cleanup(&run);
        azml_error_move(err, &read.error);
        return NULL;
    }
    if (done < 0 && !read.json)
        azml_error_move(err, &run);
    azml_error_cleanup(&run);
    return read.json;
}
