/* recorder.c - a second server for the tests: writes down every request and answers politely.
 *
 *   usage: recorder FILE
 *
 * Listens on a free port of 127.0.0.1 over plain HTTP, prints the port on stdout, and appends the
 * method, address and headers of each request to FILE. Ends by itself after two minutes. */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>

static const char *method_name(enum evhttp_cmd_type type)
{
    switch (type) {
    case EVHTTP_REQ_GET:
        return "GET";
    case EVHTTP_REQ_PUT:
        return "PUT";
    case EVHTTP_REQ_POST:
        return "POST";
    case EVHTTP_REQ_DELETE:
        return "DELETE";
    default:
        return "OTHER";
    }
}

static void record(struct evhttp_request *request, void *data)
{
    const char *path = data;
    FILE *file = fopen(path, "a");
    if (!file)
        exit(1);
    (void)fprintf(file, "%s %s\n", method_name(evhttp_request_get_command(request)),
                  evhttp_request_get_uri(request));
    const struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
    for (const struct evkeyval *header = headers->tqh_first; header; header = header->next.tqe_next)
        (void)fprintf(file, "%s: %s\n", header->key, header->value);
    (void)fclose(file);
    struct evbuffer *body = evbuffer_new();
    if (!body)
        exit(1);
    evbuffer_add_printf(body, "{\"value\":[{\"name\":\"from-the-other-host\"}]}");
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      "application/json");
    evhttp_send_reply(request, 200, "OK", body);
    evbuffer_free(body);
}

static int port_of(struct evhttp_bound_socket *bound)
{
    struct sockaddr_in address = {0};
    socklen_t size = sizeof(address);
    if (getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&address, &size) < 0)
        return -1;
    return ntohs(address.sin_port);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    (void)signal(SIGPIPE, SIG_IGN);
    struct event_base *base = event_base_new();
    struct evhttp *server = base ? evhttp_new(base) : NULL;
    struct evhttp_bound_socket *bound =
        server ? evhttp_bind_socket_with_handle(server, "127.0.0.1", 0) : NULL;
    if (!bound)
        return 1;
    evhttp_set_gencb(server, record, argv[1]);
    (void)printf("%d\n", port_of(bound));
    (void)fflush(stdout);
    const struct timeval end = {.tv_sec = 120};
    (void)event_base_loopexit(base, &end);
    (void)event_base_dispatch(base);
    evhttp_free(server);
    event_base_free(base);
    return 0;
}
