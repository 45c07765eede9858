#include "evidence/clock.h"

#define STEP_MS 500 /* less is no step */
#define LINE_MS                                                                                   \
    10000             /* an answer takes no longer than another by more than the longest time-out \
                       */
#define LEAP_MS 30000 /* one answer so far ahead may be another server's, whose clock is wrong */
#define FORGOTTEN_MS (2 * 5 * 60 * 1000) /* twice Prometheus's lookback */

/* What it must show at a monotonic moment, if it goes on as it has proven itself. */
static int64_t expected_ms(const struct evidence_clock *clock, int64_t at_ms)
{
    return clock->highest_ms + (at_ms - clock->seen_ms);
}

static int64_t lag_behind(const struct evidence_clock *clock, int64_t eval_ms, int64_t sent_ms)
{
    int64_t lag_ms = expected_ms(clock, sent_ms) - eval_ms;
    return clock->known && lag_ms > 0 ? lag_ms : 0; /* [N2] */
}

/* Room for one more: the two oldest become one, with the later time as of the earlier moment. */
static void make_room(struct evidence_clock *clock)
{
    if (clock->horizon_count < HORIZONS_MAX)
        return;
    clock->horizons[1].seen_ms = clock->horizons[0].seen_ms;
    clock->horizon_count--;
    for (size_t i = 0; i < clock->horizon_count; i++)
        clock->horizons[i] = clock->horizons[i + 1];
}

/*
 * A horizon on the line of the one before, but for what one answer takes longer than another, says
 * the same of a clock that goes on: it takes its place, and keeps to its line.
 */
static void add_horizon(struct evidence_clock *clock, int64_t clock_ms, int64_t sent_ms)
{
    size_t count = clock->horizon_count;
    struct horizon *last = count > 0 ? &clock->horizons[count - 1] : NULL;
    if (last != NULL && clock_ms <= last->clock_ms)
        return; /* an hour that is repeated has no later time than the hour before it */
    int64_t lost_ms =
        last != NULL ? (sent_ms - last->seen_ms) - (clock_ms - last->clock_ms) : LINE_MS + 1;
    if (last != NULL && lost_ms <= LINE_MS) {
        *last = (struct horizon){clock_ms, lost_ms > 0 ? sent_ms - lost_ms : sent_ms};
        return;
    }
    make_room(clock);
    clock->horizons[clock->horizon_count++] = (struct horizon){clock_ms, sent_ms};
}

/* It goes back by as much as the lag has grown: before, it showed this at the latest [N2 horizon].
 */
static void note_step(struct evidence_clock *clock, int64_t lag_ms, const struct arrival *arrival)
{
    int64_t at_ms =
        arrival->received_ms > arrival->sent_ms ? arrival->received_ms : arrival->sent_ms;
    if (clock->known && lag_ms - clock->lag_ms > STEP_MS) /* perhaps while it was under way */
        add_horizon(clock, expected_ms(clock, at_ms) - clock->lag_ms, at_ms);
    clock->lag_ms = lag_ms;
}

/* Samples so old are shown no more. */
static void forget_horizons(struct evidence_clock *clock, int64_t eval_ms)
{
    size_t gone = 0;
    while (gone < clock->horizon_count && clock->horizons[gone].clock_ms < eval_ms - FORGOTTEN_MS)
        gone++;
    for (size_t i = gone; i < clock->horizon_count; i++)
        clock->horizons[i - gone] = clock->horizons[i];
    clock->horizon_count -= gone;
}

int64_t evidence_horizon_age_ms(const struct evidence_clock *clock, int64_t sample_ms,
                                int64_t now_ms)
{
    size_t i = 0;
    while (clock != NULL && i < clock->horizon_count && sample_ms > clock->horizons[i].clock_ms)
        i++;
    if (clock == NULL || i == clock->horizon_count)
        return 0;
    const struct horizon *horizon = &clock->horizons[i];
    return now_ms - horizon->seen_ms + horizon->clock_ms - sample_ms;
}

int64_t evidence_age_ms(const struct answer_time *of, int64_t sample_ms)
{
    int64_t age_ms = of->eval_ms - sample_ms;
    age_ms = (age_ms > 0 ? age_ms : 0) + of->lag_ms;
    int64_t horizon_ms = evidence_horizon_age_ms(of->clock, sample_ms, of->now_ms);
    return age_ms > horizon_ms ? age_ms : horizon_ms;
}

/* Of a time that the clock, as it has proven itself, has not reached: it may be of before a step.
 */
static bool is_ahead(const struct evidence_clock *clock, int64_t eval_ms, int64_t sent_ms)
{
    return clock->by_nonce && eval_ms > expected_ms(clock, sent_ms) + LINE_MS; /* [N3 ahead] */
}

static bool is_near(int64_t a_ms, int64_t b_ms, int64_t distance_ms)
{
    int64_t apart_ms = a_ms > b_ms ? a_ms - b_ms : b_ms - a_ms;
    return apart_ms <= distance_ms;
}

static bool proves_itself(const struct evidence_clock *clock, int64_t eval_ms,
                          const struct arrival *arrival, int64_t max_age_ms)
{
    if (arrival->nonce == NONCE_OWN || clock->asks)
        return arrival->nonce == NONCE_OWN; /* a cache may have two old answers, with their Dates */
    bool moved = clock->known && eval_ms > clock->highest_ms;
    bool dated = arrival->date_ms >= 0 && is_near(arrival->date_ms, eval_ms, max_age_ms);
    return moved || dated; /* [N3] */
}

struct clock_reading evidence_clock_read(struct evidence_clock *clock, int64_t oldest_ms,
                                         const struct arrival *arrival, int64_t max_age_ms)
{
    const bool own = arrival->nonce == NONCE_OWN;
    if (arrival->nonce == NONCE_ANOTHER) /* [N1] */
        return (struct clock_reading){.doubt = DOUBT_REPEATED};
    const int64_t eval_ms = oldest_ms + arrival->spread_ms; /* [N2 spread] */
    if (oldest_ms <= 0)
        return (struct clock_reading){.doubt = DOUBT_CLOCK};
    if (own && !clock->by_nonce) /* what was believed without one may have been old */
        *clock = (struct evidence_clock){.asks = clock->asks, .by_nonce = true};
    const bool may_move = own || !clock->by_nonce;
    const int64_t lag_ms = lag_behind(clock, eval_ms, arrival->sent_ms);
    if (may_move)
        note_step(clock, lag_ms, arrival);
    const int64_t horizon_ms = evidence_horizon_age_ms(clock, oldest_ms, arrival->sent_ms);
    struct clock_reading reading = {.doubt = DOUBT_NONE,
                                    .lag_ms = lag_ms + arrival->age_ms + arrival->spread_ms};
    if (!own && reading.lag_ms < horizon_ms) /* it may be of before the clock went back */
        reading.lag_ms = horizon_ms;
    const bool ahead = !own && is_ahead(clock, eval_ms, arrival->sent_ms);
    if (ahead || (!clock->proven && !proves_itself(clock, eval_ms, arrival, max_age_ms)))
        reading.doubt = DOUBT_UNPROVEN;
    clock->proven |= reading.doubt == DOUBT_NONE;
    const bool leaps =
        clock->known && !clock->leapt && eval_ms > expected_ms(clock, arrival->sent_ms) + LEAP_MS;
    if (may_move)
        clock->leapt = leaps;
    if (may_move && !leaps && (!clock->known || eval_ms > clock->highest_ms)) {
        clock->known = true;
        clock->highest_ms = eval_ms;
        clock->seen_ms = arrival->sent_ms;
        clock->lag_ms = 0;
        forget_horizons(clock, eval_ms);
    }
    return reading;
}
