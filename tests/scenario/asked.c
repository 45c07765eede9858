#include "scenario/asked.h"

#include "scenario/prometheus.h"
#include "scenario/virtual.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define REALTIME_MS INT64_C(1791583200000) /* since 1970, of the server's clock, too */
#define MOMENTS 5                          /* of a millisecond of real time */

static const struct canned deeds[] = {
    [REFUSES] = {"400 Bad Request", "",
                 "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}"},
    [BREAKS] = {"503 Service Unavailable", "", "{}"},
    [DENIES] = {"401 Unauthorized", "", "{}"},
    [ASKS_TO_WAIT] = {"429 Too Many Requests", "Retry-After: 90\r\n", "{}"},
    [STAYS_SILENT] = {NULL, "", ""},
};

struct server server;

int64_t since_ms(void)
{
    return virtual_time.monotonic_ms - BEGIN_MS;
}

/* A connection that is hung up on is made anew at once. */
static void note(enum who who, enum deed deed)
{
    size_t *count = &server.asked[who];
    if (deed == HANGS_UP && *count > 0 && server.asked_ms[who][*count - 1] == since_ms())
        return;
    assert_true(*count < ASKED_MAX);
    server.asked_ms[who][(*count)++] = since_ms();
}

/* One sample of the value 0.5, of now. */
static struct canned sample(const char *header, const char *labels)
{
    static char good[384];
    snprintf(good, sizeof good,
             "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":"
             "[{\"metric\":{%s},\"value\":[%.3f,\"0.5\"]}]}}",
             labels, (double)virtual_time.realtime_ms / 1000);
    return (struct canned){"200 OK", header, good};
}

static bool tell(const char *request, struct canned *canned)
{
    const enum who who = strstr(request, "ttfb") != NULL     ? TTFB
                         : strstr(request, "errors") != NULL ? ERRORS
                                                             : ROUND;
    const bool is_canary = strstr(request, "count%28kube_") != NULL;
    enum deed deed = since_ms() >= WELL_MS ? ANSWERS : server.does[who];
    const bool is_look = strstr(request, "limitk%28") != NULL || strstr(request, "topk%28") != NULL;
    server.canaries += is_canary;
    server.looks += is_look;
    server.counts += strstr(request, "count%28count") != NULL;
    if (is_canary)
        prometheus.now_ms = virtual_time.realtime_ms - server.canary_behind_ms;
    if (is_canary || is_look)
        deed = is_look ? server.look : server.canary;
    else
        note(who, deed);
    prometheus.way = deed == HANGS_UP ? WAY_GONE : is_canary ? WAY_EMPTY : server.way;
    if (deed == ANSWERS && is_look && server.near != NULL) {
        *canned = sample("", server.near);
        return true;
    }
    if (deed == ANSWERS && who == ERRORS) {
        *canned = sample(server.age != NULL ? server.age : "", "");
        return true;
    }
    if (deed == ANSWERS || deed == HANGS_UP)
        return false;
    *canned = deeds[deed];
    return true;
}

static void answered(enum way way, bool indicator)
{
    (void)way;
    (void)indicator;
}

/* Where a question stays unanswered, time passes at once; what else is on its way, in either
   direction, has a moment first. */
static bool serve(void)
{
    static int64_t at_ms;
    static uint64_t requests;
    static int moments;
    if (at_ms != virtual_time.monotonic_ms || requests != prometheus.requests)
        moments = MOMENTS;
    at_ms = virtual_time.monotonic_ms;
    requests = prometheus.requests;
    return prometheus_serve() || moments-- > 0;
}

static void look(void)
{
    prometheus.now_ms = virtual_time.realtime_ms - server.behind_ms;
}

void scene_begin(struct scene *scene, const enum deed does[WHOS], const char *subjects[3])
{
    struct complaints complaints = {0};
    struct text text = {0};
    struct error error;
    *scene = (struct scene){0};
    server = (struct server){0};
    memcpy(server.does, does, sizeof server.does);
    virtual_time = (struct virtual_time){
        .monotonic_ms = BEGIN_MS, .realtime_ms = REALTIME_MS, .serve = serve, .look = look};
    prometheus = (struct prometheus){.tell = tell, .answered = answered};
    text_addf(
        &text,
        "board: " TESTS_DIR
        "/../boards/terminal.yaml\nprometheus: {url: \"http://127.0.0.1:%d\", poll_interval: 10s}\n"
        "%s%s%s",
        prometheus_listen(), subjects[0], subjects[1], subjects[2]);
    scene->config = config_read_text("test", &text, &complaints);
    if (scene->config == NULL)
        fail_msg("%s", complaints.text.data);
    text_free(&text);
    virtual_time.on = true;
    assert_true(model_start(&scene->model, scene->config, BEGIN_MS, &error));
    const struct source_subjects read_into = model_subjects(&scene->model);
    scene->source = source_open(scene->config, &read_into, &error);
    assert_non_null(scene->source);
}

void scene_end(struct scene *scene)
{
    source_close(scene->source);
    model_stop(&scene->model);
    config_free(scene->config);
    virtual_time.on = false;
    prometheus_close();
}

void scene_run_until(struct scene *scene, int64_t ms)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct pollfd fds[] = {{.fd = ends[0], .events = POLLIN}}; /* as signals would come */
    while (since_ms() < ms) {
        enum source_event event = source_wait(scene->source, fds, 1, BEGIN_MS + ms);
        scene->rounds += event == SOURCE_ROUND;
        scene->own += event == SOURCE_OWN;
    }
    close(ends[0]);
    close(ends[1]);
}
