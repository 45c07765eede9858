/*
 * Which of several rows of a workload is believed, one a source? The newest truth; and of what is
 * done no other live source may show more left to do, or stay behind a generation that it should
 * know (W4, twins.h). Who showed it otherwise when both were heard last, and is not heard any more,
 * may have taken another object along: nothing is known while nobody speaks for that source.
 */
#ifndef AMBERBAR_EVIDENCE_CHOICE_H
#define AMBERBAR_EVIDENCE_CHOICE_H

#include "evidence/proof.h"

struct choice {
    const struct row *row; /* NULL: `doubt` says why there is none */
    enum doubt doubt;
    int64_t age_ms;    /* of the row; of the oldest one that might object, where it is done */
    int64_t newest_ms; /* the newest sample that may be believed; or ROW_MISSING */
    uint64_t lost;     /* DOUBT_SOURCE_GONE: the source that showed it otherwise, and is gone */
    bool hears_last;   /* the source that was believed last shows it still */
    bool waits;        /* it is done, and another source has not come so far yet */
};

/* Does it show something undone? Such stands whatever else is not known. */
bool choice_is_bad_news(const struct row *row);

/* Of a sight's rows; notes in `proof->twins` what is only known by looking again. */
struct choice choice_make(struct proof *proof, const struct proof_limits *limits,
                          const struct sight *sight);

#endif
