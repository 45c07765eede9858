#include "commands/report.h"

#include "base/clock.h"
#include "commands/commands.h"
#include "rollout/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TRANSITIONS_SHOWN 8

const char *report_text(const struct node *map, const char *key)
{
    const struct node *node = map != NULL ? node_get(map, key) : NULL;
    return node != NULL && node->type == NODE_SCALAR ? node->text : "";
}

static const struct node *list(const struct node *map, const char *key)
{
    static const struct node empty = {.type = NODE_LIST};
    const struct node *node = node_get(map, key);
    return node != NULL && node->type == NODE_LIST ? node : &empty;
}

static enum state state_of(const struct node *map)
{
    const char *name = report_text(map, "state");
    for (enum state state = STATE_UNKNOWN; state < STATE_COUNT; state++)
        if (strcmp(name, state_name(state)) == 0)
            return state;
    return STATE_UNKNOWN;
}

static void print_progress(const struct node *map, FILE *to)
{
    double p;
    if (text_number(report_text(map, "progress"), &p) && p >= 0 && p <= 1)
        fprintf(to, " %3d %%", (int)floor(p * 100));
    else
        fprintf(to, "      ");
}

/* By the clock on the wall of whoever asks; the zone is there, for other logs have another. */
static void print_time(const char *rfc3339, FILE *to)
{
    char text[64];
    struct tm local;
    int64_t ms = clock_parse_rfc3339(rfc3339);
    time_t seconds = (time_t)(ms / 1000);
    if (ms != INT64_MIN && localtime_r(&seconds, &local) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %z", &local) > 0)
        fputs(text, to);
}

static void print_rollout(const struct node *rollout, FILE *to)
{
    fprintf(to, "%-16s %-14s", report_text(rollout, "name"), report_text(rollout, "state"));
    print_progress(rollout, to);
    fprintf(to, "  %s\n", report_text(rollout, "why"));
    const struct node *workloads = list(rollout, "workloads");
    for (size_t i = 0; i < workloads->count; i++) {
        const struct node *workload = &workloads->children[i];
        int64_t wanted;
        if (state_severity(state_of(workload)) == 0 && workloads->count > 1)
            continue;
        fprintf(to, "  %-14.60s %-14s", report_text(workload, "name"),
                report_text(workload, "state"));
        print_progress(workload, to);
        fprintf(to, "  %s", report_text(workload, "why"));
        if (text_integer(report_text(workload, "spec"), 0, INT64_MAX, &wanted))
            fprintf(to, "; %s updated, %s available in all, %s wanted",
                    report_text(workload, "updated"), report_text(workload, "available"),
                    report_text(workload, "spec"));
        fprintf(to, "\n");
    }
}

static void print_indicator(const struct node *indicator, FILE *to)
{
    bool explained = strcmp(report_text(indicator, "explained_by"), "null") != 0;
    fprintf(to, "%-16s %-14s %5s  %s\n", report_text(indicator, "name"),
            explained ? "explained" : report_text(indicator, "state"), "",
            report_text(indicator, "why"));
}

/* One light: coloured where colours are seen, else from dark to bright. */
static void print_light(const char *hex, bool colours, FILE *to)
{
    static const char *const shades[] = {"\u00B7", "\u2591", "\u2592", "\u2593", "\u2588"};
    unsigned long rgb = strtoul(hex[0] == '#' ? hex + 1 : "0", NULL, 16);
    unsigned long red = rgb >> 16 & 255, green = rgb >> 8 & 255, blue = rgb & 255;
    unsigned long most = red > green ? red : green;
    most = most > blue ? most : blue;
    if (colours)
        fprintf(to, " \033[38;2;%lu;%lu;%lum\u25CF\033[0m", red, green, blue);
    else
        fprintf(to, " %s", shades[(most > 0) + (most > 40) + (most > 80) + (most > 140)]);
}

static void print_picture(const struct node *frame, FILE *to)
{
    const struct node *pixels = list(frame, "pixels");
    bool colours = isatty(fileno(to)) == 1 && getenv("NO_COLOR") == NULL;
    fprintf(to, "picture:");
    for (size_t i = 0; i < pixels->count; i++)
        print_light(pixels->children[i].type == NODE_SCALAR ? pixels->children[i].text : "",
                    colours, to);
    fprintf(to, "  %s\n", report_text(frame, "text"));
}

static void print_history(const struct node *history, FILE *to)
{
    for (size_t i = 0; i < history->count && i < TRANSITIONS_SHOWN; i++) {
        const struct node *transition = &history->children[i];
        fprintf(to, "%s", i == 0 ? "history:\n  " : "  ");
        print_time(report_text(transition, "at"), to);
        fprintf(to, "  %s: %s -> %s: %s\n", report_text(transition, "name"),
                report_text(transition, "from"), report_text(transition, "to"),
                report_text(transition, "why"));
    }
    if (history->count > TRANSITIONS_SHOWN)
        fprintf(to, "  %zu more before: amberbar status --json\n",
                history->count - TRANSITIONS_SHOWN);
}

static void print_fault(const struct node *status, const char *key, const char *what, FILE *to)
{
    const struct node *fault = node_get(status, key);
    if (fault != NULL && fault->type == NODE_SCALAR && !fault->plain)
        fprintf(to, "%s: %s\n", what, fault->text);
}

void report_print(const struct node *status, FILE *to)
{
    const struct node *rollouts = list(status, "rollouts");
    for (size_t i = 0; i < rollouts->count; i++)
        print_rollout(&rollouts->children[i], to);
    const struct node *indicators = list(status, "indicators");
    for (size_t i = 0; i < indicators->count; i++)
        print_indicator(&indicators->children[i], to);
    const struct node *frame = node_get(status, "frame");
    if (frame != NULL && frame->type == NODE_MAP)
        print_picture(frame, to);
    const struct node *poll = node_get(status, "poll");
    if (poll != NULL && poll->type == NODE_MAP) {
        if (strcmp(report_text(poll, "ok"), "true") != 0)
            fprintf(to, "last poll: %s\n", report_text(poll, "error"));
        print_fault(poll, "remark", "note", to);
    }
    print_fault(status, "output_fault", "output", to);
    print_fault(status, "reload_fault", "the config file is refused", to);
    print_history(list(status, "history"), to);
}

int report_exit_status(const struct node *status)
{
    static const int exits[STATE_COUNT] = {
        [STATE_UNKNOWN] = EXIT_STATUS_UNKNOWN,    [STATE_STABLE] = EXIT_STATUS_OK,
        [STATE_PROGRESSING] = EXIT_STATUS_MOVING, [STATE_STALLED] = EXIT_STATUS_TROUBLE,
        [STATE_FAILED] = EXIT_STATUS_TROUBLE,     [STATE_PAUSED] = EXIT_STATUS_MOVING,
        [STATE_DEGRADED] = EXIT_STATUS_TROUBLE,   [STATE_SCALED_TO_ZERO] = EXIT_STATUS_OK,
    };
    const struct node *rollouts = list(status, "rollouts");
    enum state worst = STATE_UNKNOWN;
    for (size_t i = 0; i < rollouts->count; i++) {
        enum state state = state_of(&rollouts->children[i]);
        if (i == 0 || state_severity(state) > state_severity(worst))
            worst = state;
    }
    return exits[worst];
}
