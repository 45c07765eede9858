/*
 * Any bytes as a config that somebody has and `setup` takes over: a section that it keeps is read
 * in the new file as it was in the old one.
 */
#include "commands/setup/former.h"
#include "fuzz/fuzz.h"

#include <string.h>

#define OTHERS "board: frames\nprometheus: {url: 'http://prometheus'}\n"

static void check_rollouts(const struct config *old, const char *kept)
{
    struct text text = {0};
    struct complaints complaints = {0};
    text_add(&text, OTHERS);
    text_add(&text, kept);
    struct config *config = config_read_text("new", &text, &complaints);
    must(config != NULL && config->rollout_count == old->rollout_count);
    for (size_t i = 0; i < old->rollout_count; i++)
        must(strcmp(config->rollouts[i].name, old->rollouts[i].name) == 0);
    config_free(config);
    complaints_free(&complaints);
    text_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text source = {0}, section = {0};
    struct complaints complaints = {0};
    text_add_bytes(&source, (const char *)data, size);
    text_add(&source, "");
    struct config *config = config_read_text("old", &source, &complaints);
    const struct former former = {.config = config};
    const bool found = former_section(source.data, "rollouts", &section);
    must(!found || (section.length > 0 && section.data[section.length - 1] == '\n'));
    if (config != NULL && found)
        check_rollouts(config, section.data);
    char answer[256];
    struct text names = {0};
    former_board(&former, answer, sizeof answer);
    former_brightness(&former, answer, sizeof answer);
    former_night(&former, answer, sizeof answer);
    former_names(&former, &names);
    config_free(config);
    complaints_free(&complaints);
    text_free(&names);
    text_free(&section);
    text_free(&source);
    return 0;
}
