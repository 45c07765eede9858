/*
 * amberbar-replay: feeds a file of timelines through the code that judges live answers, and prints
 * one JSON line a row: {"id","t","state","p","why"}; or plays the rows on a board.
 */
#include "base/clock.h"
#include "base/say.h"
#include "commands/commands.h"
#include "commands/common/options.h"
#include "commands/common/version.h"
#include "commands/replay/replay_board.h"
#include "commands/replay/timeline.h"

#include <stdio.h>
#include <string.h>

#define ROW_MS 700 /* for how long a row is played on a board */

static const struct option_spec option_table[] = {
    {"--board", NULL, "B", "play the rows on this board, e.g. terminal, instead of printing them"},
    {"--version", NULL, NULL, "print the version and stop"},
    {0},
};

static const struct command command = {
    .name = "amberbar-replay",
    .operand = "FILE.json",
    .summary =
        "Judges the timelines of a file (" TIMELINE_SCHEMA ") and prints one JSON line a row.",
    .options = option_table,
};

/* False: no memory. */
static bool print_line(const char *id, double t, const struct verdict *verdict)
{
    char p[32] = "null";
    struct text line = {0};
    if (!isnan(verdict->p))
        snprintf(p, sizeof p, "%.10g", verdict->p);
    text_add(&line, "{\"id\":");
    text_add_json(&line, id);
    text_addf(&line, ",\"t\":%.15g,\"state\":\"%s\",\"p\":%s,\"why\":\"%s\"}", t,
              state_name(verdict->state), p, why_name(verdict->why));
    bool fine = !line.failed;
    if (fine)
        say_line(stdout, "%s", line.data);
    text_free(&line);
    return fine;
}

/* Where verdicts go: onto a stage, or as lines when there is none. */
static bool report(struct replay_board *wall, struct show *show, const char *id, double t,
                   const struct verdict *verdict)
{
    char caption[FRAME_CAPTION_SIZE];
    if (wall == NULL)
        return print_line(id, t, verdict);
    snprintf(caption, sizeof caption, "%.*s at %.15g s: %s, %s", (int)text_fit(id, 16), id, t,
             state_name(verdict->state), why_sentence(verdict->why));
    show_update(show, verdict, false, clock_monotonic_ms());
    const struct subject subject = {.shows = show, .show_count = 1, .common = show};
    replay_board_play(wall, &subject, caption, ROW_MS);
    return true;
}

/* Only reads one timeline, to find what is wrong with it. */
static void inspect(const struct tree *tree, const struct node *node, struct complaints *complaints)
{
    struct timeline timeline;
    struct timeline_row row;
    if (!timeline_read(tree, node, &timeline, complaints))
        return;
    for (size_t i = 0; i < timeline.rows->count; i++)
        timeline_read_row(tree, &timeline, i, &row, complaints);
}

/* Judges one timeline, which has been inspected, from an empty memory. */
static void replay(const struct tree *tree, const struct node *node, struct replay_board *wall,
                   struct complaints *complaints)
{
    struct workload_memory memory = {0};
    struct timeline timeline;
    struct timeline_row row;
    struct show show;
    struct verdict verdict = verdict_unknown(WHY_NOT_ASKED);
    timeline_read(tree, node, &timeline, complaints);
    show_start(&show, &verdict, clock_monotonic_ms());
    for (size_t i = 0; i < timeline.rows->count; i++) {
        timeline_read_row(tree, &timeline, i, &row, complaints);
        verdict = workload_judge(&memory, &timeline.limits, &row.sight);
        if (!report(wall, &show, timeline.id, row.t, &verdict))
            complain(complaints, tree_name(tree), 0, 0, "not enough memory to print a row");
    }
}

/* First everything is read, so that a bad file says all that is wrong and prints no verdict. */
static void replay_file(const char *path, struct replay_board *wall, struct complaints *complaints)
{
    struct tree *tree = tree_read_file(path, complaints);
    if (tree == NULL)
        return;
    const struct node *list = timeline_list(tree, complaints);
    for (size_t i = 0; list != NULL && i < list->count; i++)
        inspect(tree, &list->children[i], complaints);
    for (size_t i = 0; list != NULL && complaints->count == 0 && i < list->count; i++)
        replay(tree, &list->children[i], wall, complaints);
    tree_free(tree);
}

static bool run(const char *path, struct replay_board *wall)
{
    struct complaints complaints = {0};
    replay_file(path, wall, &complaints);
    bool fine = complaints.count == 0;
    if (!fine)
        say_lines(stderr, complaints.text.data);
    complaints_free(&complaints);
    return fine;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--version") != 0)
            continue;
        say_line(stdout, "amberbar-replay %s", version());
        return EXIT_STATUS_OK;
    }
    struct options options;
    enum options_result result = options_read(&command, argc, argv, &options);
    if (result != OPTIONS_FINE)
        return result == OPTIONS_HELPED ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;

    static struct replay_board wall; /* large */
    const char *board = options.values[0];
    bool fine = board == NULL || replay_board_open(&wall, board);
    fine = fine && run(options.operand, board != NULL ? &wall : NULL);
    int status = fine ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
    if (board != NULL)
        status = replay_board_close(&wall, status);
    if (fine && (fflush(stdout) != 0 || ferror(stdout))) {
        perror("amberbar-replay: standard output");
        return EXIT_STATUS_FAULT;
    }
    return status;
}
