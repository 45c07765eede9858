#include "evidence/phase.h"

#define STEP_LEAST_MS 500    /* what is scraped more often needs no phase */
#define STEP_MOST_MS 3600000 /* and what is scraped less often, or so old, has none */
#define STEP_PART 10         /* scrapes are late by less of a step */
#define REST_PART 200 /* by so little of an interval questions at rest may get out of phase */
#define BEATS_SURE 2  /* a first distance, and one that repeats it */
#define MISSED_MAX 3
#define TRIES_MAX 6
#define AGAIN_MS 120  /* after the first question that came too early; twice that after the next */
#define LOOSE_MS 600  /* early and late so far apart are a guess */
#define TIGHT_MS 100  /* and so near each other are as good as it gets */
#define USUAL_MS 100  /* a Prometheus that scrapes by itself shows a sample so soon */
#define FADE 16       /* early goes away from late by this part with each question in time */
#define TIMELY_MAX 27 /* and faster, the more of them come one after the other */
#define SPREAD_MS 250 /* of questions while something moves: nobody sees it */
#define REST_SPREAD_MS \
    2000 /* and while nothing does: half a thousand questions a second from 1,000 boards */
#define REST_MARGIN_MS 50 /* at rest a question in time is worth more than an early one */
#define STEADY 20         /* questions at rest for one that is put into phase */
#define CREDIT_MAX 6      /* half questions: three in a row */
#define QUESTION 2

uint64_t phase_survey_id(size_t selection)
{
    return selection + 1; /* sources' ids are 64 bits of a hash: they are not so low */
}

/* --- learning */

static struct pulse *find(struct phase *phase, uint64_t id)
{
    for (size_t i = 0; i < phase->count; i++)
        if (phase->pulses[i].id == id)
            return &phase->pulses[i];
    return NULL;
}

/* A new one, in the place of one that is neither wanted nor seen, or for one that is wanted in the
   place of one that is not; NULL: there is no room. */
static struct pulse *add(struct phase *phase, uint64_t id, bool wanted)
{
    struct pulse *place = NULL;
    if (phase->count < PHASE_PULSES_MAX)
        place = &phase->pulses[phase->count++];
    for (size_t i = 0; i < PHASE_PULSES_MAX && place == NULL; i++)
        if (!phase->pulses[i].wanted && (wanted || !phase->pulses[i].seen))
            place = &phase->pulses[i];
    if (place != NULL)
        *place = (struct pulse){.id = id, .wanted = wanted};
    return place;
}

void phase_want_none(struct phase *phase)
{
    for (size_t i = 0; i < phase->count; i++)
        phase->pulses[i].wanted = false;
}

void phase_want(struct phase *phase, uint64_t id)
{
    struct pulse *pulse = find(phase, id);
    if (pulse != NULL)
        pulse->wanted = true;
    else
        add(phase, id, true);
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* How often `step` fits into `length`, but for a `part` of it; 0: it does not. */
static int64_t times(int64_t length_ms, int64_t step_ms, int64_t part)
{
    if (step_ms <= 0)
        return 0;
    const int64_t count = (length_ms + step_ms / 2) / step_ms;
    return distance(length_ms, count * step_ms) <= step_ms / part ? count : 0;
}

static bool is_known(const struct pulse *pulse)
{
    return pulse->step_ms > 0 && pulse->beats >= BEATS_SURE;
}

/* The lag, as far as a distance that is new says it: the sample that followed was not there at that
   age of the one before. */
static void begin_step(struct pulse *pulse, int64_t step_ms, int64_t age_ms)
{
    pulse->step_ms = step_ms;
    pulse->sure = pulse->age_ms > step_ms / 2 + pulse->late_ms;
    pulse->early_ms = pulse->age_ms > step_ms ? pulse->age_ms - step_ms : 0;
    pulse->late_ms = age_ms;
}

static void learn_lag(struct pulse *pulse, int64_t age_ms)
{
    const int64_t not_yet_ms = pulse->age_ms - pulse->step_ms;
    const int64_t gap_ms = pulse->late_ms - pulse->early_ms;
    if (gap_ms <= LOOSE_MS) {
        pulse->timely = pulse->tries > 0 ? 0 : pulse->timely + (pulse->timely < TIMELY_MAX);
        pulse->early_ms -= gap_ms / FADE + (INT64_C(1) << pulse->timely / 3);
        pulse->early_ms = pulse->early_ms > 0 ? pulse->early_ms : 0;
    }
    if (not_yet_ms > pulse->early_ms)
        pulse->early_ms = not_yet_ms;
    if (pulse->tries > 0 || age_ms < pulse->late_ms || pulse->early_ms > pulse->late_ms)
        pulse->late_ms = age_ms;
    if (pulse->early_ms > pulse->late_ms)
        pulse->early_ms = pulse->late_ms;
}

static void forget(struct pulse *pulse)
{
    *pulse = (struct pulse){.id = pulse->id, .wanted = pulse->wanted, .seen = pulse->seen};
}

/* The next sample is there, `step_ms` after the one before. */
static void take_beat(struct pulse *pulse, int64_t step_ms, int64_t age_ms)
{
    if (step_ms < STEP_LEAST_MS || step_ms > STEP_MOST_MS) { /* or it goes back */
        forget(pulse);
        return;
    }
    const int64_t beats = times(step_ms, pulse->step_ms, STEP_PART);
    if (beats > 0) {
        pulse->beats += pulse->beats < BEATS_SURE;
        if (beats == 1) {
            pulse->sure |= pulse->age_ms > pulse->step_ms / 2 + pulse->late_ms;
            pulse->step_ms += (step_ms - pulse->step_ms) / 4;
            learn_lag(pulse, age_ms);
        }
    } else {
        begin_step(pulse, step_ms, age_ms);
        pulse->beats = 1;
    }
    pulse->missed = 0;
}

/* The age at which the next sample is asked for: where little is known as soon as is usual, then in
   the middle, then a little earlier each time. */
static int64_t aim_ms(const struct pulse *pulse)
{
    const int64_t gap_ms = pulse->late_ms - pulse->early_ms;
    if (gap_ms > LOOSE_MS)
        return pulse->early_ms + (pulse->early_ms < USUAL_MS ? USUAL_MS : gap_ms / 4);
    return gap_ms > TIGHT_MS ? pulse->late_ms - gap_ms / 2 : pulse->late_ms - gap_ms / 8;
}

/* The newest sample is what it was: is the next one overdue? */
static void wait_on(struct pulse *pulse, int64_t age_ms)
{
    pulse->age_ms = age_ms;
    if (!is_known(pulse))
        return;
    pulse->tries += age_ms >= pulse->step_ms + aim_ms(pulse) && pulse->tries <= TRIES_MAX;
    const int64_t missed = (age_ms - pulse->late_ms) / pulse->step_ms;
    pulse->missed = missed > 0 ? (unsigned)missed : 0;
    if (missed >= MISSED_MAX)
        forget(pulse);
}

static void note_sample(struct phase *phase, uint64_t id, int64_t sample_ms)
{
    struct pulse *pulse = find(phase, id);
    const int64_t age_ms = phase->eval_ms > sample_ms ? phase->eval_ms - sample_ms : 0;
    if (sample_ms <= 0 || age_ms > STEP_MOST_MS ||
        (pulse == NULL && (pulse = add(phase, id, false)) == NULL))
        return;
    pulse->seen = true;
    if (pulse->wanted && pulse->tries > 0) /* asked again */
        phase->credit -= phase->credit > QUESTION ? QUESTION : phase->credit;
    if (sample_ms == pulse->sample_ms) {
        wait_on(pulse, age_ms);
        return;
    }
    if (pulse->sample_ms > 0)
        take_beat(pulse, sample_ms - pulse->sample_ms, age_ms);
    pulse->sample_ms = sample_ms;
    pulse->age_ms = age_ms;
    pulse->tries = 0;
    phase->credit += pulse->wanted && phase->credit < CREDIT_MAX;
}

static void note_surveys(struct phase *phase, const struct answer *answer)
{
    for (size_t i = 0; answer->surveys != NULL && i < answer->survey_count; i++) {
        const struct survey *survey = &answer->surveys[i];
        if (survey->taken)
            note_sample(phase, phase_survey_id(i),
                        survey->recorded ? survey->evaluated_ms[RULE_UNSETTLED]
                                         : survey->oldest_ms);
    }
}

void phase_note(struct phase *phase, const struct answer *answer)
{
    if (answer->eval_ms <= 0)
        return; /* it says nothing of time */
    phase->eval_ms = answer->eval_ms;
    phase->sent_ms = answer->sent_ms;
    for (size_t i = 0; i < phase->count; i++)
        phase->pulses[i].seen = false;
    for (size_t i = 0; i < answer->source_count; i++)
        note_sample(phase, answer->sources[i].id, answer->sources[i].newest_ms);
    note_surveys(phase, answer);
}

/* --- asking */

/* From 0 to below `below`, which may be 0. */
static int64_t by_chance(struct phase *phase, int64_t below)
{
    phase->random = phase->random * 1664525u + 1013904223u;
    return below > 0 ? (int64_t)(phase->random >> 8) * below >> 24 : 0;
}

/* How long after the last answer a sample will be `age_ms` old that is due, and is not yet there;
   of those that are not due, the first. */
static int64_t until_ms(const struct pulse *pulse, int64_t age_ms)
{
    const int64_t until = pulse->step_ms + age_ms - pulse->age_ms;
    return until > 0 ? until : until + (-until / pulse->step_ms + 1) * pulse->step_ms;
}

/* A moment to ask at, or up to `spread_ms` later. */
struct moment {
    int64_t from_ms, spread_ms;
};

/* After a question that came too early; what is known less well is tried in longer steps. */
static int64_t again_ms(const struct pulse *pulse)
{
    const int64_t part_ms = (pulse->late_ms - pulse->early_ms) / 8;
    return (part_ms > AGAIN_MS ? part_ms : AGAIN_MS) << (pulse->tries - 1);
}

/* When to ask for what is next of one source, that is known. */
static struct moment moment_of(const struct phase *phase, const struct pulse *pulse)
{
    const bool fast = pulse->step_ms < PHASE_APART_MS || !pulse->sure;
    const int64_t least_ms = fast ? PHASE_LEAST_MS : PHASE_APART_MS;
    if (pulse->tries > 0 && pulse->tries <= TRIES_MAX && phase->credit >= QUESTION)
        return (struct moment){phase->sent_ms + again_ms(pulse), 0};
    int64_t until = until_ms(pulse, aim_ms(pulse));
    if (!pulse->sure && until > pulse->step_ms / 2) { /* is there one in between? */
        until -= pulse->step_ms * 2 / 5;
        until = until < PHASE_BLIND_MS ? until : PHASE_BLIND_MS;
    }
    return (struct moment){
        .from_ms = phase->sent_ms + (until > least_ms ? until : least_ms),
        .spread_ms = pulse->step_ms / 10 < SPREAD_MS ? pulse->step_ms / 10 : SPREAD_MS,
    };
}

/* The first moment of all that is wanted; INT64_MAX: nothing that is wanted is seen. */
static struct moment first_moment(const struct phase *phase, int64_t asked_ms)
{
    struct moment first = {INT64_MAX, 0};
    for (size_t i = 0; i < phase->count; i++) {
        const struct pulse *pulse = &phase->pulses[i];
        if (!pulse->wanted || !pulse->seen)
            continue;
        const struct moment here = is_known(pulse) ? moment_of(phase, pulse)
                                                   : (struct moment){asked_ms + PHASE_BLIND_MS, 0};
        first = here.from_ms < first.from_ms ? here : first;
    }
    return first;
}

/*
 * Of several questions until `first`, how long after the last one the next is due: as few as may
 * be, about evenly. Those before the sample's own bring no news, so boards spread them as far as no
 * silence becomes longer than the interval.
 */
static int64_t between_ms(struct phase *phase, const struct moment *first, int64_t left_ms,
                          int64_t interval_ms)
{
    const int64_t rounds = (left_ms + interval_ms - 1) / interval_ms;
    const int64_t latest_ms = left_ms + first->spread_ms;
    const int64_t even_ms = latest_ms / rounds < interval_ms ? latest_ms / rounds : interval_ms;
    const int64_t before_ms = even_ms - (latest_ms - (rounds - 1) * interval_ms);
    const int64_t behind_ms = interval_ms - even_ms;
    const int64_t slack_ms = before_ms < behind_ms ? before_ms : behind_ms;
    return slack_ms > 0 ? even_ms - slack_ms / 2 + by_chance(phase, slack_ms) : even_ms;
}

static int64_t moving_due_ms(struct phase *phase, const struct phase_terms *terms)
{
    const int64_t longest = terms->asked_ms + terms->interval_ms;
    const struct moment first = first_moment(phase, terms->asked_ms);
    if (first.from_ms == INT64_MAX || first.from_ms <= terms->asked_ms)
        return terms->asked_ms + PHASE_BLIND_MS;
    const int64_t left = first.from_ms - terms->asked_ms;
    if (left > terms->interval_ms)
        return terms->asked_ms + between_ms(phase, &first, left, terms->interval_ms);
    if (longest < first.from_ms + first.spread_ms / 2)
        return longest; /* where steps are intervals, a board keeps the place that it has drawn */
    const int64_t due = first.from_ms + by_chance(phase, first.spread_ms);
    return due < longest ? due : longest;
}

/* The slowest source that is known: for it, to be in phase is worth most. */
static const struct pulse *slowest(const struct phase *phase)
{
    const struct pulse *slowest = NULL;
    for (size_t i = 0; i < phase->count; i++) {
        const struct pulse *pulse = &phase->pulses[i];
        if (pulse->seen && is_known(pulse) && pulse->tries == 0 &&
            (slowest == NULL || pulse->step_ms > slowest->step_ms))
            slowest = pulse;
    }
    return slowest;
}

/* Where the interval is a multiple of the step, or the step of the interval, questions an interval
   apart stay in phase once they are. */
static int64_t resting_due_ms(struct phase *phase, const struct phase_terms *terms)
{
    const struct pulse *pulse = slowest(phase);
    const int64_t interval = terms->interval_ms;
    if (pulse == NULL)
        return terms->asked_ms + interval;
    const bool fits = times(interval, pulse->step_ms, REST_PART) > 0 ||
                      times(pulse->step_ms, interval, REST_PART) > 0;
    const int64_t grid = pulse->step_ms < interval ? pulse->step_ms : interval;
    const int64_t spread = grid / 4 < REST_SPREAD_MS ? grid / 4 : REST_SPREAD_MS;
    int64_t until = (until_ms(pulse, aim_ms(pulse) + REST_MARGIN_MS) - 1) % grid + 1;
    const bool in_phase = grid - until <= spread;
    phase->steady++;
    if (!fits || in_phase || phase->steady < STEADY)
        return terms->asked_ms + interval;
    phase->steady = 0;
    until += (interval - until) / grid * grid;
    until += by_chance(phase, spread);
    return terms->asked_ms + (until < interval ? until : interval);
}

int64_t phase_due_ms(struct phase *phase, const struct phase_terms *terms)
{
    return terms->moves ? moving_due_ms(phase, terms) : resting_due_ms(phase, terms);
}
