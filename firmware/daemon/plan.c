#include "daemon/plan.h"

#include "base/table.h"
#include "evidence/whole.h"
#include "prometheus/promql/survey.h"

#include <stdlib.h>
#include <string.h>

/* Of one kind and selection: the workloads whose rows are asked for after a survey. */
struct narrowed {
    size_t selection;
    enum workload_kind kind;
    struct {
        const char *namespace_, *name;
    } workloads[SURVEY_SHOWN_MAX];
    size_t count;
};

/* A workload asked for by its exact name is one row: nothing to count. */
static bool is_exact(const struct selection *selection)
{
    return selection->name != NULL && promql_is_plain(selection->name) &&
           promql_is_plain(selection->namespace_);
}

/* Rules count namespaces, not names. */
static bool can_survey(const struct plan *plan, size_t selection)
{
    const struct selection *of = &plan->selections[selection];
    return plan->terms.recorded ? of->name == NULL : !is_exact(of);
}

/* The selections that can, or cannot, be surveyed. */
static size_t pick(const struct plan *plan, bool surveyed,
                   struct selection picked[static CONFIG_ROLLOUTS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < plan->count; i++)
        if (can_survey(plan, i) == surveyed)
            picked[count++] = plan->selections[i];
    return count;
}

/* So many workloads fit into one answer. */
static size_t workloads_max(const struct plan *plan)
{
    int64_t fit = plan->config->prometheus.max_response_bytes / PROMETHEUS_WORKLOAD_BYTES;
    return fit < PLAN_WORKLOADS_MAX ? (size_t)fit : PLAN_WORKLOADS_MAX;
}

bool plan_open(struct plan *plan, const struct config *config, struct error *error)
{
    struct selection picked[CONFIG_ROLLOUTS_MAX];
    plan->config = config;
    plan->terms = config_terms(config);
    plan->count = config_selections(config, plan->selections);
    for (size_t i = 0, next = 0; i < config->rollout_count; i++)
        if (config->rollouts[i].query[0] == '\0')
            plan->selection_of[i] = next++;
    plan->form = PLAN_WHOLE;
    if (pick(plan, true, picked) > 0)
        plan->form = plan->terms.recorded ? PLAN_SURVEY : PLAN_UNCOUNTED;
    return plan->count == 0 ||
           query_workloads(&plan->whole, &plan->terms, plan->selections, plan->count, error);
}

void plan_close(struct plan *plan)
{
    text_free(&plan->whole);
    text_free(&plan->query);
    text_free(&plan->listed_names);
    free(plan->listed);
}

struct text *plan_text(struct plan *plan)
{
    if (plan->step == PLAN_DONE)
        return NULL;
    return plan->step == PLAN_ROWS && !plan->surveyed ? &plan->whole : &plan->query;
}

static enum plan_step first_step(enum plan_form form)
{
    switch (form) {
        ROW(PLAN_UNCOUNTED, PLAN_COUNTING);
        ROW(PLAN_WHOLE, PLAN_ROWS);
        ROW(PLAN_SURVEY, PLAN_SURVEYING);
    }
    NO_OTHER_ROW;
}

/* The survey's next question, about as many selections as it has room for; at least about one,
   which is refused where it is too long by itself. */
static bool survey_on(struct plan *plan, struct error *error)
{
    struct selection picked[CONFIG_ROLLOUTS_MAX];
    const size_t count = pick(plan, true, picked);
    plan->asked_from = plan->asked_to;
    plan->asked_to = count;
    while (!survey_ask(&plan->query, &plan->terms, picked + plan->asked_from,
                       plan->asked_to - plan->asked_from, error)) {
        if (plan->query.failed || plan->asked_to - plan->asked_from <= 1)
            return false;
        plan->asked_to--;
    }
    return true;
}

bool plan_begin(struct plan *plan, struct error *error)
{
    struct selection picked[CONFIG_ROLLOUTS_MAX];
    const size_t count = pick(plan, true, picked);
    plan->surveyed = plan->form == PLAN_SURVEY;
    plan->asked_from = plan->asked_to = 0;
    plan->listed_count = 0;
    text_clear(&plan->listed_names);
    plan->step = plan->config->prometheus.query_nonce ? PLAN_ROWS : PLAN_DONE;
    if (plan->count == 0)
        return true;
    bool written = true;
    if (plan->form == PLAN_UNCOUNTED)
        written = survey_count(&plan->query, &plan->terms, picked, count, error);
    else if (plan->form == PLAN_SURVEY)
        written = survey_on(plan, error);
    plan->step = written ? first_step(plan->form) : PLAN_DONE;
    return written;
}

/* `surveys`, by selection, or NULL. */
static size_t total_of(const struct plan *plan, const struct survey surveys[])
{
    size_t total = 0;
    for (size_t i = 0; surveys != NULL && i < plan->count; i++)
        total += survey_total(&surveys[i]);
    return total;
}

/* One that is there already stays once. */
static void add_workload(struct plan *plan, struct narrowed *narrowed, const char *namespace_,
                         const char *name)
{
    for (size_t i = 0; i < narrowed->count; i++)
        if (strcmp(narrowed->workloads[i].name, name) == 0 &&
            strcmp(narrowed->workloads[i].namespace_, namespace_) == 0)
            return;
    if (narrowed->count == SURVEY_SHOWN_MAX) {
        plan->surveys[narrowed->selection].more = true;
        return;
    }
    narrowed->workloads[narrowed->count].namespace_ = namespace_;
    narrowed->workloads[narrowed->count++].name = name;
}

/* What was not settled before comes first: only its rows can tell that it is settled now. */
static void gather(struct plan *plan, const struct rollout rollouts[], struct narrowed *narrowed)
{
    for (size_t r = 0; r < plan->config->rollout_count; r++) {
        if (rollouts[r].is_query || plan->selection_of[r] != narrowed->selection)
            continue;
        for (size_t i = 0; i < rollouts[r].count; i++) {
            const struct workload *member = &rollouts[r].workloads[i];
            if (member->kind == narrowed->kind && !state_is(member->verdict.state, STATE_SETTLED))
                add_workload(plan, narrowed, member->namespace_, member->name);
        }
    }
    for (size_t i = 0; i < plan->listed_count; i++) {
        const struct listed *listed = &plan->listed[i];
        if (listed->selection == narrowed->selection && listed->key.kind == narrowed->kind)
            add_workload(plan, narrowed, listed->key.namespace_, listed->key.name);
    }
}

/* Appends the arms of the first `count`; rows of others by the same names do no harm. */
static bool add_arms(struct plan *plan, const struct narrowed *narrowed, size_t count)
{
    struct text namespaces = {0}, names = {0};
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && strcmp(narrowed->workloads[i - 1].namespace_,
                                    narrowed->workloads[i].namespace_) == 0;
        if (!same)
            promql_add_alternative(&namespaces, narrowed->workloads[i].namespace_);
        promql_add_alternative(&names, narrowed->workloads[i].name);
    }
    const struct selection selection = {.kinds = KIND_BIT(narrowed->kind),
                                        .namespace_ = namespaces.data,
                                        .name = names.data,
                                        .index = narrowed->selection,
                                        .cluster = plan->selections[narrowed->selection].cluster};
    bool good = !namespaces.failed && !names.failed;
    if (good)
        query_add(&plan->query, &plan->terms, &selection);
    text_free(&namespaces);
    text_free(&names);
    return good && !plan->query.failed;
}

/* What the query takes of its room, as it is sent. */
static size_t taken(const struct plan *plan)
{
    return query_length(&plan->query, plan->in_address);
}

/* As many as fit into the query, or into half of its room when others follow; more are reported.
 */
static bool add_fitting(struct plan *plan, const struct narrowed *narrowed, bool last)
{
    const size_t start = plan->query.length, before = taken(plan);
    const size_t most = query_room(plan->in_address);
    const size_t room = before < most ? most - before : 0;
    const size_t end = before + (last ? room : room / 2);
    for (size_t count = narrowed->count; count > 0; count /= 2) {
        if (!add_arms(plan, narrowed, count))
            return false;
        if (taken(plan) <= end)
            return true;
        text_cut(&plan->query, start);
        plan->surveys[narrowed->selection].more = true;
    }
    return true;
}

/* Where rules count nothing of a kind, they may not be loaded [W3]. */
static bool may_lack_rules(const struct plan *plan, size_t selection, enum workload_kind kind)
{
    return plan->terms.recorded && can_survey(plan, selection) &&
           (plan->selections[selection].kinds & KIND_BIT(kind)) != 0 &&
           whole_sum(&plan->surveys[selection].counted, kind).rows <= 0;
}

/* What is there, and is not counted, does not add up. Of that alone there is no sample's time. */
static void take_uncounted(struct plan *plan, struct answer *answer)
{
    size_t kept = 0;
    if (!plan->terms.recorded)
        return;
    for (size_t i = 0; i < answer->count; i++) {
        const struct row *row = &answer->rows[i];
        const bool alone =
            row->sample_ms == ROW_MISSING && may_lack_rules(plan, row->selection, row->key.kind);
        if (alone)
            whole_place(&plan->surveys[row->selection].counted, row->source_id, row->key.kind)
                ->unsettled++;
        else
            answer->rows[kept++] = *row;
    }
    answer->count = kept;
}

/* Appends what tells whether there is anything of what rules may not count. */
static void add_any(struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        for (int kind = 0; kind < KIND_COUNT; kind++)
            if (may_lack_rules(plan, i, (enum workload_kind)kind))
                query_add_any(&plan->query, &plan->terms, &plan->selections[i],
                              (enum workload_kind)kind);
}

/* The query for the rows of what is not surveyed, of what rules may not count, and, in the room
   that these leave, of what is not settled; perhaps empty. */
static bool narrow(struct plan *plan, const struct rollout rollouts[], struct error *error)
{
    struct selection picked[CONFIG_ROLLOUTS_MAX];
    struct narrowed narrowed;
    size_t direct = pick(plan, false, picked);
    bool good = query_workloads(&plan->query, &plan->terms, picked, direct, error);
    if (good)
        add_any(plan);
    for (size_t i = 0; good && i < plan->count; i++) {
        for (int kind = 0; good && can_survey(plan, i) && kind < KIND_COUNT; kind++) {
            narrowed.selection = i;
            narrowed.kind = (enum workload_kind)kind;
            narrowed.count = 0;
            gather(plan, rollouts, &narrowed);
            good = add_fitting(plan, &narrowed, i + 1 == plan->count) ||
                   error_set(error, "no memory for the query of %zu rollouts", plan->count);
        }
    }
    return good;
}

/* Of the selections that were asked about; the first question stands for those that are not
   surveyed, too. */
static void take_surveys(struct plan *plan, const struct answer *answer)
{
    size_t surveyed = 0; /* so many before this one */
    for (size_t i = 0; i < plan->count; i++) {
        struct survey *survey = &plan->surveys[i];
        const size_t rank = surveyed;
        surveyed += can_survey(plan, i);
        const bool asked = rank >= plan->asked_from && rank < plan->asked_to;
        if (can_survey(plan, i) ? !asked : plan->asked_from > 0)
            continue;
        *survey = survey_empty();
        survey->eval_ms = answer->eval_ms;
        if (answer->surveys != NULL)
            *survey = answer->surveys[i];
        survey->taken = can_survey(plan, i);
        survey->recorded = plan->terms.recorded;
        survey->partial = answer->partial;
    }
}

/* The names of a key, one behind the other. */
#define KEY_NAMES 4

static void add_names(struct text *text, const struct workload_key *key)
{
    const char *names[KEY_NAMES] = {key->cluster, key->namespace_, key->name, key->exported};
    for (size_t i = 0; i < KEY_NAMES; i++) {
        const char *name = names[i] == NULL ? "" : names[i];
        text_add_bytes(text, name, strlen(name) + 1);
    }
}

/* A key of the same names, which begin at `at`; what is behind them. */
static const char *take_names(const char *at, struct workload_key *key)
{
    const char **names[KEY_NAMES] = {&key->cluster, &key->namespace_, &key->name, &key->exported};
    for (size_t i = 0; i < KEY_NAMES; i++) {
        *names[i] = at;
        at += strlen(at) + 1;
    }
    return at;
}

static bool make_listed_room(struct plan *plan, size_t count)
{
    if (count <= plan->listed_room)
        return true;
    struct listed *grown = realloc(plan->listed, count * sizeof *grown);
    if (grown == NULL)
        return false;
    plan->listed = grown;
    plan->listed_room = count;
    return true;
}

/* All rows of a survey are what it lists. They go with its answer: the next one is held against
   them. False: no memory. */
static bool keep_listed(struct plan *plan, const struct answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        add_names(&plan->listed_names, &answer->rows[i].key);
    if (plan->listed_names.failed || !make_listed_room(plan, plan->listed_count + answer->count))
        return false;
    for (size_t i = 0; i < answer->count; i++) {
        const struct row *row = &answer->rows[i];
        plan->listed[plan->listed_count++] =
            (struct listed){row->selection, row->key, row->source_id};
    }
    const char *at = plan->listed_names.data; /* which may stand elsewhere than before */
    for (size_t i = 0; i < plan->listed_count; i++)
        at = take_names(at, &plan->listed[i].key);
    return true;
}

/* What the round knows in the end: the rows, and the surveys beside them. */
static void complete(struct plan *plan, struct answer *answer)
{
    answer->surveys = plan->surveyed ? plan->surveys : NULL;
    answer->survey_count = plan->surveyed ? plan->count : 0;
    answer->listed = plan->surveyed ? plan->listed : NULL;
    answer->listed_count = plan->surveyed ? plan->listed_count : 0;
    for (size_t i = 0; plan->surveyed && i < plan->count; i++) {
        answer->partial |= plan->surveys[i].partial;
        for (size_t kind = 0; kind < KIND_COUNT; kind++)
            answer->kind_alive[kind] |= plan->surveys[i].total[kind] > 0;
    }
    plan->step = PLAN_DONE;
}

static bool take_survey(struct plan *plan, const struct rollout rollouts[], struct answer *answer,
                        struct error *error)
{
    struct selection picked[CONFIG_ROLLOUTS_MAX];
    take_surveys(plan, answer);
    source_note(answer); /* the next answer has no longer what only a survey counts */
    if (!keep_listed(plan, answer))
        return error_set(error, "no memory for %zu workloads that are not settled", answer->count);
    if (plan->asked_to < pick(plan, true, picked))
        return survey_on(plan, error);
    if (!plan->terms.recorded && total_of(plan, plan->surveys) < workloads_max(plan) / 4 * 3)
        plan->form = PLAN_WHOLE;
    plan->step = PLAN_ROWS;
    if (!narrow(plan, rollouts, error))
        return false;
    if (plan->query.length == 0) { /* nothing is unsettled: the survey says it all */
        answer->rows = NULL;
        answer->count = 0;
        complete(plan, answer);
    }
    return true;
}

static size_t count_workloads(const struct answer *answer)
{
    size_t count = 0;
    for (size_t i = 0; i < answer->count; i++)
        count += answer->rows[i].source == 0;
    return count;
}

bool plan_take(struct plan *plan, const struct rollout rollouts[], struct answer *answer,
               struct error *error)
{
    switch (plan->step) {
    case PLAN_DONE:
        break;
    case PLAN_COUNTING:
        plan->form =
            total_of(plan, answer->surveys) > workloads_max(plan) ? PLAN_SURVEY : PLAN_WHOLE;
        return plan_begin(plan, error);
    case PLAN_SURVEYING:
        return take_survey(plan, rollouts, answer, error);
    case PLAN_ROWS:
        if (!plan->surveyed && count_workloads(answer) > workloads_max(plan))
            plan_fail(plan);
        take_uncounted(plan, answer);
        complete(plan, answer);
        break;
    }
    return true;
}

/* Workloads of all rollouts, and the rows that rules count of them. */
struct sums {
    size_t total;
    int64_t rows, settled, unsettled;
};

static struct sums sum_up(const struct plan *plan)
{
    struct sums sums = {0};
    for (size_t i = 0; plan->surveyed && i < plan->count; i++) {
        const struct counted *counted = &plan->surveys[i].counted;
        sums.total += survey_total(&plan->surveys[i]);
        for (size_t k = 0; k < counted->count; k++) {
            sums.rows += counted->list[k].rows;
            sums.settled += counted->list[k].settled;
            sums.unsettled += counted->list[k].unsettled;
        }
    }
    return sums;
}

/* Without a figure that changes: a remark is reported again when its words are others. */
bool plan_remark(const struct plan *plan, struct error *remark)
{
    const struct sums sums = sum_up(plan);
    const bool recorded = plan->surveyed && plan->terms.recorded;
    const size_t total = sums.total;
    if (recorded && total == 0)
        error_set(
            remark,
            "recording_rules is set, and no rollout has a series amberbar:workloads:count: let "
            "Prometheus scrape kube-state-metrics and load amberbar.rules.yml, then wait for "
            "one evaluation_interval");
    else if (recorded && (sums.rows == 0 || (sums.settled == 0 && sums.unsettled < sums.rows)))
        error_set(
            remark,
            "there is no series amberbar:workloads:%s: Prometheus has loaded an "
            "amberbar.rules.yml that is older than this amberbar, or only a part of it; let "
            "it load the one that came with this amberbar, then wait for one evaluation_interval",
            sums.rows == 0 ? "rows" : "settled");
    else if (plan->surveyed && !plan->terms.recorded && total > PLAN_DEAR_MAX)
        error_set(remark,
                  "to look through more than %d workloads takes Prometheus seconds in each poll; "
                  "let it load amberbar.rules.yml, and set recording_rules: true",
                  PLAN_DEAR_MAX);
    else
        return false;
    return true;
}

void plan_fail(struct plan *plan)
{
    struct selection picked[CONFIG_ROLLOUTS_MAX];
    if (plan->form == PLAN_WHOLE && pick(plan, true, picked) > 0)
        plan->form = plan->terms.recorded ? PLAN_SURVEY : PLAN_UNCOUNTED;
}

bool plan_is_dear(const struct plan *plan)
{
    return plan->form == PLAN_SURVEY && !plan->terms.recorded;
}
