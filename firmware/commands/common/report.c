#include "commands/common/report.h"
#include "base/say.h"
#include "base/table.h"

#include "base/clock.h"
#include "commands/commands.h"
#include "daemon/history.h"
#include "rollout/verdict.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TRANSITIONS_SHOWN 8
#define LAG_TOLD_S 5.0 /* less is what one answer takes longer than another */

/* Of the table; names of one's own are never cut. */
#define NAME_COLUMNS 16
#define MEMBER_COLUMNS_MAX 60
#define STATE_COLUMNS 14

const char *report_text(const struct node *map, const char *key)
{
    const struct node *node = map != NULL ? node_get(map, key) : NULL;
    return node != NULL && node->type == NODE_SCALAR ? node->text : "";
}

const struct node *report_list(const struct node *map, const char *key)
{
    static const struct node empty = {.type = NODE_LIST};
    const struct node *node = node_get(map, key);
    return node != NULL && node->type == NODE_LIST ? node : &empty;
}

const struct node *report_map(const struct node *map, const char *key)
{
    static const struct node empty = {.type = NODE_MAP};
    const struct node *node = node_get(map, key);
    return node != NULL && node->type == NODE_MAP ? node : &empty;
}

static enum state state_of(const struct node *map)
{
    const char *name = report_text(map, "state");
    for (enum state state = STATE_UNKNOWN; state < STATE_COUNT; state++)
        if (strcmp(name, state_name(state)) == 0)
            return state;
    return STATE_UNKNOWN;
}

static void add_progress(struct text *line, const struct node *map)
{
    double p;
    if (text_number(report_text(map, "progress"), &p) && p >= 0 && p <= 1)
        text_addf(line, " %3d %%", (int)(p * 100));
    else
        text_add(line, "      ");
}

void report_time(const char *rfc3339, char *out, size_t size)
{
    struct tm local;
    int64_t ms = clock_parse_rfc3339(rfc3339);
    time_t seconds = (time_t)(ms / 1000);
    if (ms == INT64_MIN || localtime_r(&seconds, &local) == NULL ||
        strftime(out, size, "%Y-%m-%d %H:%M:%S %z", &local) == 0)
        text_copy(out, size, "");
}

static void add_time(struct text *line, const char *rfc3339)
{
    char text[64];
    report_time(rfc3339, text, sizeof text);
    text_add(line, text);
}

/* A line of the table: a name of at most so many columns, a state, and what was begun with them. */
static void begin_row(struct text *line, const struct node *map, size_t least, size_t most,
                      const char *state)
{
    text_clear(line);
    text_add_cell(line, report_text(map, "name"), least, most);
    text_add(line, " ");
    char words[HISTORY_STATE_SIZE];
    history_state_words(state, words);
    text_add_cell(line, words, STATE_COLUMNS, SIZE_MAX);
}

/* While one poll after another may fail, the wall keeps what was known before. */
static void add_shown(struct text *line, const struct node *map)
{
    if (strcmp(report_text(map, "dimmed"), "true") != 0)
        return;
    char words[HISTORY_STATE_SIZE];
    history_state_words(report_text(map, "shown"), words);
    text_add(line, " (the lights still show ");
    text_add_shown(line, words);
    text_add(line, ", dimmed)");
}

/* New pods apart from all that serve, where they are not the same. */
static void add_pods(struct text *line, const struct node *workload)
{
    const char *wanted = report_text(workload, "spec"), *new = report_text(workload, "updated"),
               *available = report_text(workload, "available");
    int64_t number;
    if (!text_integer(wanted, 0, INT64_MAX, &number))
        return;
    if (strcmp(wanted, new) == 0)
        text_addf(line, "; %s of %s available", available, wanted);
    else
        text_addf(line, "; %s wanted, %s new, %s old and new available", wanted, new, available);
}

static void print_rollout(const struct node *rollout, struct text *line, FILE *to)
{
    begin_row(line, rollout, NAME_COLUMNS, SIZE_MAX, report_text(rollout, "state"));
    add_progress(line, rollout);
    text_addf(line, "  %s",
              history_why(report_text(rollout, "state"), report_text(rollout, "why")));
    add_shown(line, rollout);
    if (line->failed)
        return;
    say_line(to, "%s", line->data);
    const struct node *workloads = report_list(rollout, "workloads");
    for (size_t i = 0; i < workloads->count; i++) {
        const struct node *workload = &workloads->children[i];
        const enum state state = state_of(workload);
        const bool alone = workloads->count == 1;
        if ((state_is(state, STATE_SETTLED) && !alone) || (state == STATE_UNKNOWN && alone))
            continue; /* it is well, or the line above says all of it */
        begin_row(line, workload, NAME_COLUMNS - 2, MEMBER_COLUMNS_MAX,
                  report_text(workload, "state"));
        add_progress(line, workload);
        text_addf(line, "  %s", report_text(workload, "why"));
        add_pods(line, workload);
        if (line->failed)
            return;
        say_line(to, "  %s", line->data);
    }
}

static void print_indicator(const struct node *indicator, struct text *line, FILE *to)
{
    bool explained = strcmp(report_text(indicator, "explained_by"), "null") != 0;
    begin_row(line, indicator, NAME_COLUMNS, SIZE_MAX,
              explained ? "explained" : report_text(indicator, "state"));
    text_addf(line, " %5s  %s", "", report_text(indicator, "why"));
    add_shown(line, indicator);
    if (line->failed)
        return;
    say_line(to, "%s", line->data);
}

struct srgb_text {
    unsigned long red, green, blue, most;
};

/* Of "#rrggbb"; of anything else, dark. */
static struct srgb_text read_light(const struct node *node)
{
    const char *hex = node->type == NODE_SCALAR ? node->text : "";
    const unsigned long rgb = strtoul(hex[0] == '#' ? hex + 1 : "0", NULL, 16);
    struct srgb_text light = {.red = rgb >> 16 & 255, .green = rgb >> 8 & 255, .blue = rgb & 255};
    light.most = light.red > light.green ? light.red : light.green;
    light.most = light.most > light.blue ? light.most : light.blue;
    return light;
}

/* Coloured where colours are seen; else from dark to as bright as the brightest, whatever the
   brightness of the display is. */
static void print_light(const struct srgb_text *light, unsigned long brightest, bool colours,
                        FILE *to)
{
    static const char *const shades[] = {"\u00B7", "\u2591", "\u2592", "\u2593", "\u2588"};
    const unsigned long shade = light->most > 0 ? 1 + (4 * light->most - 1) / brightest : 0;
    if (colours)
        fprintf(to, " \033[38;2;%lu;%lu;%lum\u25CF\033[0m", light->red, light->green, light->blue);
    else
        fprintf(to, " %s", shades[shade]);
}

static void print_picture(const struct node *frame, FILE *to)
{
    const struct node *pixels = report_list(frame, "pixels");
    bool colours = isatty(fileno(to)) == 1 && getenv("NO_COLOR") == NULL;
    unsigned long brightest = 0;
    for (size_t i = 0; i < pixels->count; i++) {
        const struct srgb_text light = read_light(&pixels->children[i]);
        brightest = light.most > brightest ? light.most : brightest;
    }
    fputs("picture:", to);
    for (size_t i = 0; i < pixels->count; i++) {
        const struct srgb_text light = read_light(&pixels->children[i]);
        print_light(&light, brightest, colours, to);
    }
    say_line(to, "  %s", report_text(frame, "text"));
}

static void print_history(const struct node *history, struct text *line, FILE *to)
{
    char words[HISTORY_STATE_SIZE];
    for (size_t i = 0; i < history->count && i < TRANSITIONS_SHOWN; i++) {
        const struct node *transition = &history->children[i];
        if (i == 0)
            say_line(to, "history:");
        text_clear(line);
        text_add(line, "  ");
        add_time(line, report_text(transition, "at"));
        if (line->failed)
            return;
        text_addf(line, "  %s: ", report_text(transition, "name"));
        history_state_words(report_text(transition, "from"), words);
        text_addf(line, "%s -> ", words);
        history_state_words(report_text(transition, "to"), words);
        text_add(line, words);
        if (line->failed)
            return;
        say_line(to, "%s: %s", line->data,
                 history_why(report_text(transition, "to"), report_text(transition, "why")));
    }
    if (history->count > TRANSITIONS_SHOWN)
        say_line(to, "  %zu more before: amberbar status --json",
                 history->count - TRANSITIONS_SHOWN);
}

static void print_fault(const struct node *status, const char *key, const char *what, FILE *to)
{
    const struct node *fault = node_get(status, key);
    if (fault != NULL && fault->type == NODE_SCALAR && !fault->plain)
        say_line(to, "%s: %s", what, fault->text);
}

static void print_poll(const struct node *status, FILE *to)
{
    const struct node *poll = node_get(status, "poll");
    if (poll == NULL || poll->type != NODE_MAP)
        return;
    if (strcmp(report_text(poll, "ok"), "true") != 0)
        say_line(to, "last poll: %s", report_text(poll, "error"));
    print_fault(poll, "remark", "note", to);
}

static void print_source(const struct node *source, struct text *line, FILE *to)
{
    if (strcmp(report_text(source, "missed"), "true") != 0)
        return;
    text_clear(line);
    text_addf(line, "source %s (%ss): gone since ", report_text(source, "source"),
              report_text(source, "kind"));
    add_time(line, report_text(source, "last_seen"));
    if (!line->failed)
        say_line(to, "%s", line->data);
}

/* Only what is not as it should be. Before any answer there is nothing to be proven. */
static void print_evidence(const struct node *status, struct text *line, FILE *to)
{
    const struct node *evidence = node_get(status, "evidence");
    double lag_s;
    if (evidence == NULL || evidence->type != NODE_MAP)
        return;
    const bool answered = text_number(report_text(evidence, "clock_lag_s"), &lag_s);
    if (answered && strcmp(report_text(evidence, "proven"), "true") != 0)
        say_line(to, "evidence: nothing proves yet that what Prometheus answers is new");
    if (answered && lag_s > LAG_TOLD_S)
        say_line(to,
                 "evidence: what Prometheus answers is %.0f s older than it looks: its clock went "
                 "back, or a cache repeats it",
                 lag_s);
    const struct node *sources = report_list(evidence, "sources");
    for (size_t i = 0; i < sources->count && !line->failed; i++)
        print_source(&sources->children[i], line, to);
}

bool report_print(const struct node *status, bool with_history, FILE *to)
{
    struct text line = {0};
    const struct node *rollouts = report_list(status, "rollouts");
    for (size_t i = 0; i < rollouts->count && !line.failed; i++)
        print_rollout(&rollouts->children[i], &line, to);
    const struct node *indicators = report_list(status, "indicators");
    for (size_t i = 0; i < indicators->count && !line.failed; i++)
        print_indicator(&indicators->children[i], &line, to);
    const struct node *frame = node_get(status, "frame");
    if (frame != NULL && frame->type == NODE_MAP)
        print_picture(frame, to);
    if (node_get(status, "time_zone") != NULL)
        say_line(to, "time zone: %s%s", report_text(status, "time_zone"),
                 strcmp(report_text(status, "night"), "true") == 0
                     ? "; it is night by the config, and dimmed"
                     : "");
    print_poll(status, to);
    print_evidence(status, &line, to);
    print_fault(status, "output_fault", "output", to);
    print_fault(status, "reload_fault", "the config file is refused", to);
    bool cut = line.failed;
    if (with_history)
        print_history(report_list(status, "history"), &line, to);
    cut = cut || line.failed;
    if (cut)
        say_line(stderr, "amberbar: not enough memory to print the whole report");
    text_free(&line);
    return !cut;
}

static int exit_of(enum outlook outlook)
{
    switch (outlook) {
        ROW(OUTLOOK_UNKNOWN, EXIT_STATUS_UNKNOWN);
        ROW(OUTLOOK_DONE, EXIT_STATUS_OK);
        ROW(OUTLOOK_WAIT, EXIT_STATUS_MOVING);
        ROW(OUTLOOK_TROUBLE, EXIT_STATUS_TROUBLE);
    }
    NO_OTHER_ROW;
}

int report_exit_status(const struct node *status)
{
    const struct node *rollouts = report_list(status, "rollouts");
    enum state worst = STATE_UNKNOWN;
    for (size_t i = 0; i < rollouts->count; i++) {
        enum state state = state_of(&rollouts->children[i]);
        if (i == 0 || state_severity(state) > state_severity(worst))
            worst = state;
    }
    return exit_of(state_traits(worst)->outlook);
}
