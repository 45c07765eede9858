/*
 * The kernel of a machine with other devices than this one: include it in one file of a test
 * program, whose calls it then takes in libc's place. Paths below /dev, /sys and /boot, and the
 * device tree's, are looked for in a directory of the test's own; ioctl() is answered from
 * `machine` and remembered; writes go through unless `machine` says otherwise.
 */
#ifndef AMBERBAR_TESTS_BUS_MACHINE_H
#define AMBERBAR_TESTS_BUS_MACHINE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cmocka.h>

#define MACHINE_PATH_SIZE 256
#define MACHINE_IOCTLS_MAX 32

static struct machine {
    char root[32];
    int open_errno;        /* answers open(); 0: the real one */
    const char *open_only; /* ... of this path; NULL: of any */

    unsigned long requests[MACHINE_IOCTLS_MAX]; /* ioctl()s in their order */
    size_t ioctls;
    unsigned long failing; /* the request that is answered with `ioctl_errno` */
    int ioctl_errno;
    int (*answer)(unsigned long request, void *argument); /* for all others; NULL: 0 */

    int write_errno;    /* answers write() and pwrite(); 0: none */
    size_t write_short; /* they take so many bytes less */
    size_t interrupts;  /* so many writes are interrupted by a signal first */
} machine;

/* Not static, for readlink() is an inline function in a fortified program. */
void machine_path(const char *path, char out[static MACHINE_PATH_SIZE]);

void machine_path(const char *path, char out[static MACHINE_PATH_SIZE])
{
    static const char *const recorded[] = {"/dev", "/sys/", "/boot/", "/proc/device-tree/",
                                           "/proc/sys/kernel/osrelease"};
    bool inside = false;
    for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++)
        inside = inside || strncmp(path, recorded[i], strlen(recorded[i])) == 0;
    (void)snprintf(out, MACHINE_PATH_SIZE, "%s%s", inside ? machine.root : "", path);
}

static int machine_open(const char *path, int flags)
{
    char real[MACHINE_PATH_SIZE];
    machine_path(path, real);
    bool meant = machine.open_only == NULL || strcmp(path, machine.open_only) == 0;
    if (machine.open_errno != 0 && meant) {
        errno = machine.open_errno;
        return -1;
    }
    return (int)syscall(SYS_openat, AT_FDCWD, real, flags, 0);
}

/* What open() is called in a program with 64-bit offsets; the second, in a fortified one. */
int __open64_2(const char *path, int flags);

int open64(const char *path, int flags, ...)
{
    return machine_open(path, flags);
}

int __open64_2(const char *path, int flags)
{
    return machine_open(path, flags);
}

int access(const char *path, int mode)
{
    char real[MACHINE_PATH_SIZE];
    machine_path(path, real);
    return faccessat(AT_FDCWD, real, mode, 0);
}

ssize_t readlink(const char *restrict path, char *restrict target, size_t size)
{
    char real[MACHINE_PATH_SIZE];
    machine_path(path, real);
    return readlinkat(AT_FDCWD, real, target, size);
}

int scandir64(const char *restrict directory, struct dirent64 ***restrict names,
              int (*filter)(const struct dirent64 *),
              int (*compare)(const struct dirent64 **, const struct dirent64 **))
{
    char real[MACHINE_PATH_SIZE];
    machine_path(directory, real);
    return scandirat64(AT_FDCWD, real, names, filter, compare);
}

int ioctl(int fd, unsigned long request, ...)
{
    (void)fd;
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    assert_true(machine.ioctls < MACHINE_IOCTLS_MAX);
    machine.requests[machine.ioctls++] = request;
    if (request == machine.failing) {
        errno = machine.ioctl_errno;
        return -1;
    }
    return machine.answer == NULL ? 0 : machine.answer(request, argument);
}

/* True: errno is set; false: so many bytes may be written. */
static bool machine_refuses(size_t *length)
{
    if (machine.interrupts > 0) {
        machine.interrupts--;
        errno = EINTR;
        return true;
    }
    errno = machine.write_errno;
    *length -= machine.write_short;
    return machine.write_errno != 0;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    if (fd <= STDERR_FILENO)
        return syscall(SYS_write, fd, bytes, length);
    return machine_refuses(&length) ? -1 : syscall(SYS_write, fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
    union { /* pwritev() writes, though an iovec's base is not const */
        const void *from;
        void *base;
    } is = {bytes};
    if (machine_refuses(&length))
        return -1;
    const struct iovec vector = {is.base, length};
    return pwritev(fd, &vector, 1, offset);
}

static inline int machine_set_up(void **state)
{
    (void)state;
    machine = (struct machine){.root = "/tmp/machine-XXXXXX"};
    assert_non_null(mkdtemp(machine.root));
    assert_int_equal(chmod(machine.root, 0755), 0);
    return 0;
}

static inline int machine_remove_entry(const char *path, const struct stat *status, int type,
                                       struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

static inline int machine_tear_down(void **state)
{
    (void)state;
    assert_int_equal(nftw(machine.root, machine_remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
    return 0;
}

/* Makes a file with its directories; "" content: an empty one. */
static inline void machine_file(const char *path, const char *content)
{
    char real[MACHINE_PATH_SIZE];
    machine_path(path, real);
    for (char *slash = strchr(real + strlen(machine.root) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(real, 0755);
        *slash = '/';
    }
    FILE *file = fopen(real, "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline void machine_link(const char *path, const char *target)
{
    char real[MACHINE_PATH_SIZE];
    machine_file(path, "");
    machine_path(path, real);
    assert_int_equal(unlink(real), 0);
    assert_int_equal(symlink(target, real), 0);
}

/* What a file holds now. */
static inline void machine_read(const char *path, char *out, size_t size)
{
    char real[MACHINE_PATH_SIZE];
    machine_path(path, real);
    FILE *file = fopen(real, "r");
    assert_non_null(file);
    out[fread(out, 1, size - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
}

static inline void machine_remove(const char *path)
{
    char real[MACHINE_PATH_SIZE];
    machine_path(path, real);
    assert_int_equal(unlink(real), 0);
}

/* Nobody but root may open it; we are not root until machine_as_root(). */
static inline void machine_forbid(const char *path)
{
    char real[MACHINE_PATH_SIZE];
    machine_path(path, real);
    assert_int_equal(chmod(real, 0), 0);
    if (getuid() == 0)
        assert_int_equal(seteuid(65534), 0);
}

static inline void machine_as_root(void)
{
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
}

#endif
