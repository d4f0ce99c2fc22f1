/* https.h - a sandbox server in a process of its own and a plain client for it, for unit tests. */
#ifndef TEST_SANDBOX_HTTPS_H
#define TEST_SANDBOX_HTTPS_H

#include "toy.h"

#include "base/fs.h"
#include "base/platform.h"
#include "sandbox/entra.h"
#include "sandbox/server.h"

#include <curl/curl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct sandbox_provider *const https_providers[] = {
    &sandbox_entra_token, &sandbox_entra_documents, &sandbox_metadata, &toy_provider, NULL};

struct https {
    int64_t pid;
    char folder[64];
    struct { /* written by the server's process when it answers */
        uint16_t port;
        char tenant_id[64], client_id[64], client_secret[64], subscription_id[64];
    } facts;
    char endpoint[64];
    char ca[96];
    char *token;
    CURL *client;
    bool is_fresh; /* a new connection for each request: libcurl sends anew on a reused one */
};

struct answer {
    CURLcode result;
    long status;
    struct azml_str headers, body;
    cJSON *json; /* of the body, or NULL */
    double seconds;
    long connects;
};

static inline void answer_cleanup(struct answer *answer)
{
    azml_str_cleanup(&answer->headers);
    azml_str_cleanup(&answer->body);
    cJSON_Delete(answer->json);
    *answer = (struct answer){0};
}
#define auto_answer __attribute__((cleanup(answer_cleanup)))

__attribute__((noreturn)) static inline void https_child(const struct https *https, int report)
{
    const struct sandbox_server_options options = {
        .folder = https->folder, .port = https->facts.port, .providers = https_providers};
    struct sandbox_server *server = sandbox_server_new(&options, NULL);
    if (!server)
        _exit(1);
    struct sandbox *world = sandbox_server_world(server);
    if (sandbox_registration_set(world, world->subscription_id, "Microsoft.Storage", "Registered",
                                 NULL) < 0)
        _exit(1);
    struct https ready = {.facts.port = sandbox_server_port(server)};
    snprintf(ready.facts.tenant_id, 64, "%s", world->tenant_id);
    snprintf(ready.facts.client_id, 64, "%s", world->client_id);
    snprintf(ready.facts.client_secret, 64, "%s", world->client_secret);
    snprintf(ready.facts.subscription_id, 64, "%s", world->subscription_id);
    bool ok = write(report, &ready.facts, sizeof(ready.facts)) == sizeof(ready.facts) &&
              sandbox_server_run(server, true, NULL) == 0;
    sandbox_server_free(server);
    _exit(ok ? 0 : 1);
}

/* Start (again) in https->folder. */
static inline bool https_serve(struct https *https)
{
    int report[2];
    if (azml_platform_pipe(report, NULL) < 0)
        return false;
    pid_t child = fork();
    if (child == 0)
        https_child(https, report[1]);
    azml_platform_close(report[1]);
    https->pid = child;
    bool ok = read(report[0], &https->facts, sizeof(https->facts)) == sizeof(https->facts);
    azml_platform_close(report[0]);
    snprintf(https->endpoint, sizeof(https->endpoint), "https://127.0.0.1:%u",
             (unsigned)https->facts.port);
    snprintf(https->ca, sizeof(https->ca), "%s/ca.pem", https->folder);
    return ok;
}

static inline size_t https_take(char *bytes, size_t size, size_t count, void *to)
{
    azml_str_add_bytes(to, bytes, size * count);
    return size * count;
}

/* One request; `path` begins with a slash, {S} in it is the subscription. `header` ("A: b") and
 * `body` may be NULL; the token goes along unless the header is an Authorization. */
static inline void https_send(struct https *https, const char *method, const char *path,
                              const char *header, const char *body, struct answer *answer)
{
    auto_str struct azml_str url = {0}, bearer = {0};
    const char *place = strstr(path, "{S}");
    azml_str_add(&url, https->endpoint);
    azml_str_add_bytes(&url, path, place ? (size_t)(place - path) : strlen(path));
    if (place) {
        azml_str_add(&url, https->facts.subscription_id);
        azml_str_add(&url, place + 3);
    }
    struct curl_slist *headers = NULL;
    azml_str_addf(&bearer, "Authorization: Bearer %s", https->token ? https->token : "");
    if (https->token && !(header && azml_has_prefix_nocase(header, "Authorization")))
        headers = curl_slist_append(headers, azml_str_text(&bearer));
    if (header)
        headers = curl_slist_append(headers, header);
    CURL *client = https->client;
    curl_easy_reset(client);
    curl_easy_setopt(client, CURLOPT_URL, azml_str_text(&url));
    curl_easy_setopt(client, CURLOPT_CAINFO, https->ca);
    curl_easy_setopt(client, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(client, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(client, CURLOPT_NOBODY, (long)(strcmp(method, "HEAD") == 0));
    curl_easy_setopt(client, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(client, CURLOPT_TIMEOUT_MS, 20000L);
    curl_easy_setopt(client, CURLOPT_WRITEFUNCTION, https_take);
    curl_easy_setopt(client, CURLOPT_WRITEDATA, &answer->body);
    curl_easy_setopt(client, CURLOPT_HEADERFUNCTION, https_take);
    curl_easy_setopt(client, CURLOPT_HEADERDATA, &answer->headers);
    curl_easy_setopt(client, CURLOPT_FRESH_CONNECT, (long)https->is_fresh);
    if (body)
        curl_easy_setopt(client, CURLOPT_POSTFIELDS, body);
    answer->result = curl_easy_perform(client);
    curl_easy_getinfo(client, CURLINFO_RESPONSE_CODE, &answer->status);
    curl_easy_getinfo(client, CURLINFO_TOTAL_TIME, &answer->seconds);
    curl_easy_getinfo(client, CURLINFO_NUM_CONNECTS, &answer->connects);
    curl_slist_free_all(headers);
    answer->json = azml_json_parse(azml_str_text(&answer->body), answer->body.length, NULL);
}

/* Does a header line of the answer begin with that text, in any case? */
static inline bool answer_has(const struct answer *answer, const char *line)
{
    auto_free char *with_break = azml_format(NULL, "\n%s", line);
    return azml_find_nocase(azml_str_text(&answer->headers), with_break) != NULL;
}

static inline char *https_get_token(struct https *https, const char *scope, struct answer *answer)
{
    auto_str struct azml_str form = {0}, path = {0};
    azml_str_addf(
        &form, "grant_type=client_credentials&client_id=%s&client_secret=", https->facts.client_id);
    azml_str_add_percent(&form, https->facts.client_secret, NULL);
    azml_str_add(&form, "&scope=");
    azml_str_add_percent(&form, scope, NULL);
    azml_str_addf(&path, "/%s/oauth2/v2.0/token", https->facts.tenant_id);
    https_send(https, "POST", azml_str_text(&path),
               "Content-Type: application/x-www-form-urlencoded", azml_str_text(&form), answer);
    const char *token = azml_json_text(answer->json, "access_token");
    return token ? azml_strdup(token, NULL) : NULL;
}

static inline int https_setup(void **state)
{
    struct https *https = calloc(1, sizeof(*https));
    *state = https;
    if (!https)
        return -1;
    snprintf(https->folder, sizeof(https->folder), "/tmp/azml-https-XXXXXX");
    https->client = curl_easy_init();
    if (!mkdtemp(https->folder) || !https_serve(https))
        return -1;
    auto_answer struct answer answer = {0};
    https->token = https_get_token(https, "https://management.azure.com/.default", &answer);
    return https->token ? 0 : -1;
}

static inline int https_teardown(void **state)
{
    struct https *https = *state;
    (void)azml_platform_terminate(https->pid);
    int code = azml_platform_wait(https->pid, 20000, NULL);
    curl_easy_cleanup(https->client);
    int result = azml_fs_remove_tree(https->folder, NULL);
    free(https->token);
    free(https);
    return code == 0 ? result : -1;
}

#endif
