#include "base/say.h"
#include "commands/commands.h"
#include "commands/common/load_config.h"
#include "config/config.h"

#include <stdio.h>

static const struct option_spec options_table[] = {CONFIG_OPTION, {0}};

static const struct command_spec spec = {
    .program = "amberbar",
    .command = "check",
    .summary =
        "Reads the config file and the board it names, and prints every mistake in them with\n"
        "its place and what to do; looks for the files that the config names. Touches nothing:\n"
        "no network, no lights.",
    .options = options_table,
};

static void add_count(struct text *line, size_t count, const char *noun)
{
    text_addf(line, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

static void add_board(struct text *line, const struct board *board)
{
    size_t pixels = board_pixels(board);
    size_t digits = board_digits(board);
    text_addf(line, "board %s (", board->title);
    if (pixels > 0) {
        add_count(line, pixels, "pixel");
    }
    if (digits > 0) {
        text_addf(line, "%s", pixels > 0 ? " and " : "");
        add_count(line, digits, "digit");
    }
    for (size_t i = 0; i < board->output_count; i++) {
        text_addf(line, "%s%s", i == 0 ? " on " : ", ", bus_word(board->outputs[i].bus.kind));
    }
    text_addf(line, ")");
}

static bool print_fine(const struct config *config)
{
    struct text line = {0};
    text_addf(&line, "%s: fine: ", config->path);
    add_count(&line, config->rollout_count, "rollout");
    text_add(&line, ", ");
    add_board(&line, &config->board);
    bool said = !line.failed;
    if (said)
        say_line(stdout, "%s", line.data);
    else
        say_line(stderr, "not enough memory");
    text_free(&line);
    return said;
}

int command_check(int argc, char **argv)
{
    struct options options;
    enum options_result result = options_read(&spec, argc, argv, &options);
    if (result != OPTIONS_FINE) {
        return options_status(result);
    }
    struct config *config = load_config(options.values[0]);
    if (config == NULL) {
        return EXIT_STATUS_USAGE;
    }
    struct complaints complaints = {0};
    struct text remarks = {0};
    config_check_files(config, &complaints, &remarks);
    bool fine = complaints.count == 0;
    if (fine) {
        fine = print_fine(config);
    } else {
        say_lines(stderr, complaints.text.data);
    }
    config_remarks(config, &remarks);
    if (remarks.data != NULL) {
        say_lines(stderr, remarks.data);
    }
    complaints_free(&complaints);
    text_free(&remarks);
    config_free(config);
    return fine ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}
