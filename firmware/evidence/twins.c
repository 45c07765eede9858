#include "evidence/twins.h"

static const struct height none = {.sample_ms = 0}; /* and nothing is below it */

static bool is_below(const struct row *row, const struct height *height)
{
    return height_is_lower(row->generation, row->observed, height->generation, height->observed);
}

static struct height height_of(const struct row *row, int64_t lag_ms)
{
    return (struct height){row->generation, row->observed, row->sample_ms + lag_ms};
}

static bool should_know(const struct row *row, const struct height *height)
{
    return is_below(row, height) && row->sample_ms > height->sample_ms + TWINS_LAG_MS;
}

/* By the time of its sample. */
static bool is_late(const struct twins *twins, const struct row *row)
{
    return should_know(row, &twins->high) || should_know(row, &twins->before);
}

void twins_note(struct twins *twins, const struct row *best, int64_t lag_ms)
{
    const struct height here = height_of(best, lag_ms), high = twins->high;
    if (high.generation == here.generation && high.observed == here.observed && high.sample_ms > 0)
        return;
    if (is_below(best, &high))
        twins->before = none;
    else if (here.sample_ms > twins->before.sample_ms + 2 * TWINS_LAG_MS)
        twins->before = high;
    twins->high = here;
}

/* Two objects are known, and it is below what shows one. */
static bool is_wanting(const struct twins *twins, const struct row *row)
{
    return is_below(row, &twins->wanted);
}

static bool is_first_reach(const struct twins *twins, const struct row *row)
{
    const bool again = twins->reached_ms > 0 && row->sample_ms > twins->reached_ms;
    return twins->wanted.sample_ms > 0 && row->source_id == twins->other && !again;
}

/* Which sample has reached what was wanted, that more is wanted, or that it was chance. */
static void note_reach(struct twins *twins, const struct row *behind)
{
    if (behind->source_id != twins->other || is_wanting(twins, behind)) {
        if (behind->sample_ms > twins->reached_ms)
            twins->reached_ms = 0;
    } else if (is_first_reach(twins, behind) && !is_late(twins, behind)) {
        twins->reached_ms = behind->sample_ms;
        twins->wanted = twins->high;
    }
}

bool twins_is_behind(const struct twins *twins, const struct row *row, const struct row *best,
                     bool first)
{
    const struct height highest = height_of(best, 0);
    if (!is_below(row, &highest))
        return false;
    return first || is_late(twins, row) || is_wanting(twins, row) || is_first_reach(twins, row);
}

bool twins_is_other(const struct twins *twins, const struct row *row, const struct row *best)
{
    return row->source_id == twins->other || best->source_id == twins->other;
}

void twins_forget(struct twins *twins)
{
    twins->wanted = none;
    twins->reached_ms = 0;
}

bool twins_differ(struct twins *twins, const struct row *best, const struct row *behind,
                  const struct twins_terms *terms)
{
    if (behind == NULL) {
        twins->behind_ms = 0;
        return false;
    }
    if (twins->behind_ms == 0)
        twins->behind_ms = behind->sample_ms + terms->lag_ms;
    if (!terms->first)
        note_reach(twins, behind);
    const bool proven = best->sample_ms > twins->behind_ms && is_late(twins, behind);
    if (proven || terms->first || (!terms->fell && twins->wanted.sample_ms == 0))
        twins->wanted = twins->high;
    twins->other = behind->source_id;
    return twins->wanted.sample_ms > 0;
}
