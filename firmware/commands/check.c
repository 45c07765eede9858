/* `amberbar check` */
#include "base/clock.h"
#include "base/say.h"
#include "bus/look.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "config/board/needs.h"

#include <stdio.h>

static const struct option_spec options_table[] = {CONFIG_OPTION, {0}};

static void add_count(struct text *line, size_t count, const char *noun)
{
    text_addf(line, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

static void add_board(struct text *line, const struct board *board)
{
    size_t pixels = board_pixels(board);
    size_t digits = board_digits(board);
    text_addf(line, "board %s (", board->title);
    if (pixels > 0)
        add_count(line, pixels, "pixel");
    if (digits > 0) {
        text_addf(line, "%s", pixels > 0 ? " and " : "");
        add_count(line, digits, "digit");
    }
    for (size_t i = 0; i < board->output_count; i++)
        text_addf(line, "%s%s", i == 0 ? " on " : ", ", bus_word(board->outputs[i].bus.kind));
    text_addf(line, ")");
}

static bool print_fine(const struct config *config, bool unread)
{
    struct text line = {0};
    text_addf(&line, "%s: fine%s: ", config->path, unread ? ", but for a file that it names" : "");
    add_count(&line, config->rollout_count, "rollout");
    text_add(&line, ", ");
    add_board(&line, &config->board);
    bool said = !line.failed;
    if (said)
        say_line(stdout, "%s", line.data);
    else
        say_line(stderr, "not enough memory");
    text_free(&line);
    if (said && config->night.kept) {
        char zone[CLOCK_ZONE_SIZE];
        clock_zone(clock_realtime_ms(), zone);
        say_line(stdout, "%s: night from %02d:%02d to %02d:%02d by this machine's time zone, %s",
                 config->path, (int)(config->night.from_minute / 60),
                 (int)(config->night.from_minute % 60), (int)(config->night.to_minute / 60),
                 (int)(config->night.to_minute % 60), zone);
    }
    return said;
}

/* What this machine lacks for the board; on another kind of machine that says nothing. */
static void add_machine_remarks(const struct board *board, struct text *remarks)
{
    struct machine machine;
    struct text found = {0};
    look_at(&machine, "");
    board_remarks(&machine, board, &found);
    if (found.length > 0)
        text_addf(remarks, "%s: on this machine, as `amberbar doctor` says:\n%s", board->path,
                  found.data);
    text_free(&found);
    look_away(&machine);
}

static int run_check(const struct options *options)
{
    struct config *config = load_config(options->values[0]);
    if (config == NULL)
        return EXIT_STATUS_USAGE;
    struct complaints complaints = {0};
    struct text remarks = {0};
    config_check_files(config, &complaints, &remarks);
    const bool unread = remarks.length > 0;
    config_remarks(config, &remarks);
    bool fine = complaints.count == 0;
    if (!fine)
        say_lines(stderr, complaints.text.data);
    add_machine_remarks(&config->board, &remarks);
    if (remarks.data != NULL)
        say_lines(stderr, remarks.data);
    if (remarks.failed)
        say_line(stderr, "not enough memory");
    if (fine)
        fine = !remarks.failed && print_fine(config, unread);
    complaints_free(&complaints);
    text_free(&remarks);
    config_free(config);
    return fine ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}

const struct command command_check = {
    .name = "amberbar check",
    .brief = "read the config and its board, and print every error",
    .summary =
        "Reads the config file and the board it names, and prints every mistake in them with\n"
        "its place and what to do; looks for the files that the config names. Touches nothing:\n"
        "no network, no lights.",
    .options = options_table,
    .run = run_check,
};
