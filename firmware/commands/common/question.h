/*
 * One question to a Prometheus, for commands that look around there: doctor, setup.
 */
#ifndef AMBERBAR_COMMANDS_COMMON_QUESTION_H
#define AMBERBAR_COMMANDS_COMMON_QUESTION_H

#include "prometheus/http/client.h"

/* Who is asked. Both outlive the answer. */
struct inquiry {
    struct client *client;
    struct rows *rows;
    int interrupt; /* a descriptor: when it can be read, nobody waits any longer; -1: none */
};

/* What one query yields: numbers with their labels. */
struct answered {
    struct ratio_answer answer; /* valid until the next question */
    long status;                /* of HTTP; 0: no answer came */
    char moved[HTTP_FROM_SIZE]; /* as in its http_answer */
    bool distrusted;            /* see client_distrusts() */
    struct refusal refusal;
};

/* False: the refusal says why. */
bool question_ask(const struct inquiry *inquiry, const char *query, struct answered *answered);

/* Waits for what was asked on the channel of workloads; CLIENT_FAILED also after an interrupt. */
enum client_event question_wait(const struct inquiry *inquiry, struct http_answer *http,
                                struct error *error);

#endif
