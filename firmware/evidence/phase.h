/*
 * Phase: when to ask next. What a light shows is as old as the last scrape, so the best moment to
 * ask is just after a new sample has become visible, and every other moment is a question for old
 * news.
 *
 * Each answer says when its samples were scraped and when it was evaluated, both on Prometheus's
 * clock. From these are learnt, for each source (and each survey: there what was evaluated by
 * recording rules is the sample):
 *
 * Step: between two samples. A distance that another one repeats, or is a multiple of. It is sure
 * once the older sample was still the newest beyond half of it: no shorter step hides between two
 * questions. Until then it is asked for no less often than blindly, and in between.
 *
 * Lag: from a sample's own time to the first answer that may show it: the scrape itself, ingestion,
 * a store's delay (Thanos, remote write, VictoriaMetrics' latencyOffset). It lies between `early`,
 * at which an answer did not show it yet, and `late`, at which one did. A question that comes too
 * early is asked again soon; one that comes in time lets the next creep towards `early`, and
 * `early` itself fades, so that a lag that shrinks is noticed.
 *
 * The next question is due at the last sample + step + lag, told in our monotonic time by the
 * moment at which the last answer was asked for: no clock is compared with another but by what one
 * answer said. Where that is not known, the schedule is PHASE_BLIND_MS: in the first minutes, where
 * steps do not repeat, after times that do not fit (a clock that was set, another interval), and
 * when three samples did not come.
 *
 * While something moves, each source that shows it is asked after: in the mean one and a half times
 * a scrape at most, and PHASE_APART_MS apart where several are out of phase. While nothing does,
 * each interval of the config, in phase with the slowest source where their ratio allows it. In
 * neither case is the silence longer than that interval. Boards spread by chance, within what
 * nobody sees.
 *
 * Pure: an answer goes in, a moment comes out. Times in ms.
 */
#ifndef AMBERBAR_EVIDENCE_PHASE_H
#define AMBERBAR_EVIDENCE_PHASE_H

#include "evidence/row.h"

#define PHASE_BLIND_MS 2000 /* between questions while something moves and no phase is known */
#define PHASE_APART_MS \
    2000                   /* between questions for sources that are out of phase with each other */
#define PHASE_LEAST_MS 800 /* between questions for one source that is scraped each second */
#define PHASE_PULSES_MAX 16

/* One source's beat. Zero-initialised: nothing is known. */
struct pulse {
    uint64_t id;               /* of the source (source.h), or phase_survey_id() */
    bool wanted;               /* it shows something that moves */
    bool seen;                 /* in the newest answer */
    bool sure;                 /* no shorter step hides */
    unsigned beats;            /* distances that were a multiple of the step */
    unsigned missed;           /* samples that were due and did not come, one after the other */
    unsigned tries;            /* questions for the one that is due, all too early */
    unsigned timely;           /* samples whose first question was not, one after the other */
    int64_t sample_ms;         /* the newest sample, Prometheus's clock; 0: none */
    int64_t age_ms;            /* of it, in the newest answer */
    int64_t step_ms;           /* 0: not known */
    int64_t early_ms, late_ms; /* the lag lies between */
};

/* What is known of one Prometheus's beats. Zero-initialised, but for the seed, knows nothing. */
struct phase {
    uint32_t random; /* state of the spreading; any seed */
    struct pulse pulses[PHASE_PULSES_MAX];
    size_t count;
    int64_t eval_ms, sent_ms; /* of the newest answer: Prometheus's clock, and monotonic */
    int credit;               /* half questions that may be asked again: one for each sample */
    unsigned steady;          /* questions at rest since the last that was put into phase */
};

/* The pulse of what a selection's survey counts. */
uint64_t phase_survey_id(size_t selection);

/* Before an answer is noted: forgets what was wanted; then each source that shows what moves. */
void phase_want_none(struct phase *phase);
void phase_want(struct phase *phase, uint64_t id);

/* Takes the times of a whole answer. */
void phase_note(struct phase *phase, const struct answer *answer);

struct phase_terms {
    bool moves;          /* something does, and may be asked for more often */
    int64_t interval_ms; /* the longest silence */
    int64_t asked_ms;    /* monotonic: when the last question was sent */
};

/* Monotonic: when to ask next. The last answer was good, and was noted. */
int64_t phase_due_ms(struct phase *phase, const struct phase_terms *terms);

#endif
