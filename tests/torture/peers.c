#include "torture/peers.h"

#include "prometheus/answers.h"
#include "prometheus/nonce.h"
#include "prometheus/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
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

/* What a query finds. */
struct subject {
    const char *value; /* of a query of the config's own; NULL: the workloads */
    bool rolling;
};

static const struct subject few = {.value = "\"0.1\""}, half = {.value = "\"0.5\""},
                            whole = {.value = "\"1\""}, rolling = {.rolling = true},
                            stable = {.rolling = false};

static void add_head(struct text *out, const char *line, size_t length)
{
    text_addf(out, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
              line, length);
}

static void add_workloads(struct text *body, bool is_rolling, double now)
{
    char value[32];
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        char labels[256];
        snprintf(labels, sizeof labels, "{__name__=\"%s\"," LABELS "}", counters[i].metric);
        answers_add_at(body, labels, is_rolling ? counters[i].rolling : counters[i].stable, now);
    }
    snprintf(value, sizeof value, "\"%.3f\"", now - 2);
    answers_add_at(body, "{" LABELS ",m=\"sample_ts\"}", value, now);
}

/* What Prometheus says now. */
static void compose(const struct reply *reply, const char *request, struct text *out)
{
    const struct subject *subject = reply->subject;
    const struct nonce nonce = nonce_of(request);
    struct text body = {0};
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    double now = (double)time.tv_sec + (double)time.tv_nsec / 1e9;
    answers_begin(&body, "");
    if (subject->value != NULL)
        answers_add_at(&body, "{job=\"ksm\"}", subject->value, now);
    else if (!nonce.alone)
        add_workloads(&body, subject->rolling, now);
    if (nonce.digits[0] != '\0') {
        char labels[NONCE_LABELS_SIZE];
        nonce_labels(&nonce, labels);
        answers_add_at(&body, labels, "\"1\"", now);
    }
    answers_end(&body);
    add_head(out, "200 OK", body.length);
    text_add_bytes(out, body.data, body.length);
    text_free(&body);
}

static struct reply word_reply(const char *wanted, const char *line, const char *words)
{
    struct text whole_reply = {0}; /* for the life of the process */
    add_head(&whole_reply, line, strlen(words));
    text_add(&whole_reply, words);
    if (whole_reply.failed)
        abort();
    return (struct reply){
        .wanted = wanted, .bytes = whole_reply.data, .length = whole_reply.length};
}

static struct reply reply_of(const char *wanted, const struct subject *subject)
{
    return (struct reply){.wanted = wanted, .compose = compose, .subject = subject};
}

static void serve(int reported, int life)
{
    const struct reply token = word_reply("grant_type", "200 OK",
                                          "{\"access_token\":\"t\",\"token_type\":\"Bearer\","
                                          "\"expires_in\":3600}");
    const struct reply replies[PEERS][4] = {
        [PEER_ROLLING] = {token, reply_of("an_indicator", &few), reply_of("a_canary", &half),
                          reply_of(NULL, &rolling)},
        [PEER_STABLE] = {token, reply_of("an_indicator", &few), reply_of("a_canary", &whole),
                         reply_of(NULL, &stable)},
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
    if (write(reported, ports, sizeof ports) != (ssize_t)sizeof ports)
        abort();
    while (read(life, &byte, 1) > 0)
        ;
    _exit(0); /* nothing of it is looked at */
}

void peers_start(struct peers *peers)
{
    int reported[2], life[2];
    if (pipe(reported) != 0 || pipe(life) != 0)
        abort();
    peers->process = fork();
    if (peers->process == 0) {
        close(life[1]);
        serve(reported[1], life[0]);
    }
    close(reported[1]);
    close(life[0]);
    peers->life = life[1];
    if (peers->process < 0 ||
        read(reported[0], peers->ports, sizeof peers->ports) != (ssize_t)sizeof peers->ports)
        abort();
    close(reported[0]);
}

void peers_stop(struct peers *peers)
{
    close(peers->life);
    waitpid(peers->process, NULL, 0);
}
