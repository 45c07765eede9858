/*
 * The whole daemon in virtual time, on a stage: a folder with its config, its board (paper) and its
 * status file, a Prometheus, and somebody in systemd's place. Moments come while it runs; they look
 * at what it has said and shown, and change the world.
 */
#ifndef AMBERBAR_TESTS_SCENARIO_STAGE_H
#define AMBERBAR_TESTS_SCENARIO_STAGE_H

#include "base/error.h"
#include "scenario/prometheus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WATCHDOG_MS 7000 /* fed so often */

/* What happens once so much time has passed, and not before what stands above it; the first at 0
   when the daemon has begun. */
struct moment {
    int64_t at_ms;
    void (*happens)(void);
};

struct stage {
    char folder[64];
    int port;
    const char *rollout; /* its name */
    int log, heard;      /* standard error, in memory; what systemd hears */
    char told[1024];     /* by the latter, a line a message, since a moment has asked */
    int64_t fed_ms;      /* the watchdog, since the beginning */
    size_t feeds;
    const struct moment *next;
    char shown[512];     /* the newest line on paper */
    size_t lines, darks; /* on paper; those of them that are dark */
    size_t requests;     /* when a moment asked */
    size_t files;        /* that are open without it */
    bool has_begun;      /* it waits for answers, and for what else may come */
    bool is_stuck;       /* the status file is as it is, to the end */
    bool is_deaf;        /* it has no standard input: its first file has that number */
    bool is_poor;        /* no more files can be opened than are */
    struct error error;  /* with which it has ended */
    char wrong[1024];    /* the first thing that is */
};

extern struct stage stage;

int64_t stage_ms(void); /* since the beginning */

void stage_begin(const struct moment moments[]);
/* On a board that is set up by a card, whose faults stand in the stage's folder. */
bool stage_run(void);
/* What is left of it. `last`: the moment that ends the list. */
void stage_end(const struct moment *last);

/* The first that is wrong counts, and ends the daemon. */
void wrong(const char *what, const char *where);
void expect(const char *where, const char *text, const char *words);
void expect_log(const char *words, size_t times);
void expect_darks(size_t darks); /* as many dark pictures as were to be */
void expect_frame(void);         /* the status file has the colours that are on paper */

const char *path_of(const char *name);   /* in the folder */
const char *read_name(const char *name); /* NULL: there is no such file */
void write_name(const char *name, const char *text);
const char *read_log(void);
size_t count_words(const char *text, const char *words);
bool is_dark(const char *shown);
void hear(void);

void write_board(int pixels);
void write_config(const char *more); /* lines of the top level */
void write_config_with_metrics(const char *name);
void read_again(void);

#endif
