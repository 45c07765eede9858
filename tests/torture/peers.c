#include "torture/peers.h"

#include "prometheus/answers.h"
#include "prometheus/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LABELS "namespace=\"shop\",deployment=\"web\",instance=\"ksm:8080\",job=\"ksm\""

static const struct {
    const char *metric;
    const char *rolling, *stable;
} counters[] = {
    {"kube_deployment_created", "\"1600000000\"", "\"1600000000\""},
    {"kube_deployment_metadata_generation", "\"4\"", "\"4\""},
    {"kube_deployment_status_observed_generation", "\"4\"", "\"4\""},
    {"kube_deployment_spec_paused", "\"0\"", "\"0\""},
    {"kube_deployment_spec_replicas", "\"4\"", "\"4\""},
    {"kube_deployment_status_replicas", "\"5\"", "\"4\""},
    {"kube_deployment_status_replicas_updated", "\"2\"", "\"4\""},
    {"kube_deployment_status_replicas_ready", "\"4\"", "\"4\""},
    {"kube_deployment_status_replicas_available", "\"4\"", "\"4\""},
};

/* The head of an HTTP answer, and `body` after it. */
static struct reply reply_of(const char *wanted, const char *line, const struct text *body)
{
    struct text whole = {0}; /* for the life of the process */
    text_addf(&whole,
              "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", line,
              body->length);
    text_add_bytes(&whole, body->data, body->length);
    if (whole.failed)
        abort();
    return (struct reply){.wanted = wanted, .bytes = whole.data, .length = whole.length};
}

static struct reply workloads_reply(bool rolling)
{
    struct text body = {0};
    answers_begin(&body, "");
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        char labels[256];
        snprintf(labels, sizeof labels, "{__name__=\"%s\"," LABELS "}", counters[i].metric);
        answers_add(&body, labels, rolling ? counters[i].rolling : counters[i].stable);
    }
    answers_add(&body, "{" LABELS ",m=\"sample_ts\"}", "\"1699999998\"");
    answers_end(&body);
    struct reply reply = reply_of(NULL, "200 OK", &body);
    text_free(&body);
    return reply;
}

static struct reply value_reply(const char *wanted, const char *value)
{
    struct text body = {0};
    answers_begin(&body, "");
    answers_add(&body, "{job=\"ksm\"}", value);
    answers_end(&body);
    struct reply reply = reply_of(wanted, "200 OK", &body);
    text_free(&body);
    return reply;
}

static struct reply word_reply(const char *wanted, const char *line, const char *words)
{
    struct text body = {0};
    text_add(&body, words);
    struct reply reply = reply_of(wanted, line, &body);
    text_free(&body);
    return reply;
}

static void serve(int told, int life)
{
    const struct reply token = word_reply("grant_type", "200 OK",
                                          "{\"access_token\":\"t\",\"token_type\":\"Bearer\","
                                          "\"expires_in\":3600}");
    const struct reply replies[PEERS][4] = {
        [PEER_ROLLING] = {token, value_reply("an_indicator", "\"0.1\""),
                          value_reply("a_canary", "\"0.5\""), workloads_reply(true)},
        [PEER_STABLE] = {token, value_reply("an_indicator", "\"0.1\""),
                         value_reply("a_canary", "\"1\""), workloads_reply(false)},
        [PEER_BROKEN] = {token, token, token,
                         word_reply(NULL, "503 Service Unavailable", "come again")},
    };
    struct server *servers[PEERS];
    int ports[PEERS];
    char byte;
    for (size_t i = 0; i < PEERS; i++) {
        servers[i] = server_start(replies[i], 4);
        if (servers[i] == NULL)
            abort();
        ports[i] = server_port(servers[i]);
    }
    if (write(told, ports, sizeof ports) != (ssize_t)sizeof ports)
        abort();
    while (read(life, &byte, 1) > 0)
        ;
    _exit(0); /* nothing of it is looked at */
}

void peers_start(struct peers *peers)
{
    int told[2], life[2];
    if (pipe(told) != 0 || pipe(life) != 0)
        abort();
    peers->process = fork();
    if (peers->process == 0) {
        close(life[1]);
        serve(told[1], life[0]);
    }
    close(told[1]);
    close(life[0]);
    peers->life = life[1];
    if (peers->process < 0 ||
        read(told[0], peers->ports, sizeof peers->ports) != (ssize_t)sizeof peers->ports)
        abort();
    close(told[0]);
}

void peers_stop(struct peers *peers)
{
    close(peers->life);
    waitpid(peers->process, NULL, 0);
}
