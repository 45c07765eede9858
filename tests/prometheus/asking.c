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

enum client_event asking_finish(struct client *client, enum client_channel *channel,
                                struct http_answer *answer, struct error *error)
{
    int64_t end_ms = clock_monotonic_ms() + ASKING_PATIENCE_MS;
    enum client_event event = CLIENT_NOTHING;
    while (event == CLIENT_NOTHING && clock_monotonic_ms() < end_ms)
        event = client_wait(client, NULL, 0, 1000, channel, answer, error);
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
    enum client_channel channel;
    if (!client_ask(client, CLIENT_WORKLOADS, "up", ASK, error))
        return CLIENT_FAILED;
    return asking_finish(client, &channel, answer, error);
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

const char *const exchange_queries[CLIENT_CHANNELS] = {"web", "own"};

void exchange_start(struct exchange *exchange, enum client_channel channel)
{
    asking_start(exchange->client, channel, exchange_queries[channel]);
    assert_true(client_busy(exchange->client, channel));
}

void exchange_start_both(struct exchange *exchange)
{
    exchange_start(exchange, CLIENT_WORKLOADS);
    exchange_start(exchange, CLIENT_OWN);
}

enum client_event exchange_hear(struct exchange *exchange)
{
    enum client_event event =
        asking_finish(exchange->client, &exchange->channel, &exchange->answer, &exchange->error);
    if (event == CLIENT_NOTHING)
        fail_msg("nothing is heard within ten seconds");
    assert_false(client_busy(exchange->client, exchange->channel));
    return event;
}

void exchange_expect_answer(struct exchange *exchange, enum client_channel channel)
{
    const struct http_answer *answer = &exchange->answer;
    if (exchange_hear(exchange) == CLIENT_FAILED)
        fail_msg("%s: %s", exchange_queries[exchange->channel], exchange->error.text);
    assert_string_equal(exchange_queries[exchange->channel], exchange_queries[channel]);
    assert_int_equal(answer->status, 200);
    assert_int_equal(answer->length, 3);
    assert_memory_equal(answer->body, exchange_queries[channel], 3);
}

void exchange_expect_failure(struct exchange *exchange, enum client_channel channel,
                             const char *words)
{
    if (exchange_hear(exchange) == CLIENT_ANSWER)
        fail_msg("%s: answered", exchange_queries[exchange->channel]);
    assert_string_equal(exchange_queries[exchange->channel], exchange_queries[channel]);
    if (strstr(exchange->error.text, words) == NULL)
        fail_msg("\"%s\" is not in: %s", words, exchange->error.text);
}

void exchange_expect_both(struct exchange *exchange, const char *words)
{
    bool heard[CLIENT_CHANNELS] = {false};
    for (int i = 0; i < CLIENT_CHANNELS; i++) {
        enum client_event event = exchange_hear(exchange);
        if ((event == CLIENT_ANSWER) != (words == NULL) ||
            (words != NULL && strstr(exchange->error.text, words) == NULL))
            fail_msg("%s: %s", exchange_queries[exchange->channel],
                     event == CLIENT_FAILED ? exchange->error.text : "answered");
        if (event == CLIENT_ANSWER)
            assert_memory_equal(exchange->answer.body, exchange_queries[exchange->channel], 3);
        heard[exchange->channel] = true;
    }
    assert_true(heard[CLIENT_WORKLOADS] && heard[CLIENT_OWN]);
}

void exchange_until_given(struct exchange *exchange, size_t reply, size_t times)
{
    int64_t end_ms = clock_monotonic_ms() + ASKING_PATIENCE_MS;
    while (server_given(exchange->server, reply) < times && clock_monotonic_ms() < end_ms)
        assert_int_equal(client_wait(exchange->client, NULL, 0, 5, &exchange->channel,
                                     &exchange->answer, &exchange->error),
                         CLIENT_NOTHING);
    assert_int_equal(server_given(exchange->server, reply), times);
}
