/* platform_posix_socket.c - TCP connections of POSIX systems, for SSH. */
#include "base/platform.h"

#include "base/auto.h"
#include "base/i18n.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connect to one address; 0, or the errno that says why not. */
static int connect_one(const struct addrinfo *address, int64_t end, int *fd_out)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    int code = connect(fd, address->ai_addr, address->ai_addrlen) < 0 ? errno : 0;
    if (code == EINPROGRESS) {
        int64_t left = end - azml_platform_monotonic_ms();
        int ready = left > 0 ? azml_platform_wait_socket(fd, false, true, (uint64_t)left) : 0;
        socklen_t size = sizeof(code);
        if (ready < 1)
            code = ready < 0 ? EINTR : ETIMEDOUT;
        else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) < 0)
            code = errno;
    }
    if (code)
        (void)close(fd);
    else
        *fd_out = fd;
    return code;
}

static int say_why(int code, const char *host, unsigned port, struct azml_error *err)
{
    switch (code) {
    case EINTR:
        return azml_error_set(err, AZML_ERROR_INTERRUPTED, _("interrupted while connecting"));
    case ECONNREFUSED:
        return azml_error_set(err, AZML_ERROR_NETWORK, _("%s refused the connection to port %u"),
                              host, port);
    case ETIMEDOUT:
        return azml_error_set(err, AZML_ERROR_NETWORK, _("%s did not answer on port %u in time"),
                              host, port);
    default:
        azml_error_set(err, AZML_ERROR_NETWORK, _("could not connect to %s on port %u"), host,
                       port);
        return azml_error_why(err, "%s", strerror(code));
    }
}

int azml_platform_connect(const char *host, uint16_t port, uint64_t timeout_ms,
                          struct azml_error *err)
{
    char service[8];
    (void)snprintf(service, sizeof(service), "%u", (unsigned)port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int code = getaddrinfo(host, service, &hints, &found);
    if (code) {
        azml_error_set(err, AZML_ERROR_NETWORK, _("the host %s is unknown"), host);
        return azml_error_why(err, "%s", gai_strerror(code));
    }
    int64_t end = azml_platform_monotonic_ms() + (int64_t)timeout_ms;
    int fd = -1, why = EHOSTUNREACH;
    for (const struct addrinfo *at = found; at && fd < 0; at = at->ai_next)
        why = connect_one(at, end, &fd);
    freeaddrinfo(found);
    return fd >= 0 ? fd : say_why(why, host, port, err);
}

int azml_platform_wait_socket(int fd, bool for_read, bool for_write, uint64_t timeout_ms)
{
    struct pollfd wait = {.fd = fd};
    wait.events = (short)((for_read ? POLLIN : 0) | (for_write ? POLLOUT : 0));
    int64_t end = azml_platform_monotonic_ms() + (int64_t)timeout_ms;
    for (;;) {
        int64_t left = end - azml_platform_monotonic_ms();
        if (azml_platform_interrupted())
            return -1;
        int ready = poll(&wait, 1, (int)(left < 0 ? 0 : left < 500 ? left : 500));
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return ready > 0 ? 1 : -1;
        if (left <= 0)
            return 0;
    }
}

int azml_platform_poll(struct azml_platform_poll *polls, size_t count, uint64_t timeout_ms)
{
    struct pollfd waits[8];
    if (count > AZML_COUNT(waits))
        return -1;
    for (size_t i = 0; i < count; i++) {
        bool wanted = polls[i].for_read || polls[i].for_write;
        short events =
            (short)((polls[i].for_read ? POLLIN : 0) | (polls[i].for_write ? POLLOUT : 0));
        waits[i] = (struct pollfd){.fd = wanted ? polls[i].fd : -1, .events = events};
        polls[i].can_read = polls[i].can_write = false;
    }
    int ready = poll(waits, (nfds_t)count, timeout_ms < INT_MAX ? (int)timeout_ms : INT_MAX);
    for (size_t i = 0; ready > 0 && i < count; i++) {
        bool over = waits[i].revents & (POLLERR | POLLHUP | POLLNVAL);
        polls[i].can_read = polls[i].for_read && (over || waits[i].revents & POLLIN);
        polls[i].can_write = polls[i].for_write && (over || waits[i].revents & POLLOUT);
    }
    return ready;
}

uint16_t azml_platform_free_port(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    uint16_t port = 0;
    if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &size) == 0)
        port = ntohs(address.sin_port);
    (void)close(fd);
    return port;
}
