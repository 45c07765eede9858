#include "rollout/rollout.h"

#include "base/hash.h"
#include "base/text.h"
#include "evidence/source.h"
#include "rollout/absence.h"
#include "rollout/batch.h"
#include "rollout/left.h"
#include "rollout/members.h"
#include "rollout/ratio.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct slice {
    const struct row *rows;
    size_t count;
};

/* The first row of `selection` or a later one. */
static size_t lower_bound(const struct answer *answer, size_t selection)
{
    size_t low = 0;
    size_t high = answer->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (answer->rows[middle].selection < selection)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct slice slice_of(const struct answer *answer, size_t selection)
{
    size_t first = lower_bound(answer, selection);
    size_t behind = first;
    while (behind < answer->count && answer->rows[behind].selection == selection)
        behind++;
    return (struct slice){answer->count > 0 ? &answer->rows[first] : NULL, behind - first};
}

/* The worst of the members, and of those that a survey knows of. */
static struct verdict worst_of(const struct rollout *rollout, enum why empty)
{
    static const struct verdict settled = {.state = STATE_STABLE, .why = WHY_COMPLETE, .p = 1};
    static const struct verdict moving = {.state = STATE_PROGRESSING, .why = WHY_ROLLOUT};
    struct verdict worst =
        rollout->count > 0 ? rollout->workloads[rollout->worst].verdict : verdict_unknown(empty);
    bool others = rollout->survey.taken && rollout_total(rollout) > rollout->count;
    if (others && (rollout->count == 0 || batch_is_worse(&settled, &worst)))
        worst = settled;
    if (rollout->survey.more && state_severity(worst.state) < state_severity(STATE_PROGRESSING))
        worst = moving;
    return worst;
}

/*
 * The rollout's verdict: of its only member, or the worst state of all over the progress of those
 * that move. Without any member: unknown, because of `empty`.
 */
static struct verdict verdict_of(struct rollout *rollout, enum why empty)
{
    bool open = batch_gather(rollout, BATCH_OWN);
    if (!open)
        batch_close(rollout, BATCH_OWN);
    rollout->worst = 0;
    for (size_t i = 1; i < rollout->count; i++)
        if (batch_is_worse(&rollout->workloads[i].verdict,
                           &rollout->workloads[rollout->worst].verdict))
            rollout->worst = i;

    enum why why = empty;
    const bool lacks = members_lack(rollout, &why);
    if (rollout->count == 1 && !lacks && !rollout->survey.taken)
        return rollout->workloads[0].verdict;
    struct verdict worst = worst_of(rollout, why);
    if (lacks && state_severity(worst.state) < state_severity(STATE_UNKNOWN)) {
        worst = verdict_unknown(why);
        rollout->worst = rollout->count;
    }
    struct tally tally = batch_tally();
    batch_add(&tally, rollout, BATCH_OWN, open);
    return batch_verdict(&tally, open, worst.state, worst.why);
}

static void conclude(struct rollout *rollout, enum why empty, int64_t now_ms)
{
    struct verdict verdict = verdict_of(rollout, empty);
    if (verdict.state != rollout->verdict.state)
        rollout->since_ms = now_ms;
    rollout->verdict = verdict;
    if (!rollout_is_missed(rollout))
        rollout->hint[0] = '\0';
}

bool rollout_is_missed(const struct rollout *rollout)
{
    const enum why why = rollout->verdict.why;
    return !rollout->is_query && why_is(why, WHYS_MISSED);
}

void rollout_hint(struct rollout *rollout, const char *words)
{
    text_printable(rollout->hint, sizeof rollout->hint, words);
}

void rollout_quote(struct rollout *rollout, const char *warning)
{
    text_shorten(rollout->detail, sizeof rollout->detail, warning == NULL ? "" : warning);
}

/* The exporter that last showed the worst member; "": there is none, or it has no name. */
static void name_source(struct rollout *rollout, const struct answer *answer)
{
    char words[SOURCE_NAME_SIZE] = "";
    if (rollout->worst < rollout->count) {
        const uint64_t id = proof_missed_source(&rollout->workloads[rollout->worst].memory.proof);
        source_name(source_find(answer->ledger, id), words);
    }
    text_copy(rollout->detail, sizeof rollout->detail, words);
}

/* What makes it partial: the back end's own words, where it has any. */
static const char *partial_words(const struct rollout *rollout, const struct answer *answer)
{
    const bool unseen =
        rollout->worst == rollout->count || !rollout->workloads[rollout->worst].seen;
    if (answer->partial)
        return answer->warning;
    return answer->unwitnessed && unseen ? "nobody said whether it is gone" : NULL;
}

/* What an unknown verdict is about: of the worst member, or of all. */
static void write_detail(struct rollout *rollout, const struct answer *answer)
{
    const enum why why = rollout->verdict.why;
    rollout->detail[0] = '\0';
    if (rollout->verdict.state != STATE_UNKNOWN)
        return;
    if (why == WHY_PARTIAL)
        rollout_quote(rollout, partial_words(rollout, answer));
    if (why_is(why, WHYS_SOURCE))
        name_source(rollout, answer);
    if (why == WHY_CLOCK && answer->lag_ms >= 1000)
        snprintf(rollout->detail, sizeof rollout->detail, "%" PRId64 " s", answer->lag_ms / 1000);
    if (why == why_of_doubt(rollout->counts.doubt) && rollout->worst == rollout->count)
        whole_words(&rollout->counts, answer->ledger, rollout->detail, sizeof rollout->detail);
}

size_t rollout_total(const struct rollout *rollout)
{
    size_t total = survey_total(&rollout->survey);
    size_t members = rollout->count + rollout->dropped;
    return total > members ? total : members;
}

void rollout_start(struct rollout *rollout, int64_t now_ms)
{
    rollout->count = 0;
    rollout->dropped = 0;
    survey_copy(&rollout->survey, NULL);
    rollout->whole = (struct whole){.count = 0};
    rollout->counts = (struct whole_belief){.doubt = DOUBT_NONE};
    rollout->verdict = verdict_unknown(WHY_NOT_ASKED);
    rollout->worst = 0;
    rollout->since_ms = now_ms;
    rollout->seen_ms = INT64_MIN;
    rollout->partial = false;
    memset(rollout->left, 0, sizeof rollout->left);
    rollout->left_next = 0;
    rollout->detail[0] = rollout->hint[0] = '\0';
}

bool rollout_expect(struct rollout *rollout, enum workload_kind kind, const char *namespace_,
                    const char *name)
{
    struct identity identity = {
        .key = {
            .kind = kind, .cluster = "", .namespace_ = namespace_, .name = name, .exported = ""}};
    struct workload *member = members_find(rollout, rollout->count, &identity);
    if (member == NULL)
        member = members_add(rollout, &identity, rollout->since_ms);
    if (member == NULL)
        return false;
    member->named = true;
    members_sort(rollout);
    return true;
}

/* The rows of these that are of that member. */
static struct slice rows_of(struct slice slice, const struct workload *member)
{
    size_t low = 0, high = slice.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const bool before = members_compare(member, &slice.rows[middle].key) <= 0;
        high = before ? middle : high;
        low = before ? low : middle + 1;
    }
    size_t behind = low;
    while (behind < slice.count && members_compare(member, &slice.rows[behind].key) == 0)
        behind++;
    return (struct slice){slice.rows + low, behind - low};
}

static void judge(struct rollout *rollout, struct workload *member, const struct sight *sight)
{
    struct verdict verdict = workload_judge(&member->memory, &rollout->limits, sight);
    members_take(rollout, member, &verdict, sight->now_ms);
}

static void begin(struct rollout *rollout)
{
    rollout->dropped = 0;
    for (size_t i = 0; i < rollout->count; i++)
        rollout->workloads[i].seen = false;
}

/* Why a rollout is unknown of which `answer` has nothing. */
static enum why why_empty(const struct rollout *rollout, const struct answer *answer)
{
    if (answer->partial || answer->unwitnessed)
        return WHY_PARTIAL;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (answer->kind_alive[kind] && (rollout->is_query || rollout->kinds & KIND_BIT(kind)))
            return WHY_ABSENT;
    return WHY_NO_DATA;
}

/* Of one that was not seen nothing is known now. */
static void judge_unseen(struct rollout *rollout, struct workload *member, enum sight_kind kind,
                         const struct source_seen *witness, int64_t now_ms)
{
    const struct sight sight = {.kind = kind,
                                .now_ms = now_ms,
                                .found = !member->named,
                                .witness_ms = witness != NULL ? witness->newest_ms : ROW_MISSING};
    judge(rollout, member, &sight);
}

static void judge_all_unseen(struct rollout *rollout, const struct answer *answer, int64_t now_ms)
{
    for (size_t i = 0; i < rollout->count; i++) {
        struct workload *member = &rollout->workloads[i];
        bool known = rollout->survey.taken && !answer->partial && member_is_settled(member);
        if (member->seen || known)
            continue;
        const struct source_seen *witness = absence_witness(rollout, answer, member);
        judge_unseen(rollout, member, absence_kind(answer, member, witness), witness, now_ms);
    }
}

/* New ones find their place. */
static void end(struct rollout *rollout, const struct answer *answer, size_t sorted, int64_t now_ms)
{
    if (rollout->count > sorted)
        members_sort(rollout);
    members_sweep(rollout);
    conclude(rollout, why_empty(rollout, answer), now_ms);
}

/* A workload whose rows are all left behind is as good as missing. */
static bool is_exported(const struct row rows[], size_t count)
{
    size_t i = 0;
    while (i < count && rows[i].left_behind)
        i++;
    return i < count;
}

static void observe_rows(struct rollout *rollout, struct workload *member,
                         const struct answer *answer, struct slice slice, int64_t now_ms)
{
    struct proof *proof = &member->memory.proof;
    const struct sight sight = {.kind = SIGHT_ROWS,
                                .rows = slice.rows,
                                .count = slice.count,
                                .eval_ms = answer->eval_ms,
                                .now_ms = now_ms,
                                .lag_ms = answer->lag_ms,
                                .clock = answer->clock,
                                .step_ms = source_step_ms(answer->ledger, proof->source)};
    absence_follow_rivals(member, answer, slice.rows, slice.count);
    const struct proof before = *proof;
    judge(rollout, member, &sight);
    member->seen = true;
    if (before.accepted && before.source == proof->source && before.sample_ms < proof->sample_ms)
        source_note_step(answer->ledger, proof->source, before.sample_ms, proof->sample_ms);
}

/* The oldest moment at which all was so that the verdict speaks of. */
static int64_t truth_ms(const struct rollout *rollout, int64_t now_ms)
{
    int64_t oldest_ms = now_ms;
    for (size_t i = 0; i < rollout->count; i++) {
        const struct workload *member = &rollout->workloads[i];
        const int64_t ms = member->memory.proof.truth_ms;
        if (member->verdict.state != STATE_UNKNOWN && member->seen && ms < oldest_ms)
            oldest_ms = ms;
    }
    const bool counted = survey_total(&rollout->survey) > 0 && !rollout->partial &&
                         rollout->counts.doubt == DOUBT_NONE;
    if (counted && rollout->whole.truth_ms < oldest_ms)
        oldest_ms = rollout->whole.truth_ms; /* it speaks of what is settled, too */
    return oldest_ms;
}

/* What an answer counts of a selection: its survey, or its rows. */
struct census {
    const struct survey *survey; /* NULL: none is taken */
    const struct counted *counted;
    const size_t *total;
    struct counted rows_counted; /* of the rows, when none is taken */
    size_t rows_total[KIND_COUNT];
};

static void take_census(struct census *census, const struct answer *answer, size_t selection)
{
    const struct survey *survey = answer->surveys != NULL ? &answer->surveys[selection] : NULL;
    if (survey != NULL && survey->taken) {
        census->survey = survey;
        census->counted = &survey->counted;
        census->total = survey->total;
        return;
    }
    const struct slice slice = slice_of(answer, selection);
    census->survey = NULL;
    census->counted = &census->rows_counted;
    census->total = census->rows_total;
    counted_clear(&census->rows_counted);
    memset(census->rows_total, 0, sizeof census->rows_total);
    whole_count(slice.rows, slice.count, &census->rows_counted, census->rows_total);
}

static void weigh(struct rollout *rollout, const struct answer *answer, size_t selection,
                  int64_t now_ms)
{
    struct census census;
    take_census(&census, answer, selection);
    survey_copy(&rollout->survey, census.survey);
    const struct whole_sight sight = {
        .survey = &rollout->survey,
        .counted = census.counted,
        .total = census.total,
        .answer = answer,
        .selection = selection,
        .now_ms = now_ms,
        .max_age_ms = rollout->limits.max_age_ms,
    };
    rollout->counts = whole_weigh(&rollout->whole, &sight);
    for (size_t kind = 0; rollout->counts.stands && kind < KIND_COUNT; kind++)
        rollout->survey.total[kind] = rollout->whole.total[kind]; /* as the verdict before */
}

/* Each workload that is no member was settled, by the survey before. */
static bool counted_all(const struct rollout *rollout)
{
    return rollout->survey.taken && !rollout->survey.more && !rollout->partial &&
           rollout->counts.doubt == DOUBT_NONE && rollout->seen_ms != INT64_MIN;
}

/* NULL: there is no room. */
static struct workload *add_seen(struct rollout *rollout, const struct identity *identity,
                                 bool rested, int64_t now_ms)
{
    struct workload *member = members_add(rollout, identity, now_ms);
    if (member != NULL && rested)
        time_left_rest(&member->time_left, rollout->seen_ms);
    return member;
}

void rollout_observe(struct rollout *rollout, const struct answer *answer, size_t selection,
                     int64_t now_ms)
{
    const struct slice slice = slice_of(answer, selection);
    const bool rested = counted_all(rollout);
    begin(rollout);
    left_keep_slow(rollout, answer, lower_bound(answer, selection), slice.count);
    rollout->partial = answer->partial;
    weigh(rollout, answer, selection, now_ms);
    members_adopt(rollout, slice.rows, slice.count);
    const size_t sorted = rollout->count;
    for (size_t i = 0, length; i < slice.count; i += length) {
        length = members_group(&slice.rows[i], slice.count - i);
        const struct identity identity = {.key = slice.rows[i].key};
        struct workload *member = members_find(rollout, sorted, &identity);
        if (!is_exported(&slice.rows[i], length))
            continue;
        if (member == NULL)
            member = add_seen(rollout, &identity, rested, now_ms);
        if (member != NULL)
            observe_rows(rollout, member, answer, (struct slice){&slice.rows[i], length}, now_ms);
    }
    judge_all_unseen(rollout, answer, now_ms);
    end(rollout, answer, sorted, now_ms);
    if (slice.count > 0 || survey_total(&rollout->survey) > 0)
        rollout->seen_ms = truth_ms(rollout, now_ms);
    write_detail(rollout, answer);
}

/*
 * What it means that a query yields a series no more. Its labels may say what was scraped: then
 * that is its source, as a workload's is. Where they do not, nobody can tell, and it is gone in
 * time.
 */
static enum sight_kind missing_series(const struct ratio_sample samples[], size_t count,
                                      bool partial, const struct workload *member)
{
    const uint64_t source = member->memory.proof.source;
    bool witnessed = source == 0;
    for (size_t i = 0; i < count && !witnessed; i++)
        witnessed = samples[i].source == source;
    if (partial)
        return SIGHT_PARTIAL;
    return witnessed ? SIGHT_ABSENT : SIGHT_SOURCE_GONE;
}

static void observe_series(struct rollout *rollout, struct workload *member,
                           const struct ratio_sample *sample, int64_t now_ms)
{
    struct verdict verdict = ratio_judge(member, &rollout->limits, sample->value, now_ms);
    members_take(rollout, member, &verdict, now_ms);
    member->memory.proof.source = sample->source;
    member->units = RATIO_UNITS;
    member->seen = true;
}

void rollout_observe_ratio(struct rollout *rollout, const struct ratio_sample samples[],
                           size_t count, bool partial, int64_t now_ms)
{
    const size_t sorted = rollout->count;
    begin(rollout);
    for (size_t i = 0; i < count; i++) {
        char labels[WORKLOAD_NAME_SIZE];
        text_copy(labels, sizeof labels, samples[i].labels);
        const struct identity identity = {
            .key = {.kind = KIND_DEPLOYMENT, .cluster = "", .namespace_ = "", .name = labels},
            .ratio_id = hash_of(samples[i].labels)};
        struct workload *member = members_find(rollout, sorted, &identity);
        if (member == NULL)
            member = members_add(rollout, &identity, now_ms);
        if (member != NULL)
            observe_series(rollout, member, &samples[i], now_ms);
    }
    if (count > 0)
        rollout->seen_ms = now_ms;
    rollout->partial = partial;
    const struct answer rest = {.partial = partial, .sent_ms = now_ms, .kind_alive = {true}};
    for (size_t i = 0; i < rollout->count; i++) {
        struct workload *member = &rollout->workloads[i];
        if (!member->seen)
            judge_unseen(rollout, member, missing_series(samples, count, partial, member), NULL,
                         now_ms);
    }
    end(rollout, &rest, sorted, now_ms);
}

/* What was said of it is no answer's any more. */
static void forget_answer(struct rollout *rollout)
{
    survey_copy(&rollout->survey, NULL);
    rollout->counts = (struct whole_belief){.doubt = DOUBT_NONE};
    rollout->partial = false;
    rollout->detail[0] = '\0';
}

bool rollout_relimit(struct rollout *rollout, const struct limits *limits, int64_t now_ms)
{
    const struct limits before = rollout->limits;
    const struct verdict unknown = verdict_unknown(WHY_NOT_ASKED);
    if (limits_same(&before, limits))
        return false;
    rollout->limits = *limits;
    forget_answer(rollout);
    for (size_t i = 0; i < rollout->count; i++) {
        struct workload *member = &rollout->workloads[i];
        workload_relimit(&member->memory, &before, limits);
        members_take(rollout, member, &unknown, now_ms);
    }
    conclude(rollout, WHY_NOT_ASKED, now_ms);
    return true;
}

/* Nothing is known of any of it, because of `why`. */
static void forget_all(struct rollout *rollout, enum why why, int64_t now_ms)
{
    const struct sight sight = {.kind = SIGHT_FETCH_FAILED, .now_ms = now_ms};
    forget_answer(rollout);
    for (size_t i = 0; i < rollout->count; i++)
        judge(rollout, &rollout->workloads[i], &sight);
    conclude(rollout, why, now_ms);
}

void rollout_observe_failure(struct rollout *rollout, int64_t now_ms)
{
    forget_all(rollout, WHY_FETCH, now_ms);
}

void rollout_observe_silence(struct rollout *rollout, int64_t now_ms)
{
    forget_all(rollout, WHY_LATE, now_ms);
}

static bool is_moving(const struct workload *member)
{
    const struct verdict *verdict = &member->verdict;
    return state_is(verdict->state, STATE_MOVES) || why_is(verdict->why, WHYS_STANDING);
}

bool rollout_moves(const struct rollout *rollout)
{
    size_t i = 0;
    while (i < rollout->count && !is_moving(&rollout->workloads[i]))
        i++;
    return i < rollout->count;
}

bool rollout_watch(const struct rollout *rollout, const struct answer *answer, size_t selection,
                   struct phase *phase)
{
    bool moves = false;
    for (size_t i = 0; i < rollout->count; i++) {
        const struct workload *member = &rollout->workloads[i];
        if (!is_moving(member))
            continue;
        moves = true;
        for (size_t k = 0; k < PROOF_EXPORTERS_MAX; k++)
            if (source_seen(answer, member->memory.proof.exporters[k]) != NULL)
                phase_want(phase, member->memory.proof.exporters[k]);
    }
    if (moves && rollout->survey.taken)
        phase_want(phase, phase_survey_id(selection));
    return moves;
}

unsigned rollout_misses(const struct rollout *rollout, const struct answer *answer,
                        size_t selection)
{
    bool counted = answer->surveys != NULL && survey_total(&answer->surveys[selection]) > 0;
    bool nothing = rollout->count == 0 && slice_of(answer, selection).count == 0 && !counted;
    unsigned missed = nothing ? rollout->kinds : 0;
    for (size_t i = 0; i < rollout->count; i++)
        missed |= KIND_BIT(rollout->workloads[i].kind);
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (answer->partial || answer->kind_alive[kind])
            missed &= ~KIND_BIT(kind);
    return missed;
}

/* The sources that showed a member and of which `rows` have nothing. */
static bool miss_sources_of(const struct workload *member, const struct answer *answer,
                            struct slice rows, struct missed_sources *missed)
{
    const struct proof *proof = &member->memory.proof;
    struct missed_key key = {.key = members_key(member)};
    if (rows.count == 0)
        return source_miss(missed, answer, proof->source, &key);
    bool any = false;
    for (size_t i = 0; i < 2; i++) {
        key.source = proof->rivals[i];
        if (absence_of_rival(member, rows.rows, rows.count, i))
            any |= source_miss(missed, answer, key.source, &key);
    }
    return any;
}

bool rollout_missed_sources(const struct rollout *rollout, const struct answer *answer,
                            size_t selection, struct missed_sources *missed,
                            size_t total[static KIND_COUNT])
{
    bool any = false;
    const struct slice slice = slice_of(answer, selection);
    for (size_t i = 0; i < rollout->count; i++) {
        const struct workload *member = &rollout->workloads[i];
        bool known = rollout->survey.taken && member_is_settled(member);
        if (member->memory.proof.source != 0 && !known)
            any |= miss_sources_of(member, answer, rows_of(slice, member), missed);
    }
    struct census census;
    take_census(&census, answer, selection);
    memcpy(total, census.total, KIND_COUNT * sizeof total[0]);
    return whole_miss(&rollout->whole, census.counted, answer, missed) || any;
}
