#include "prometheus/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens a regular file; a pipe or device could block or never end. */
static int open_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat file = {0};
    if (fd < 0 || (fstat(fd, &file) == 0 && S_ISREG(file.st_mode)))
        return fd;
    close(fd);
    errno = S_ISDIR(file.st_mode) ? EISDIR : EINVAL;
    return -1;
}

/* As much as fits; false with errno when it cannot be read, or EFBIG when there is more. */
static bool read_file(struct secret *secret, const char *path)
{
    int fd = open_file(path);
    if (fd < 0)
        return false;
    ssize_t got;
    secret->length = 0;
    do {
        got = read(fd, secret->text + secret->length, sizeof secret->text - secret->length);
        if (got > 0)
            secret->length += (size_t)got;
    } while ((got > 0 && secret->length < sizeof secret->text) || (got < 0 && errno == EINTR));
    int reason = got < 0 ? errno : EFBIG;
    if (secret->used < secret->length)
        secret->used = secret->length;
    close(fd);
    errno = reason;
    return got >= 0 && secret->length <= SECRET_MAX_BYTES;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

static void trim(struct secret *secret)
{
    size_t start = 0;
    while (secret->length > 0 && is_space(secret->text[secret->length - 1]))
        secret->length--;
    while (start < secret->length && is_space(secret->text[start]))
        start++;
    secret->length -= start;
    memmove(secret->text, secret->text + start, secret->length);
}

bool secret_read(struct secret *secret, const char *path, const char *term, struct error *error)
{
    if (!read_file(secret, path)) {
        int reason = errno;
        secret_wipe(secret);
        return error_set(error, "cannot read %s %s: %s; check that it is there and readable", term,
                         path, strerror(reason));
    }
    trim(secret);
    secret->text[secret->length] = '\0';
    const char *problem = NULL;
    if (secret->length == 0)
        problem = "it is empty";
    else if (memchr(secret->text, '\0', secret->length) != NULL)
        problem = "it holds a NUL character";
    else if (memchr(secret->text, '\n', secret->length) != NULL ||
             memchr(secret->text, '\r', secret->length) != NULL)
        problem = "it holds more than one line";
    if (problem == NULL)
        return true;
    secret_wipe(secret);
    return error_set(error, "cannot read %s %s: %s; put the secret alone into the file", term, path,
                     problem);
}

bool secret_equals(const struct secret *a, const struct secret *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

void secret_wipe(struct secret *secret)
{
    explicit_bzero(secret->text, secret->used);
    secret->length = 0;
    secret->used = 0;
}

/* Not by our own group, nor by root's, which stands for the ACL of a service's credential too. */
bool secret_is_exposed(const char *path)
{
    struct stat file;
    if (stat(path, &file) != 0)
        return false;
    bool own_group = file.st_gid == 0 || file.st_gid == getegid();
    mode_t others = own_group ? S_IROTH : S_IRGRP | S_IROTH;
    return (file.st_mode & others) != 0;
}
