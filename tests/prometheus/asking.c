#include "prometheus/asking.h"

#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct prometheus_settings asking_settings(int port)
{
    struct prometheus_settings settings = {
        .poll_interval_ms = 10000,
        .timeout_ms = 5000,
        .max_response_bytes = 65536,
        .follow_redirects = true,
        .tls_config = {.min_version = TLS12, .max_version = TLS13},
        .oauth2.tls_config = {.min_version = TLS12, .max_version = TLS13},
    };
    snprintf(settings.url, sizeof settings.url, "http://127.0.0.1:%d/prom/", port);
    return settings;
}

enum client_event asking_finish(struct client *client, struct http_answer *answer,
                                struct error *error)
{
    int64_t end_ms = clock_monotonic_ms() + 10000;
    enum client_event event = CLIENT_NOTHING;
    enum client_channel channel;
    while (event == CLIENT_NOTHING && clock_monotonic_ms() < end_ms)
        event = client_wait(client, NULL, 0, 1000, &channel, answer, error);
    return event;
}

void asking_start(struct client *client, enum client_channel channel, const char *query)
{
    char name[CLIENT_ASK_SIZE];
    struct error error;
    client_name_question(client, name);
    if (!client_ask(client, channel, query, name, &error))
        fail_msg("cannot ask: %s", error.text);
}

enum client_event asking(struct client *client, struct http_answer *answer, struct error *error)
{
    if (!client_ask(client, CLIENT_WORKLOADS, "up", ASK, error))
        return CLIENT_FAILED;
    return asking_finish(client, answer, error);
}

int exchange_set_up(void **state)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    *state = exchange;
    snprintf(exchange->secret, sizeof exchange->secret, "/tmp/amberbar-secret-XXXXXX");
    int fd = mkstemp(exchange->secret);
    return fd < 0 || close(fd) != 0;
}

int exchange_tear_down(void **state)
{
    struct exchange *exchange = *state;
    client_close(exchange->client);
    if (exchange->server != NULL)
        server_stop(exchange->server);
    unlink(exchange->secret);
    free(exchange);
    return 0;
}

void exchange_serve(struct exchange *exchange, const struct reply replies[], size_t count)
{
    exchange->server = server_start(replies, count);
    assert_non_null(exchange->server);
    exchange->settings = asking_settings(server_port(exchange->server));
}

void exchange_open(struct exchange *exchange)
{
    exchange->client = client_open(&exchange->settings, &exchange->error);
    assert_non_null(exchange->client);
}

void exchange_expect(struct exchange *exchange, long status)
{
    enum client_event event = asking(exchange->client, &exchange->answer, &exchange->error);
    if (event != CLIENT_ANSWER || exchange->answer.status != status)
        fail_msg("%s, status %ld", event == CLIENT_FAILED ? exchange->error.text : "answered",
                 exchange->answer.status);
}

void exchange_was_sent(const struct exchange *exchange, const char *words)
{
    if (strstr(server_last_request(exchange->server), words) == NULL)
        fail_msg("\"%s\" is not in:\n%s", words, server_last_request(exchange->server));
}

void exchange_was_not_sent(const struct exchange *exchange, const char *words)
{
    if (strstr(server_last_request(exchange->server), words) != NULL)
        fail_msg("\"%s\" is in:\n%s", words, server_last_request(exchange->server));
}
