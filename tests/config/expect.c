#include "config/expect.h"

#include "config/config.h"
#include "config/sections/sections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[64];

void expect_complaints(const char *sentence, const struct complaints *complaints,
                       const char *expected)
{
    const char *text = complaints->text.data != NULL ? complaints->text.data : "";
    if (strcmp(text, expected) != 0)
        fail_msg("%s\n--- expected\n%s--- got\n%s---", sentence, expected, text);
}

const char *scratch_make(void)
{
    snprintf(directory, sizeof directory, "/tmp/amberbar-test-XXXXXX");
    assert_non_null(mkdtemp(directory));
    return directory;
}

void scratch_remove(void)
{
    DIR *opened = opendir(directory);
    assert_non_null(opened);
    for (const struct dirent *entry; (entry = readdir(opened)) != NULL;)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(opened), entry->d_name, 0);
    closedir(opened);
    assert_int_equal(rmdir(directory), 0);
}

const char *scratch_write(const char *name, const char *bytes, size_t length)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

#define WORDS_MAX 64

/* The words of a list, in its order; how many. */
static size_t kinds_here(const char *words[static WORDS_MAX])
{
    kind_names(words);
    return KIND_COUNT;
}

static size_t kind_keys_here(const char *words[static WORDS_MAX])
{
    for (int i = 0; i < KIND_COUNT; i++)
        words[i] = kind_word((enum workload_kind)i);
    return KIND_COUNT;
}

static size_t chips_here(const char *words[static WORDS_MAX])
{
    size_t count = 0;
    for (; chips[count] != NULL; count++)
        words[count] = chips[count]->name;
    return count;
}

static size_t display_here(const char *words[static WORDS_MAX])
{
    size_t count = 0;
    for (const struct field *field = display_fields; field->key != NULL; field++)
        words[count++] = field->key;
    words[count++] = "segments";
    words[count++] = "colours";
    words[count++] = "night";
    for (const struct field *field = wall_fields; field->key != NULL; field++)
        words[count++] = field->key;
    return count;
}

static const struct {
    const char *marker;
    size_t (*words)(const char *words[static WORDS_MAX]);
    const char *last; /* before the last word */
} lists[] = {
    {KINDS_HERE, kinds_here, " or "},
    {KIND_KEYS_HERE, kind_keys_here, " or "},
    {CHIPS_HERE, chips_here, " or "},
    {DISPLAY_HERE, display_here, " or "},
};

/* The list that `marker` stands for; how long it is: 0, it stands for none. */
static size_t put_list(char *out, size_t size, char marker)
{
    size_t length = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const char *words[WORDS_MAX];
        const size_t count = lists[i].marker[0] == marker ? lists[i].words(words) : 0;
        for (size_t k = 0; k < count; k++)
            length += (size_t)snprintf(out + length, size - length, "%s%s",
                                       k == 0          ? ""
                                       : k < count - 1 ? ", "
                                                       : lists[i].last,
                                       words[k]);
    }
    return length;
}

void put_path(char *out, size_t size, const char *text, const char *path)
{
    size_t length = 0;
    for (; *text != '\0' && length + 1 < size; text++) {
        const size_t listed = put_list(out + length, size - length, *text);
        length += listed;
        if (*text == '$')
            length += (size_t)snprintf(out + length, size - length, "%s", path);
        else if (listed == 0)
            out[length++] = *text;
    }
    out[length] = '\0';
}

static bool is_good_board(const char *path, struct complaints *complaints)
{
    struct board board;
    bool good = board_read(path, NULL, &board, complaints);
    board_free(&board);
    return good;
}

static bool is_good_config(const char *path, struct complaints *complaints)
{
    struct config *config = config_read(path, complaints);
    config_free(config);
    return config != NULL;
}

static void expect_rows(bool (*is_good)(const char *, struct complaints *),
                        const struct refused rows[], size_t count)
{
    scratch_make();
    for (size_t i = 0; i < count; i++) {
        char expected[4096];
        struct complaints complaints = {0};
        const char *path = scratch_write("a.yaml", rows[i].text, strlen(rows[i].text));
        bool good = is_good(path, &complaints);
        put_path(expected, sizeof expected, rows[i].complaints, path);
        expect_complaints(rows[i].sentence, &complaints, expected);
        assert_int_equal(good, rows[i].complaints[0] == '\0');
        complaints_free(&complaints);
    }
    scratch_remove();
}

void expect_boards(const struct refused rows[], size_t count)
{
    expect_rows(is_good_board, rows, count);
}

void expect_configs(const struct refused rows[], size_t count)
{
    expect_rows(is_good_config, rows, count);
}
