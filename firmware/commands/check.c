#include "commands/commands.h"
#include "commands/load.h"
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

static void print_count(size_t count, const char *noun)
{
    printf("%zu %s%s", count, noun, count == 1 ? "" : "s");
}

static void print_board(const struct board *board)
{
    size_t pixels = board_pixels(board);
    size_t digits = board_digits(board);
    printf("board %s (", board->title);
    if (pixels > 0) {
        print_count(pixels, "pixel");
    }
    if (digits > 0) {
        printf("%s", pixels > 0 ? " and " : "");
        print_count(digits, "digit");
    }
    for (size_t i = 0; i < board->output_count; i++) {
        printf("%s%s", i == 0 ? " on " : ", ", bus_word(board->outputs[i].bus.kind));
    }
    printf(")");
}

static void print_fine(const struct config *config)
{
    printf("%s: fine: ", config->path);
    print_count(config->rollout_count, "rollout");
    printf(", ");
    print_board(&config->board);
    printf("\n");
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
        print_fine(config);
    } else {
        fputs(complaints.text.data != NULL ? complaints.text.data : "not enough memory\n", stderr);
    }
    config_remarks(config, &remarks);
    if (remarks.data != NULL) {
        fputs(remarks.data, stderr);
    }
    complaints_free(&complaints);
    text_free(&remarks);
    config_free(config);
    return fine ? EXIT_STATUS_OK : EXIT_STATUS_USAGE;
}
