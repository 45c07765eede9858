#include "commands/setup/former.h"

#include "base/intake.h"
#include "commands/discover/discover.h"
#include "commands/setup/newfile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SOURCE_MAX 262144

void former_read(struct former *former, const char *path)
{
    struct complaints complaints = {0};
    former_free(former);
    if (newfile_same(path, config_example()))
        return;
    former->config = config_read(path, &complaints);
    if (former->config != NULL && !intake_file(path, INTAKE_FILE, SOURCE_MAX, &former->source))
        former_free(former);
    complaints_free(&complaints);
}

void former_free(struct former *former)
{
    config_free(former->config);
    if (former->source.data != NULL)
        explicit_bzero(former->source.data, former->source.length); /* a secret may be in it */
    text_free(&former->source);
    former->config = NULL;
}

/* A key of the file itself begins at the line's own begin; so may the "- " and "]" of a list. */
static bool begins_section(const char *line)
{
    return (*line >= 'a' && *line <= 'z') || *line == '"' || *line == '\'';
}

/* Comments and empty lines before the next key are the next key's. */
static size_t whole_length(const char *begin, const char *end)
{
    const char *last = begin;
    for (const char *line = begin; line < end;) {
        const char *next = line + strcspn(line, "\n");
        next += *next == '\n';
        if (strchr("#\r\n", *line) == NULL)
            last = next;
        line = next;
    }
    return (size_t)(last - begin);
}

bool former_section(const char *source, const char *key, struct text *out)
{
    const char *begin = NULL, *line = source;
    const size_t length = strlen(key);
    while (*line != '\0' && (begin == NULL || !begins_section(line))) {
        if (begin == NULL && strncmp(line, key, length) == 0 && line[length] == ':')
            begin = line;
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    if (begin == NULL)
        return false;
    text_add_bytes(out, begin, whole_length(begin, line));
    if (out->length > 0 && out->data[out->length - 1] != '\n')
        text_add(out, "\n");
    return !out->failed;
}

bool former_board(const struct former *former, char *out, size_t size)
{
    const char *folder = board_directory();
    const size_t length = strlen(folder);
    if (former->config == NULL)
        return false;
    const struct board *board = &former->config->board;
    const bool ours = strncmp(board->path, folder, length) == 0 && board->path[length] == '/';
    return text_copy(out, size, ours ? board->name : board->path);
}

/* 0.034 is no whole percent: false. */
static bool add_percent(double share, char *out, size_t size)
{
    const double percent = share * 100, whole = (double)(int)(percent + 0.5);
    return fabs(percent - whole) < 1e-6 && snprintf(out, size, "%.0f%%", whole) < (int)size;
}

bool former_brightness(const struct former *former, char *out, size_t size)
{
    return former->config != NULL && add_percent(former->config->picture.brightness, out, size);
}

bool former_night(const struct former *former, char *out, size_t size)
{
    char dimmed[16];
    if (former->config == NULL)
        return false;
    const struct night_settings *night = &former->config->night;
    const double brightness = former->config->picture.night.brightness;
    if (!night->kept)
        return text_copy(out, size, "none");
    return (brightness > 0 ? add_percent(brightness, dimmed, sizeof dimmed)
                           : text_copy(dimmed, sizeof dimmed, "off")) &&
           snprintf(out, size, "%02d:%02d-%02d:%02d %s", (int)(night->from_minute / 60),
                    (int)(night->from_minute % 60), (int)(night->to_minute / 60),
                    (int)(night->to_minute % 60), dimmed) < (int)size;
}

void former_names(const struct former *former, struct text *out)
{
    for (size_t i = 0; former->config != NULL && i < former->config->rollout_count; i++) {
        text_add(out, i > 0 ? ", " : "");
        discover_add_yaml(out, former->config->rollouts[i].name);
    }
}
