/*
 * amberbar-replay: feeds a file of timelines through the code that judges live answers, and prints
 * one JSON line a row: {"id","t","state","p","why"}.
 */
#include "commands/commands.h"
#include "commands/options.h"
#include "commands/timeline.h"
#include "commands/version.h"

#include <stdio.h>
#include <string.h>

static const struct option_spec option_table[] = {
    {"--version", NULL, NULL, "print the version and stop"},
    {0},
};

static const struct command_spec command = {
    .program = "amberbar-replay",
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
        puts(line.data);
    text_free(&line);
    return fine;
}

/* Judges one timeline from an empty memory; quiet: only reads it, to find what is wrong with it. */
static void replay(const struct tree *tree, const struct node *node, bool quiet,
                   struct complaints *complaints)
{
    struct workload_memory memory = {0};
    struct timeline timeline;
    struct timeline_row row;
    if (!timeline_read(tree, node, &timeline, complaints))
        return;
    for (size_t i = 0; i < timeline.rows->count; i++) {
        if (!timeline_read_row(tree, &timeline, i, &row, complaints) || quiet)
            continue;
        struct verdict verdict = workload_judge(&memory, &timeline.limits, &row.sight);
        if (!print_line(timeline.id, row.t, &verdict))
            complain(complaints, tree_name(tree), 0, 0, "not enough memory to print a row");
    }
}

/* First everything is read, so that a bad file says all that is wrong and prints no verdict. */
static void replay_file(const char *path, struct complaints *complaints)
{
    struct tree *tree = tree_read_file(path, complaints);
    if (tree == NULL)
        return;
    const struct node *list = timeline_list(tree, complaints);
    for (size_t i = 0; list != NULL && i < list->count; i++)
        replay(tree, &list->children[i], true, complaints);
    for (size_t i = 0; list != NULL && complaints->count == 0 && i < list->count; i++)
        replay(tree, &list->children[i], false, complaints);
    tree_free(tree);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--version") != 0)
            continue;
        printf("amberbar-replay %s\n", version());
        return EXIT_STATUS_OK;
    }
    struct options options;
    enum options_result result = options_read(&command, argc, argv, &options);
    if (result != OPTIONS_FINE)
        return result == OPTIONS_HELPED ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;

    struct complaints complaints = {0};
    replay_file(options.operand, &complaints);
    bool fine = complaints.count == 0;
    if (!fine)
        fputs(complaints.text.data != NULL ? complaints.text.data : "not enough memory\n", stderr);
    complaints_free(&complaints);
    if (fine && (fflush(stdout) != 0 || ferror(stdout))) {
        perror("amberbar-replay: standard output");
        return EXIT_STATUS_FAULT;
    }
    return fine ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}
