#include "daemon/atomic_file.h"

#include "base/write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *name_kind(const struct stat *status)
{
    static const struct {
        mode_t kind;
        const char *name;
    } kinds[] = {
        {S_IFIFO, "a named pipe"},
        {S_IFDIR, "a directory"},
        {S_IFLNK, "a symbolic link"},
        {S_IFCHR, "a device"},
        {S_IFBLK, "a device"},
        {S_IFSOCK, "a socket"},
        {S_IFREG, "a file with a second name"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if ((status->st_mode & S_IFMT) == kinds[i].kind)
            return kinds[i].name;
    return "no file";
}

/* Plain, and under one name: another name of it may be anybody's file. */
static bool is_plain(const struct stat *status)
{
    return S_ISREG(status->st_mode) && status->st_nlink == 1;
}

/* What a killed predecessor left goes; the rest is not ours to touch. */
static bool clear_way(const char *path, const char *new_path, struct error *error)
{
    struct stat status;
    if (lstat(new_path, &status) != 0) /* what is really wrong, opening it will say */
        return true;
    if (!is_plain(&status))
        return error_set(error, "cannot write %s: %s is in the way, %s; remove it", path, new_path,
                         name_kind(&status));
    if (unlink(new_path) == 0 || errno == ENOENT)
        return true;
    return error_set(error, "cannot write %s: %s is in the way, and cannot be removed: %s", path,
                     new_path, strerror(errno));
}

/* That name is still the file that was opened: not so when two programs write one file. */
static bool is_still(int fd, const char *path)
{
    struct stat opened, named;
    return fstat(fd, &opened) == 0 && lstat(path, &named) == 0 && is_plain(&opened) &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

static bool put(const char *path, const char *new_path, const struct text *text,
                struct error *error)
{
    int fd =
        open(new_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
    if (fd < 0)
        return error_set(error, "cannot write %s: %s", path, strerror(errno));
    bool fine = write_text(fd, text);
    int cause = errno;
    bool still = is_still(fd, new_path);
    close(fd);
    if (!still)
        return error_set(error, "cannot write %s: another program writes it as well", path);
    if (fine && rename(new_path, path) == 0)
        return true;
    if (fine)
        cause = errno;
    unlink(new_path);
    return error_set(error, "cannot write %s: %s", path, strerror(cause));
}

bool atomic_file_write(const char *path, const struct text *text, struct error *error)
{
    char new_path[PATH_MAX];
    if (text->failed)
        return error_set(error, "not enough memory to write %s", path);
    int length = snprintf(new_path, sizeof new_path, "%s.new", path);
    if (length < 0 || (size_t)length >= sizeof new_path)
        return error_set(error, "cannot write %s: its name is too long", path);
    return clear_way(path, new_path, error) && put(path, new_path, text, error);
}

bool atomic_file_may_replace(const char *path, struct error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0 || S_ISREG(status.st_mode))
        return true;
    return error_set(error, "cannot write %s: it is %s, and stays; remove it, or name another file",
                     path, name_kind(&status));
}

static bool may_read(int fd, size_t max, bool owned, struct error *error)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return error_set(error, "it cannot be looked at: %s", strerror(errno));
    if (!S_ISREG(status.st_mode))
        return error_set(error, "it is %s; remove it", name_kind(&status));
    if (owned && status.st_uid != geteuid() && status.st_uid != 0)
        return error_set(error, "it belongs to user %ju; run this as that user",
                         (uintmax_t)status.st_uid);
    if (owned && (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return error_set(error, "others may write it; remove it");
    if ((uintmax_t)status.st_size > max)
        return error_set(error, "it is longer than %zu KiB; remove it", max / 1024);
    return true;
}

static bool read_all(int fd, size_t max, struct text *out, struct error *error)
{
    char piece[16384];
    size_t before = out->length;
    ssize_t got;
    while ((got = read(fd, piece, sizeof piece)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set(error, "it cannot be read: %s", strerror(errno));
        text_add_bytes(out, piece, (size_t)got);
        if (out->length - before > max)
            return error_set(error, "it is longer than %zu KiB; remove it", max / 1024);
    }
    return !out->failed || error_set(error, "there is not enough memory to read it");
}

bool atomic_file_read(const char *path, size_t max, bool owned, struct text *out,
                      struct error *error)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ELOOP)
        return error_set(error, "it is a symbolic link; remove it");
    if (fd < 0 && errno == ENOENT)
        return error_set(error, "there is no such file");
    if (fd < 0)
        return error_set(error, "it cannot be opened: %s", strerror(errno));
    bool fine = may_read(fd, max, owned, error) && read_all(fd, max, out, error);
    close(fd);
    return fine;
}
