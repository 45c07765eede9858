/*
 * What may lie where a file is read: each is read whole or refused at once.
 */
#include "base/intake.h"

#include "base/clock.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define MOST 100000

struct place {
    char folder[64], path[80];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    *state = place;
    strcpy(place->folder, "/tmp/amberbar-intake-XXXXXX"); /* NOLINT: it fits */
    if (mkdtemp(place->folder) == NULL)
        return 1;
    snprintf(place->path, sizeof place->path, "%s/x", place->folder);
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    unlink(place->path);
    rmdir(place->folder);
    free(place);
    return 0;
}

static void write_file(const char *path, size_t length)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < length; i++)
        fputc('a', file);
    assert_int_equal(fclose(file), 0);
}

static void expect(const char *path, enum intake what, int reason)
{
    struct text text = {0};
    int64_t begun = clock_monotonic_ms();
    errno = 0;
    bool good = intake_file(path, what, MOST, &text);
    if (good != (reason == 0) || (!good && errno != reason))
        fail_msg("%s: %s instead of %s", path, good ? "read" : strerror(errno), strerror(reason));
    assert_true(clock_monotonic_ms() - begun < INTAKE_PIPE_MS); /* none of these waits */
    text_free(&text);
}

static void files_are_read_whole_and_no_longer(void **state)
{
    const struct place *place = *state;
    struct text text = {0};
    write_file(place->path, MOST);
    text_add(&text, "before");
    assert_true(intake_file(place->path, INTAKE_FILE, MOST, &text));
    assert_int_equal(text.length, MOST + 6);
    text_free(&text);
    write_file(place->path, MOST + 1);
    expect(place->path, INTAKE_FILE, EFBIG);
    write_file(place->path, 0);
    expect(place->path, INTAKE_FILE, 0);
    expect("/proc/self/status", INTAKE_FILE, 0); /* its size is 0 */
}

static void what_is_no_file_is_refused_at_once(void **state)
{
    const struct place *place = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    for (int what = INTAKE_FILE; what <= INTAKE_HANDED; what++) {
        expect(place->path, (enum intake)what, ENOENT);
        expect(place->folder, (enum intake)what, EISDIR);
        expect("/dev/zero", (enum intake)what, EMEDIUMTYPE);
        expect("/dev/null", (enum intake)what, EMEDIUMTYPE);
        expect("/dev/ptmx", (enum intake)what, EMEDIUMTYPE);
        assert_int_equal(mkfifo(place->path, 0600), 0);
        expect(place->path, (enum intake)what, EMEDIUMTYPE);
        unlink(place->path);
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        text_copy(address.sun_path, sizeof address.sun_path, place->path);
        assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
        expect(place->path, (enum intake)what, ENXIO);
        close(fd);
        unlink(place->path);
        assert_int_equal(symlink("x", place->path), 0);
        expect(place->path, (enum intake)what, ELOOP);
        unlink(place->path);
    }
}

static void a_pipe_is_read_where_one_is_meant(void **state)
{
    (void)state;
    char path[32];
    int ends[2];
    struct text text = {0};
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_int_equal(write(ends[1], "board: x\n", 9), 9);
    expect(path, INTAKE_FILE, EMEDIUMTYPE);
    close(ends[1]);
    assert_true(intake_file(path, INTAKE_HANDED, MOST, &text));
    assert_string_equal(text.data, "board: x\n");
    text_free(&text);
    close(ends[0]);
}

static void a_pipe_that_does_not_end_is_given_up(void **state)
{
    (void)state;
    char path[32];
    int ends[2];
    struct text text = {0};
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_int_equal(write(ends[1], "b", 1), 1);
    assert_false(intake_file(path, INTAKE_HANDED, MOST, &text));
    assert_int_equal(errno, ETIMEDOUT);
    text_free(&text);
    close(ends[0]);
    close(ends[1]);
}

static void each_reason_has_words(void **state)
{
    (void)state;
    static const int reasons[] = {ENOENT, ENOTDIR,   EISDIR, EMEDIUMTYPE, ENXIO,
                                  EFBIG,  ETIMEDOUT, ENOMEM, EACCES};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        assert_true(strlen(intake_words(reasons[i])) > 8);
    assert_string_equal(intake_words(EISDIR), "it is a directory");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_read_whole_and_no_longer),
        TEST(what_is_no_file_is_refused_at_once),
        TEST(a_pipe_is_read_where_one_is_meant),
        TEST(a_pipe_that_does_not_end_is_given_up),
        TEST(each_reason_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
