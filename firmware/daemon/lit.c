#include "daemon/lit.h"

#include "daemon/atomic_file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A change of what stands between them is another number. */
static const char first_line[] =
    "# amberbar lit 1: the board that the daemon lights, for `amberbar blank`\n";
static const char last_line[] = "\n# all of it\n";

#define LIT_MAX ((size_t)1024 * 1024) /* bytes, as of any board file */
#define PATH_SIZE (CONFIG_PATH_SIZE + sizeof LIT_FILE)

static void put_path(char out[static PATH_SIZE], const char *directory)
{
    snprintf(out, PATH_SIZE, "%s/" LIT_FILE, directory);
}

static void render(const struct board *board, struct text *out)
{
    text_add(out, first_line);
    text_add_bytes(out, board->source.data, board->source.length);
    text_add(out, last_line);
}

bool lit_keep(const char *directory, const struct board *board, struct error *error)
{
    char path[PATH_SIZE];
    struct text wanted = {0}, there = {0};
    struct error absent;
    if (board->source.length == 0)
        return true;
    put_path(path, directory);
    render(board, &wanted);
    bool kept = atomic_file_read(path, LIT_MAX, true, &there, &absent) &&
                there.length == wanted.length &&
                memcmp(there.data, wanted.data, wanted.length) == 0;
    kept = kept || atomic_file_write(path, &wanted, error);
    text_free(&wanted);
    text_free(&there);
    return kept;
}

static bool begins(const struct text *text, const char *with, size_t length)
{
    return text->length >= length && memcmp(text->data, with, length) == 0;
}

static bool ends(const struct text *text, const char *with, size_t length)
{
    return text->length >= length && memcmp(text->data + text->length - length, with, length) == 0;
}

static bool parse(const char *path, const struct text *text, struct board *board,
                  struct error *error)
{
    struct complaints complaints = {0};
    if (!begins(text, first_line, strlen(first_line)))
        return error_set(error, "it is of another version, or no record; remove it");
    if (!ends(text, last_line, strlen(last_line)))
        return error_set(error, "it is not whole; remove it");
    bool good = board_read_text(path, text, board, &complaints);
    if (!good)
        error_set(error, "it is damaged; remove it");
    complaints_free(&complaints);
    return good;
}

enum lit lit_read(const char *directory, struct board *board, struct error *error)
{
    char path[PATH_SIZE];
    struct text text = {0};
    struct stat status;
    put_path(path, directory);
    if (lstat(path, &status) != 0)
        return LIT_NONE;
    bool good =
        atomic_file_read(path, LIT_MAX, true, &text, error) && parse(path, &text, board, error);
    text_free(&text);
    if (good)
        return LIT_READ;
    error_prefix(error, "%s", path);
    return LIT_REFUSED;
}

void lit_remove(const char *directory)
{
    char path[PATH_SIZE];
    put_path(path, directory);
    unlink(path);
}
