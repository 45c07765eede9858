/*
 * A board that lives in a world: the daemon's own evidence, rollouts, indicators and watch, fed
 * with the world's answers by a hostile transport, in virtual time. What it shows is held against
 * what is true.
 */
#ifndef AMBERBAR_TESTS_LAW_BOARD_H
#define AMBERBAR_TESTS_LAW_BOARD_H

#include "daemon/model.h"
#include "law/survey.h"
#include "law/world.h"

#define KEPT_ANSWERS 96 /* some minutes */

/* What the transport, and the board's own life, may do. */
struct hostility {
    bool losses, repeats, delays, restarts, reloads, sleeps;
    bool strict_turns; /* where two servers answer, the second does but for canaries */
    int64_t skew_ms;   /* every other answer is of a second server, whose clock is so far behind */
};

/* An answer on its way, or in a cache. */
struct letter {
    struct world_answer answer;
    struct recorded recorded; /* where rules are asked for */
    uint64_t nonce;
    int64_t value_ms; /* when the indicator was right last, as of this answer */
    bool value_right;
};

struct board_under_law {
    struct world world;
    struct hostility hostility;
    uint64_t seed;
    struct config config;
    struct rollout_settings settings;
    struct indicator_settings indicator;
    struct model model;
    struct poll_report report;
    struct letter cache[KEPT_ANSWERS]; /* a ring */
    size_t cached;
    uint64_t nonce;
    struct phase phase;
    bool surveys;  /* it asks for counts, and for rows of what is not settled alone */
    bool recorded; /* and for counts that rules have made */
    struct rules rules;
    bool good, moves; /* the last answer about workloads was; something did in the last that was */
    int64_t due_ms;
    int64_t value_due_ms, value_right_ms; /* the indicator's truth */
    bool value_right;
    int64_t bound_ms; /* B */
    size_t polls;
    int64_t green_ms, looked_ms;
    char breach[256]; /* "": none */
    int64_t trace_ms; /* prints what is seen from then on (AMBERBAR_LAW_TRACE) */
};

void board_begin(struct board_under_law *board, uint64_t seed, const struct world_faults *faults,
                 const struct hostility *hostility);
void board_step(struct board_under_law *board); /* one poll, and the time up to the next */
/* True when what is shown speaks of that object. */
bool board_asks(const struct board_under_law *board, const struct object *object);

void board_end(struct board_under_law *board);

#endif
