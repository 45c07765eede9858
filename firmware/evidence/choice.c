#include "evidence/choice.h"

#include <stddef.h>

static int64_t age_of(const struct proof *proof, const struct sight *sight, const struct row *row)
{
    const struct answer_time of = {sight->eval_ms, sight->lag_ms, sight->now_ms, sight->clock};
    int64_t age_ms = evidence_age_ms(&of, row->sample_ms);
    int64_t known_ms = proof_knows(proof, row) ? sight->now_ms - proof->known_ms : 0;
    return age_ms > known_ms ? age_ms : known_ms; /* [N2 known] */
}

/* DOUBT_NONE: the row by itself may be believed. */
static enum doubt doubt_of(const struct proof *proof, const struct proof_limits *limits,
                           const struct sight *sight, const struct row *row)
{
    if (row->sample_ms == ROW_MISSING) /* the series that dates the row may be what is missing */
        return row_is_whole(row) ? DOUBT_STALE : DOUBT_PARTIAL;
    if (sight->eval_ms <= 0 || row->sample_ms > sight->eval_ms + EVIDENCE_ROUNDING_MS)
        return DOUBT_CLOCK; /* [N2 world] */
    int64_t age_ms = age_of(proof, sight, row);
    if (age_ms > limits->max_age_ms) /* [age] */
        return age_ms - sight->lag_ms > limits->max_age_ms ? DOUBT_STALE : DOUBT_CLOCK;
    return row_is_whole(row) ? DOUBT_NONE : DOUBT_PARTIAL;
}

/* New pods that must be available, were all old ones. */
static int64_t modesty(const struct row *row)
{
    int64_t old = row_pods(row) > row->updated ? row_pods(row) - row->updated : 0;
    int64_t new = row->available - old;
    return new < row->updated ? new : row->updated;
}

static int64_t missing_pods(const struct row *row)
{
    return row->spec - modesty(row);
}

/* Is it lower in this very sample than its source showed before, which knew all there was? */
static bool fell(const struct proof *proof, const struct row *row)
{
    const struct pace *pace = proof_pace(proof, row->source_id);
    return pace != NULL && pace->sample_ms == row->sample_ms && pace->fell;
}

/* Has it more left to do: new pods to bring or, between equals, old ones to end? */
static bool has_more_to_do(const struct row *a, const struct row *b)
{
    const int64_t a_missing = missing_pods(a), b_missing = missing_pods(b);
    return a_missing != b_missing ? a_missing > b_missing
                                  : row_pods(a) - a->updated > row_pods(b) - b->updated;
}

/* Of what is shown of the workload in one sight. */
struct scene {
    const struct proof *proof;
    const struct proof_limits *limits;
    const struct sight *sight;
    int64_t newest_ms; /* sample; ROW_MISSING: none may be believed */
    int64_t created;   /* of the newest object of the name; ROW_MISSING */
};

static bool may_be_believed(const struct scene *scene, const struct row *row)
{
    return !row->left_behind &&
           doubt_of(scene->proof, scene->limits, scene->sight, row) == DOUBT_NONE;
}

static struct scene set(const struct proof *proof, const struct proof_limits *limits,
                        const struct sight *sight)
{
    struct scene scene = {proof, limits, sight, ROW_MISSING, ROW_MISSING};
    for (size_t i = 0; i < sight->count; i++) {
        const struct row *row = &sight->rows[i];
        if (!may_be_believed(&scene, row))
            continue;
        scene.newest_ms = row->sample_ms > scene.newest_ms ? row->sample_ms : scene.newest_ms;
        scene.created = row->created > scene.created ? row->created : scene.created;
    }
    return scene;
}

/* Another source has seen a newer object of the name, which this sample is too old to show. */
static bool predates(const struct scene *scene, const struct row *row)
{
    return row->created >= 0 && row->created < scene->created &&
           row->sample_ms / 1000 <= scene->created;
}

/* Is its sample of the last two scrapes of its source? `pace_unknown`: where their pace is not. */
static bool is_of_two_scrapes(const struct scene *scene, const struct row *row, bool pace_unknown)
{
    const int64_t step_ms = proof_step_ms(scene->proof, row->source_id);
    if (step_ms == 0)
        return pace_unknown;
    return scene->newest_ms - row->sample_ms <= 2 * step_ms + EVIDENCE_ROUNDING_MS;
}

/* Too old, be it by what the answer lags, and its source has shown nothing newer yet? */
static bool is_slow(const struct scene *scene, const struct row *row)
{
    const struct sight *sight = scene->sight;
    return row->sample_ms != ROW_MISSING &&
           row->sample_ms <= sight->eval_ms + EVIDENCE_ROUNDING_MS &&
           age_of(scene->proof, sight, row) > scene->limits->max_age_ms &&
           is_of_two_scrapes(scene, row, false);
}

static bool is_alive(const struct scene *scene, const struct row *row)
{
    return may_be_believed(scene, row) && is_of_two_scrapes(scene, row, true);
}

/* Without a generation nothing says which is newer: the worse one counts [W4]. */
static bool is_worse(const struct row *a, const struct row *b)
{
    if (a->phase != b->phase)
        return phase_badness(a->phase) > phase_badness(b->phase);
    const int64_t a_missing = missing_pods(a), b_missing = missing_pods(b);
    return a_missing != b_missing ? a_missing > b_missing : modesty(a) < modesty(b);
}

/*
 * The newest truth wins; between equals the more modest one, so that a torn or lagging copy never
 * makes a bar fuller; between equals again, always the same one. Without a generation nothing says
 * which is newer: the worse one counts [W4].
 */
static bool is_better(const struct row *a, const struct row *b)
{
    if (row_is_phased(a) && (is_worse(a, b) || is_worse(b, a)))
        return is_worse(a, b);
    if (a->generation != b->generation)
        return a->generation > b->generation;
    if (a->observed != b->observed)
        return a->observed > b->observed;
    if (a->sample_ms != b->sample_ms)
        return a->sample_ms > b->sample_ms;
    if (modesty(a) != modesty(b))
        return modesty(a) < modesty(b);
    return a->source < b->source;
}

/* The one row to judge by; NULL, and `doubt` says why there is none. */
static const struct row *choose(const struct scene *scene, enum doubt *doubt)
{
    const struct row *best = NULL;
    *doubt = DOUBT_STALE;
    for (size_t i = 0; i < scene->sight->count; i++) {
        const struct row *row = &scene->sight->rows[i];
        if (row->left_behind || predates(scene, row))
            continue;
        enum doubt here = doubt_of(scene->proof, scene->limits, scene->sight, row);
        if (here != DOUBT_NONE && here != DOUBT_STALE)
            *doubt = here;
        if (here != DOUBT_NONE && !is_slow(scene, row))
            continue;
        if (row->created >= 0 && scene->created >= 0 && row->created != scene->created) {
            *doubt = DOUBT_AMBIGUOUS;
            return NULL;
        }
        if (best == NULL || is_better(row, best))
            best = row;
    }
    if (best == NULL || !may_be_believed(scene, best))
        return NULL; /* its source is slow: no other one stands for it */
    if (best->deleting) {
        *doubt = DOUBT_DELETING;
        return NULL;
    }
    return best;
}

/* Whatever is wanted of it: a StatefulSet may hold pods back, a DaemonSet leave some on nodes. */
static bool is_surely_undone(const struct row *row)
{
    return row->observed < row->generation || row->available < row->spec ||
           (row->key.kind == KIND_DEPLOYMENT &&
            (row->updated < row->spec || row_pods(row) > row->updated));
}

bool choice_is_bad_news(const struct row *row)
{
    return is_surely_undone(row) || (row_is_phased(row) && row->phase != PHASE_COMPLETED);
}

static bool is_more_undone(const struct row *a, const struct row *b)
{
    if (is_surely_undone(a) != is_surely_undone(b))
        return is_surely_undone(a);
    if (has_more_to_do(a, b) != has_more_to_do(b, a))
        return has_more_to_do(a, b);
    return is_better(a, b);
}

/* And not only the newer one of two that are the same? */
static bool shows_more(const struct row *a, const struct row *b)
{
    return (is_surely_undone(a) && !is_surely_undone(b)) || has_more_to_do(a, b);
}

/*
 * What is done through one source is not done if another one that is alive shows more left to do in
 * the same generation: they may show two objects, or one of them stands still [W4 worse]. NULL,
 * and `doubt` says why: that one is slow, and its sample too old to say whether it still is so; or
 * it lacks a series.
 */
static const struct row *object(const struct scene *scene, const struct row *best,
                                enum doubt *doubt)
{
    const struct row *worst = best;
    *doubt = DOUBT_NONE;
    for (size_t i = 0; i < scene->sight->count; i++) {
        const struct row *row = &scene->sight->rows[i];
        const bool same = row->generation == best->generation && row->observed == best->observed;
        if (!same || !is_more_undone(row, worst) || predates(scene, row))
            continue;
        const enum doubt here = doubt_of(scene->proof, scene->limits, scene->sight, row);
        const bool is_new = here == DOUBT_NONE || here == DOUBT_PARTIAL;
        if (row->left_behind || !is_of_two_scrapes(scene, row, is_new) ||
            (here == DOUBT_PARTIAL && !shows_more(row, best)))
            continue;
        worst = row;
        *doubt = is_new ? here : DOUBT_STALE;
    }
    return *doubt == DOUBT_NONE ? worst : NULL;
}

/* May it be another object than the best one's? */
static bool is_another_view(const struct scene *scene, const struct row *row,
                            const struct row *best)
{
    const bool one_object = row->created >= 0 && row->created == best->created;
    return row != best && !row->left_behind && row->generation >= 0 && !one_object &&
           !predates(scene, row);
}

/* Has its source shown nothing that would count still, but this very sample? */
static bool is_newcomer(const struct scene *scene, const struct row *row)
{
    const struct pace *pace = proof_pace(scene->proof, row->source_id);
    return pace != NULL && (pace->step_ms == 0 || pace->step_ms > scene->limits->max_age_ms);
}

/* For longer than an exporter and its successor show one workload side by side: a pod that drains.
 */
#define SIDE_BY_SIDE_MS (3 * 60 * 1000)

/* Has it shown the workload for so long? */
static bool is_long_known(const struct proof *proof, const struct sight *sight, uint64_t source)
{
    const struct pace *pace = proof_pace(proof, source);
    return pace != NULL && sight->now_ms - pace->since_ms > SIDE_BY_SIDE_MS;
}

/* May one of them be the successor of the other? It is not if both were there from the start. */
static bool may_succeed(const struct proof *proof, const struct sight *sight, uint64_t a,
                        uint64_t b)
{
    const struct pace *left = proof_pace(proof, a), *right = proof_pace(proof, b);
    const bool both = left != NULL && right != NULL && left->since_ms == right->since_ms;
    return !both && (!is_long_known(proof, sight, a) || !is_long_known(proof, sight, b));
}

/*
 * Do they show it otherwise than each other? By their times of creation they are two objects; or
 * one has shown it as done for longer than exporters take to hear of it, when the other one has it
 * undone still: of a pair in mid-rollout the one that was scraped before the other has more to do.
 * (Also of one object: then one of them stands still, and it may be the one that has it done.)
 */
static bool disagree(const struct proof *proof, const struct row *a, const struct row *b)
{
    if (a->created >= 0 && b->created >= 0 && a->created != b->created)
        return true;
    const bool same = a->generation == b->generation && a->observed == b->observed;
    const struct row *done = choice_is_bad_news(a) ? b : a, *undone = done == a ? b : a;
    if (!same || choice_is_bad_news(a) == choice_is_bad_news(b))
        return false;
    const struct pace *pace = proof_pace(proof, done->source_id);
    return pace != NULL && pace->done_ms > 0 && undone->sample_ms > pace->done_ms + TWINS_LAG_MS;
}

static bool is_heard(const struct scene *scene, const struct row *row)
{
    return row->source_id != 0 && !predates(scene, row) && is_alive(scene, row);
}

static bool hears(const struct scene *scene, uint64_t source)
{
    const struct sight *sight = scene->sight;
    size_t i = 0;
    while (i < sight->count &&
           (sight->rows[i].source_id != source || !is_heard(scene, &sight->rows[i])))
        i++;
    return i < sight->count;
}

/* The first that shows it otherwise than that row; NULL: none does. */
static const struct row *find_rival(const struct scene *scene, const struct row *row)
{
    const struct sight *sight = scene->sight;
    for (size_t i = 0; i < sight->count; i++)
        if (is_heard(scene, &sight->rows[i]) && disagree(scene->proof, row, &sight->rows[i]) &&
            !may_succeed(scene->proof, sight, row->source_id, sight->rows[i].source_id))
            return &sight->rows[i];
    return NULL;
}

static size_t count_all_heard(const struct scene *scene)
{
    size_t count = 0;
    for (size_t i = 0; i < scene->sight->count; i++)
        count += is_heard(scene, &scene->sight->rows[i]);
    return count;
}

/* Sources that are heard and long known, or that came together with `beside` (0: none): of an
   exporter and its successor one goes. */
static unsigned count_heard(const struct proof *proof, const struct scene *scene, uint64_t beside)
{
    const struct sight *sight = scene->sight;
    const struct pace *with = proof_pace(proof, beside);
    unsigned count = 0;
    for (size_t i = 0; i < sight->count; i++) {
        const uint64_t source = sight->rows[i].source_id;
        const struct pace *pace = proof_pace(proof, source);
        const bool came = pace != NULL && with != NULL && pace->since_ms == with->since_ms;
        count += is_heard(scene, &sight->rows[i]) && (came || is_long_known(proof, sight, source));
    }
    return count;
}

/* One that showed it otherwise, and is not heard any more [W4 rival]; 0: none. */
static uint64_t lost_rival(const struct proof *proof, const struct scene *scene)
{
    for (size_t i = 0; i < 2; i++)
        if (proof->rivals[i] != 0 && !hears(scene, proof->rivals[i]))
            return proof->rivals[i];
    return 0;
}

/* As long as they are not forgotten, the most that were heard count; and one that is lost is not
   forgotten for two that are there and show it otherwise than each other for a while. */
static void set_rivals(struct proof *proof, const struct scene *scene, uint64_t a, uint64_t b)
{
    const unsigned heard = count_heard(proof, scene, a);
    const unsigned count = heard > 2 ? heard : 2;
    if (lost_rival(proof, scene) == 0) {
        proof->rivals[0] = a;
        proof->rivals[1] = b;
    }
    proof->rival_count = count > proof->rival_count ? count : proof->rival_count;
}

/*
 * Which two sources show it otherwise than each other. None do, once they agree, or as many as
 * there were then: others may have taken their places, but are no mere successors of those that
 * remain.
 */
static void note_rivals(struct proof *proof, const struct scene *scene)
{
    const struct sight *sight = scene->sight;
    for (size_t i = 0; i < sight->count; i++) {
        const struct row *row = &sight->rows[i];
        const struct row *rival = is_heard(scene, row) ? find_rival(scene, row) : NULL;
        if (rival == NULL)
            continue;
        set_rivals(proof, scene, row->source_id, rival->source_id);
        return;
    }
    if ((hears(scene, proof->rivals[0]) && hears(scene, proof->rivals[1])) ||
        count_heard(proof, scene, 0) >= proof->rival_count)
        proof_forget_rivals(proof);
}

/* Is nothing remembered that is young enough to count? */
static bool is_first_look(const struct scene *scene)
{
    return !scene->proof->accepted ||
           scene->sight->now_ms - scene->proof->truth_ms > scene->limits->max_age_ms;
}

/*
 * Does another source contradict it, so that they show two objects [W4 twins]? It must be believed
 * and alive to do so; but once it has, it does as long as anything is shown of it.
 */
static bool is_contradicted(struct proof *proof, const struct scene *scene, const struct row *best)
{
    struct twins *twins = &proof->twins;
    const struct row *behind = NULL;
    bool agrees = false;
    struct twins_terms terms = {.lag_ms = scene->sight->lag_ms};
    terms.first =
        is_newcomer(scene, best) || (is_first_look(scene) && twins->wanted.sample_ms == 0);
    twins_note(twins, best, terms.lag_ms);
    for (size_t i = 0; i < scene->sight->count; i++) {
        const struct row *row = &scene->sight->rows[i];
        if (!is_another_view(scene, row, best))
            continue;
        const bool alive = is_alive(scene, row);
        if (!alive && twins->behind_ms == 0)
            continue;
        if (twins_is_behind(twins, row, best, terms.first))
            behind = behind == NULL || is_better(behind, row) ? row : behind;
        else
            agrees |= alive && twins_is_other(twins, row, best);
    }
    if (behind == NULL && agrees)
        twins_forget(twins);
    terms.fell = behind != NULL && fell(proof, behind);
    if (!twins_differ(twins, best, behind, &terms))
        return false;
    if (!may_succeed(proof, scene->sight, best->source_id, twins->other))
        set_rivals(proof, scene, best->source_id, twins->other);
    return !is_surely_undone(best);
}

static bool is_lower(const struct row *a, const struct row *b)
{
    return height_is_lower(a->generation, a->observed, b->generation, b->observed);
}

/* Another source, which is not late yet, shows pods that are missing in a generation before; NULL:
   none does. */
static const struct row *waited_for(const struct scene *scene, const struct row *best)
{
    for (size_t i = 0; i < scene->sight->count; i++) {
        const struct row *row = &scene->sight->rows[i];
        if (is_another_view(scene, row, best) && is_alive(scene, row) && is_lower(row, best) &&
            (row->available < row->spec || has_more_to_do(row, best)))
            return row;
    }
    return NULL;
}

/* May the verdict before stand meanwhile? Its source may have shown that all was well in its sample
   before, at the best [N4 stands]. */
static bool may_be_waited_for(const struct scene *scene, const struct row *row)
{
    const struct pace *pace = proof_pace(scene->proof, row->source_id);
    return pace != NULL && pace->step_ms > 0 &&
           age_of(scene->proof, scene->sight, row) + pace->step_ms <= scene->limits->max_age_ms;
}

/* What is done is known to be so as long ago as the oldest of those say so that might object. */
static int64_t age_in(const struct scene *scene, const struct row *best)
{
    int64_t oldest_ms = age_of(scene->proof, scene->sight, best);
    for (size_t i = 0; !is_surely_undone(best) && i < scene->sight->count; i++) {
        const struct row *row = &scene->sight->rows[i];
        if (row == best || !is_alive(scene, row))
            continue;
        const int64_t age_ms = age_of(scene->proof, scene->sight, row);
        oldest_ms = age_ms > oldest_ms ? age_ms : oldest_ms;
    }
    return oldest_ms;
}

struct choice choice_make(struct proof *proof, const struct proof_limits *limits,
                          const struct sight *sight)
{
    const struct scene scene = set(proof, limits, sight);
    struct choice choice = {.newest_ms = scene.newest_ms,
                            .hears_last = hears(&scene, proof->source)};
    const struct row *row = choose(&scene, &choice.doubt);
    note_rivals(proof, &scene);
    if (row != NULL && is_contradicted(proof, &scene, row)) {
        choice.doubt = DOUBT_AMBIGUOUS;
        return choice;
    }
    proof->crowded |= count_all_heard(&scene) > PROOF_EXPORTERS_MAX;
    if (row != NULL && proof->crowded && !choice_is_bad_news(row)) {
        choice.doubt = DOUBT_AMBIGUOUS;
        return choice;
    }
    choice.lost = lost_rival(proof, &scene);
    if (row != NULL && choice.lost != 0 && !choice_is_bad_news(row)) {
        choice.doubt = DOUBT_SOURCE_GONE;
        return choice;
    }
    if (row != NULL && !row_is_phased(row) && !is_surely_undone(row))
        row = object(&scene, row, &choice.doubt);
    if (row == NULL)
        return choice;
    choice.row = row;
    choice.doubt = DOUBT_NONE;
    choice.age_ms = age_in(&scene, row);
    const struct row *other = is_surely_undone(row) ? NULL : waited_for(&scene, row);
    choice.waits = other != NULL;
    if (other != NULL && !may_be_waited_for(&scene, other)) {
        choice.row = NULL;
        choice.doubt = DOUBT_AMBIGUOUS;
    }
    return choice;
}
