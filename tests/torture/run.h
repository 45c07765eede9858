/*
 * One run of a program under torture, in a process of its own, and what is wrong with how it went.
 */
#ifndef AMBERBAR_TESTS_TORTURE_RUN_H
#define AMBERBAR_TESTS_TORTURE_RUN_H

#include "base/text.h"
#include "torture/faults.h"
#include "torture/peers.h"

#define RUN_FOLDER_SIZE 64
#define RUN_WORDS_MAX 8
#define RUN_SANITIZER_STATUS 99

struct scene {
    const char *words[RUN_WORDS_MAX]; /* the command and its arguments; NULL ends them */
    int good_status;                  /* where nothing fails */
    const char *statuses;             /* the others with which it may end: "125" */
    const char *admits;               /* words in what it prints by which it owns up; NULL: none */
    bool any_output; /* what it prints differs from run to run, or with what it could not see */
};

/* Where runs take place, one at a time. */
struct stage {
    struct faults *faults;
    struct peers peers;
    char folder[RUN_FOLDER_SIZE];
};

struct run {
    int status; /* of its exit; -1: it was killed */
    struct text output, messages;
    struct text fault; /* what is wrong; empty: nothing */
};

/* Makes a folder and servers of its own; stops the program when it cannot. */
void stage_set(struct stage *stage);
void stage_strike(struct stage *stage);

/* With faults->target set. To be freed with run_free(), also when it was not good. */
void run_command(struct stage *stage, const struct scene *scene, struct run *run);

/* The daemon: it starts beside a server that tells of a rollout, then is led by SIGHUPs to one
   where it is done, and to one that is broken; then it is reported to stop. */
void run_daemon(struct stage *stage, const struct scene *scene, struct run *run);

void run_free(struct run *run);

/* Compares with a run in which nothing failed. */
void run_judge(const struct scene *scene, const struct run *good, struct run *run);

#endif
