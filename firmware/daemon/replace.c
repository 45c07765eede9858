#include "daemon/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

bool replace_file(const char *path, const struct text *text, struct error *error)
{
    char new_path[PATH_MAX];
    if (text->failed)
        return error_set(error, "not enough memory to write %s", path);
    int length = snprintf(new_path, sizeof new_path, "%s.new", path);
    if (length < 0 || (size_t)length >= sizeof new_path)
        return error_set(error, "cannot write %s: its name is too long", path);
    int fd = open(new_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    bool fine = fd >= 0 && write_all(fd, text->data, text->length);
    int cause = errno;
    if (fd >= 0)
        close(fd);
    if (fine && rename(new_path, path) == 0)
        return true;
    if (fine)
        cause = errno;
    if (fd >= 0)
        unlink(new_path);
    return error_set(error, "cannot write %s: %s", path, strerror(cause));
}
