#include "config/board/board_find.h"

#include "base/text.h"
#include "config/schema/diagnose.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef AMBERBAR_BOARD_DIRECTORY
#define AMBERBAR_BOARD_DIRECTORY "/usr/share/amberbar/boards"
#endif

static const char *const suffixes[] = {".yaml", ".yml", ".json"}; /* installed boards: the first */

/* The length of `name` before a suffix of board files, or 0. */
static size_t stem_length(const char *name, size_t suffix_count)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < suffix_count; i++) {
        size_t tail = strlen(suffixes[i]);
        if (length > tail && strcmp(name + length - tail, suffixes[i]) == 0)
            return length - tail;
    }
    return 0;
}

const char *board_directory(void)
{
    const char *elsewhere = getenv("AMBERBAR_BOARDS");
    return elsewhere != NULL && elsewhere[0] != '\0' ? elsewhere : AMBERBAR_BOARD_DIRECTORY;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

size_t board_names(char names[][BUS_NAME_SIZE], size_t max)
{
    size_t count = 0;
    DIR *directory = opendir(board_directory());
    if (directory == NULL)
        return 0;
    for (const struct dirent *entry; count < max && (entry = readdir(directory)) != NULL;) {
        size_t length = stem_length(entry->d_name, 1);
        if (length > 0 && length < BUS_NAME_SIZE && entry->d_name[0] != '.') {
            memcpy(names[count], entry->d_name, length);
            names[count++][length] = '\0';
        }
    }
    closedir(directory);
    qsort(names, count, BUS_NAME_SIZE, compare_names);
    return count;
}

#define PART_LENGTH 3 /* fewer letters stand in many a name by chance */

/* The board meant by a mistyped name, or by a part of one: blinkt. NULL: none. */
static const char *suggest_name(const char *name, const char *const words[], size_t count)
{
    const char *near = diagnose_part(name, words, count);
    for (size_t i = 0; near == NULL && strlen(name) >= PART_LENGTH && i < count; i++)
        near = strcasestr(words[i], name) != NULL ? words[i] : NULL;
    return near;
}

/* Boards of the chip that drives lights sold as `name`, or as its beginning: neopixel, ws2813-spi.
   False: it is no such name. */
static bool refuse_same_wire(const char *name, const char *const words[], size_t count,
                             struct error *error)
{
    const char *chip = chip_same_wire(name, strlen(name));
    char list[256] = "";
    size_t used = 0;
    chip = chip != NULL ? chip : chip_same_wire(name, strcspn(name, "-_ "));
    for (size_t i = 0; chip != NULL && i < count && used < sizeof list; i++) {
        if (strncmp(words[i], chip, strlen(chip)) == 0) {
            used += (size_t)snprintf(list + used, sizeof list - used, "%s'%s'",
                                     used == 0 ? "" : " or ", words[i]);
        }
    }
    if (used == 0)
        return false;
    (void)error_set(error,
                    "there is no board '%.*s'; such lights are driven as %s: take %s; `amberbar "
                    "boards` lists all",
                    reading_shown(name), name, chip, list);
    return true;
}

static bool refuse_name(const char *name, struct error *error)
{
    static char names[BOARDS_MAX][BUS_NAME_SIZE]; /* 16 KiB: too much for a stack */
    const char *words[BOARDS_MAX];
    size_t count = board_names(names, BOARDS_MAX);
    for (size_t i = 0; i < count; i++)
        words[i] = names[i];
    if (refuse_same_wire(name, words, count, error))
        return false;
    const char *near = suggest_name(name, words, count);
    if (near != NULL) {
        return error_set(error,
                         "there is no board '%.*s'; did you mean '%s'? `amberbar boards` lists all",
                         reading_shown(name), name, near);
    }
    if (count == 0) {
        return error_set(error,
                         "there is no board '%.*s', nor any other in %s; say `sudo cmake --install "
                         "build`, or set AMBERBAR_BOARDS to the boards of the source",
                         reading_shown(name), name, board_directory());
    }
    return error_set(error,
                     "there is no board '%.*s'; `amberbar boards` lists them, and a path such as "
                     "./mine.yaml names your own",
                     reading_shown(name), name);
}

static bool find_file(const char *name, const char *relative_to, char path[static CONFIG_PATH_SIZE],
                      struct error *error)
{
    if (!path_resolve(relative_to, name, path, CONFIG_PATH_SIZE)) {
        return error_set(error, "this path is too long; at most %d bytes fit",
                         CONFIG_PATH_SIZE - 1);
    }
    if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
        return error_set(error,
                         "there is no board file %s; check the path, or take a name that "
                         "`amberbar boards` lists",
                         path);
    }
    return true;
}

bool board_find(const char *word, const char *relative_to, char path[static CONFIG_PATH_SIZE],
                struct error *error)
{
    if (strchr(word, '/') != NULL || stem_length(word, 3) > 0)
        return find_file(word, relative_to, path, error);
    int length = snprintf(path, CONFIG_PATH_SIZE, "%s/%s%s", board_directory(), word, suffixes[0]);
    if (length >= CONFIG_PATH_SIZE || access(path, F_OK) != 0)
        return refuse_name(word, error);
    return true;
}

void board_name_of(const char *path, char name[static BUS_NAME_SIZE])
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    size_t length = stem_length(base, 3);
    text_copy(name, BUS_NAME_SIZE, base);
    if (length > 0 && length < BUS_NAME_SIZE)
        name[length] = '\0';
}

static bool same_map(const struct output_settings *a, const struct output_settings *b)
{
    return a->map_count == b->map_count && a->shown == b->shown && a->width == b->width &&
           (a->map_count == 0 || memcmp(a->map, b->map, a->map_count * sizeof *a->map) == 0);
}

static bool same_output(const struct output_settings *a, const struct output_settings *b)
{
    return a->chip == b->chip && strcmp(a->name, b->name) == 0 && a->from == b->from &&
           a->reverse == b->reverse && same_map(a, b) &&
           /* Another kind of 0, or of what lies between fields: opened anew, no more. */
           /* NOLINTNEXTLINE(*-memory-comparison,cert-*) */
           memcmp(a->white_balance, b->white_balance, sizeof a->white_balance) == 0 &&
           /* NOLINTNEXTLINE(*-memory-comparison,cert-*) */
           memcmp(&a->bus, &b->bus, sizeof a->bus) == 0 &&
           memcmp(a->chip_settings, b->chip_settings, a->chip->settings_size) == 0;
}

bool board_same(const struct board *a, const struct board *b)
{
    if (a->output_count != b->output_count)
        return false;
    for (size_t i = 0; i < a->output_count; i++)
        if (!same_output(&a->outputs[i], &b->outputs[i]))
            return false;
    return true;
}
