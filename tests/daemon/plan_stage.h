/*
 * A plan's round, step by step: rollouts of Deployments, and what Prometheus answers.
 */
#ifndef AMBERBAR_TESTS_DAEMON_PLAN_STAGE_H
#define AMBERBAR_TESTS_DAEMON_PLAN_STAGE_H

#include "daemon/plan.h"
#include "prometheus/promql/survey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define T_MS INT64_C(1700000000000)

struct stage {
    struct config config;
    struct rollout_settings settings[3];
    struct rollout rollouts[3];
    struct workload workloads[3][SURVEY_SHOWN_MAX];
    struct plan plan;
    struct survey surveys[3];
    struct row rows[SURVEY_SHOWN_MAX + 1];
    char names[SURVEY_SHOWN_MAX + 1][32];
};

int plan_set_up(void **state);
int plan_tear_down(void **state);

/* A rollout of Deployments; "": of all names. */
void add(struct stage *stage, const char *namespace_, const char *workload);

void open_plan(struct stage *stage);
void begin(struct stage *stage, enum plan_step step);

/* Takes an answer of surveys and the first `rows` rows; what the round knows then. */
struct answer take(struct stage *stage, size_t rows, enum plan_step step);

/* Rows of so many Deployments of shop, whose names begin so. */
void list(struct stage *stage, size_t count, const char *prefix);

/* What rules have counted of a selection's rows. */
void tally(struct stage *stage, size_t selection, int64_t rows, int64_t settled);

bool asks(struct stage *stage, const char *words); /* in the question of this step */

#endif
