/*
 * A daemon's source before a Prometheus that does to each question what a test says: who asked
 * when, in virtual time (scenario/virtual.h).
 */
#ifndef AMBERBAR_TESTS_SCENARIO_ASKED_H
#define AMBERBAR_TESTS_SCENARIO_ASKED_H

#include "config/config.h"
#include "daemon/model.h"
#include "daemon/source.h"
#include "scenario/prometheus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BEGIN_MS INT64_C(100000000) /* monotonic */
#define ASKED_MAX 128
#define WELL_MS 130000 /* from here on the server answers, whatever it did */

/* Who asks: the round, and two own queries. */
enum who { ROUND, TTFB, ERRORS, WHOS };

/* What the server does to each of them. */
enum deed { ANSWERS, REFUSES, BREAKS, DENIES, ASKS_TO_WAIT, STAYS_SILENT, HANGS_UP };

struct server {
    enum deed does[WHOS];
    int64_t asked_ms[WHOS][ASKED_MAX]; /* since the beginning */
    size_t asked[WHOS];
    enum way way;      /* of what it answers */
    int64_t behind_ms; /* its clock, and what it answers */
    const char *age;   /* a header of its answers to the second own query; NULL: none */
    enum deed canary;  /* what it does to the question after what is missing, beside the round */
    size_t canaries;   /* that it was asked */
    int64_t canary_behind_ms; /* its clock, when it answers that */
    size_t counts;            /* questions of how many there are */
    enum deed look;           /* what it does to a question about what is near */
    size_t looks;             /* that it was asked */
    const char *near;         /* the labels of the one that is near; NULL: nothing is */
};

extern struct server server;

/* A daemon's source, and the model that it reads into. */
struct scene {
    struct config *config;
    struct model model;
    struct source *source;
    size_t rounds, own; /* events */
};

/* `subjects`: sections of the config. */
void scene_begin(struct scene *scene, const enum deed does[WHOS], const char *subjects[3]);
void scene_end(struct scene *scene);

/* Until so many milliseconds have passed since the beginning. */
void scene_run_until(struct scene *scene, int64_t ms);

int64_t since_ms(void); /* the beginning */

#endif
