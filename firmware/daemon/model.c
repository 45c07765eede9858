#include "daemon/model.h"

#include "base/clock.h"
#include "base/log.h"
#include "prometheus/promql/query.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* gcc's -fanalyzer loses sight of what each rollout holds; watch_stop() frees it all. */
#if defined __GNUC__ && !defined __clang__
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

static bool start_rollout(struct rollout *rollout, const struct rollout_settings *from,
                          int64_t now_ms)
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
    const bool is_named = !rollout->is_query && query_is_plain(from->namespace_) &&
                          from->workload[0] != '\0' && query_is_plain(from->workload);
    rollout->exact = is_named;
    return !is_named ||
           rollout_expect(rollout, kinds_first(from->kinds), from->namespace_, from->workload);
}

bool watch_start(struct watch *watch, const struct config *config, int64_t now_ms,
                 struct error *error)
{
    *watch = (struct watch){.config = config, .count = config->rollout_count};
    watch->rollouts = calloc(watch->count, sizeof *watch->rollouts);
    watch->evidence = calloc(1, sizeof *watch->evidence);
    bool fits = watch->rollouts != NULL && watch->evidence != NULL;
    for (size_t i = 0; fits && i < watch->count; i++) {
        fits = start_rollout(&watch->rollouts[i], &config->rollouts[i], now_ms);
        show_start(&watch->shows[i], &watch->rollouts[i].verdict, now_ms);
        watch->shows[i].name = watch->config->rollouts[i].name;
        watch->told[i] = watch->rollouts[i].verdict.state;
    }
    if (!gauges_start(&watch->gauges, config, now_ms) || !fits) {
        watch_stop(watch);
        return error_set(error, "not enough memory for %zu rollouts; lower max_workloads",
                         config->rollout_count);
    }
    struct verdict verdict = rollouts_common(watch->rollouts, watch->count, &watch->worst);
    show_start(&watch->common, &verdict, now_ms);
    return true;
}

void watch_stop(struct watch *watch)
{
    for (size_t i = 0; watch->rollouts != NULL && i < watch->count; i++)
        free(watch->rollouts[i].workloads);
    free(watch->rollouts);
    free(watch->evidence);
    gauges_stop(&watch->gauges);
    *watch = (struct watch){0};
}

static bool asks_the_same(const struct rollout_settings *a, const struct rollout_settings *b)
{
    return strcmp(a->name, b->name) == 0 && a->kinds == b->kinds &&
           strcmp(a->namespace_, b->namespace_) == 0 && strcmp(a->workload, b->workload) == 0 &&
           strcmp(a->cluster, b->cluster) == 0 && strcmp(a->query, b->query) == 0 &&
           a->max_workloads == b->max_workloads;
}

/* Moves what is known of rollout `from` of `before` to rollout `to`; its settings stay the new
 * ones. */
static void adopt_rollout(struct watch *watch, size_t to, struct watch *before, size_t from)
{
    struct rollout *rollout = &watch->rollouts[to];
    struct rollout fresh = *rollout;
    *rollout = before->rollouts[from];
    rollout->limits = fresh.limits;
    rollout->weighting = fresh.weighting;
    before->rollouts[from].workloads = fresh.workloads; /* to be freed with the others */
    watch->shows[to] = before->shows[from];
    watch->told[to] = before->told[from];
    watch->dim_until_ms[to] = before->dim_until_ms[from];
}

/* Who asks may be the tenant: a user's name, a token, or a certificate. (A password is no part of
 * that.) */
static bool same_asker(const struct prometheus_settings *a, const struct prometheus_settings *b)
{
    const struct oauth2_settings *left = &a->oauth2, *right = &b->oauth2;
    return strcmp(a->basic_auth.username, b->basic_auth.username) == 0 &&
           strcmp(a->basic_auth.username_file, b->basic_auth.username_file) == 0 &&
           strcmp(a->authorization.credentials, b->authorization.credentials) == 0 &&
           strcmp(a->authorization.credentials_file, b->authorization.credentials_file) == 0 &&
           strcmp(a->bearer_token, b->bearer_token) == 0 &&
           strcmp(a->bearer_token_file, b->bearer_token_file) == 0 &&
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
           memcmp(a->http_headers, b->http_headers, sizeof a->http_headers) == 0 &&
           memcmp(a->extra_params, b->extra_params, sizeof a->extra_params) == 0 &&
           a->query_nonce == b->query_nonce && a->recording_rules == b->recording_rules &&
           same_asker(a, b);
}

static void adopt_known(struct watch *watch, struct watch *before)
{
    for (size_t to = 0; to < watch->count; to++)
        for (size_t from = 0; from < before->count; from++)
            if (asks_the_same(&watch->config->rollouts[to], &before->config->rollouts[from]))
                adopt_rollout(watch, to, before, from);
    gauges_adopt(
        &(struct succession){before->config, watch->config, &before->gauges, &watch->gauges});
    *watch->evidence = *before->evidence;
    watch->common = before->common;
    watch->dim_until_ms[watch->count] = before->dim_until_ms[before->count];
}

void watch_adopt(struct watch *watch, struct watch *before, int64_t now_ms)
{
    if (same_prometheus(&watch->config->prometheus, &before->config->prometheus))
        adopt_known(watch, before);
    for (size_t i = 0; i < watch->count; i++)
        watch->shows[i].name = watch->config->rollouts[i].name;
    memcpy(watch->evidence->refused, before->evidence->refused, sizeof watch->evidence->refused);
    watch->history = before->history;
    watch->last_error = before->last_error;
    watch->last_remark = before->last_remark;
    struct verdict common = rollouts_common(watch->rollouts, watch->count, &watch->worst);
    if (!watch->common.dimmed)
        show_update(&watch->common, &common, false, now_ms);
}

struct source_subjects watch_subjects(struct watch *watch)
{
    return (struct source_subjects){watch->rollouts, watch->gauges.indicators, watch->evidence};
}

static void tell_transition(struct watch *watch, size_t index)
{
    const struct rollout *rollout = &watch->rollouts[index];
    struct transition transition = {.at_ms = clock_realtime_ms(),
                                    .from = state_name(watch->told[index]),
                                    .to = state_name(rollout->verdict.state)};
    if (watch->told[index] == rollout->verdict.state)
        return;
    text_copy(transition.name, sizeof transition.name, rollout->name);
    rollout_sentence(rollout, transition.why, sizeof transition.why);
    history_add(&watch->history, &transition);
    watch->told[index] = rollout->verdict.state;
    log_line(LOG_LEVEL_NOTICE, "%s: %s -> %s: %s", rollout->name, transition.from, transition.to,
             transition.why);
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

/*
 * A failed poll says nothing new, so what was known stays on the wall, dimmed, for as long as the
 * next poll may take; then it is unknown, as the verdict has been from the start. True when what is
 * shown changes.
 */
static bool present(struct watch *watch, struct show *show, int64_t *dim_until_ms,
                    const struct verdict *verdict, int64_t now_ms)
{
    struct verdict known = show->verdict;
    bool failed = verdict->state == STATE_UNKNOWN && verdict->why == WHY_FETCH;
    if (failed && !show->dimmed && known.state != STATE_UNKNOWN) {
        show_update(show, &known, true, now_ms);
        *dim_until_ms = now_ms + watch->config->prometheus.poll_interval_ms;
        return true;
    }
    bool changed = show->dimmed || !same_verdict(&known, verdict);
    show_update(show, verdict, false, now_ms);
    return changed;
}

/* True when a rollout has become one of more workloads, or of fewer. */
static bool note_total(struct watch *watch, size_t index)
{
    const size_t before = watch->totals[index];
    watch->totals[index] = rollout_total(&watch->rollouts[index]);
    return watch->totals[index] != before;
}

/* Tells a failure, and its end, once; true when there was something to tell. */
static bool tell_report(struct watch *watch, const struct poll_report *report)
{
    bool changed = strcmp(report->error.text, watch->last_error.text) != 0;
    if (changed && !report->ok)
        log_line(LOG_LEVEL_WARNING, "%s", report->error.text);
    else if (changed)
        log_line(LOG_LEVEL_NOTICE, "Prometheus answers again");
    watch->last_error = report->error;
    if (strcmp(report->remark.text, watch->last_remark.text) != 0) {
        if (report->remark.text[0] != '\0')
            log_line(LOG_LEVEL_WARNING, "%s", report->remark.text);
        watch->last_remark = report->remark;
    }
    return changed;
}

bool watch_take(struct watch *watch, const struct poll_report *report, int64_t now_ms)
{
    bool changed = tell_report(watch, report);
    for (size_t i = 0; i < watch->count; i++) {
        tell_transition(watch, i);
        changed |= note_total(watch, i);
        changed |= present(watch, &watch->shows[i], &watch->dim_until_ms[i],
                           &watch->rollouts[i].verdict, now_ms);
    }
    struct verdict common = rollouts_common(watch->rollouts, watch->count, &watch->worst);
    changed |= present(watch, &watch->common, &watch->dim_until_ms[watch->count], &common, now_ms);
    changed |= gauges_take(&watch->gauges, watch->rollouts,
                           watch->config->prometheus.poll_interval_ms, &watch->history, now_ms);
    return changed;
}

/* What a rollout's samples show counts until then [T1]; INT64_MAX: nothing is known of it. */
static int64_t rollout_until_ms(const struct watch *watch, size_t index)
{
    const struct rollout *rollout = &watch->rollouts[index];
    const struct prometheus_settings *prometheus = &watch->config->prometheus;
    if (rollout->verdict.state == STATE_UNKNOWN && !watch->shows[index].dimmed)
        return INT64_MAX;
    return rollout->seen_ms + rollout->limits.max_age_ms + prometheus->poll_interval_ms +
           prometheus_timeout_ms(prometheus);
}

/* Nothing new was read of it for too long. */
static bool lapse(struct watch *watch, int64_t now_ms)
{
    bool changed = false;
    for (size_t i = 0; i < watch->count; i++) {
        if (now_ms < rollout_until_ms(watch, i))
            continue;
        rollout_observe_silence(&watch->rollouts[i], now_ms);
        tell_transition(watch, i);
        show_update(&watch->shows[i], &watch->rollouts[i].verdict, false, now_ms);
        changed = true;
    }
    if (changed) {
        struct verdict common = rollouts_common(watch->rollouts, watch->count, &watch->worst);
        show_update(&watch->common, &common, false, now_ms);
    }
    return changed;
}

bool watch_expire(struct watch *watch, int64_t now_ms)
{
    bool changed = lapse(watch, now_ms);
    changed |= gauges_expire(&watch->gauges, watch->rollouts, &watch->history, now_ms);
    for (size_t i = 0; i <= watch->count; i++) {
        struct show *show = i < watch->count ? &watch->shows[i] : &watch->common;
        if (!show->dimmed || now_ms < watch->dim_until_ms[i])
            continue;
        struct verdict verdict =
            i < watch->count ? watch->rollouts[i].verdict
                             : rollouts_common(watch->rollouts, watch->count, &watch->worst);
        show_update(show, &verdict, false, now_ms);
        changed = true;
    }
    return changed;
}

int64_t watch_expiry_ms(const struct watch *watch)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < watch->count; i++)
        if (rollout_until_ms(watch, i) < first)
            first = rollout_until_ms(watch, i);
    if (watch->common.dimmed && watch->dim_until_ms[watch->count] < first)
        first = watch->dim_until_ms[watch->count];
    for (size_t i = 0; i < watch->count; i++)
        if (watch->shows[i].dimmed && watch->dim_until_ms[i] < first)
            first = watch->dim_until_ms[i];
    int64_t gauges = gauges_expiry_ms(&watch->gauges);
    return gauges < first ? gauges : first;
}

struct subject watch_subject(const struct watch *watch)
{
    return (struct subject){.shows = watch->shows,
                            .show_count = watch->count,
                            .common = &watch->common,
                            .gauges = watch->gauges.shown,
                            .gauge_count = watch->gauges.count};
}

/* "NAME: " at the start of `out`; the rest of it, `size` bytes in all, is left to the sentence. */
static char *write_name(const char *name, char *out, size_t *size)
{
    char start[ROLLOUT_NAME_SIZE + 2];
    snprintf(start, sizeof start, "%s: ", name);
    text_copy(out, *size, start);
    size_t length = strlen(out);
    *size -= length;
    return out + length;
}

static void write_rollout(const struct watch *watch, char *out, size_t size)
{
    const struct rollout *rollout = &watch->rollouts[watch->worst];
    if (watch->worst >= watch->count) {
        text_copy(out, size, why_sentence(watch->common.verdict.why));
        return;
    }
    out = write_name(rollout->name, out, &size);
    rollout_sentence(rollout, out, size);
}

/* The worst indicator, when it has something to say; else "". */
static void write_indicator(const struct watch *watch, char *out, size_t size)
{
    size_t worst = gauges_worst(&watch->gauges);
    out[0] = '\0';
    if (worst == watch->gauges.count || watch->gauges.shown[worst].health == HEALTH_OK)
        return;
    const struct indicator *indicator = &watch->gauges.indicators[worst];
    out = write_name(indicator->name, out, &size);
    indicator_sentence(indicator, watch->rollouts, out, size);
}

/* True when an indicator is worse than the rollouts, or names the one that explains it. */
static bool comes_first(const struct watch *watch)
{
    size_t worst = gauges_worst(&watch->gauges);
    if (worst == watch->gauges.count)
        return false;
    const struct gauge *gauge = &watch->gauges.shown[worst];
    return gauge->explained ||
           health_severity(gauge->health, false) > state_severity(watch->common.verdict.state);
}

void watch_caption(const struct watch *watch, const struct poll_report *report, char *out,
                   size_t size)
{
    char rollout[HISTORY_WHY_SIZE], indicator[HISTORY_WHY_SIZE];
    char whole[sizeof rollout + sizeof indicator + 4];
    if (watch->common.verdict.why == WHY_FETCH && report->error.text[0] != '\0') {
        text_copy(out, size, report->error.text);
        return;
    }
    write_rollout(watch, rollout, sizeof rollout);
    write_indicator(watch, indicator, sizeof indicator);
    bool first = comes_first(watch);
    snprintf(whole, sizeof whole, "%s%s%s", first ? indicator : rollout,
             indicator[0] != '\0' ? " | " : "", first ? rollout : indicator);
    text_copy(out, size, whole);
}
