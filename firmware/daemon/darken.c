#include "daemon/darken.h"

#include "base/clock.h"
#include "base/log.h"
#include "daemon/lit.h"
#include "daemon/outputs.h"
#include "daemon/status.h"
#include "daemon/terminal.h"

#include <string.h>

static bool darken(struct board *board, struct error *error)
{
    terminal_prepare(board);
    struct outputs *outputs = outputs_open(board, error);
    if (outputs == NULL)
        return false;
    bool dark = outputs_darken(outputs, clock_monotonic_ms());
    if (!dark)
        error_set(error, "%s may still be lit", board->path);
    for (size_t i = 0; !dark && i < outputs_count(outputs); i++) {
        struct output_health health = outputs_health(outputs, i);
        if (!health.fine) {
            error_set(error, "output %s may still be lit: %s", health.name, outputs_fault(outputs));
            break;
        }
    }
    outputs_close(outputs);
    return dark;
}

static bool darken_predecessor(const char *directory, struct board *board, struct error *error)
{
    static struct board left; /* large */
    enum lit lit = lit_read(directory, &left, error);
    if (lit != LIT_READ)
        return lit == LIT_NONE;
    terminal_prepare(&left);
    bool dark = board_same(&left, board) || darken(&left, error);
    board_free(&left);
    return dark;
}

void darken_begin(const char *directory, int *claim, struct board *board, struct error *reported)
{
    if (directory[0] == '\0')
        return;
    if (status_claim(directory, claim, reported)) {
        darken_predecessor(directory, board, reported);
        lit_keep(directory, board, reported);
    }
    if (reported->text[0] != '\0')
        log_line(LOG_LEVEL_WARNING, "%s", reported->text);
}

/* A line feed ends it, whether or not the sentence has one. */
static void add_line(struct text *words, const char *line)
{
    size_t length = strcspn(line, "\n");
    text_add_bytes(words, line, length);
    text_add(words, "\n");
}

static bool is_paper(const struct board *board)
{
    for (size_t i = 0; i < board->output_count; i++)
        if (board->outputs[i].bus.kind != BUS_FILE)
            return false;
    return true;
}

/* Both boards that may be lit. */
struct lights {
    struct board left, config;
    bool has_left, has_config;
};

static void find_left(struct lights *lights, const char *directory, struct text *words)
{
    struct error error = {0};
    enum lit lit = lit_read(directory, &lights->left, &error);
    lights->has_left = lit == LIT_READ;
    if (lit == LIT_REFUSED)
        add_line(words, error.text);
}

static void find_config(struct lights *lights, const char *path, bool asked, struct text *words)
{
    struct complaints complaints = {0};
    lights->has_config = board_read_of_config(path, &lights->config, &complaints);
    if (!lights->has_config && asked && complaints.text.data != NULL)
        add_line(words, complaints.text.data);
    complaints_free(&complaints);
    bool known =
        lights->has_left && lights->has_config && board_same(&lights->left, &lights->config);
    if (known || (!asked && lights->has_config && is_paper(&lights->config)))
        lights->has_config = false;
}

/* The record goes when what it speaks of is dark. */
static bool darken_lights(struct lights *lights, const char *directory, struct text *words)
{
    struct error error = {0};
    bool left_dark = !lights->has_left || darken(&lights->left, &error);
    if (!left_dark)
        add_line(words, error.text);
    else if (lights->has_left)
        lit_remove(directory);
    bool config_dark = !lights->has_config || darken(&lights->config, &error);
    if (!config_dark)
        add_line(words, error.text);
    return left_dark && config_dark;
}

enum darkened darken_after_death(const char *config_path, bool asked, struct text *words)
{
    static struct lights lights; /* large */
    char directory[CONFIG_PATH_SIZE];
    bool has_folder = status_directory(directory, sizeof directory);
    bool alive = has_folder && status_life(directory) == DAEMON_RUNS;
    memset(&lights, 0, sizeof lights);
    log_threshold(LOG_LEVEL_ERROR); /* what fails is not tried again, and said in `words` */
    if (has_folder && !alive)
        find_left(&lights, directory, words);
    if (asked || !alive)
        find_config(&lights, config_path, asked, words);
    bool known = lights.has_left || lights.has_config;
    bool dark = darken_lights(&lights, directory, words);
    board_free(&lights.left);
    board_free(&lights.config);
    return known ? (dark ? DARKENED_ALL : DARKENED_NOT) : DARKENED_UNKNOWN;
}
