#include "config/expect.h"

#include "config/config.h"

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
    if (strcmp(text, expected) != 0) {
        fail_msg("%s\n--- expected\n%s--- got\n%s---", sentence, expected, text);
    }
}

const char *scratch_make(void)
{
    snprintf(directory, sizeof(directory), "/tmp/amberbar-test-XXXXXX");
    assert_non_null(mkdtemp(directory));
    return directory;
}

void scratch_remove(void)
{
    DIR *opened = opendir(directory);
    assert_non_null(opened);
    for (const struct dirent *entry; (entry = readdir(opened)) != NULL;) {
        if (entry->d_name[0] != '.') {
            unlinkat(dirfd(opened), entry->d_name, 0);
        }
    }
    closedir(opened);
    assert_int_equal(rmdir(directory), 0);
}

const char *scratch_write(const char *name, const char *bytes, size_t length)
{
    static char path[128];
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

void put_path(char *out, size_t size, const char *text, const char *path)
{
    size_t length = 0;
    for (; *text != '\0' && length + 1 < size; text++) {
        if (*text == '$') {
            length += (size_t)snprintf(out + length, size - length, "%s", path);
        } else {
            out[length++] = *text;
        }
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
        put_path(expected, sizeof(expected), rows[i].complaints, path);
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
