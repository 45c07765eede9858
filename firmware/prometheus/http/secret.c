#include "prometheus/http/secret.h"

#include "base/intake.h"
#include "prometheus/settings/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* All of it; false with errno. There is room for one byte more, which tells of a file that grows.
 */
static bool read_open_file(struct secret *secret, int fd, size_t room)
{
    ssize_t got;
    secret->text = malloc(room + 1);
    if (secret->text == NULL)
        return false;
    secret->size = room + 1;
    do {
        got = read(fd, secret->text + secret->length, room - secret->length);
        secret->length += got > 0 ? (size_t)got : 0;
    } while ((got > 0 && secret->length < room) || (got < 0 && errno == EINTR));
    if (secret->length == room)
        errno = EAGAIN;
    return got >= 0 && secret->length < room;
}

static bool read_file(struct secret *secret, const char *path, off_t most)
{
    struct stat file = {0};
    int fd = intake_open(path, INTAKE_FILE);
    if (fd < 0)
        return false;
    bool good = fstat(fd, &file) == 0 && file.st_size <= most &&
                read_open_file(secret, fd, (size_t)file.st_size + 1);
    int reason = file.st_size > most ? EFBIG : errno;
    close(fd);
    errno = reason;
    return good;
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
    secret->text[secret->length] = '\0';
}

bool secret_has_control(const char *bytes)
{
    for (; *bytes != '\0'; bytes++)
        if (((unsigned char)*bytes < ' ' && *bytes != '\t') || *bytes == 0x7f)
            return true;
    return false;
}

static const char *find_problem(const struct secret *secret, enum secret_form form)
{
    if (secret->length == 0)
        return "it is empty";
    if (memchr(secret->text, '\0', secret->length) != NULL)
        return "it holds a NUL character";
    if (form == SECRET_LINE && strpbrk(secret->text, "\r\n") != NULL)
        return "it holds more than one line";
    if (form == SECRET_LINE && secret_has_control(secret->text))
        return "it holds a control character";
    return NULL;
}

bool secret_may_be_named(const char *path)
{
    struct stat file;
    return lstat(path, &file) == 0;
}

static bool refuse(const char *path, const char *term, const char *why, const char *advice,
                   struct error *error)
{
    bool named = secret_may_be_named(path);
    return error_set(error, "cannot read %s%s%s: %s%s; %s", term, named ? " " : "",
                     named ? path : "", why, named ? "" : " (" PROMETHEUS_NAME_KEPT ")", advice);
}

static const char *what_to_do(int fault)
{
    switch (fault) {
    case ENOENT:
    case ENOTDIR:
        return "create it, or correct the path";
    case EISDIR:
        return "name a file in it";
    case EFBIG:
        return "put the secret alone into the file";
    case EACCES:
        return "let the user who asks read it, and no other";
    default:
        return "check that it is there and readable";
    }
}

off_t secret_most(enum secret_form form)
{
    return form == SECRET_PEM ? SECRET_PEM_MAX_BYTES : SECRET_MAX_BYTES;
}

bool secret_read(struct secret *secret, const char *path, const char *term, enum secret_form form,
                 struct error *error)
{
    secret_wipe(secret);
    if (!read_file(secret, path, secret_most(form))) {
        const int fault = errno;
        secret_wipe(secret);
        return refuse(path, term, intake_words(fault), what_to_do(fault), error);
    }
    trim(secret);
    const char *problem = find_problem(secret, form);
    if (problem == NULL)
        return true;
    secret_wipe(secret);
    return refuse(path, term, problem, "put the secret alone into the file", error);
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
    secret->size = length + 1;
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
        explicit_bzero(secret->text, secret->size);
    free(secret->text);
    *secret = (struct secret){0};
}

/* Not by our own group, nor by root's, which stands for the ACL of a service's credential too. */
bool secret_is_exposed(const char *path)
{
    struct stat file;
    if (stat(path, &file) != 0 || !S_ISREG(file.st_mode)) /* what is none is another mistake */
        return false;
    bool own_group = file.st_gid == 0 || file.st_gid == getegid();
    mode_t others = own_group ? S_IROTH : S_IRGRP | S_IROTH;
    return (file.st_mode & others) != 0;
}
