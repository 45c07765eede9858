#include "daemon/model.h"

#include "base/clock.h"
#include "base/log.h"
#include "prometheus/promql/query.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* gcc's -fanalyzer loses sight of what each rollout holds; model_stop() frees it all. */
#if defined __GNUC__ && !defined __clang__
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

/* Is it said which cluster is meant, or are there none to tell apart? [W1] */
static bool is_of_one_cluster(const struct rollout_settings *settings, const char *cluster_label)
{
    return cluster_label[0] == '\0' ||
           (settings->cluster[0] != '\0' && promql_is_plain(settings->cluster));
}

static bool start_rollout(struct rollout *rollout, const struct rollout_settings *from,
                          const char *cluster_label, int64_t now_ms)
{
    text_copy(rollout->name, sizeof rollout->name, from->name);
    rollout->limits = from->limits;
    rollout->weighting = from->weighting == WEIGHT_EQUAL ? WEIGHT_EQUAL : WEIGHT_REPLICAS;
    rollout->is_query = from->query[0] != '\0';
    rollout->kinds = rollout->is_query ? 0 : from->kinds;
    rollout->capacity = (size_t)from->max_workloads;
    rollout->workloads = calloc(rollout->capacity, sizeof *rollout->workloads);
    if (rollout->workloads == NULL)
        return false;
    rollout_start(rollout, now_ms);
    const bool is_named = !rollout->is_query && promql_is_plain(from->namespace_) &&
                          from->workload[0] != '\0' && promql_is_plain(from->workload);
    rollout->exact = is_named && is_of_one_cluster(from, cluster_label);
    return !is_named ||
           rollout_expect(rollout, kinds_first(from->kinds), from->namespace_, from->workload);
}

/* Nothing is asked, and nothing else will be shown. */
static void report_card(struct model *model, int64_t now_ms)
{
    for (size_t i = 0; i < model->count; i++) {
        model->rollouts[i].verdict = verdict_unknown(WHY_CARD_WRONG);
        rollout_quote(&model->rollouts[i], model->config->card_fault.text);
        show_start(&model->shows[i], &model->rollouts[i].verdict, now_ms);
    }
}

bool model_start(struct model *model, const struct config *config, int64_t now_ms,
                 struct error *error)
{
    *model = (struct model){.config = config, .count = config->rollout_count, .cause = WHY_FETCH};
    model->rollouts = calloc(model->count, sizeof *model->rollouts);
    model->evidence = calloc(1, sizeof *model->evidence);
    model->durations = calloc(1, sizeof *model->durations);
    bool fits = model->rollouts != NULL && model->evidence != NULL && model->durations != NULL;
    for (size_t i = 0; fits && i < model->count; i++) {
        fits = start_rollout(&model->rollouts[i], &config->rollouts[i],
                             config->prometheus.cluster_label, now_ms);
        show_start(&model->shows[i], &model->rollouts[i].verdict, now_ms);
        model->shows[i].name = model->config->rollouts[i].name;
        model->reported[i] = model->rollouts[i].verdict.state;
    }
    if (!indicators_start(&model->indicators, config, now_ms) || !fits) {
        model_stop(model);
        return error_set(error, "not enough memory for %zu rollouts; lower max_workloads",
                         config->rollout_count);
    }
    if (config->card_fault.text[0] != '\0')
        report_card(model, now_ms);
    struct verdict verdict = rollouts_common(model->rollouts, model->count, &model->worst);
    show_start(&model->common, &verdict, now_ms);
    return true;
}

void model_stop(struct model *model)
{
    for (size_t i = 0; model->rollouts != NULL && i < model->count; i++)
        free(model->rollouts[i].workloads);
    free(model->rollouts);
    free(model->evidence);
    free(model->durations);
    indicators_stop(&model->indicators);
    *model = (struct model){0};
}

static void report_transition(struct model *model, size_t index)
{
    const struct rollout *rollout = &model->rollouts[index];
    struct transition transition = {.at_ms = clock_realtime_ms(),
                                    .from = state_name(model->reported[index]),
                                    .to = state_name(rollout->verdict.state)};
    if (model->reported[index] == rollout->verdict.state)
        return;
    text_copy(transition.name, sizeof transition.name, rollout->name);
    rollout_sentence(rollout, transition.why, sizeof transition.why);
    history_add(&model->history, &transition);
    model->reported[index] = rollout->verdict.state;
    history_log(&transition);
}

/* Moves what is known of rollout `from` of `before` to rollout `to`; its settings stay the new
 * ones, and what was said by other limits is not known by these. */
static void adopt_rollout(struct model *model, size_t to, struct model *before, size_t from,
                          int64_t now_ms)
{
    struct rollout *rollout = &model->rollouts[to];
    struct rollout fresh = *rollout;
    *rollout = before->rollouts[from];
    text_copy(rollout->name, sizeof rollout->name, fresh.name);
    rollout->weighting = fresh.weighting;
    if (fresh.capacity > rollout->capacity) { /* a table with less room has it until a restart */
        memcpy(fresh.workloads, rollout->workloads, rollout->count * sizeof *fresh.workloads);
        rollout->workloads = fresh.workloads;
        rollout->capacity = fresh.capacity;
    } else {
        before->rollouts[from].workloads = fresh.workloads; /* to be freed with the others */
    }
    model->shows[to] = before->shows[from];
    model->reported[to] = before->reported[from];
    model->dim_until_ms[to] = before->dim_until_ms[from];
    if (!rollout_relimit(rollout, &fresh.limits, now_ms))
        return;
    show_update(&model->shows[to], &rollout->verdict, false, now_ms);
    report_transition(model, to);
}

/* Who asks may be the tenant: a user's name, a token, or a certificate. (A password is no part of
 * that.) */
static bool same_asker(const struct prometheus_settings *a, const struct prometheus_settings *b)
{
    const struct oauth2_settings *left = &a->oauth2, *right = &b->oauth2;
    return strcmp(left->token_url, right->token_url) == 0 &&
           strcmp(a->basic_auth.username, b->basic_auth.username) == 0 &&
           strcmp(a->basic_auth.username_file, b->basic_auth.username_file) == 0 &&
           strcmp(a->authorization.credentials, b->authorization.credentials) == 0 &&
           strcmp(a->authorization.credentials_file, b->authorization.credentials_file) == 0 &&
           strcmp(a->bearer_token, b->bearer_token) == 0 &&
           strcmp(a->bearer_token_file, b->bearer_token_file) == 0 &&
           strcmp(a->sigv4.access_key, b->sigv4.access_key) == 0 &&
           strcmp(a->sigv4.access_key_file, b->sigv4.access_key_file) == 0 &&
           strcmp(a->tls_config.cert, b->tls_config.cert) == 0 &&
           strcmp(a->tls_config.cert_file, b->tls_config.cert_file) == 0 &&
           strcmp(left->client_id, right->client_id) == 0 &&
           strcmp(left->scopes, right->scopes) == 0 &&
           memcmp(left->endpoint_params, right->endpoint_params, sizeof left->endpoint_params) == 0;
}

/* The same server, asked as the same tenant, about the same labels [O2]. */
static bool same_prometheus(const struct prometheus_settings *a,
                            const struct prometheus_settings *b)
{
    return strcmp(a->url, b->url) == 0 && strcmp(a->namespace_label, b->namespace_label) == 0 &&
           strcmp(a->cluster_label, b->cluster_label) == 0 &&
           memcmp(&a->labels, &b->labels, sizeof a->labels) == 0 &&
           memcmp(a->http_headers, b->http_headers, sizeof a->http_headers) == 0 &&
           memcmp(a->extra_params, b->extra_params, sizeof a->extra_params) == 0 &&
           strcmp(a->proxy.url, b->proxy.url) == 0 &&
           a->proxy.from_environment == b->proxy.from_environment &&
           a->query_nonce == b->query_nonce && a->recording_rules == b->recording_rules &&
           same_asker(a, b);
}

/* Those of `before` that are not taken yet, by those of `model` that have none yet. */
static void adopt_rollouts(struct model *model, struct model *before, bool named, bool taken[],
                           bool has[], int64_t now_ms)
{
    for (size_t to = 0; to < model->count; to++)
        for (size_t from = 0; !has[to] && from < before->count; from++) {
            const struct rollout_settings *settings = &model->config->rollouts[to];
            const struct rollout_settings *old = &before->config->rollouts[from];
            if (taken[from] || (named && strcmp(settings->name, old->name) != 0) ||
                !rollout_asks_the_same(settings, old))
                continue;
            adopt_rollout(model, to, before, from, now_ms);
            taken[from] = has[to] = true;
        }
}

static void adopt_known(struct model *model, struct model *before, bool has[], int64_t now_ms)
{
    bool taken[CONFIG_ROLLOUTS_MAX] = {false};
    adopt_rollouts(model, before, true, taken, has, now_ms);
    adopt_rollouts(model, before, false, taken, has, now_ms); /* whatever it was called */
    indicators_adopt(&(struct succession){before->config, model->config, &before->indicators,
                                          &model->indicators});
    *model->evidence = *before->evidence;
    *model->durations = *before->durations;
    model->common = before->common;
    model->dim_until_ms[model->count] = before->dim_until_ms[before->count];
}

/* One that is called as one before and is not the same begins anew, which the history says. */
static void report_anew(struct model *model, const struct model *before, size_t to)
{
    for (size_t from = 0; from < before->count; from++)
        if (strcmp(model->rollouts[to].name, before->rollouts[from].name) == 0)
            model->reported[to] = before->reported[from];
    report_transition(model, to);
}

/* How long it goes on, as it stands in the sentence; 0: not known. */
static int64_t rollout_left_ms(const struct rollout *rollout)
{
    const struct workload *slowest = rollout_slowest(rollout);
    return slowest != NULL ? slowest->time_left.shown_ms : 0;
}

/* Of all rollouts on one bar: of the one that takes longest. */
static int64_t common_left_ms(const struct model *model)
{
    int64_t longest_ms = 0;
    for (size_t i = 0; i < model->count; i++) {
        if (state_is(model->rollouts[i].verdict.state, STATE_SETTLED))
            continue;
        const int64_t left_ms = rollout_left_ms(&model->rollouts[i]);
        if (left_ms == 0)
            return 0;
        longest_ms = left_ms > longest_ms ? left_ms : longest_ms;
    }
    return longest_ms;
}

/* A dimmed picture is of what was known before, and says nothing of now. */
static bool show_left(struct show *show, int64_t left_ms)
{
    const int64_t before_ms = show->left_ms;
    show->left_ms = show->dimmed ? 0 : left_ms;
    return show->left_ms != before_ms;
}

/* True when what is shown of the time that is left changes. */
static bool show_all_left(struct model *model)
{
    bool changed = show_left(&model->common, common_left_ms(model));
    for (size_t i = 0; i < model->count; i++)
        changed |= show_left(&model->shows[i], rollout_left_ms(&model->rollouts[i]));
    return changed;
}

static bool has_unasked(const struct model *model)
{
    size_t i = 0;
    while (i < model->count && model->rollouts[i].verdict.why != WHY_NOT_ASKED)
        i++;
    return i < model->count;
}

void model_adopt(struct model *model, struct model *before, int64_t now_ms)
{
    bool has[CONFIG_ROLLOUTS_MAX] = {false};
    model->history = before->history;
    if (same_prometheus(&model->config->prometheus, &before->config->prometheus))
        adopt_known(model, before, has, now_ms);
    for (size_t i = 0; i < model->count; i++)
        model->shows[i].name = model->config->rollouts[i].name;
    memcpy(model->evidence->refused, before->evidence->refused, sizeof model->evidence->refused);
    for (size_t i = 0; i < model->count; i++)
        if (!has[i])
            report_anew(model, before, i);
    model->cause = before->cause;
    model->last_error = before->last_error;
    model->last_remark = before->last_remark;
    struct verdict common = rollouts_common(model->rollouts, model->count, &model->worst);
    if (!model->common.dimmed || has_unasked(model)) /* of that nothing was known */
        show_update(&model->common, &common, false, now_ms);
    indicators_look(&model->indicators, model->rollouts, &model->history, now_ms);
    show_all_left(model);
}

struct source_subjects model_subjects(struct model *model)
{
    return (struct source_subjects){model->rollouts, model->indicators.indicators, model->evidence};
}

/* True when two levels are the same; "none" is the same as "none". */
static bool same_level(double a, double b)
{
    return isnan(a) ? isnan(b) : !(a < b) && !(a > b) && !isnan(b);
}

static bool same_verdict(const struct verdict *a, const struct verdict *b)
{
    return a->state == b->state && a->why == b->why && same_level(a->p, b->p) &&
           same_level(a->q, b->q) && a->updated == b->updated && a->available == b->available &&
           a->spec == b->spec && a->calm == b->calm;
}

/* What is shown of a verdict: where no request was answered, also why none could be. */
static struct verdict explained(const struct model *model, const struct verdict *verdict)
{
    struct verdict shown = *verdict;
    if (shown.state == STATE_UNKNOWN && shown.why == WHY_FETCH)
        shown.why = model->cause;
    return shown;
}

static struct verdict shown_verdict(struct model *model, size_t index)
{
    struct verdict verdict = index < model->count
                                 ? model->rollouts[index].verdict
                                 : rollouts_common(model->rollouts, model->count, &model->worst);
    return explained(model, &verdict);
}

/*
 * A failed poll says nothing new, so what was known stays on the wall, dimmed, for as long as the
 * next poll may take; then it is unknown, as the verdict has been from the start. True when what is
 * shown changes.
 */
static bool present(struct model *model, struct show *show, int64_t *dim_until_ms,
                    const struct verdict *verdict, int64_t now_ms)
{
    struct verdict known = show->verdict;
    bool failed = verdict->state == STATE_UNKNOWN && why_is(verdict->why, WHYS_UNANSWERED);
    if (failed && !show->dimmed && known.state != STATE_UNKNOWN) {
        show_update(show, &known, true, now_ms);
        *dim_until_ms = now_ms + model->config->prometheus.poll_interval_ms;
        return true;
    }
    bool changed = show->dimmed || !same_verdict(&known, verdict);
    show_update(show, verdict, false, now_ms);
    return changed;
}

/* True when a rollout has become one of more workloads, or of fewer. */
static bool note_total(struct model *model, size_t index)
{
    const size_t before = model->totals[index];
    model->totals[index] = rollout_total(&model->rollouts[index]);
    return model->totals[index] != before;
}

/* Reports a failure, and its end, once; true when there was something to report. */
static bool report_report(struct model *model, const struct poll_report *report)
{
    bool changed = strcmp(report->error.text, model->last_error.text) != 0;
    if (changed && !report->ok)
        log_line(LOG_LEVEL_WARNING, "%s", report->error.text);
    else if (changed)
        log_line(LOG_LEVEL_INFO, "Prometheus answers again");
    model->last_error = report->error;
    if (strcmp(report->remark.text, model->last_remark.text) != 0) {
        if (report->remark.text[0] != '\0')
            log_line(LOG_LEVEL_WARNING, "%s", report->remark.text);
        model->last_remark = report->remark;
    }
    return changed;
}

bool model_take(struct model *model, const struct poll_report *report, int64_t now_ms)
{
    bool changed = report_report(model, report);
    model->cause =
        report->ok || !why_is(report->cause, WHYS_UNANSWERED) ? WHY_FETCH : report->cause;
    for (size_t i = 0; i < model->count; i++) {
        durations_observe(model->durations, &model->rollouts[i], now_ms);
        struct verdict verdict = shown_verdict(model, i);
        report_transition(model, i);
        changed |= note_total(model, i);
        changed |= present(model, &model->shows[i], &model->dim_until_ms[i], &verdict, now_ms);
    }
    struct verdict common = shown_verdict(model, model->count);
    changed |= present(model, &model->common, &model->dim_until_ms[model->count], &common, now_ms);
    changed |= show_all_left(model);
    changed |= indicators_take(&model->indicators, model->rollouts,
                               model->config->prometheus.poll_interval_ms, &model->history, now_ms);
    return changed;
}

/* What a rollout's samples show counts until then [T1]; INT64_MAX: nothing is known of it. */
static int64_t rollout_until_ms(const struct model *model, size_t index)
{
    const struct rollout *rollout = &model->rollouts[index];
    const struct prometheus_settings *prometheus = &model->config->prometheus;
    if (rollout->verdict.state == STATE_UNKNOWN && !model->shows[index].dimmed)
        return INT64_MAX;
    return rollout->seen_ms + rollout->limits.max_age_ms + prometheus->poll_interval_ms +
           prometheus_timeout_ms(prometheus);
}

/* Nothing new was read of it for too long. */
static bool expire(struct model *model, int64_t now_ms)
{
    bool changed = false;
    for (size_t i = 0; i < model->count; i++) {
        if (now_ms < rollout_until_ms(model, i))
            continue;
        rollout_observe_silence(&model->rollouts[i], now_ms);
        report_transition(model, i);
        show_update(&model->shows[i], &model->rollouts[i].verdict, false, now_ms);
        changed = true;
    }
    if (changed) {
        struct verdict common = shown_verdict(model, model->count);
        show_update(&model->common, &common, false, now_ms);
    }
    return changed;
}

bool model_expire(struct model *model, int64_t now_ms)
{
    bool changed = expire(model, now_ms);
    changed |= indicators_expire(&model->indicators, model->rollouts, &model->history, now_ms);
    for (size_t i = 0; i <= model->count; i++) {
        struct show *show = i < model->count ? &model->shows[i] : &model->common;
        if (!show->dimmed || now_ms < model->dim_until_ms[i])
            continue;
        struct verdict verdict = shown_verdict(model, i);
        show_update(show, &verdict, false, now_ms);
        changed = true;
    }
    if (changed)
        show_all_left(model);
    return changed;
}

int64_t model_expiry_ms(const struct model *model)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < model->count; i++)
        if (rollout_until_ms(model, i) < first)
            first = rollout_until_ms(model, i);
    if (model->common.dimmed && model->dim_until_ms[model->count] < first)
        first = model->dim_until_ms[model->count];
    for (size_t i = 0; i < model->count; i++)
        if (model->shows[i].dimmed && model->dim_until_ms[i] < first)
            first = model->dim_until_ms[i];
    int64_t indicators = indicators_expiry_ms(&model->indicators);
    return indicators < first ? indicators : first;
}

struct subject model_subject(const struct model *model)
{
    return (struct subject){.shows = model->shows,
                            .show_count = model->count,
                            .common = &model->common,
                            .gauges = model->indicators.shown,
                            .gauge_count = model->indicators.count};
}
