#include "azml/arm.h"
#include "azml/arm_error.h"
#include "base/auto.h"
#include "base/i18n.h"
#include "commands/context.h"
#include "commands/rest_request.h"
#include "commands/table.h"

#include <string.h>

#define auto_request __attribute__((cleanup(azml_rest_request_cleanup)))

/* --- asking --- */

/* The exit status goes by the HTTP status, whatever azml makes of the service's code. */
static int by_status(struct azml_error *err)
{
    static const struct {
        int status;
        enum azml_error_code code;
    } rows[] = {
        {404, AZML_ERROR_NOT_FOUND },
        {401, AZML_ERROR_SIGNED_OUT},
        {403, AZML_ERROR_FORBIDDEN },
        {409, AZML_ERROR_CONFLICT  },
        {412, AZML_ERROR_CONFLICT  },
    };
    if (!err || err->http_status == 0)
        return -1;
    /* a refused sign-in has another server's status */
    enum azml_error_code code =
        err->code == AZML_ERROR_SIGNED_OUT ? AZML_ERROR_SIGNED_OUT : AZML_ERROR_SERVICE;
    for (size_t i = 0; i < AZML_COUNT(rows); i++) {
        if (err->http_status == rows[i].status)
            code = rows[i].code;
    }
    if (azml_error_exit(err->code) != azml_error_exit(code))
        err->code = code;
    return -1;
}

static int print(struct azml_context *context, const cJSON *json, const char *text,
                 struct azml_error *err)
{
    const struct azml_output *output = azml_context_output(context);
    if (json)
        return azml_output_json(output, json, err);
    return text && *text ? azml_output_text(output, text, err) : 0;
}

static struct azml_arm_call make_call(const struct azml_rest_request *request)
{
    return (struct azml_arm_call){
        .method = request->method,
        .path = request->path,
        .raw_body = request->body,
        .raw_length = request->body ? strlen(request->body) : 0,
    };
}

static int ask_once(struct azml_context *context, struct azml_arm *arm,
                    const struct azml_rest_request *request, struct azml_error *err)
{
    const struct azml_arm_call call = make_call(request);
    struct azml_arm_reply reply = {0};
    if (azml_arm_send(arm, &call, &reply, err) < 0)
        return -1;
    int done = 0;
    if (reply.status < 200 || reply.status > 299) {
        azml_arm_error_from_response(err, &reply.http);
        azml_error_context(err, _("%s %s was answered with status %d"), request->method,
                           request->path, reply.status);
        done = by_status(err);
    } else {
        done = print(context, reply.body, reply.http.body, err);
    }
    azml_arm_reply_cleanup(&reply);
    return done;
}

static int ask_all_pages(struct azml_context *context, struct azml_arm *arm,
                         const struct azml_rest_request *request, struct azml_error *err)
{
    auto_json cJSON *list = azml_arm_list(arm, request->path, err);
    return list ? print(context, list, NULL, err) : by_status(err);
}

/* What a progress line is about. */
struct watch {
    struct azml_progress *progress;
    const char *thing;
};

static void on_progress(void *data, const struct azml_arm_progress *progress)
{
    const struct watch *watch = data;
    azml_progress_change(watch->progress, watch->thing,
                         progress->status ? progress->status : _("in progress"), NULL,
                         _("Ctrl-C stops waiting, not the operation"));
}

static int ask_and_wait(struct azml_context *context, struct azml_arm *arm,
                        const struct azml_rest_request *request, struct azml_error *err)
{
    auto_free char *resume = azml_format(err, "azml rest GET '%s' --wait", request->path);
    auto_free char *thing = azml_format(err, "%s %.*s", request->method,
                                        (int)strcspn(request->path, "?"), request->path);
    if (!resume || !thing)
        return -1;
    struct watch watch = {.progress = azml_context_progress(context), .thing = thing};
    struct azml_arm_operation operation = {
        .call = make_call(request),
        .progress = on_progress,
        .data = &watch,
        .what = thing,
        .resume = strcmp(request->method, "DELETE") == 0 ? NULL : resume,
    };
    if (strcmp(request->method, "GET") == 0) {
        operation.call.method = NULL;
        operation.resource = request->path;
    }
    struct azml_arm_outcome outcome = {0};
    if (azml_arm_operate(arm, &operation, &outcome, err) < 0)
        return by_status(err);
    azml_progress_done(watch.progress, thing, _("done"), NULL);
    int done = print(context, outcome.body, NULL, err);
    azml_arm_outcome_cleanup(&outcome);
    return done;
}

static int ask(struct azml_context *context, struct azml_arm *arm,
               const struct azml_rest_request *request, struct azml_error *err)
{
    if (request->args->all_pages)
        return ask_all_pages(context, arm, request, err);
    if (request->args->wait)
        return ask_and_wait(context, arm, request, err);
    return ask_once(context, arm, request, err);
}

static int fill_subscription(struct azml_context *context, struct azml_rest_request *request,
                             struct azml_error *err)
{
    if (!azml_rest_request_wants_subscription(request))
        return 0;
    const char *id = azml_context_subscription(context, err);
    return id ? azml_rest_request_set_subscription(request, id, err) : -1;
}

static int rest_run(struct azml_context *context, const void *data, struct azml_error *err)
{
    const struct azml_cloud *cloud = azml_context_cloud(context, err);
    struct azml_http *http = cloud ? azml_context_http(context, err) : NULL;
    auto_request struct azml_rest_request request = {0};
    if (!http || azml_rest_request_fill(&request, data, cloud->resource_manager, err) < 0 ||
        fill_subscription(context, &request, err) < 0)
        return -1;
    struct azml_arm_options options = {
        .cloud = cloud,
        .http = http,
        .endpoint = request.endpoint,
        .headers = request.headers,
        .header_count = request.header_count,
    };
    if (!request.no_token) {
        options.credential = azml_context_credential(context, err);
        if (!options.credential)
            return -1;
    }
    struct azml_arm *arm = azml_arm_new(&options, err);
    if (!arm)
        return -1;
    int done = ask(context, arm, &request, err);
    azml_arm_free(arm);
    return done;
}

/* --- the row --- */

static const struct azml_option rest_options[] = {
    AZML_WORD(struct azml_rest_args, method, .meta = "METHOD", .required = true,
              .help = _("GET, HEAD, PUT, PATCH, POST or DELETE.")),
    AZML_WORD(struct azml_rest_args, path, .meta = "PATH", .required = true,
              .help = _("Path below the resource manager, or a whole address.")),
    AZML_STRING(struct azml_rest_args, body, .name = "body", .letter = 'b', .meta = "BODY",
                .help = _("JSON, a file that holds it, or - for stdin.")),
    AZML_FLAG(struct azml_rest_args, wait, .name = "wait",
              .help = _("Follow the operation to its end and print what came of it.")),
    AZML_FLAG(struct azml_rest_args, all_pages, .name = "all-pages",
              .help = _("Read every page of a list and print one array.")),
    AZML_FLAG(struct azml_rest_args, skip_auth, .name = "skip-auth",
              .help = _("Send no token; then any server may be asked.")),
    AZML_STRING(struct azml_rest_args, endpoint, .name = "endpoint", .meta = "URL",
                .help = _("Ask another server of the same kind; it never sees azml's token.")),
    AZML_LIST(struct azml_rest_args, headers, .name = "header", .meta = "NAME:VALUE",
              .help = _("Header to send (repeatable), or @FILE with one on each line.")),
    {0},
};

static const char *const rest_examples[] = {
    "azml rest GET /subscriptions",
    "azml rest GET /subscriptions/{subscription}/resourceGroups --all-pages",
    "azml rest PUT /subscriptions/{subscription}/resourceGroups/lab --body body.json",
    "azml rest DELETE /subscriptions/{subscription}/resourceGroups/lab --wait",
    NULL,
};

const struct azml_command azml_command_rest = {
    .path = "rest",
    .summary = _("Send one request to the resource manager"),
    .details = _("For what azml has no command for. The api-version is completed where the path "
                 "names none and azml knows it; {subscription} in it stands for the id of the "
                 "subscription in use. The token goes to the cloud's own resource manager "
                 "and to nothing else. Headers that are given go to the one server that is asked "
                 "and are never shown; a secret belongs in a file: --header @FILE."),
    .options = rest_options,
    .examples = rest_examples,
    .args_size = sizeof(struct azml_rest_args),
    .takes = AZML_TAKES_CLOUD,
    .run = rest_run,
};
