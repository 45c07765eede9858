#include "rollout/time_left.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define BRIEF_MS 45000     /* what is less is "less than 1 min" */
#define LEAST_MS 1000      /* while it is not done something is left */
#define OVERDUE_SHARE 0.25 /* of the time a step is overdue, as time that more is left */
#define GRACE_MS 30000     /* a sample is so much older than what it shows, at most */
#define PACE_LEAST 0.25    /* times the usual: what is further off is another rollout */
#define PACE_MOST 4.0
/* What is said comes halfway to the estimate in such a share of what is left, but at most in ... */
#define EASE_SHARE 0.02
#define EASE_MOST_MS 10000.0
#define FIRST_OF_WAVE 1.4 /* pods of a wave take so much longer than the first of them */

static double between(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static const struct time_left_step *newest(const struct time_left *left)
{
    return &left->steps[left->step_count - 1];
}

/* ---- what is seen ---- */

/* What the controller has not looked at yet may have no progress: that is its beginning, too. */
static void begin(struct time_left *left, const struct verdict *verdict, int64_t now_ms)
{
    const bool whole = left->rested && now_ms - left->rest_ms <= TIME_LEFT_GAP_MS;
    left->runs = true;
    left->is_whole = whole;
    left->is_marred = false;
    left->began_ms = whole ? now_ms - (now_ms - left->rest_ms) / 2 : now_ms;
    left->steps[0] =
        (struct time_left_step){left->began_ms, whole || !(verdict->p > 0) ? 0 : verdict->p};
    left->step_count = 1;
    left->longest_ms = 0;
    left->wave = 0;
    left->usual = (struct usual_time){0};
    left->taken = (struct run_time){0};
    left->ended = false;
}

static void forget(struct time_left *left)
{
    left->runs = left->rested = false;
}

/* Pods that were proven and are not any more: how it came to where it is now is still known. */
static void fall_back(struct time_left *left, double p)
{
    while (left->step_count > 1 && newest(left)->p > p)
        left->step_count--;
    if (left->steps[0].p > p)
        left->steps[0].p = p;
}

static uint32_t seconds(int64_t ms)
{
    return ms < 1000 ? 1 : (uint32_t)(ms / 1000);
}

static void mark_quarters(struct time_left *left, double p, int64_t now_ms)
{
    for (int i = 0; i < TIME_LEFT_QUARTERS; i++)
        if (left->taken.quarters_s[i] == 0 && p >= (i + 1) / (TIME_LEFT_QUARTERS + 1.0))
            left->taken.quarters_s[i] = seconds(now_ms - left->began_ms);
}

static void add_step(struct time_left *left, double p, int64_t now_ms)
{
    const int64_t waited_ms = now_ms - newest(left)->ms;
    if (waited_ms > left->longest_ms)
        left->longest_ms = waited_ms;
    if (left->step_count == TIME_LEFT_STEPS) {
        memmove(&left->steps[1], &left->steps[2], (TIME_LEFT_STEPS - 2) * sizeof left->steps[0]);
        left->step_count--;
    }
    left->steps[left->step_count++] = (struct time_left_step){now_ms, p};
}

/* Another template came in the middle: that is another rollout, of another mixture of pods. */
static bool begins_anew(const struct time_left *left, double p)
{
    return p < TIME_LEFT_FIRST && newest(left)->p >= TIME_LEFT_FIRST;
}

static void follow(struct time_left *left, const struct verdict *verdict, int64_t now_ms)
{
    const double p = verdict->p;
    if (!left->runs)
        begin(left, verdict, now_ms);
    if (begins_anew(left, p)) {
        left->rested = false;
        begin(left, verdict, now_ms);
    }
    fall_back(left, p);
    if (left->step_count == 1 && p <= left->steps[0].p)
        left->wave = verdict->q;
    if (p > newest(left)->p)
        add_step(left, p, now_ms);
    mark_quarters(left, p, now_ms);
}

/* ---- what is left ---- */

/* When a rollout of this time had its bar so full, in ms since it began. */
static double time_of(const struct run_time *time, double p)
{
    double from_s = 0, to_s = time->total_s;
    const double at = p * (TIME_LEFT_QUARTERS + 1);
    const int quarter = at >= TIME_LEFT_QUARTERS ? TIME_LEFT_QUARTERS : (int)at;
    if (quarter > 0)
        from_s = time->quarters_s[quarter - 1];
    if (quarter < TIME_LEFT_QUARTERS)
        to_s = time->quarters_s[quarter];
    return 1000 * (from_s + (to_s - from_s) * (at - quarter));
}

/* By the usual time, stretched by this rollout's own pace, the more so the further it is. */
static double left_as_usual(const struct time_left *left)
{
    const struct time_left_step *step = newest(left);
    const struct run_time *usual = &left->usual.time;
    const double total = 1000.0 * usual->total_s, usual_ms = time_of(usual, step->p);
    double pace = 1;
    if (left->is_whole && usual_ms > 0) {
        const double share = usual_ms / total;
        const double own =
            between((double)(step->ms - left->began_ms) / usual_ms, PACE_LEAST, PACE_MOST);
        pace = 1 + (own - 1) * share;
    }
    return pace * (total - usual_ms);
}

/* ms for the whole bar, as it was from one step to another. */
static double pace_between(const struct time_left_step *from, const struct time_left_step *to)
{
    return (double)(to->ms - from->ms) / (to->p - from->p);
}

/*
 * By its pace up to the newest step. In its first wave of pods the pace is that of the whole wave,
 * as the others of it will be there soon; elapsed / p of the first pod would be far too long. Later
 * the newest steps count for more, the more of the bar they are: the first pods had to wait for
 * their images.
 */
static double left_by_pace(const struct time_left *left)
{
    const struct time_left_step *step = newest(left), *second = &left->steps[1];
    if (!left->is_whole)
        return (1 - step->p) * pace_between(second, step);
    const double took_ms = (double)(step->ms - left->began_ms), late = step->p - second->p;
    if (step->p < left->wave) {
        const double missing = 1 - step->p / left->wave;
        return (1 - step->p) * took_ms * (1 + (FIRST_OF_WAVE - 1) * missing) / left->wave;
    }
    const double whole = pace_between(&left->steps[0], step);
    const double pace = late > 0 ? whole + late * (pace_between(second, step) - whole) : whole;
    return (1 - step->p) * pace;
}

static bool knows_pace(const struct time_left *left)
{
    const size_t from = left->is_whole ? 0 : 1;
    return left->step_count > from + 1 && newest(left)->p - left->steps[from].p >= TIME_LEFT_FIRST;
}

/* What was left at the newest step: as usual at first, and by its own pace the further it is. */
static double left_then(const struct time_left *left)
{
    if (left->usual.runs == 0)
        return left_by_pace(left);
    const double usual = left_as_usual(left), share = newest(left)->p;
    return knows_pace(left) ? usual + share * (left_by_pace(left) - usual) : usual;
}

/* For a step, in ms. One that was found in the middle has not seen its longest yet. */
static double longest_wait(const struct time_left *left)
{
    const double usual_ms = left->is_whole ? 0 : 1000.0 * left->usual.time.total_s / 4;
    const double seen_ms = (double)left->longest_ms;
    return seen_ms > usual_ms ? seen_ms : usual_ms;
}

/* Milliseconds; 0: it would be a guess. */
static double estimate(const struct time_left *left, int64_t now_ms)
{
    const struct time_left_step *step = newest(left);
    const bool has_usual = left->usual.runs > 0;
    const double waited_ms = (double)(now_ms - step->ms), longest_ms = longest_wait(left);
    if (step->p < TIME_LEFT_FIRST || (!has_usual && !knows_pace(left)) ||
        waited_ms > TIME_LEFT_PATIENCE * longest_ms + GRACE_MS)
        return 0;
    const double then = left_then(left);
    const double after = then > longest_ms ? then - longest_ms : 0; /* when the next step comes */
    double now = then - waited_ms;
    if (now < after)
        now = after + OVERDUE_SHARE * (waited_ms - (then - after));
    return now > LEAST_MS ? now : LEAST_MS;
}

/* ---- what is said ---- */

static void say_nothing(struct time_left *left)
{
    left->left_ms = left->shown_ms = 0;
}

/* See time_left.h: down by itself, and by and by to where the estimate is. */
static int64_t smooth(const struct time_left *left, double estimate_ms, int64_t now_ms)
{
    const double passed = (double)(now_ms - left->said_ms), before = (double)left->left_ms;
    const double share = passed / (passed + between(EASE_SHARE * before, 0, EASE_MOST_MS));
    const double down = before - passed; /* no estimate is less than LEAST_MS */
    double next = down;
    if (estimate_ms < down)
        next = down + share * (estimate_ms - down);
    else if (estimate_ms <= before * (1 + TIME_LEFT_SLACK))
        next = estimate_ms < before ? estimate_ms : before;
    else
        next = before + share * (estimate_ms - before);
    return (int64_t)next;
}

/* The word that was said last stays until the time is clearly another's. */
static int64_t shown(int64_t before_ms, int64_t left_ms)
{
    const int64_t next_ms = time_left_rounded(left_ms);
    const int64_t slack_ms = before_ms / 10 < MINUTE_MS / 3 ? MINUTE_MS / 3 : before_ms / 10;
    const bool is_near = next_ms > before_ms && time_left_rounded(left_ms - slack_ms) <= before_ms;
    return is_near ? before_ms : next_ms;
}

static void say(struct time_left *left, int64_t now_ms)
{
    const double estimate_ms = estimate(left, now_ms);
    if (estimate_ms < LEAST_MS) {
        say_nothing(left);
        return;
    }
    left->left_ms = left->left_ms == 0 ? (int64_t)estimate_ms : smooth(left, estimate_ms, now_ms);
    left->said_ms = now_ms;
    left->shown_ms = shown(left->shown_ms, left->left_ms);
}

/* ---- from poll to poll ---- */

static void rest(struct time_left *left, int64_t now_ms)
{
    if (left->runs && left->is_whole && !left->is_marred && left->is_seen) {
        left->taken.total_s = seconds(now_ms - left->began_ms);
        for (int i = 0; i < TIME_LEFT_QUARTERS; i++)
            if (left->taken.quarters_s[i] == 0)
                left->taken.quarters_s[i] = left->taken.total_s;
        left->ended = true;
    }
    left->runs = false;
    left->rested = true;
    left->rest_ms = now_ms;
}

static void progress(struct time_left *left, const struct verdict *verdict, int64_t now_ms)
{
    const bool measured =
        (verdict->why == WHY_ROLLOUT || verdict->why == WHY_RATIO) && !isnan(verdict->p);
    const bool stands = verdict->why == WHY_LAGGING; /* as good as no look at all */
    if (verdict->why == WHY_UNOBSERVED && !left->runs)
        begin(left, verdict, now_ms);
    if (measured)
        follow(left, verdict, now_ms);
    left->is_marred |= left->runs && (verdict->why == WHY_SCALING || verdict->cannot_create);
    left->is_seen = true;
    if (left->runs && (measured || stands) && !verdict->cannot_create)
        say(left, now_ms);
    else
        say_nothing(left);
}

void time_left_generation(struct time_left *left, int64_t generation)
{
    left->is_marred |= left->runs && generation != left->generation;
    left->generation = generation;
}

void time_left_observe(struct time_left *left, const struct verdict *verdict, int64_t now_ms)
{
    if (left->runs && now_ms - left->seen_ms > TIME_LEFT_GAP_MS)
        forget(left);
    if (state_is(verdict->state, STATE_MOVES)) {
        progress(left, verdict, now_ms);
        left->seen_ms = now_ms;
        return;
    }
    say_nothing(left);
    if (state_is(verdict->state, STATE_SETTLED))
        rest(left, now_ms);
    else if (verdict->state != STATE_UNKNOWN)
        forget(left);
    left->is_seen = false;
}

void time_left_rest(struct time_left *left, int64_t rest_ms)
{
    left->rested = true;
    left->rest_ms = rest_ms;
}

bool time_left_asks(const struct time_left *left)
{
    return left->runs && left->usual.runs == 0;
}

void time_left_compare(struct time_left *left, const struct usual_time *usual)
{
    left->usual = *usual;
}

bool time_left_compares(const struct time_left *left)
{
    return left->runs && left->usual.runs > 0;
}

bool time_left_take(struct time_left *left, struct run_time *taken)
{
    const bool ended = left->ended;
    if (ended)
        *taken = left->taken;
    left->ended = false;
    return ended;
}

struct usual_time time_left_usual(const struct run_time runs[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t shorter = 0;
        for (size_t j = 0; j < count; j++)
            shorter +=
                runs[j].total_s < runs[i].total_s || (j < i && runs[j].total_s == runs[i].total_s);
        if (shorter == count / 2)
            return (struct usual_time){count, runs[i]};
    }
    return (struct usual_time){0};
}

/* ---- words ---- */

int64_t time_left_rounded(int64_t ms)
{
    static const struct {
        int64_t below_min, step_min;
    } steps[] = {{20, 1}, {60, 5}, {180, 10}, {INT64_MAX, 30}};
    const int64_t minutes = ms / MINUTE_MS;
    size_t i = 0;
    while (minutes >= steps[i].below_min)
        i++;
    const int64_t step_ms = steps[i].step_min * MINUTE_MS;
    const int64_t rounded = (ms + step_ms / 2) / step_ms * step_ms;
    if (ms < BRIEF_MS)
        return MINUTE_MS / 2;
    return rounded;
}

void time_left_words(int64_t ms, char out[static TIME_LEFT_WORDS_SIZE])
{
    const int64_t minutes = ms / MINUTE_MS, hours = minutes / 60;
    if (minutes == 0)
        snprintf(out, TIME_LEFT_WORDS_SIZE, "less than 1 min");
    else if (minutes < 60)
        snprintf(out, TIME_LEFT_WORDS_SIZE, "%" PRId64 " min", minutes);
    else if (minutes % 60 == 0)
        snprintf(out, TIME_LEFT_WORDS_SIZE, "%" PRId64 " h", hours);
    else
        snprintf(out, TIME_LEFT_WORDS_SIZE, "%" PRId64 " h %" PRId64 " min", hours, minutes % 60);
}
