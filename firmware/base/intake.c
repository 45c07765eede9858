#include "base/intake.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* A FIFO with a name is of the file system it lies in. */
static bool is_handed_pipe(int fd, const struct stat *file)
{
    struct statfs system;
    return S_ISFIFO(file->st_mode) && fstatfs(fd, &system) == 0 && system.f_type == PIPEFS_MAGIC;
}

int intake_open(const char *path, enum intake what)
{
    struct stat file = {0};
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return -1;
    if (fstat(fd, &file) == 0 &&
        (S_ISREG(file.st_mode) || (what == INTAKE_HANDED && is_handed_pipe(fd, &file))))
        return fd;
    close(fd);
    errno = S_ISDIR(file.st_mode) ? EISDIR : EMEDIUMTYPE;
    return -1;
}

/* Waits for a pipe; a regular file is always ready. */
static bool wait_for(int fd, int64_t end_ms)
{
    struct pollfd pipe = {.fd = fd, .events = POLLIN};
    int64_t left_ms = end_ms - clock_monotonic_ms();
    int ready = poll(&pipe, 1, left_ms > 0 ? (int)left_ms : 0);
    if (ready == 0)
        errno = ETIMEDOUT;
    return ready > 0 || (ready < 0 && errno == EINTR);
}

bool intake_rest(int fd, size_t most, struct text *out)
{
    char piece[16384];
    const size_t before = out->length;
    const int64_t end_ms = clock_monotonic_ms() + INTAKE_PIPE_MS;
    ssize_t got = 1;
    errno = 0;
    while (got != 0 && errno == 0) {
        got = read(fd, piece, sizeof piece);
        if (got > 0)
            text_add_bytes(out, piece, (size_t)got);
        if (out->length - before > most)
            errno = EFBIG;
        else if (out->failed)
            errno = ENOMEM;
        else if (got < 0 && (errno == EINTR || (errno == EAGAIN && wait_for(fd, end_ms))))
            errno = 0;
        else if (got > 0)
            errno = clock_monotonic_ms() < end_ms ? 0 : ETIMEDOUT;
    }
    explicit_bzero(piece, sizeof piece);
    return errno == 0;
}

bool intake_file(const char *path, enum intake what, size_t most, struct text *out)
{
    int fd = intake_open(path, what);
    if (fd < 0)
        return false;
    bool good = intake_rest(fd, most, out);
    int reason = errno;
    close(fd);
    errno = reason;
    return good;
}

const char *intake_words(int reason)
{
    static const struct {
        int reason;
        const char *words;
    } words[] = {
        {ENOENT, "there is no such file"},
        {ENOTDIR, "there is no such file"},
        {EISDIR, "it is a directory"},
        {EMEDIUMTYPE, "it is no regular file but a pipe, a device or a socket"},
        {ENXIO, "it is no regular file but a pipe, a device or a socket"},
        {EFBIG, "it is too long"},
        {ETIMEDOUT, "what comes from it does not end"},
        {ENOMEM, "there is not enough memory to read it"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].reason == reason)
            return words[i].words;
    return strerror(reason);
}
