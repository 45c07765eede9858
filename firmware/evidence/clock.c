#include "evidence/clock.h"

static int64_t lag_behind(const struct evidence_clock *clock, int64_t eval_ms, int64_t sent_ms)
{
    int64_t lag_ms = clock->highest_ms + (sent_ms - clock->seen_ms) - eval_ms;
    return clock->known && lag_ms > 0 ? lag_ms : 0; /* [N2] */
}

/* It goes back by as much as the lag has grown: what it showed before is its horizon [N2 horizon].
 */
static void note_step(struct evidence_clock *clock, int64_t lag_ms, int64_t sent_ms)
{
    int64_t before_ms = clock->highest_ms + (sent_ms - clock->seen_ms) - clock->lag_ms;
    if (clock->known && lag_ms > clock->lag_ms && before_ms > clock->horizon_ms) {
        clock->horizon_ms = before_ms;
        clock->horizon_seen_ms = sent_ms;
    }
    clock->lag_ms = lag_ms;
}

static bool is_near(int64_t a_ms, int64_t b_ms, int64_t distance_ms)
{
    int64_t apart_ms = a_ms > b_ms ? a_ms - b_ms : b_ms - a_ms;
    return apart_ms <= distance_ms;
}

static bool proves_itself(const struct evidence_clock *clock, int64_t eval_ms,
                          const struct arrival *arrival, int64_t max_age_ms)
{
    if (arrival->nonce == NONCE_OWN)
        return true;
    bool moved = clock->known && eval_ms > clock->highest_ms;
    bool dated = arrival->date_ms >= 0 && is_near(arrival->date_ms, eval_ms, max_age_ms);
    return moved || dated; /* [N3] */
}

struct reading evidence_clock_read(struct evidence_clock *clock, int64_t eval_ms,
                                   const struct arrival *arrival, int64_t max_age_ms)
{
    const bool own = arrival->nonce == NONCE_OWN;
    if (arrival->nonce == NONCE_ANOTHER) /* [N1] */
        return (struct reading){.doubt = DOUBT_REPEATED};
    if (eval_ms <= 0)
        return (struct reading){.doubt = DOUBT_CLOCK};
    if (own && !clock->by_nonce) /* what was believed without one may have been old */
        *clock = (struct evidence_clock){.by_nonce = true};
    const bool may_move = own || !clock->by_nonce;
    const int64_t lag_ms = lag_behind(clock, eval_ms, arrival->sent_ms);
    if (may_move)
        note_step(clock, lag_ms, arrival->sent_ms);
    struct reading reading = {.doubt = DOUBT_NONE,
                              .lag_ms = lag_ms + arrival->age_ms,
                              .horizon_ms = clock->horizon_ms,
                              .horizon_age_ms = arrival->sent_ms - clock->horizon_seen_ms};
    if (!clock->proven && !proves_itself(clock, eval_ms, arrival, max_age_ms))
        reading.doubt = DOUBT_UNPROVEN;
    clock->proven |= reading.doubt == DOUBT_NONE;
    if (may_move && (!clock->known || eval_ms > clock->highest_ms)) {
        clock->known = true;
        clock->highest_ms = eval_ms;
        clock->seen_ms = arrival->sent_ms;
        clock->lag_ms = 0;
    }
    return reading;
}
