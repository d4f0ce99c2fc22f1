#include "cli/report.h"

#include "base/auto.h"
#include "base/i18n.h"
#include "base/json.h"
#include "cli/text.h"

#include <string.h>

#define RED   "\x1b[1;31m"
#define PLAIN "\x1b[0m"

/* One labelled part; text of several lines stays below its label. */
static void add_part(struct azml_str *out, const char *label, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        auto_str struct azml_str line = {0};
        azml_str_add_bytes(&line, text, length);
        azml_str_addf(out, "  %-5s ", label);
        azml_text_add_clean(out, azml_str_text(&line));
        azml_str_add_char(out, '\n');
        label = "";
        text += length + (text[length] == '\n');
    }
}

static void add_said(struct azml_str *out, const struct azml_error *err)
{
    if (!err->said_code && !err->said_message)
        return;
    auto_str struct azml_str said = {0};
    if (err->said_code)
        azml_str_add(&said, err->said_code);
    if (err->said_message)
        azml_str_addf(&said, "%s%s", err->said_code ? ": " : "", err->said_message);
    add_part(out, _("said"), azml_str_text(&said));
}

static void print_text(const struct azml_report *report, const struct azml_error *err)
{
    auto_str struct azml_str out = {0};
    azml_str_add(&out, report->color ? RED : "");
    azml_str_add(&out, _("error:"));
    azml_str_add(&out, report->color ? PLAIN : "");
    azml_str_add_char(&out, ' ');
    azml_text_add_clean(&out, err->message ? err->message : azml_error_meaning(err->code));
    azml_str_add_char(&out, '\n');
    if (err->why)
        add_part(&out, _("why"), err->why);
    add_said(&out, err);
    if (err->hint)
        add_part(&out, _("try"), err->hint);
    if (err->request_id)
        azml_str_addf(&out, _("  id    %s (request id, for Azure's support)\n"), err->request_id);
    (void)fputs(azml_str_text(&out), report->stream);
}

static int put_if(cJSON *document, const char *path, const char *text)
{
    return text ? azml_json_put_text(document, path, text) : 0;
}

cJSON *azml_report_document(const struct azml_error *err)
{
    auto_json cJSON *document = cJSON_CreateObject();
    if (!document || put_if(document, "error.code", azml_error_name(err->code)) < 0 ||
        put_if(document, "error.message", err->message) < 0 ||
        put_if(document, "error.why", err->why) < 0 ||
        put_if(document, "error.hint", err->hint) < 0 ||
        put_if(document, "error.said.code", err->said_code) < 0 ||
        put_if(document, "error.said.message", err->said_message) < 0 ||
        put_if(document, "error.requestId", err->request_id) < 0 ||
        azml_json_put_number(document, "error.exit", azml_error_exit(err->code)) < 0)
        return NULL;
    return AZML_STEAL(document);
}

static void print_json(const struct azml_report *report, const struct azml_error *err)
{
    auto_json cJSON *document = azml_report_document(err);
    auto_free char *text = document ? azml_json_print(document, false, NULL) : NULL;
    if (text)
        (void)fprintf(report->stream, "%s\n", text);
    else
        print_text(report, err);
}

int azml_report_error(const struct azml_report *report, const struct azml_error *err)
{
    if (err->code == AZML_ERROR_NONE)
        return 0;
    if (report->json)
        print_json(report, err);
    else
        print_text(report, err);
    (void)fflush(report->stream);
    return azml_error_exit(err->code);
}
