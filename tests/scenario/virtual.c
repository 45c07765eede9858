#undef _FORTIFY_SOURCE /* its poll() is inline, and this is another */
#include "scenario/virtual.h"

#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define KERNEL_PATIENCE_MS 2000 /* real: until loopback has carried what was sent */

struct virtual_time virtual_time;

int clock_gettime(clockid_t id, struct timespec *now)
{
    if (!virtual_time.on)
        return (int)syscall(SYS_clock_gettime, id, now);
    bool wall = id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE;
    int64_t ms = wall ? virtual_time.realtime_ms : virtual_time.monotonic_ms;
    *now = (struct timespec){.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
    return 0;
}

time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    *out = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}

static int real_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    struct timespec timeout = {.tv_sec = timeout_ms / 1000,
                               .tv_nsec = (long)(timeout_ms % 1000) * 1000000};
    return (int)syscall(SYS_ppoll, fds, count, timeout_ms < 0 ? NULL : &timeout, NULL, 0);
}

static int64_t real_ms(void)
{
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int pass(int ms)
{
    virtual_time.monotonic_ms += ms;
    virtual_time.realtime_ms += ms;
    virtual_time.look();
    return 0;
}

int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    int ready;
    if (!virtual_time.on)
        return real_poll(fds, count, timeout_ms);
    virtual_time.look();
    int64_t patience_ms = real_ms() + KERNEL_PATIENCE_MS;
    bool under_way;
    do {
        under_way = count > 1 && virtual_time.serve(); /* with its signals alone it has not asked */
        ready = real_poll(fds, count, under_way && timeout_ms != 0 ? 1 : 0);
        if (ready != 0 || timeout_ms == 0)
            return ready;
    } while (under_way && real_ms() < patience_ms);
    return pass(timeout_ms);
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    if (!virtual_time.on || fd != STDOUT_FILENO)
        return syscall(SYS_write, fd, bytes, length);
    if (virtual_time.unread) {
        errno = EPIPE;
        return -1;
    }
    virtual_time.written(bytes, length);
    return (ssize_t)length;
}
