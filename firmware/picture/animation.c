#include "picture/animation.h"

#include "picture/look.h"

#define NEVER INT64_MIN

static double level(double value)
{
    if (!(value > 0)) /* NAN too */
        return 0;
    return value < 1 ? value : 1;
}

static double smooth(double x)
{
    return x * x * (3 - 2 * x);
}

/* Share of `length_ms` that has passed since `start_ms`, 0..1. */
static double passed(int64_t start_ms, int64_t length_ms, int64_t now_ms)
{
    if (start_ms == NEVER || now_ms - start_ms >= length_ms)
        return 1;
    return level((double)(now_ms - start_ms) / (double)length_ms);
}

/* Its bar may glide: it is the same bar before and after. */
static bool has_run(enum state state)
{
    const enum state_run run = state_traits(state)->run;
    return run == RUN_IS_ON || run == RUN_GOES_ON;
}

void show_start(struct show *show, const struct verdict *verdict, int64_t now_ms)
{
    *show = (struct show){.verdict = *verdict,
                          .since_ms = now_ms,
                          .before = verdict->state,
                          .p_from = level(verdict->p),
                          .q_from = level(verdict->q),
                          .changed_ms = now_ms,
                          .finished_ms = NEVER};
}

void show_update(struct show *show, const struct verdict *verdict, bool dimmed, int64_t now_ms)
{
    enum state before = show->verdict.state;
    bool was_done = animation_done(show);
    bool same = before == verdict->state && level(show->verdict.p) == level(verdict->p) &&
                level(show->verdict.q) == level(verdict->q);
    double p, q;
    animation_levels(show, now_ms, &p, &q);
    show->verdict = *verdict;
    show->dimmed = dimmed;
    if (before != verdict->state) {
        show->since_ms = now_ms;
        show->before = before;
    }
    if (same)
        return;
    bool finished =
        state_is(verdict->state, STATE_SETTLED) && state_traits(before)->run == RUN_IS_ON;
    bool glides = has_run(before) && !was_done && has_run(verdict->state);
    show->finished_ms = finished ? now_ms : NEVER;
    show->p_from = glides || finished ? p : level(verdict->p);
    show->q_from = glides || finished ? q : level(verdict->q);
    show->changed_ms = now_ms;
}

void animation_levels(const struct show *show, int64_t now_ms, double *p, double *q)
{
    double share = show->dimmed ? 1 : smooth(passed(show->changed_ms, PICTURE_EASE_MS, now_ms));
    double to_p = level(show->verdict.p), to_q = level(show->verdict.q);
    *p = show->p_from + (to_p - show->p_from) * share;
    *q = show->q_from + (to_q - show->q_from) * share;
    if (share >= 1) { /* exactly, not but for rounding */
        *p = to_p;
        *q = to_q;
    }
    if (*q < *p)
        *q = *p;
}

bool animation_done(const struct show *show)
{
    return level(show->verdict.p) >= 1 && state_is(show->verdict.state, STATE_FULL);
}

double animation_sweep(const struct show *show, int64_t now_ms)
{
    return show->dimmed ? 1 : smooth(passed(show->finished_ms, PICTURE_SWEEP_MS, now_ms));
}

bool animation_glides(const struct show *show, int64_t now_ms)
{
    return !show->dimmed && has_run(show->verdict.state) &&
           passed(show->changed_ms, PICTURE_EASE_MS, now_ms) < 1;
}

bool animation_moves(const struct show *show, int64_t now_ms)
{
    if (show->dimmed)
        return false;
    return look_of_verdict(&show->verdict)->motion != MOTION_STILL ||
           animation_sweep(show, now_ms) < 1 || animation_glides(show, now_ms);
}
