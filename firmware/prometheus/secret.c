#include "prometheus/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
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

/* As much as fits into SECRET_MAX_BYTES and one more: its length, or -1 with errno. */
static ssize_t read_file(const char *path, char text[static SECRET_MAX_BYTES + 1])
{
    int fd = open_file(path);
    if (fd < 0)
        return -1;
    ssize_t got, length = 0;
    do {
        got = read(fd, text + length, SECRET_MAX_BYTES + 1 - (size_t)length);
        length += got > 0 ? got : 0;
    } while ((got > 0 && length <= SECRET_MAX_BYTES) || (got < 0 && errno == EINTR));
    int reason = errno;
    close(fd);
    errno = length > SECRET_MAX_BYTES ? EFBIG : reason;
    return got < 0 || length > SECRET_MAX_BYTES ? -1 : length;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

static const char *find_problem(const struct secret *secret, enum secret_form form)
{
    if (secret->length == 0)
        return "it is empty";
    if (memchr(secret->text, '\0', secret->length) != NULL)
        return "it holds a NUL character";
    if (form == SECRET_LINE && strpbrk(secret->text, "\r\n") != NULL)
        return "it holds more than one line";
    return NULL;
}

bool secret_read(struct secret *secret, const char *path, const char *term, enum secret_form form,
                 struct error *error)
{
    char text[SECRET_MAX_BYTES + 1];
    const char *start = text;
    ssize_t length = read_file(path, text);
    int reason = errno;
    secret_wipe(secret);
    if (length < 0) {
        explicit_bzero(text, sizeof text); /* a part of it may have been read */
        return error_set(error, "cannot read %s %s: %s; check that it is there and readable", term,
                         path, strerror(reason));
    }
    size_t end = (size_t)length;
    while (end > 0 && is_space(text[end - 1]))
        end--;
    while (start < text + end && is_space(*start))
        start++;
    bool held = secret_set(secret, start, end - (size_t)(start - text));
    explicit_bzero(text, (size_t)length);
    if (!held)
        return error_set(error, "cannot read %s %s: not enough memory", term, path);
    const char *problem = find_problem(secret, form);
    if (problem == NULL)
        return true;
    secret_wipe(secret);
    return error_set(error, "cannot read %s %s: %s; put the secret alone into the file", term, path,
                     problem);
}

bool secret_set(struct secret *secret, const char *bytes, size_t length)
{
    secret_wipe(secret);
    secret->text = malloc(length + 1);
    if (secret->text == NULL)
        return false;
    memcpy(secret->text, bytes, length);
    secret->text[length] = '\0';
    secret->length = length;
    return true;
}

bool secret_equals(const struct secret *a, const struct secret *b)
{
    return a->length == b->length && (a->length == 0 || memcmp(a->text, b->text, a->length) == 0);
}

const char *secret_text(const struct secret *secret)
{
    return secret->text == NULL ? "" : secret->text;
}

void secret_wipe(struct secret *secret)
{
    if (secret->text != NULL)
        explicit_bzero(secret->text, secret->length);
    free(secret->text);
    *secret = (struct secret){0};
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
