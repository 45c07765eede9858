#include "daemon/status.h"

#include "base/clock.h"
#include "daemon/atomic_file.h"
#include "daemon/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_TRIES 5
#define LOCK_NAP_NS 2000000 /* 2 ms */

static void add_string(struct text *out, const char *key, const char *value)
{
    text_addf(out, "\"%s\":", key);
    text_add_json(out, value);
}

/* With a comma before it. */
static void add_or_null(struct text *out, const char *key, const char *value)
{
    text_addf(out, ",\"%s\":", key);
    if (value == NULL)
        text_add(out, "null");
    else
        text_add_json(out, value);
}

static void add_level(struct text *out, const char *key, double value)
{
    if (isnan(value))
        text_addf(out, "\"%s\":null", key);
    else
        text_addf(out, "\"%s\":%.4g", key, value);
}

static void add_count(struct text *out, const char *key, int64_t value)
{
    if (value == ROW_MISSING)
        text_addf(out, "\"%s\":null", key);
    else
        text_addf(out, "\"%s\":%lld", key, (long long)value);
}

static void add_time(struct text *out, const char *key, int64_t realtime_ms)
{
    char time[CLOCK_RFC3339_SIZE];
    clock_rfc3339(realtime_ms, time);
    add_string(out, key, time);
}

/* Whole seconds of a time; 0: it is not known. */
static void add_duration(struct text *out, const char *key, int64_t ms)
{
    if (ms > 0)
        text_addf(out, "\"%s\":%lld", key, (long long)((ms + 500) / 1000));
    else
        text_addf(out, "\"%s\":null", key);
}

static int64_t usual_ms(const struct time_left *left)
{
    return time_left_compares(left) ? 1000 * (int64_t)left->usual.time.total_s : 0;
}

static void add_workload(struct text *out, const struct rollout *rollout,
                         const struct workload *workload)
{
    const struct verdict *verdict = &workload->verdict;
    text_add(out, "{");
    add_string(out, "kind", rollout->is_query ? "Query" : kind_name(workload->kind));
    text_add(out, ",");
    if (workload->cluster[0] != '\0') {
        add_string(out, "cluster", workload->cluster);
        text_add(out, ",");
    }
    add_string(out, "namespace", workload->namespace_);
    text_add(out, ",");
    add_string(out, "name", workload->name);
    text_add(out, ",");
    add_string(out, "state", state_name(verdict->state));
    text_add(out, ",");
    add_level(out, "progress", verdict->p);
    text_add(out, ",");
    add_string(out, "why", why_sentence(verdict->why));
    text_add(out, ",");
    add_count(out, "updated", verdict->updated);
    text_add(out, ",");
    add_count(out, "available", verdict->available);
    text_add(out, ",");
    add_count(out, "spec", verdict->spec);
    text_add(out, ",");
    add_duration(out, "time_left_s", workload->time_left.left_ms);
    text_add(out, ",");
    add_duration(out, "usual_s", usual_ms(&workload->time_left));
    text_add(out, "}");
}

/* Lists the workloads: first those that are not settled, then the others, as many as have room. */
static void add_workloads(struct text *out, const struct rollout *rollout)
{
    size_t listed = 0;
    text_add(out, "\"workloads\":[");
    for (int settled = 0; settled <= 1; settled++) {
        for (size_t i = 0; i < rollout->count && listed < STATUS_WORKLOADS_MAX; i++) {
            const struct workload *workload = &rollout->workloads[i];
            if (state_is(workload->verdict.state, STATE_SETTLED) != (settled == 1))
                continue;
            if (listed++ > 0)
                text_add(out, ",");
            add_workload(out, rollout, workload);
        }
    }
    text_addf(out, "],\"workloads_total\":%zu", rollout_total(rollout));
}

/* The wall still shows what was known before the last poll failed [T3]. */
static void add_dimmed(struct text *out, const char *shown)
{
    text_add(out, "\"dimmed\":true,");
    add_string(out, "shown", shown);
    text_add(out, ",");
}

static void add_rollout(struct text *out, const struct status_view *view, size_t index)
{
    char sentence[HISTORY_WHY_SIZE];
    const struct rollout *rollout = &view->model->rollouts[index];
    const struct show *show = &view->model->shows[index];
    rollout_sentence(rollout, sentence, sizeof sentence);
    text_add(out, "{");
    add_string(out, "name", rollout->name);
    text_add(out, ",");
    add_string(out, "state", state_name(rollout->verdict.state));
    text_add(out, ",");
    if (show->dimmed)
        add_dimmed(out, state_name(show->verdict.state));
    add_level(out, "progress", rollout->verdict.p);
    text_add(out, ",");
    const struct workload *slowest = rollout_slowest(rollout);
    add_duration(out, "time_left_s", slowest != NULL ? slowest->time_left.left_ms : 0);
    text_add(out, ",");
    add_string(out, "why", sentence);
    text_add(out, ",");
    add_time(out, "since", view->realtime_ms - (view->now_ms - rollout->since_ms));
    text_add(out, ",");
    add_workloads(out, rollout);
    text_add(out, "}");
}

static void add_number(struct text *out, const char *key, double value)
{
    if (isfinite(value))
        text_addf(out, "\"%s\":%.10g", key, value);
    else
        text_addf(out, "\"%s\":null", key);
}

/* `explained_by` is the rollout that explains it now, or null. */
static void add_indicator(struct text *out, const struct status_view *view, size_t index)
{
    const struct indicators *indicators = &view->model->indicators;
    const struct indicator *indicator = &indicators->indicators[index];
    const struct rollout *rollouts = view->model->rollouts;
    char sentence[HISTORY_WHY_SIZE];
    indicator_sentence(indicator, rollouts, sentence, sizeof sentence);
    text_add(out, "{");
    add_string(out, "name", indicator->name);
    text_add(out, ",");
    add_string(out, "state", health_name(indicator->health));
    text_add(out, ",");
    if (indicators->shown[index].dimmed)
        add_dimmed(out, health_name(indicators->shown[index].health));
    add_number(out, "value", indicator->value);
    add_or_null(out, "explained_by",
                indicator->explained ? rollouts[indicator->causes[indicator->cause].rollout].name
                                     : NULL);
    text_add(out, ",");
    add_string(out, "why", sentence);
    text_add(out, ",");
    add_time(out, "since",
             view->realtime_ms - (view->now_ms - indicators->reported[index].since_ms));
    text_add(out, "}");
}

static void add_indicators(struct text *out, const struct status_view *view)
{
    text_add(out, "\"indicators\":[");
    for (size_t i = 0; i < view->model->indicators.count; i++) {
        if (i > 0)
            text_add(out, ",");
        add_indicator(out, view, i);
    }
    text_add(out, "]");
}

/* NULL: nothing. */
static const char *said(const struct error *error)
{
    return error->text[0] != '\0' ? error->text : NULL;
}

static void add_poll(struct text *out, const struct status_view *view)
{
    const struct poll_report *report = view->report;
    text_addf(out,
              "\"poll\":{\"ok\":%s,\"age_s\":", report->asked && report->ok ? "true" : "false");
    if (report->good_ms == INT64_MIN)
        text_add(out, "null");
    else
        text_addf(out, "%.1f", (double)(view->now_ms - report->good_ms) / 1000);
    add_or_null(out, "error", said(&report->error));
    add_or_null(out, "remark", said(&report->remark));
    text_add(out, "}");
}

/* Seconds, or null when they are not known. */
static void add_seconds(struct text *out, const char *key, double seconds)
{
    if (isnan(seconds))
        text_addf(out, "\"%s\":null", key);
    else
        text_addf(out, "\"%s\":%.1f", key, seconds);
}

static void add_witness(struct text *out, const struct status_view *view,
                        const struct witness *witness)
{
    text_add(out, "{");
    add_string(out, "source", witness->name);
    text_add(out, ",");
    add_string(out, "kind", kind_name(witness->kind));
    text_addf(out, ",\"present\":%s,\"missed\":%s,", witness->present ? "true" : "false",
              witness->missed ? "true" : "false");
    add_time(out, "last_seen", view->realtime_ms - (view->now_ms - witness->last_ms));
    text_add(out, ",");
    add_seconds(out, "newest_sample_age_s", witness->newest_s);
    text_add(out, "}");
}

/* What the verdicts rest on: Prometheus's clock, and the sources that it has shown. */
static void add_evidence(struct text *out, const struct status_view *view)
{
    const struct evidence_clock *clock = &view->model->evidence->clock;
    const char *between = "";
    text_add(out, "\"evidence\":{");
    add_seconds(out, "clock_lag_s", clock->known ? (double)clock->lag_ms / 1000 : (double)NAN);
    text_addf(out, ",\"proven\":%s,\"sources\":[", clock->proven ? "true" : "false");
    for (size_t i = 0; i < SOURCES_MAX; i++) {
        struct witness witness;
        if (!witness_at(view->model, i, view->now_ms, &witness))
            continue;
        text_add(out, between);
        add_witness(out, view, &witness);
        between = ",";
    }
    text_add(out, "]}");
}

static void add_frame(struct text *out, const struct frame *frame)
{
    text_add(out, "\"frame\":{\"pixels\":[");
    for (size_t i = 0; i < frame->count; i++) {
        struct srgb colour = pixel_to_srgb(frame->pixels[i]);
        text_addf(out, "%s\"#%02x%02x%02x\"", i > 0 ? "," : "", colour.red, colour.green,
                  colour.blue);
    }
    text_add(out, "],");
    add_string(out, "text", frame->text);
    text_add(out, "}");
}

static void add_history(struct text *out, const struct history *history)
{
    const struct transition *transition;
    text_add(out, "\"history\":[");
    for (size_t i = 0; (transition = history_newest(history, i)) != NULL; i++) {
        text_add(out, i > 0 ? ",{" : "{");
        add_time(out, "at", transition->at_ms);
        text_add(out, ",");
        add_string(out, "name", transition->name);
        text_add(out, ",");
        add_string(out, "from", transition->from);
        text_add(out, ",");
        add_string(out, "to", transition->to);
        text_add(out, ",");
        add_string(out, "why", transition->why);
        text_add(out, "}");
    }
    text_add(out, "]");
}

void status_render(const struct status_view *view, struct text *out)
{
    text_add(out, "{\"version\":1,");
    add_time(out, "updated", view->realtime_ms);
    text_add(out, ",");
    add_time(out, "valid_until", view->realtime_ms + view->valid_ms);
    text_add(out, ",");
    add_poll(out, view);
    add_or_null(out, "output_fault", view->output_fault);
    text_addf(out, ",\"limited\":%s,\"night\":%s", view->limited ? "true" : "false",
              view->night ? "true" : "false");
    char zone[CLOCK_ZONE_SIZE];
    clock_zone(view->realtime_ms, zone);
    text_add(out, ",");
    add_string(out, "time_zone", zone);
    add_or_null(out, "reload_fault", view->reload_fault);
    text_add(out, ",\"rollouts\":[");
    for (size_t i = 0; i < view->model->count; i++) {
        if (i > 0)
            text_add(out, ",");
        add_rollout(out, view, i);
    }
    text_add(out, "],");
    add_indicators(out, view);
    text_add(out, ",");
    add_evidence(out, view);
    text_add(out, ",");
    add_frame(out, view->frame);
    text_add(out, ",");
    add_history(out, &view->model->history);
    text_add(out, "}\n");
}

bool status_directory(char *out, size_t size)
{
    const char *runtime =
        getenv("RUNTIME_DIRECTORY"); /* set by systemd; several are split by ':' */
    const char *user = getenv("XDG_RUNTIME_DIR");
    int length = -1;
    if (runtime != NULL && runtime[0] != '\0')
        length = snprintf(out, size, "%.*s", (int)strcspn(runtime, ":"), runtime);
    else if (geteuid() == 0)
        length = snprintf(out, size, STATUS_SERVICE_DIRECTORY);
    else if (user != NULL && user[0] != '\0')
        length = snprintf(out, size, "%s/amberbar", user);
    return length > 0 && (size_t)length < size;
}

static bool is_removed(int folder)
{
    struct stat info;
    return fstat(folder, &info) != 0 || info.st_nlink == 0;
}

/* status_life() has it for a moment, so once is not enough. */
static bool lock_folder(int folder)
{
    const struct timespec moment = {.tv_nsec = LOCK_NAP_NS};
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (flock(folder, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK)
            return false;
        nanosleep(&moment, NULL);
    }
    errno = EWOULDBLOCK;
    return false;
}

bool status_claim(const char *directory, int *claim, struct error *error)
{
    if (*claim >= 0 && !is_removed(*claim))
        return true;
    if (*claim >= 0)
        close(*claim);
    *claim = -1;
    if (mkdir(directory, 0755) != 0 && errno != EEXIST)
        return error_set(error, "cannot make %s for the status file: %s", directory,
                         strerror(errno));
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return error_set(error, "cannot open %s for the status file: %s", directory,
                         strerror(errno));
    if (lock_folder(folder)) {
        *claim = folder;
        return true;
    }
    int why = errno;
    close(folder);
    if (why == EWOULDBLOCK)
        return error_set(error,
                         "another amberbar writes %s/" STATUS_FILE
                         ": this one writes none, and `amberbar status` reports the other; set "
                         "RUNTIME_DIRECTORY to a folder of its own",
                         directory);
    return error_set(error, "cannot lock %s for the status file: %s", directory, strerror(why));
}

enum daemon_life status_life(const char *directory)
{
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return errno == ENOENT ? DAEMON_GONE : DAEMON_UNSEEN;
    bool locked = flock(folder, LOCK_SH | LOCK_NB) == 0;
    bool claimed = !locked && errno == EWOULDBLOCK;
    close(folder);
    return locked ? DAEMON_GONE : claimed ? DAEMON_RUNS : DAEMON_UNSEEN;
}

bool status_write(const char *directory, const struct text *text, struct error *error)
{
    char path[CONFIG_PATH_SIZE + sizeof STATUS_FILE];
    snprintf(path, sizeof path, "%s/" STATUS_FILE, directory);
    return atomic_file_write(path, text, error);
}

void status_remove(const char *directory)
{
    char path[CONFIG_PATH_SIZE + sizeof STATUS_FILE];
    snprintf(path, sizeof path, "%s/" STATUS_FILE, directory);
    unlink(path);
}
