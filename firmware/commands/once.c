/* `amberbar once` */
#include "base/clock.h"
#include "base/log.h"
#include "base/say.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "commands/common/report.h"
#include "daemon/daylight.h"
#include "daemon/model.h"
#include "daemon/source.h"
#include "daemon/status.h"
#include "prometheus/answer/response.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct option_spec options_table[] = {
    CONFIG_OPTION,
    {"--json", NULL, NULL, "print one JSON object, of the status file's shape"},
    {0},
};

/* Waits until everything has been asked for once; its time-outs bound it. */
static void poll_once(struct source *source)
{
    while (!source_complete(source))
        source_wait(source, NULL, 0, INT64_MAX);
}

/* The picture once it has come to rest, as the wall would show it. */
static void draw(const struct model *model, const struct daylight *day, int64_t now_ms,
                 struct frame *frame)
{
    const struct config *config = model->config;
    frame->count = board_pixels(&config->board);
    struct subject subject = model_subject(model);
    subject.ambience = &day->ambience;
    picture_draw(&config->picture, &subject, board_digits(&config->board),
                 now_ms + PICTURE_EASE_MS + PICTURE_SWEEP_MS, frame);
}

static int print(const struct text *json, bool as_json)
{
    struct complaints complaints = {0};
    struct tree *tree = NULL;
    int status = EXIT_STATUS_UNKNOWN;
    if (!json->failed)
        tree = tree_read_text("status", json->data, json->length, &complaints);
    if (tree == NULL)
        say_line(stderr, "amberbar once: not enough memory for the report");
    else
        status = report_exit_status(tree_root(tree));
    if (tree != NULL && as_json)
        say_lines(stdout, json->data);
    else if (tree != NULL && !report_print(tree_root(tree), false, stdout))
        status = EXIT_STATUS_UNKNOWN;
    tree_free(tree);
    complaints_free(&complaints);
    return status;
}

static void hint_at(const struct config *config, const char *name)
{
    say_line(stdout, "%s: try its query in %s/graph", name, config->prometheus.url);
}

/* Where one sees why a query of the config's own finds no series. */
static void hint(const struct model *model)
{
    for (size_t i = 0; i < model->count; i++)
        if (model->rollouts[i].is_query && model->rollouts[i].verdict.why == WHY_ABSENT)
            hint_at(model->config, model->rollouts[i].name);
    for (size_t i = 0; i < model->indicators.count; i++)
        if (model->indicators.indicators[i].why == INDICATOR_NO_SERIES)
            hint_at(model->config, model->indicators.indicators[i].name);
}

static int show(struct model *model, struct poll_report *report, bool as_json)
{
    static struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame frame = {.pixels = pixels};
    int64_t now = clock_monotonic_ms();
    retry_words_cut(&report->error); /* here nobody asks again */
    model_take(model, report, now);
    const int64_t realtime_ms = clock_realtime_ms();
    struct daylight day = {0};
    daylight_start(&day, model->config, now, realtime_ms);
    draw(model, &day, now, &frame);
    struct status_view view = {.model = model,
                               .report = report,
                               .frame = &frame,
                               .night = day.ambience.night,
                               .now_ms = now,
                               .realtime_ms = realtime_ms};
    struct text json = {0};
    status_render(&view, &json);
    int status = print(&json, as_json);
    if (!as_json)
        hint(model);
    text_free(&json);
    return status;
}

static int ask(const struct config *config, bool as_json)
{
    struct error error = {0};
    struct model model;
    if (!model_start(&model, config, clock_monotonic_ms(), &error)) {
        say_line(stderr, "amberbar once: %s", error.text);
        return EXIT_STATUS_UNKNOWN;
    }
    int status = EXIT_STATUS_UNKNOWN;
    const struct source_subjects subjects = model_subjects(&model);
    struct source *source = source_open(config, &subjects, &error);
    if (source != NULL) {
        poll_once(source);
        struct poll_report report = *source_report(source);
        status = show(&model, &report, as_json);
    } else {
        say_line(stderr, "amberbar once: %s", error.text);
    }
    source_close(source);
    model_stop(&model);
    return status;
}

static int run_once(const struct options *options)
{
    struct config *config = load_config(options->values[0]);
    if (config == NULL)
        return EXIT_STATUS_USAGE;
    signal(SIGPIPE, SIG_IGN);
    log_threshold(LOG_LEVEL_ERROR); /* the report says it all */
    int status = ask(config, options->values[1] != NULL);
    config_free(config);
    return status;
}

const struct command command_once = {
    .name = "amberbar once",
    .brief = "ask Prometheus once, print verdicts and the picture",
    .summary =
        "Asks Prometheus once, prints the verdicts and the picture, and lights nothing. Exits "
        "with\n"
        "0 when all is stable, 3 when something moves, 4 when there is trouble, 5 when the state\n"
        "is unknown; by the rollouts alone, whatever the indicators say.",
    .options = options_table,
    .run = run_once,
};
