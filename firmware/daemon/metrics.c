#include "daemon/metrics.h"

#include "base/table.h"
#include "daemon/witness.h"

#include <math.h>
#include <string.h>

#ifndef AMBERBAR_VERSION
#define AMBERBAR_VERSION "unknown"
#endif

ROWS_BEGIN(reasons);
static const char *const reasons[] = {
    ROW_AT(POLL_FAILURE_TRANSPORT) = "transport",
    ROW_AT(POLL_FAILURE_ANSWER) = "answer",
    ROW_AT(POLL_FAILURE_AUTHENTICATION) = "authentication",
    ROW_AT(POLL_FAILURE_QUERY) = "query",
    ROW_AT(POLL_FAILURE_LOCAL) = "local",
};
ROWS_END(reasons, POLL_FAILURE_COUNT);

void metrics_count(struct metrics *metrics, const struct poll_report *report)
{
    metrics->polls++;
    if (!report->ok)
        metrics->failures[report->failure]++;
}

/* Why an answer was refused for what it proves. */
ROWS_BEGIN(evidence_faults);
static const char *const evidence_faults[] = {
    ROW_AT(EVIDENCE_OTHER) = NULL,        ROW_AT(EVIDENCE_REPEATED) = "repeated",
    ROW_AT(EVIDENCE_FOREIGN) = "foreign", ROW_AT(EVIDENCE_UNPROVEN) = "unproven",
    ROW_AT(EVIDENCE_CLOCK) = "clock",
};
ROWS_END(evidence_faults, EVIDENCE_FAULT_COUNT);

static void add_head(struct text *out, const char *name, const char *type, const char *help)
{
    text_addf(out, "# HELP amberbar_%s %s\n# TYPE amberbar_%s %s\n", name, help, name, type);
}

/* Begins a sample with one label: its value as the format escapes it. What the format has no escape
   for, and would steer a terminal that shows the file, is replaced. */
static void add_label(struct text *out, const char *name, const char *label, const char *value)
{
    text_addf(out, "amberbar_%s{%s=\"", name, label);
    while (*value != '\0') {
        struct text plain = {0};
        size_t length = strcspn(value, "\n\"\\");
        text_add_bytes(&plain, value, length);
        if (plain.failed)
            out->failed = true;
        else
            text_add_shown(out, plain.data);
        text_free(&plain);
        value += length;
        if (*value != '\0')
            text_addf(out, "\\%c", *value == '\n' ? 'n' : *value);
        value += *value != '\0';
    }
    text_add(out, "\"");
}

/* A monotonic time as seconds since 1970. */
static double seconds_of(const struct metrics_view *view, int64_t monotonic_ms)
{
    return (double)(view->realtime_ms - (view->now_ms - monotonic_ms)) / 1000;
}

static void add_polls(const struct metrics_view *view, struct text *out)
{
    const struct metrics *metrics = view->metrics;
    add_head(out, "polls_total", "counter", "Rounds of questions to Prometheus.");
    text_addf(out, "amberbar_polls_total %llu\n", (unsigned long long)metrics->polls);
    add_head(out, "poll_failures_total", "counter", "Rounds that failed, by what failed first.");
    for (size_t i = 0; i < POLL_FAILURE_COUNT; i++) {
        add_label(out, "poll_failures_total", "reason", reasons[i]);
        text_addf(out, "} %llu\n", (unsigned long long)metrics->failures[i]);
    }
    if (view->report->good_ms == INT64_MIN)
        return;
    add_head(out, "last_good_poll_timestamp_seconds", "gauge", "When a round last went well.");
    text_addf(out, "amberbar_last_good_poll_timestamp_seconds %.3f\n",
              seconds_of(view, view->report->good_ms));
}

/* One series a state, so that every state can be selected by its name. */
static void add_states(const struct metrics_view *view, struct text *out)
{
    const struct model *model = view->model;
    const enum state common = model->common.dimmed ? STATE_UNKNOWN : model->common.verdict.state;
    add_head(out, "state", "gauge", "1 for the state of the common bar.");
    for (enum state state = STATE_UNKNOWN; state < STATE_COUNT; state++) {
        add_label(out, "state", "state", state_name(state));
        text_addf(out, "} %d\n", common == state);
    }
    add_head(out, "rollout_state", "gauge", "1 for the state of the rollout.");
    for (size_t i = 0; i < model->count; i++)
        for (enum state state = STATE_UNKNOWN; state < STATE_COUNT; state++) {
            add_label(out, "rollout_state", "rollout", model->rollouts[i].name);
            text_addf(out, ",state=\"%s\"} %d\n", state_name(state),
                      model->rollouts[i].verdict.state == state);
        }
}

static void add_rollouts(const struct metrics_view *view, struct text *out)
{
    const struct model *model = view->model;
    add_head(out, "rollout_progress_ratio", "gauge", "New pods proven available; NaN: not known.");
    for (size_t i = 0; i < model->count; i++) {
        double p = model->rollouts[i].verdict.p;
        add_label(out, "rollout_progress_ratio", "rollout", model->rollouts[i].name);
        if (isnan(p))
            text_add(out, "} NaN\n");
        else
            text_addf(out, "} %.6g\n", p);
    }
    add_head(out, "rollout_time_left_seconds", "gauge",
             "How long a rollout will go on; no sample while that would be a guess.");
    for (size_t i = 0; i < model->count; i++) {
        const struct workload *slowest = rollout_slowest(&model->rollouts[i]);
        if (slowest == NULL)
            continue;
        add_label(out, "rollout_time_left_seconds", "rollout", model->rollouts[i].name);
        text_addf(out, "} %.0f\n", (double)slowest->time_left.left_ms / 1000);
    }
    add_head(out, "rollout_workloads", "gauge", "Workloads that the rollout matches.");
    for (size_t i = 0; i < model->count; i++) {
        add_label(out, "rollout_workloads", "rollout", model->rollouts[i].name);
        text_addf(out, "} %zu\n", rollout_total(&model->rollouts[i]));
    }
    add_head(out, "rollout_samples_timestamp_seconds", "gauge",
             "How old the samples behind the verdict may be.");
    for (size_t i = 0; i < model->count; i++) {
        if (model->rollouts[i].seen_ms == INT64_MIN)
            continue;
        add_label(out, "rollout_samples_timestamp_seconds", "rollout", model->rollouts[i].name);
        text_addf(out, "} %.3f\n", seconds_of(view, model->rollouts[i].seen_ms));
    }
}

static void add_indicators(const struct metrics_view *view, struct text *out)
{
    const struct indicators *indicators = &view->model->indicators;
    if (indicators->count == 0)
        return;
    add_head(out, "indicator_state", "gauge", "1 for the state of the indicator.");
    for (size_t i = 0; i < indicators->count; i++)
        for (enum health health = HEALTH_UNKNOWN; health < HEALTH_COUNT; health++) {
            add_label(out, "indicator_state", "indicator", indicators->indicators[i].name);
            text_addf(out, ",state=\"%s\"} %d\n", health_name(health),
                      indicators->indicators[i].health == health);
        }
    add_head(out, "indicator_explained", "gauge", "1 while a rollout explains the indicator.");
    for (size_t i = 0; i < indicators->count; i++) {
        add_label(out, "indicator_explained", "indicator", indicators->indicators[i].name);
        text_addf(out, "} %d\n", indicators->indicators[i].explained);
    }
}

/* Present, or missed; of what nobody misses nothing can be said. */
static bool is_reported(const struct metrics_view *view, size_t place, struct witness *witness)
{
    return witness_at(view->model, place, view->now_ms, witness) &&
           (witness->present || witness->missed);
}

/* Begins a sample about a source. */
static void add_source(struct text *out, const char *name, const struct witness *witness)
{
    add_label(out, name, "source", witness->name);
    text_addf(out, ",kind=\"%s\"}", kind_name(witness->kind));
}

static void add_sources(const struct metrics_view *view, struct text *out)
{
    struct witness witness;
    add_head(out, "evidence_source_up", "gauge",
             "0 while workloads are unknown because what exported them is gone from Prometheus.");
    for (size_t i = 0; i < SOURCES_MAX; i++) {
        if (!is_reported(view, i, &witness))
            continue;
        add_source(out, "evidence_source_up", &witness);
        text_addf(out, " %d\n", witness.present);
    }
    add_head(out, "evidence_source_last_seen_timestamp_seconds", "gauge",
             "When an answer was asked for that showed the source.");
    for (size_t i = 0; i < SOURCES_MAX; i++) {
        if (!is_reported(view, i, &witness))
            continue;
        add_source(out, "evidence_source_last_seen_timestamp_seconds", &witness);
        text_addf(out, " %.3f\n", seconds_of(view, witness.last_ms));
    }
}

static void add_evidence(const struct metrics_view *view, struct text *out)
{
    const struct evidence *evidence = view->model->evidence;
    if (evidence->clock.known) {
        add_head(out, "evidence_clock_lag_seconds", "gauge",
                 "How much older than it looks the last answer was.");
        text_addf(out, "amberbar_evidence_clock_lag_seconds %.3f\n",
                  (double)evidence->clock.lag_ms / 1000);
    }
    add_head(out, "evidence_answers_refused_total", "counter",
             "Answers that did not prove to be new, and to the question.");
    for (size_t i = EVIDENCE_OTHER + 1; i < EVIDENCE_FAULT_COUNT; i++) {
        add_label(out, "evidence_answers_refused_total", "reason", evidence_faults[i]);
        text_addf(out, "} %llu\n", (unsigned long long)evidence->refused[i]);
    }
    add_sources(view, out);
}

static void add_outputs(const struct metrics_view *view, struct text *out)
{
    size_t count = outputs_count(view->outputs);
    add_head(out, "output_up", "gauge", "1 while the lights can be reached.");
    for (size_t i = 0; i < count; i++) {
        struct output_health health = outputs_health(view->outputs, i);
        add_label(out, "output_up", "output", health.name);
        text_addf(out, "} %d\n", health.fine);
    }
    add_head(out, "output_frames_total", "counter", "Frames sent to the lights.");
    for (size_t i = 0; i < count; i++) {
        struct output_health health = outputs_health(view->outputs, i);
        add_label(out, "output_frames_total", "output", health.name);
        text_addf(out, "} %llu\n", (unsigned long long)health.frames);
    }
    add_head(out, "output_limited", "gauge", "1 while max_ma dims what the lights show.");
    for (size_t i = 0; i < count; i++) {
        struct output_health health = outputs_health(view->outputs, i);
        add_label(out, "output_limited", "output", health.name);
        text_addf(out, "} %d\n", health.limited);
    }
    add_head(out, "output_errors_total", "counter", "Times that the lights could not be reached.");
    for (size_t i = 0; i < count; i++) {
        struct output_health health = outputs_health(view->outputs, i);
        add_label(out, "output_errors_total", "output", health.name);
        text_addf(out, "} %llu\n", (unsigned long long)health.errors);
    }
}

void metrics_render(const struct metrics_view *view, struct text *out)
{
    add_head(out, "build_info", "gauge", "1, labelled with the version.");
    add_label(out, "build_info", "version", AMBERBAR_VERSION);
    text_add(out, "} 1\n");
    add_head(out, "config_last_reload_successful", "gauge",
             "1 unless the config file was refused when it was last read.");
    text_addf(out, "amberbar_config_last_reload_successful %d\n", !view->reload_failed);
    add_polls(view, out);
    add_states(view, out);
    add_rollouts(view, out);
    add_indicators(view, out);
    add_evidence(view, out);
    add_outputs(view, out);
}
