#include "scenario/prometheus.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define CONNECTIONS 4
#define REQUEST_SIZE 65536
#define ANSWER_SIZE 8192
#define OLD_MS 3600000

struct prometheus prometheus;

static struct connection {
    int fd; /* -1: free */
    size_t length;
    char request[REQUEST_SIZE];
    bool silent; /* its question will not be answered */
} connections[CONNECTIONS];

static int listener;

int prometheus_listen(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, CONNECTIONS), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    for (size_t i = 0; i < CONNECTIONS; i++)
        connections[i].fd = -1;
    return ntohs(address.sin_port);
}

static void hang_up(struct connection *connection)
{
    if (connection->fd >= 0)
        close(connection->fd);
    connection->fd = -1;
}

void prometheus_close(void)
{
    for (size_t i = 0; i < CONNECTIONS; i++)
        hang_up(&connections[i]);
    close(listener);
}

/* The counters of a Deployment of two pods, by way. */
static const struct {
    const char *name;
    int stable, rolling, degraded;
} counters[] = {
    {"created", 1600000000, 1600000000, 1600000000},
    {"metadata_generation", 3, 4, 3},
    {"status_observed_generation", 3, 4, 3},
    {"spec_replicas", 2, 2, 2},
    {"spec_paused", 0, 0, 0},
    {"status_replicas", 2, 3, 2},
    {"status_replicas_updated", 2, 1, 2},
    {"status_replicas_ready", 2, 2, 1},
    {"status_replicas_available", 2, 2, 1},
};

static size_t write_rows(char *out, size_t size)
{
    enum way way = prometheus.way;
    double now = (double)prometheus.now_ms / 1000;
    double seen = way == WAY_OLD ? now - OLD_MS / 1000.0 : now;
    size_t length = 0;
    const char *labels = "\"namespace\":\"shop\",\"deployment\":\"web\",\"instance\":\"ksm:8080\","
                         "\"job\":\"ksm\"";
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        int value = way == WAY_ROLLING    ? counters[i].rolling
                    : way == WAY_DEGRADED ? counters[i].degraded
                                          : counters[i].stable;
        length += (size_t)snprintf(out + length, size - length,
                                   "{\"metric\":{\"__name__\":\"kube_deployment_%s\",%s},"
                                   "\"value\":[%.3f,\"%d\"]},",
                                   counters[i].name, labels, now, value);
    }
    return length + (size_t)snprintf(out + length, size - length,
                                     "{\"metric\":{\"m\":\"sample_ts\",%s},\"value\":[%.3f,"
                                     "\"%.3f\"]}",
                                     labels, now, seen);
}

static size_t write_body(bool indicator, char *out, size_t size)
{
    size_t length = (size_t)snprintf(
        out, size, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[");
    if (indicator)
        length += (size_t)snprintf(
            out + length, size - length, "{\"metric\":{},\"value\":[%.3f,\"%s\"]}",
            (double)prometheus.now_ms / 1000, prometheus.way == WAY_ROLLING ? "0.5" : "0.2");
    else if (prometheus.way != WAY_EMPTY)
        length += write_rows(out + length, size - length);
    return length + (size_t)snprintf(out + length, size - length, "]}}");
}

static void put(struct connection *connection, const char *bytes, size_t length)
{
    if (send(connection->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
        hang_up(connection);
}

static void answer(struct connection *connection)
{
    char body[ANSWER_SIZE], whole[ANSWER_SIZE + 256];
    bool indicator = strstr(connection->request, "ttfb") != NULL;
    const char *code = prometheus.way == WAY_BROKEN ? "503 Service Unavailable" : "200 OK";
    size_t length = write_body(indicator, body, sizeof body);
    size_t all = (size_t)snprintf(whole, sizeof whole,
                                  "HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
                                  "Content-Length: %zu\r\n\r\n%s",
                                  code, length, body);
    /* At once, or Nagle's algorithm would wait for a delayed acknowledgement. */
    put(connection, whole, prometheus.way == WAY_TORN ? all - length / 2 : all);
    if (prometheus.way == WAY_TORN)
        hang_up(connection);
    else if (!indicator && prometheus.way != WAY_BROKEN)
        prometheus.answered(prometheus.way);
}

/* The whole request, head and body, is there. */
static bool is_whole(const struct connection *connection)
{
    const char *end = strstr(connection->request, "\r\n\r\n");
    const char *length = strcasestr(connection->request, "\r\nContent-Length:");
    if (end == NULL)
        return false;
    size_t head = (size_t)(end - connection->request) + 4;
    return connection->length >= head + (length != NULL ? strtoul(length + 17, NULL, 10) : 0);
}

static void take(struct connection *connection)
{
    if (!is_whole(connection))
        return;
    prometheus.requests++;
    prometheus.asked[prometheus.way]++;
    connection->length = 0;
    connection->silent = prometheus.way == WAY_SILENT;
    if (prometheus.way == WAY_GONE)
        hang_up(connection);
    else if (!connection->silent)
        answer(connection);
}

static void receive(struct connection *connection)
{
    char *end = connection->request + connection->length;
    ssize_t got = read(connection->fd, end, REQUEST_SIZE - 1 - connection->length);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
        hang_up(connection);
        return;
    }
    if (got < 0)
        return;
    connection->length += (size_t)got;
    connection->request[connection->length] = '\0';
    take(connection);
}

static void take_in(int fd)
{
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (connections[i].fd >= 0)
            continue;
        connections[i].fd = fd;
        connections[i].length = 0;
        connections[i].silent = false;
        return;
    }
    close(fd);
}

bool prometheus_serve(void)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0)
        take_in(fd);
    bool silent = false;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (connections[i].fd >= 0)
            receive(&connections[i]);
        silent |= connections[i].fd >= 0 && connections[i].silent;
    }
    return !silent;
}
