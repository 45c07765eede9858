/* The config of who runs, where the boot partition may be wrong. */
#include "base/intake.h"
#include "config/config.h"
#include "config/sections/sections.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OWN_LIGHTS "raspberry-pi-leds"
#define WRONG_MAX_BYTES ((size_t)64 * 1024)

/* What is wrong, its lines as one; false: nothing is. A word that cannot be read is one, too. */
static bool read_fault(const char *card, struct error *fault)
{
    char path[CONFIG_PATH_SIZE];
    struct text text = {0};
    snprintf(path, sizeof path, "%s/" CARD_WRONG, card);
    bool there = intake_file(path, INTAKE_FILE, WRONG_MAX_BYTES, &text) || errno != ENOENT;
    const char *line = text.data != NULL ? text.data : "";
    struct text all = {0};
    for (size_t length; *line != '\0'; line += length + (line[length] == '\n')) {
        length = strcspn(line, "\n");
        text_addf(&all, "%s%.*s", all.length > 0 ? "; " : "", (int)length, line);
    }
    if (there)
        error_set(fault, "%s", all.length > 0 ? all.data : "it does not say what");
    text_free(&all);
    text_free(&text);
    return there;
}

/* On which lights that is shown. A complaint about a board that is not used helps nobody. */
static bool find_board(const char *path, const char *card, struct board *board,
                       struct complaints *complaints)
{
    struct complaints unused = {0};
    char own[CONFIG_PATH_SIZE];
    snprintf(own, sizeof own, "%s/" CARD_CONFIG, card);
    bool found = board_read_of_config(own, board, &unused);
    if (!found) {
        board_free(board);
        found = board_read_of_config(path, board, &unused);
    }
    complaints_free(&unused);
    if (found)
        return true;
    board_free(board);
    return board_read(OWN_LIGHTS, ".", board, complaints);
}

/* One rollout, which stands for the card; it is never asked for. */
static bool add_rollout(struct config *config)
{
    config->rollouts = calloc(1, sizeof *config->rollouts);
    if (config->rollouts == NULL)
        return false;
    config->rollout_count = 1;
    config->rollouts[0] = (struct rollout_settings){
        .name = "card", .query = "vector(0)", .limits = limits_default, .max_workloads = 1};
    return true;
}

static struct config *config_of_fault(const char *path, const char *card, const struct error *fault,
                                      struct complaints *complaints)
{
    struct config *config = calloc(1, sizeof *config);
    const struct reading reading = {path, complaints, MANUAL_CONFIG};
    if (config == NULL || !add_rollout(config)) {
        complain(complaints, path, 0, 0, "memory has run out");
        config_free(config);
        return NULL;
    }
    config->card_fault = *fault;
    text_copy(config->path, sizeof config->path, path);
    display_read_section(&reading, NULL, config); /* what it is when left out */
    if (!find_board(path, card, &config->board, complaints)) {
        config_free(config);
        return NULL;
    }
    board_fit_picture(&config->board, &config->picture);
    return config;
}

struct config *config_read_beside(const char *path, const char *card, struct complaints *complaints)
{
    struct error fault = {0};
    bool wrong = card != NULL && read_fault(card, &fault);
    struct config *config =
        wrong ? config_of_fault(path, card, &fault, complaints) : config_read(path, complaints);
    if (config != NULL && card != NULL)
        text_copy(config->card, sizeof config->card, card);
    return config;
}
