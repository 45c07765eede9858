/*
 * Bytes to a file descriptor: standard output as a terminal, a pipe, a file or a socket.
 */
#include "base/clock.h"
#include "bus/driver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct file {
    struct bus bus;
    int fd;
    bool own;       /* fd is ours to close */
    bool is_socket; /* sockets have their own way not to block */
};

static bool complain(int number, struct error *error)
{
    if (number == EPIPE || number == ECONNRESET)
        return error_set(error, "whoever read the output has closed it: start the reader anew");
    if (number == EAGAIN)
        return error_set(error,
                         "the terminal or pipe took nothing for %d ms: let its reader go on; in a "
                         "terminal that is stopped, press Ctrl-Q",
                         BUS_STALL_MS);
    if (number == ENOSPC || number == EDQUOT)
        return error_set(error, "the output's disk is full: free some space");
    return error_set(error, "the output could not be written: %s", strerror(number));
}

/* 0 when there is room to write; else an errno. */
static int wait_for_room(int fd, int64_t deadline_ms)
{
    for (;;) {
        int64_t left = deadline_ms - clock_monotonic_ms();
        if (left <= 0)
            return EAGAIN;
        struct pollfd room = {.fd = fd, .events = POLLOUT};
        int ready = poll(&room, 1, (int)left);
        if (ready > 0)
            return 0; /* also after a hang-up: writing then says what happened */
        if (ready < 0 && errno != EINTR)
            return errno;
    }
}

static ssize_t put(const struct file *file, const uint8_t *bytes, size_t length)
{
    if (file->is_socket)
        return send(file->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    return write(file->fd, bytes, length);
}

static bool file_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    const struct file *file = (struct file *)bus;
    int64_t deadline_ms = clock_monotonic_ms() + BUS_STALL_MS;
    size_t sent = 0;
    while (sent < length) {
        int fault = wait_for_room(file->fd, deadline_ms);
        if (fault != 0)
            return complain(fault, error);
        ssize_t count = put(file, bytes + sent, length - sent);
        if (count >= 0) {
            sent += (size_t)count;
            deadline_ms = clock_monotonic_ms() + BUS_STALL_MS; /* slow is not stalled */
        } else if (errno != EINTR && errno != EAGAIN) {
            return complain(errno, error);
        }
    }
    return true;
}

static void file_close(struct bus *bus)
{
    struct file *file = (struct file *)bus;
    if (file->own)
        (void)close(file->fd);
    free(file);
}

static const struct bus_driver driver = {file_send, file_close};

/*
 * The descriptor is shared with others (the shell, standard error), so it must not become
 * non-blocking; a description of our own may. -1: this kind has none, or we may not open it.
 */
static int reopen(int fd, mode_t mode)
{
    if (!S_ISFIFO(mode) && isatty(fd) == 0)
        return -1;
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

struct bus *bus_open_file(int fd, struct error *error)
{
    struct file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        (void)error_set(error, "out of memory while opening the output");
        return NULL;
    }
    struct stat status = {0};
    (void)fstat(fd, &status); /* a bad descriptor is reported by the first message */
    int own = reopen(fd, status.st_mode);
    file->bus.driver = &driver;
    file->fd = own >= 0 ? own : fd;
    file->own = own >= 0;
    file->is_socket = S_ISSOCK(status.st_mode);
    return &file->bus;
}
