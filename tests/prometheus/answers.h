/*
 * Answers for tests, written series by series.
 */
#ifndef AMBERBAR_TESTS_PROMETHEUS_ANSWERS_H
#define AMBERBAR_TESTS_PROMETHEUS_ANSWERS_H

#include "base/text.h"
#include "prometheus/answer/response.h"

#define ANSWERS_TIME_MS \
    INT64_C(1700000000500) /* the evaluation time of every series written here */

/* Begins a vector in `body`; `members` are those of the outer object beside status and data. */
void answers_begin(struct text *body, const char *members);

/* Adds a series; `labels` as {a="b",...} holds them, `value` with what JSON quotes it. */
void answers_add(struct text *body, const char *labels, const char *value);

/* The same, evaluated at another time: seconds since 1970. */
void answers_add_at(struct text *body, const char *labels, const char *value, double time);

/* One whole Deployment but for its labels: all ten counters and its sample time. */
void answers_add_deployment(struct text *body, const char *labels, int count);

/* Ends the vector; the HTTP answer that carries it. */
struct http_answer answers_end(struct text *body);

/* A test's fixture: an answer that is begun, and what reading it gave. */
struct room {
    struct text body;
    struct rows *rows;
    struct answer answer;
    struct refusal refusal;
    size_t selections; /* 1 */
    bool recorded;     /* false */
};

int room_set_up(void **state);
int room_tear_down(void **state);

bool room_try(struct room *room);  /* ends the answer and reads it */
void room_read(struct room *room); /* the same, and the test fails when it is refused */

#endif
