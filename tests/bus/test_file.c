/*
 * The file bus against real pipes, sockets and files; the clock is ours, so that a loaded machine
 * neither makes a reader look stalled nor a stalled one patient.
 */
#include "base/clock.h"
#include "bus/bus.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define BIG (300U * 1024U) /* more than a pipe (64 KiB) or a socket buffer takes at once */

static uint8_t big[BIG];

static int64_t clock_step_ms; /* how far the clock goes each time it is read */

int64_t clock_monotonic_ms(void)
{
    static int64_t now_ms;
    now_ms += clock_step_ms;
    return now_ms;
}

struct reader {
    int fd;
    uint8_t bytes[BIG];
    size_t count;
};

static void *read_all(void *argument)
{
    struct reader *reader = argument;
    for (;;) {
        ssize_t count =
            read(reader->fd, reader->bytes + reader->count, sizeof reader->bytes - reader->count);
        if (count <= 0)
            return NULL;
        reader->count += (size_t)count;
    }
}

enum channel { PIPE, PIPE_NONBLOCKING, SOCKET };

static const struct {
    const char *sentence;
    enum channel channel;
} channels[] = {
    {"a pipe takes a long message in several writes", PIPE},
    {"a non-blocking pipe is waited for when it is full", PIPE_NONBLOCKING},
    {"a socket takes a long message in several writes", SOCKET},
};

/* ends[0] is read, ends[1] written. */
static void open_channel(enum channel channel, int ends[2])
{
    if (channel == SOCKET)
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    else
        assert_int_equal(pipe2(ends, channel == PIPE_NONBLOCKING ? O_NONBLOCK : 0), 0);
    if (channel == PIPE_NONBLOCKING)
        assert_int_equal(fcntl(ends[0], F_SETFL, 0), 0);
}

static struct bus *open_bus(int fd)
{
    struct error error = {0};
    struct bus *bus = bus_open_file(fd, &error);
    assert_non_null(bus);
    return bus;
}

static void test_long_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++) {
        int ends[2];
        open_channel(channels[i].channel, ends);
        int flags = fcntl(ends[1], F_GETFL);
        struct reader *reader = calloc(1, sizeof *reader);
        assert_non_null(reader);
        reader->fd = ends[0];
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, read_all, reader), 0);

        struct error error = {0};
        struct bus *bus = open_bus(ends[1]);
        bool sent = bus_send(bus, big, sizeof big, &error);
        bus_close(bus);
        int flags_after = fcntl(ends[1], F_GETFL);
        (void)close(ends[1]);
        (void)pthread_join(thread, NULL);
        (void)close(ends[0]);

        if (!sent || reader->count != sizeof big || memcmp(reader->bytes, big, sizeof big) != 0)
            fail_msg("%s: %zu of %zu bytes came: %s", channels[i].sentence, reader->count,
                     sizeof big, error.text);
        if (flags_after != flags)
            fail_msg("%s: the caller's descriptor was changed", channels[i].sentence);
        free(reader);
    }
}

static void test_reader_that_stalls(void **state)
{
    (void)state;
    clock_step_ms = BUS_STALL_MS / 10;
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++) {
        int ends[2];
        open_channel(channels[i].channel, ends);
        struct error error = {0};
        struct bus *bus = open_bus(ends[1]);
        if (bus_send(bus, big, sizeof big, &error) || strstr(error.text, "took nothing") == NULL)
            fail_msg("%s, but nobody reads: \"%s\"", channels[i].sentence, error.text);
        bus_close(bus);
        (void)close(ends[0]);
        (void)close(ends[1]);
    }
    clock_step_ms = 0;
}

static void test_short_message_to_a_full_pipe_is_left_out_whole(void **state)
{
    (void)state;
    int ends[2];
    open_channel(PIPE, ends);
    assert_int_equal(fcntl(ends[1], F_SETPIPE_SZ, 4096), 4096);
    struct error error = {0};
    struct bus *bus = open_bus(ends[1]);
    assert_true(bus_send(bus, big, 4000, &error));
    clock_step_ms = BUS_STALL_MS / 10;
    assert_false(bus_send(bus, big, 200, &error));
    clock_step_ms = 0;
    static struct reader reader;
    reader = (struct reader){.fd = ends[0]};
    bus_close(bus);
    (void)close(ends[1]);
    (void)read_all(&reader);
    assert_int_equal(reader.count, 4000);
    (void)close(ends[0]);
}

static void test_reader_that_went_away(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof channels / sizeof channels[0]; i++) {
        int ends[2];
        open_channel(channels[i].channel, ends);
        struct error error = {0};
        struct bus *bus = open_bus(ends[1]);
        (void)close(ends[0]);
        if (bus_send(bus, big, 10, &error) || strstr(error.text, "closed it") == NULL)
            fail_msg("%s, but the reader is gone: \"%s\"", channels[i].sentence, error.text);
        bus_close(bus);
        (void)close(ends[1]);
    }
}

static void test_regular_file_is_appended_where_the_caller_is(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    int fd = fileno(file);
    assert_int_equal(write(fd, "before ", 7), 7);
    struct error error = {0};
    struct bus *bus = open_bus(fd);
    assert_true(bus_send(bus, (const uint8_t *)"frame", 5, &error));
    bus_close(bus);
    char text[32] = "";
    assert_int_equal(pread(fd, text, sizeof text - 1, 0), 12);
    assert_string_equal(text, "before frame");
    assert_int_equal(fcntl(fd, F_GETFD) >= 0, 1); /* still the caller's */
    (void)fclose(file);
}

static void test_closed_descriptor_is_told_by_the_first_message(void **state)
{
    (void)state;
    struct error error = {0};
    int closed = dup(STDIN_FILENO);
    (void)close(closed);
    struct bus *bus = open_bus(closed);
    assert_true(bus_send(bus, big, 0, &error));
    assert_false(bus_send(bus, big, 1, &error));
    assert_non_null(strstr(error.text, "could not be written"));
    bus_close(bus);
}

static void test_full_disk(void **state)
{
    (void)state;
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        skip();
    struct error error = {0};
    struct bus *bus = open_bus(fd);
    assert_false(bus_send(bus, big, 10, &error));
    assert_string_equal(error.text, "the output's disk is full: free some space");
    bus_close(bus);
    (void)close(fd);
}

int main(void)
{
    (void)alarm(60);                /* what hangs is a fault */
    (void)signal(SIGPIPE, SIG_IGN); /* as bus.h asks of the process */
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (uint8_t)(i * 31 + i / 251);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long_messages),
        cmocka_unit_test(test_reader_that_stalls),
        cmocka_unit_test(test_short_message_to_a_full_pipe_is_left_out_whole),
        cmocka_unit_test(test_reader_that_went_away),
        cmocka_unit_test(test_regular_file_is_appended_where_the_caller_is),
        cmocka_unit_test(test_closed_descriptor_is_told_by_the_first_message),
        cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
