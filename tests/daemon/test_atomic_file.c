/*
 * Files that are written whole, in a folder where other things lie: nothing is opened that would
 * wait, nothing is written through, nothing that is another's is removed.
 */
#include "daemon/atomic_file.h"

#include "daemon/open_files.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define PATH_SIZE 128

static char folder[] = "/tmp/amberbar-atomic-XXXXXX";
static char file[PATH_SIZE], new_file[PATH_SIZE], victim[PATH_SIZE];

static int make_folder(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(file, sizeof file, "%s/f", folder);
    (void)snprintf(new_file, sizeof new_file, "%s/f.new", folder);
    (void)snprintf(victim, sizeof victim, "%s/victim", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)remove(file);
    (void)remove(new_file);
    (void)remove(victim);
    return rmdir(folder);
}

static void fill(const char *path, const char *words)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(words, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void expect(const char *path, const char *words)
{
    char found[64] = "";
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    size_t length = fread(found, 1, sizeof found - 1, in);
    assert_int_equal(fclose(in), 0);
    found[length] = '\0';
    assert_string_equal(found, words);
}

static bool has_intruder; /* another program puts a file of its own in the place of the new one */

/* In libc's place. */
int lstat(const char *path, struct stat *status)
{
    if (has_intruder && strcmp(path, new_file) == 0 && unlink(path) == 0)
        fill(path, "theirs");
    return fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

static bool write_words(const char *words, struct error *error)
{
    struct text text = {0};
    const size_t files = open_files();
    error->text[0] = '\0';
    text_add(&text, words);
    errno = 0;
    bool good = atomic_file_write(file, &text, error);
    assert_int_equal(open_files(), files);
    text_free(&text);
    return good;
}

static bool make_pipe(const char *path)
{
    return mkfifo(path, 0644) == 0;
}

static bool make_folder_at(const char *path)
{
    return mkdir(path, 0755) == 0;
}

static bool make_link(const char *path)
{
    return symlink(victim, path) == 0;
}

static bool make_dangling_link(const char *path)
{
    return symlink("nowhere", path) == 0;
}

static bool make_second_name(const char *path)
{
    return link(victim, path) == 0;
}

static bool make_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    bool made = bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return made;
}

static const struct {
    const char *sentence;
    bool (*make)(const char *path);
    const char *written, *read; /* of what is told by each */
} things[] = {
    {"a named pipe", make_pipe, "is in the way, a named pipe; remove it", "it is a named pipe"},
    {"a directory", make_folder_at, "is in the way, a directory; remove it", "it is a directory"},
    {"a link to a file", make_link, "is in the way, a symbolic link", "it is a symbolic link"},
    {"a link to nothing", make_dangling_link, "is in the way, a symbolic link",
     "it is a symbolic link"},
    {"a socket", make_socket, "is in the way, a socket", "it cannot be opened"},
    {"a hard link", make_second_name, "is in the way, a file with a second name", NULL},
};
#define THINGS (sizeof things / sizeof things[0])

static void test_what_is_in_the_way_is_told_and_left_alone(void **state)
{
    (void)state;
    struct error error;
    fill(victim, "mine");
    assert_true(write_words("before", &error));
    for (size_t i = 0; i < THINGS; i++) {
        struct stat before, after;
        assert_true(things[i].make(new_file));
        assert_int_equal(lstat(new_file, &before), 0);
        if (write_words("after", &error) || strstr(error.text, things[i].written) == NULL)
            fail_msg("%s: '%s'", things[i].sentence, error.text);
        expect(file, "before");
        expect(victim, "mine");
        assert_int_equal(lstat(new_file, &after), 0);
        assert_true(before.st_ino == after.st_ino);
        assert_int_equal(remove(new_file), 0);
    }
    assert_true(write_words("after", &error));
    expect(file, "after");
}

static void test_what_a_killed_predecessor_left_is_removed(void **state)
{
    (void)state;
    struct error error;
    fill(new_file, "a longer half of something else");
    const mode_t mask = umask(S_IWGRP | S_IWOTH);
    struct stat status;
    assert_true(write_words("whole", &error));
    umask(mask);
    assert_int_equal(stat(file, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0644);
    expect(file, "whole");
    assert_int_equal(access(new_file, F_OK), -1);
}

static void test_what_stands_in_its_place_is_replaced_but_not_written_through(void **state)
{
    (void)state;
    struct error error;
    fill(victim, "mine");
    for (size_t i = 0; i < THINGS; i++) {
        (void)remove(file);
        assert_true(things[i].make(file));
        bool good = write_words("new", &error);
        expect(victim, "mine");
        assert_int_equal(access(new_file, F_OK), -1);
        if (good == (things[i].make == make_folder_at))
            fail_msg("%s: %s '%s'", things[i].sentence, good ? "written" : "not", error.text);
    }
}

/* Where a user has named the file, what is none may be what he did not mean. */
static void test_what_is_no_file_may_not_be_replaced(void **state)
{
    (void)state;
    struct error error = {0};
    char wanted[2 * PATH_SIZE];
    fill(victim, "mine");
    for (size_t i = 0; i < THINGS; i++) {
        (void)remove(file);
        assert_true(things[i].make(file));
        const bool may = things[i].make == make_second_name;
        const char *kind =
            strstr(things[i].sentence, "link to") != NULL ? "a symbolic link" : things[i].sentence;
        snprintf(wanted, sizeof wanted,
                 "cannot write %s: it is %s, and stays; remove it, or name another file", file,
                 kind);
        error.text[0] = '\0';
        if (atomic_file_may_replace(file, &error) != may ||
            strcmp(error.text, may ? "" : wanted) != 0)
            fail_msg("%s: '%s'", things[i].sentence, error.text);
    }
    (void)remove(file);
    assert_true(atomic_file_may_replace(file, &error));
    fill(file, "a plain one");
    assert_true(atomic_file_may_replace(file, &error));
    assert_string_equal(error.text, "");
}

/* Of two programs that write one file the slower says so, and leaves the other's alone. */
static void test_another_that_writes_it_is_told(void **state)
{
    (void)state;
    struct error error;
    (void)remove(file);
    fill(file, "before");
    has_intruder = true;
    const bool good = write_words("ours", &error);
    has_intruder = false;
    assert_false(good);
    assert_non_null(strstr(error.text, ": another program writes it as well"));
    expect(file, "before");
    expect(new_file, "theirs");
    assert_int_equal(unlink(new_file), 0);
}

static bool read_words(bool owned, size_t max, struct text *out, struct error *error)
{
    text_clear(out);
    error->text[0] = '\0';
    return atomic_file_read(file, max, owned, out, error);
}

static void test_only_a_plain_file_is_read(void **state)
{
    (void)state;
    struct error error;
    struct text text = {0};
    fill(victim, "mine");
    for (size_t i = 0; i < THINGS; i++) {
        (void)remove(file);
        assert_true(things[i].make(file));
        bool good = read_words(false, 100, &text, &error);
        if (good != (things[i].read == NULL) ||
            (!good && strstr(error.text, things[i].read) == NULL))
            fail_msg("%s: '%s'", things[i].sentence, error.text);
    }
    (void)remove(file);
    assert_false(read_words(false, 100, &text, &error));
    assert_string_equal(error.text, "there is no such file");
    text_free(&text);
}

static void test_it_is_bounded_and_its_owners(void **state)
{
    (void)state;
    struct error error;
    struct text text = {0};
    (void)remove(file);
    fill(file, "0123456789");
    assert_true(read_words(true, 10, &text, &error));
    assert_string_equal(text.data, "0123456789");
    assert_true(atomic_file_read(file, 10, true, &text, &error)); /* behind what is there */
    assert_string_equal(text.data, "01234567890123456789");
    assert_false(read_words(true, 9, &text, &error));
    assert_non_null(strstr(error.text, "it is longer than"));
    assert_int_equal(chmod(file, 0664), 0);
    assert_true(read_words(false, 10, &text, &error));
    assert_false(read_words(true, 10, &text, &error));
    assert_string_equal(error.text, "others may write it; remove it");
    if (geteuid() == 0) { /* only root can give a file away */
        assert_int_equal(chmod(file, 0644), 0);
        assert_int_equal(chown(file, 12345, 0), 0);
        assert_false(read_words(true, 10, &text, &error));
        assert_string_equal(error.text, "it belongs to user 12345; run this as that user");
        assert_true(read_words(false, 10, &text, &error));
    }
    text_free(&text);
}

/* Also of a file that does not say how long it is; and so much at a time that it is read twice. */
static void test_how_much_is_too_much_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *path; /* NULL: a file of `length` */
        off_t length;
        size_t max;
        const char *words; /* NULL: it is read */
    } rows[] = {
        {NULL, 1023, 1023, NULL},
        {NULL, 1024, 1023, "it is longer than 0 KiB; remove it"},
        {NULL, 65537, 65536, "it is longer than 64 KiB; remove it"},
        {NULL, 65536, 65536, NULL},
        {"/proc/self/maps", 0, 1023, "it is longer than 0 KiB; remove it"},
        {"/proc/self/maps", 0, 1024, "it is longer than 1 KiB; remove it"},
        {"/proc/self/mem", 0, 1024, "it cannot be read: Input/output error"},
    };
    (void)remove(file);
    fill(file, "");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error error = {0};
        struct text text = {0};
        assert_int_equal(truncate(file, rows[i].length), 0);
        const bool good = atomic_file_read(rows[i].path != NULL ? rows[i].path : file, rows[i].max,
                                           false, &text, &error);
        if (good != (rows[i].words == NULL) || (!good && strcmp(error.text, rows[i].words) != 0))
            fail_msg("row %zu: '%s'", i, error.text);
        if (good)
            assert_int_equal(text.length, rows[i].length);
        text_free(&text);
    }
}

/* A daemon may be begun without standard input: then a file of its own has that number. */
static void test_it_may_be_the_first_of_all_files(void **state)
{
    (void)state;
    static const int before[] = {0, ENOENT, ELOOP, EINTR}; /* what went wrong last */
    const int input = dup(STDIN_FILENO);
    struct error error = {0};
    struct text text = {0};
    close(STDIN_FILENO);
    bool good = write_words("words", &error);
    for (size_t i = 0; good && i < sizeof before / sizeof before[0]; i++) {
        errno = before[i];
        good = read_words(true, 10, &text, &error);
    }
    const bool is_free = fcntl(STDIN_FILENO, F_GETFD) < 0;
    dup2(input, STDIN_FILENO);
    close(input);
    assert_string_equal(error.text, "");
    assert_true(good && is_free);
    assert_string_equal(text.data, "words");
    text_free(&text);
}

static void test_a_name_that_is_too_long_is_reported(void **state)
{
    (void)state;
    struct error error = {0};
    struct text text = {0};
    char name[5000];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    text_add(&text, "x");
    assert_false(atomic_file_write(name, &text, &error));
    assert_non_null(strstr(error.text, "cannot write nnn"));
    text.failed = true;
    assert_false(atomic_file_write(file, &text, &error));
    assert_non_null(strstr(error.text, "not enough memory to write"));
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_in_the_way_is_told_and_left_alone),
        cmocka_unit_test(test_what_a_killed_predecessor_left_is_removed),
        cmocka_unit_test(test_what_stands_in_its_place_is_replaced_but_not_written_through),
        cmocka_unit_test(test_what_is_no_file_may_not_be_replaced),
        cmocka_unit_test(test_another_that_writes_it_is_told),
        cmocka_unit_test(test_only_a_plain_file_is_read),
        cmocka_unit_test(test_it_is_bounded_and_its_owners),
        cmocka_unit_test(test_how_much_is_too_much_is_told),
        cmocka_unit_test(test_it_may_be_the_first_of_all_files),
        cmocka_unit_test(test_a_name_that_is_too_long_is_reported),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
