#include "scenario/prometheus.h"

#include "prometheus/answers.h"
#include "prometheus/nonce.h"
#include "scenario/virtual.h"

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
#define OLD_MS 3600000

struct prometheus prometheus;

static struct connection {
    int fd; /* -1: free */
    size_t length;
    char request[REQUEST_SIZE];
    bool silent;    /* its question will not be answered, or not yet */
    int64_t due_ms; /* when it will be; 0: there is none */
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

/* Of the Deployment: one more with each rollout, as Kubernetes counts. */
static int generation = 3;

#define GENERATION (-1)

/* The counters of a Deployment of two pods, by way. */
static const struct {
    const char *name;
    int stable, rolling, degraded;
} counters[] = {
    {"created", 1600000000, 1600000000, 1600000000},
    {"metadata_generation", GENERATION, GENERATION, GENERATION},
    {"status_observed_generation", GENERATION, GENERATION, GENERATION},
    {"spec_replicas", 2, 2, 2},
    {"spec_paused", 0, 0, 0},
    {"status_replicas", 2, 3, 2},
    {"status_replicas_updated", 2, 1, 2},
    {"status_replicas_ready", 2, 2, 1},
    {"status_replicas_available", 2, 2, 1},
};

static void write_rows(struct text *out, double now)
{
    enum way way = prometheus.way;
    double seen = way == WAY_OLD ? now - OLD_MS / 1000.0 : now;
    char labels[192], value[32];
    const char *workload = "namespace=\"shop\",deployment=\"web\",instance=\"ksm:8080\","
                           "job=\"ksm\"";
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        int count = way == WAY_ROLLING    ? counters[i].rolling
                    : way == WAY_DEGRADED ? counters[i].degraded
                                          : counters[i].stable;
        snprintf(labels, sizeof labels, "{__name__=\"kube_deployment_%s\",%s}", counters[i].name,
                 workload);
        snprintf(value, sizeof value, "\"%d\"", count == GENERATION ? generation : count);
        answers_add_at(out, labels, value, now - (double)prometheus.kept_ms / 1000);
    }
    snprintf(labels, sizeof labels, "{m=\"sample_ts\",%s}", workload);
    snprintf(value, sizeof value, "\"%.3f\"", seen);
    answers_add_at(out, labels, value, now);
}

static void write_body(const char *request, bool indicator, struct text *out)
{
    double now = (double)prometheus.now_ms / 1000;
    const struct nonce nonce = nonce_of(request);
    char labels[NONCE_LABELS_SIZE];
    answers_begin(out, "");
    if (indicator)
        answers_add_at(out, "{}", prometheus.way == WAY_ROLLING ? "\"0.5\"" : "\"0.2\"", now);
    else if (prometheus.way != WAY_EMPTY && !nonce.alone)
        write_rows(out, now);
    nonce_labels(&nonce, labels);
    if (nonce.digits[0] != '\0')
        answers_add_at(out, labels, "\"1\"", now);
    answers_end(out);
}

static void put(struct connection *connection, const char *bytes, size_t length)
{
    if (send(connection->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
        hang_up(connection);
}

static void answer_canned(struct connection *connection, const struct canned *canned)
{
    struct text whole = {0};
    text_addf(&whole,
              "HTTP/1.1 %s\r\nContent-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n%s",
              canned->status, canned->header, strlen(canned->body), canned->body);
    assert_false(whole.failed);
    put(connection, whole.data, whole.length);
    text_free(&whole);
}

static void answer(struct connection *connection)
{
    struct text body = {0}, whole = {0};
    bool indicator = strstr(connection->request, "ttfb") != NULL;
    const char *code = prometheus.way == WAY_BROKEN ? "503 Service Unavailable" : "200 OK";
    write_body(connection->request, indicator, &body);
    text_addf(&whole,
              "HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
              "Content-Length: %zu\r\n\r\n%s",
              code, body.length, body.data);
    assert_false(body.failed || whole.failed);
    /* At once, or Nagle's algorithm would wait for a delayed acknowledgement. */
    put(connection, whole.data,
        prometheus.way == WAY_TORN ? whole.length - body.length / 2 : whole.length);
    text_free(&body);
    text_free(&whole);
    if (prometheus.way == WAY_TORN)
        hang_up(connection);
    else if (prometheus.way != WAY_BROKEN)
        prometheus.answered(prometheus.way, indicator);
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

/* It thinks, and will be silent for as long. */
static bool is_early(struct connection *connection)
{
    const char *words = prometheus.late_for != NULL ? prometheus.late_for : "";
    if (connection->due_ms == 0)
        connection->due_ms = virtual_time.monotonic_ms +
                             (strstr(connection->request, words) != NULL ? prometheus.late_ms : 0);
    connection->silent = virtual_time.monotonic_ms < connection->due_ms;
    return connection->silent;
}

static void take(struct connection *connection)
{
    if (!is_whole(connection) || is_early(connection))
        return;
    connection->due_ms = 0;
    static enum way before = WAY_STABLE;
    generation += prometheus.way == WAY_ROLLING && before != WAY_ROLLING;
    before = prometheus.way;
    prometheus.requests++;
    prometheus.asked[prometheus.way]++;
    connection->length = 0;
    struct canned canned = {.header = ""};
    if (prometheus.tell != NULL && prometheus.tell(connection->request, &canned)) {
        connection->silent = canned.status == NULL;
        if (!connection->silent)
            answer_canned(connection, &canned);
        return;
    }
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
    if (got < 0 && connection->due_ms > 0)
        take(connection);
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
        connections[i].due_ms = 0;
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
