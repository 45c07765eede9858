#include "commands/setup/newfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/amberbar-newfile-XXXXXX";

static const char *at(const char *name)
{
    static char path[4][64];
    static size_t turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[0], "%s/%s", folder, name);
    return path[turn];
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

static bool write_word(const char *path, gid_t group, const char *word, struct error *error)
{
    struct text text = {0};
    *error = (struct error){0};
    text_add(&text, word);
    const bool good = newfile_write(AT_FDCWD, path, group, &text, error);
    text_free(&text);
    return good;
}

static void expect_content(const char *path, const char *wanted)
{
    char content[64] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    content[fread(content, 1, sizeof content - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(content, wanted);
}

static void test_modes(void **state)
{
    (void)state;
    struct error error;
    const mode_t before = umask(0077);
    assert_true(write_word(at("all"), NEWFILE_ALL, "a", &error));
    assert_true(write_word(at("own"), NEWFILE_OWNER, "b", &error));
    assert_true(write_word(at("group"), getegid(), "c", &error));
    umask(before);
    assert_int_equal(mode_of(at("all")), 0644);
    assert_int_equal(mode_of(at("own")), 0600);
    assert_int_equal(mode_of(at("group")), 0640);
    expect_content(at("group"), "c");
    assert_int_equal(access(at("all.part"), F_OK), -1);
}

static void test_nothing_is_written_over(void **state)
{
    (void)state;
    struct error error;
    assert_true(write_word(at("mine"), NEWFILE_ALL, "mine", &error));
    assert_false(write_word(at("mine"), NEWFILE_ALL, "theirs", &error));
    assert_non_null(strstr(error.text, "File exists"));
    expect_content(at("mine"), "mine");
    assert_int_equal(symlink("mine", at("link")), 0);
    assert_false(write_word(at("link"), NEWFILE_ALL, "theirs", &error));
    assert_int_equal(symlink("nowhere", at("dangling")), 0);
    assert_false(write_word(at("dangling"), NEWFILE_ALL, "theirs", &error));
    assert_int_equal(symlink("mine", at("trap.part")), 0);
    assert_false(write_word(at("trap"), NEWFILE_ALL, "theirs", &error));
    assert_non_null(strstr(error.text, "remove it"));
    expect_content(at("mine"), "mine");
    assert_int_equal(access(at("trap"), F_OK), -1);
    assert_false(write_word(at("none/there"), NEWFILE_ALL, "x", &error));
}

static void test_what_nobody_has_written_is_replaced(void **state)
{
    (void)state;
    struct error error;
    struct text text = {0};
    text_add(&text, "new");
    assert_true(write_word(at("example"), NEWFILE_ALL, "example", &error));
    assert_true(write_word(at("config"), NEWFILE_ALL, "example", &error));
    assert_true(newfile_same(at("config"), at("example")));
    assert_true(newfile_replace(AT_FDCWD, at("config"), NEWFILE_ALL, &text, &error));
    expect_content(at("config"), "new");
    assert_false(newfile_same(at("config"), at("example")));
    assert_false(newfile_same(at("config"), at("nowhere")));
    assert_false(newfile_same(at("nowhere"), at("nowhere")));
    assert_int_equal(access(at("config.part"), F_OK), -1);
    text_free(&text);
}

static void test_free_names(void **state)
{
    (void)state;
    static const char *const endings[] = {".new", ".new-2", NULL};
    struct error error;
    char found[64];
    assert_true(newfile_free(at("free"), endings, found, sizeof found));
    assert_string_equal(found, at("free"));
    assert_int_equal(symlink("nowhere", at("free")), 0); /* it is somebody's */
    assert_true(newfile_free(at("free"), endings, found, sizeof found));
    assert_string_equal(found, at("free.new"));
    assert_true(write_word(at("free.new"), NEWFILE_ALL, "x", &error));
    assert_true(newfile_free(at("free"), endings, found, sizeof found));
    assert_string_equal(found, at("free.new-2"));
    assert_true(write_word(at("free.new-2"), NEWFILE_ALL, "x", &error));
    assert_false(newfile_free(at("free"), endings, found, sizeof found));
    assert_false(newfile_free(at("other"), endings, found, 8));
}

/* Whoever may rename a folder on the way puts another in its place. */
static void test_a_folder_that_is_swapped_leads_nowhere(void **state)
{
    (void)state;
    struct newfolder made;
    struct error error;
    struct text text = {0};
    text_add(&text, "new");
    const mode_t before = umask(0077);
    assert_true(newfolder_open(at("made"), &made, &error));
    umask(before);
    assert_true(made.made);
    assert_int_equal(mode_of(at("made")), 0755);
    assert_int_equal(mkdir(at("victim"), 0700), 0);
    assert_int_equal(rename(at("made"), at("aside")), 0);
    assert_int_equal(symlink("victim", at("made")), 0);
    assert_true(newfile_write(made.fd, at("made/file"), NEWFILE_ALL, &text, &error));
    expect_content(at("aside/file"), "new");
    assert_int_equal(access(at("victim/file"), F_OK), -1);
    newfile_remove(made.fd, at("made/file"));
    assert_int_equal(access(at("aside/file"), F_OK), -1);
    newfolder_remove(&made); /* it is a link now: not ours */
    assert_int_equal(access(at("victim"), F_OK), 0);
    newfolder_close(&made);
    text_free(&text);
}

static atomic_bool racing;

static void *swap(void *unused)
{
    (void)unused;
    char sub[64], old[64];
    snprintf(sub, sizeof sub, "%s/sub", folder);
    snprintf(old, sizeof old, "%s/old", folder);
    while (racing)
        if (rename(sub, old) == 0)
            (void)!symlink("secret", sub);
    return NULL;
}

static void test_what_a_race_puts_there_keeps_its_mode(void **state)
{
    (void)state;
    pthread_t racer;
    struct error error;
    assert_int_equal(mkdir(at("secret"), 0700), 0);
    racing = true;
    assert_int_equal(pthread_create(&racer, NULL, swap, NULL), 0);
    for (int i = 0; i < 2000; i++) {
        struct newfolder made;
        unlink(at("sub"));
        rmdir(at("sub"));
        rmdir(at("old"));
        if (newfolder_open(at("sub"), &made, &error))
            newfolder_close(&made);
        if (mode_of(at("secret")) != 0700) {
            racing = false;
            fail_msg("in round %d a folder of another's has become %o", i, mode_of(at("secret")));
        }
    }
    racing = false;
    assert_int_equal(pthread_join(racer, NULL), 0);
}

static void test_a_folder_that_is_there_stays_as_it_is(void **state)
{
    (void)state;
    struct newfolder there;
    struct error error;
    assert_int_equal(mkdir(at("there"), 0700), 0);
    assert_true(newfolder_open(at("there"), &there, &error));
    assert_false(there.made);
    assert_int_equal(mode_of(at("there")), 0700);
    newfolder_remove(&there);
    newfolder_close(&there);
    assert_int_equal(access(at("there"), F_OK), 0);
    assert_false(newfolder_open(at("no/where"), &there, &error));
    assert_non_null(strstr(error.text, "cannot write into"));
}

static int clean(void **state)
{
    (void)state;
    char command[96];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command);
}

static int make(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_nothing_is_written_over),
        cmocka_unit_test(test_what_nobody_has_written_is_replaced),
        cmocka_unit_test(test_free_names),
        cmocka_unit_test(test_a_folder_that_is_swapped_leads_nowhere),
        cmocka_unit_test(test_what_a_race_puts_there_keeps_its_mode),
        cmocka_unit_test(test_a_folder_that_is_there_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, make, clean);
}
