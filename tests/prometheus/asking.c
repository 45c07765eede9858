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

int talk_set_up(void **state)
{
    struct talk *talk = calloc(1, sizeof *talk);
    *state = talk;
    snprintf(talk->secret, sizeof talk->secret, "/tmp/amberbar-secret-XXXXXX");
    int fd = mkstemp(talk->secret);
    return fd < 0 || close(fd) != 0;
}

int talk_tear_down(void **state)
{
    struct talk *talk = *state;
    client_close(talk->client);
    if (talk->server != NULL)
        server_stop(talk->server);
    unlink(talk->secret);
    free(talk);
    return 0;
}

void talk_serve(struct talk *talk, const struct reply replies[], size_t count)
{
    talk->server = server_start(replies, count);
    assert_non_null(talk->server);
    talk->settings = asking_settings(server_port(talk->server));
}

void talk_open(struct talk *talk)
{
    talk->client = client_open(&talk->settings, &talk->error);
    assert_non_null(talk->client);
}

void talk_expect(struct talk *talk, long status)
{
    enum client_event event = asking(talk->client, &talk->answer, &talk->error);
    if (event != CLIENT_ANSWER || talk->answer.status != status)
        fail_msg("%s, status %ld", event == CLIENT_FAILED ? talk->error.text : "answered",
                 talk->answer.status);
}

void talk_was_sent(const struct talk *talk, const char *words)
{
    if (strstr(server_last_request(talk->server), words) == NULL)
        fail_msg("\"%s\" is not in:\n%s", words, server_last_request(talk->server));
}

void talk_was_not_sent(const struct talk *talk, const char *words)
{
    if (strstr(server_last_request(talk->server), words) != NULL)
        fail_msg("\"%s\" is in:\n%s", words, server_last_request(talk->server));
}

const char *const talk_queries[CLIENT_CHANNELS] = {"web", "own"};

void talk_start(struct talk *talk, enum client_channel channel)
{
    asking_start(talk->client, channel, talk_queries[channel]);
    assert_true(client_busy(talk->client, channel));
}

void talk_start_both(struct talk *talk)
{
    talk_start(talk, CLIENT_WORKLOADS);
    talk_start(talk, CLIENT_OWN);
}

enum client_event talk_hear(struct talk *talk)
{
    enum client_event event =
        asking_finish(talk->client, &talk->channel, &talk->answer, &talk->error);
    if (event == CLIENT_NOTHING)
        fail_msg("nothing is heard within ten seconds");
    assert_false(client_busy(talk->client, talk->channel));
    return event;
}

void talk_expect_answer(struct talk *talk, enum client_channel channel)
{
    const struct http_answer *answer = &talk->answer;
    if (talk_hear(talk) == CLIENT_FAILED)
        fail_msg("%s: %s", talk_queries[talk->channel], talk->error.text);
    assert_string_equal(talk_queries[talk->channel], talk_queries[channel]);
    assert_int_equal(answer->status, 200);
    assert_int_equal(answer->length, 3);
    assert_memory_equal(answer->body, talk_queries[channel], 3);
}

void talk_expect_failure(struct talk *talk, enum client_channel channel, const char *words)
{
    if (talk_hear(talk) == CLIENT_ANSWER)
        fail_msg("%s: answered", talk_queries[talk->channel]);
    assert_string_equal(talk_queries[talk->channel], talk_queries[channel]);
    if (strstr(talk->error.text, words) == NULL)
        fail_msg("\"%s\" is not in: %s", words, talk->error.text);
}

void talk_expect_both(struct talk *talk, const char *words)
{
    bool heard[CLIENT_CHANNELS] = {false};
    for (int i = 0; i < CLIENT_CHANNELS; i++) {
        enum client_event event = talk_hear(talk);
        if ((event == CLIENT_ANSWER) != (words == NULL) ||
            (words != NULL && strstr(talk->error.text, words) == NULL))
            fail_msg("%s: %s", talk_queries[talk->channel],
                     event == CLIENT_FAILED ? talk->error.text : "answered");
        if (event == CLIENT_ANSWER)
            assert_memory_equal(talk->answer.body, talk_queries[talk->channel], 3);
        heard[talk->channel] = true;
    }
    assert_true(heard[CLIENT_WORKLOADS] && heard[CLIENT_OWN]);
}

void talk_until_given(struct talk *talk, size_t reply, size_t times)
{
    int64_t end_ms = clock_monotonic_ms() + ASKING_PATIENCE_MS;
    while (server_given(talk->server, reply) < times && clock_monotonic_ms() < end_ms)
        assert_int_equal(
            client_wait(talk->client, NULL, 0, 5, &talk->channel, &talk->answer, &talk->error),
            CLIENT_NOTHING);
    assert_int_equal(server_given(talk->server, reply), times);
}
