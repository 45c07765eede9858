/*
 * Decision tables: for each kind a list of rules of which the first that holds decides.
 */
#ifndef AMBERBAR_ROLLOUT_RULES_H
#define AMBERBAR_ROLLOUT_RULES_H

#include "rollout/counts.h"
#include "rollout/kind.h"
#include "rollout/workload.h"

/* All that a rule may look at. */
struct scene {
    const struct row *row;
    const struct counts *counts;
    const struct limits *limits;
    const struct workload_memory
        *memory;      /* of the polls before this one, but for the stall clock */
    bool unconfirmed; /* were it complete, that would have to be seen once more: see rules.c */
    int64_t still_ms; /* since progress was last observed */
};

enum fill {
    FILL_NONE,   /* no bar */
    FILL_EMPTY,  /* nothing of the new template is known */
    FILL_PROVEN, /* counts.p */
    FILL_FULL,   /* complete */
};

/* The verdict of a rule. WHY_CONFIRMING: the verdict before stands, whatever else is here. */
struct finding {
    enum state state;
    enum why why;
    enum fill fill;
};

struct rule {
    bool (*holds)(const struct scene *scene);
    struct finding finding;
};

/* The last rule always holds. */
struct finding rules_decide(const struct rule rules[], const struct scene *scene);

/* Conditions that several kinds share. */
bool rule_unobserved(const struct scene *scene);   /* the counters are of an older spec */
bool rule_zero(const struct scene *scene);         /* no pods wanted, none left */
bool rule_zero_wanted(const struct scene *scene);  /* no pods wanted */
bool rule_settled_here(const struct scene *scene); /* this very generation was complete before */

/*
 * All pods that are wanted are there, none of them old, and fewer are available than were wanted
 * both before and now: those were lost, whatever has happened to the size since.
 */
bool rule_lost_though_resized(const struct scene *scene);

/* The size is not the one that was complete, or was not for a while. */
bool rule_resized(const struct scene *scene);

bool rule_always(const struct scene *scene);

#endif
