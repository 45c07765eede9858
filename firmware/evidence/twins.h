/*
 * Are there two objects behind one name (W4)? Two clusters in one store that no cluster label tells
 * apart, or a pair of exporters one of which stands still, show two rows of one workload, both new.
 * Where `created` is exported it says so. Where it is not, their heights do: a (generation,
 * observed) that one source has shown is known to every live exporter of that object seconds later.
 * A source that shows a lower one then is another object's, or stands still; unless the higher one
 * has fallen when it is seen next, which is what a deletion and a new creation look like (N4).
 *
 * After a start, and of a source that comes, or comes back, nothing says when its height was
 * reached: those that differ then are held apart at once, until each has reached what the highest
 * showed. Whoever has reached it while the highest has gone on has reached it by chance perhaps
 * (two clusters that are deployed to at once), and must reach it once more.
 */
#ifndef AMBERBAR_EVIDENCE_TWINS_H
#define AMBERBAR_EVIDENCE_TWINS_H

#include "evidence/row.h"

/* Within it an exporter hears from the API server of what has changed. */
#define TWINS_LAG_MS 5000

/* What the highest row showed, and in which sample it did so first (Prometheus's clock). */
struct height {
    int64_t generation, observed, sample_ms; /* `sample_ms` 0: none */
};

/* What is remembered of one workload. Zero-initialised is empty. */
struct twins {
    struct height high, before; /* and what it was seconds before that; a fall forgets both */
    int64_t behind_ms;          /* the first sample that should know them, and does not; 0: none */
    struct height wanted;       /* two objects were shown: who has reached this is no other */
    uint64_t other;             /* the source that had not, and what it shows ends that */
    int64_t reached_ms; /* its sample that had, once, though the best one was higher; or 0 */
};

/* Notes the best row of a sight. `lag_ms`: how much later the samples may be than they say. */
void twins_note(struct twins *twins, const struct row *best, int64_t lag_ms);

/* Is that other row lower than the best one, and than what it should know? `first`: nothing says
   when that was reached. */
bool twins_is_behind(const struct twins *twins, const struct row *row, const struct row *best,
                     bool first);

/* Is either of them the other source's? */
bool twins_is_other(const struct twins *twins, const struct row *row, const struct row *best);

/* They agree, and no third one is behind: two objects are not known any more. */
void twins_forget(struct twins *twins);

struct twins_terms {
    int64_t lag_ms; /* as above */
    bool first;     /* as above */
    bool fell;      /* the source that is behind was not so in its sample before */
};

/* Two objects? They are as soon as a row is behind (NULL: none is); if it fell, when the best one
   has been seen once more after that. */
bool twins_differ(struct twins *twins, const struct row *best, const struct row *behind,
                  const struct twins_terms *terms);

#endif
