#include "config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHO_SIZE 128

static void name_user(uid_t id, char out[static WHO_SIZE])
{
    const struct passwd *user = getpwuid(id);
    if (user != NULL) {
        text_copy(out, WHO_SIZE, user->pw_name);
    } else {
        snprintf(out, WHO_SIZE, "%ju", (uintmax_t)id);
    }
}

static void name_group(gid_t id, char out[static WHO_SIZE])
{
    const struct group *group = getgrgid(id);
    if (group != NULL) {
        text_copy(out, WHO_SIZE, group->gr_name);
    } else {
        snprintf(out, WHO_SIZE, "%ju", (uintmax_t)id);
    }
}

/* Who may read it, by its mode; or that a directory above it is closed. */
static void complain_denied(const char *path, struct complaints *complaints)
{
    char me[WHO_SIZE];
    char owner[WHO_SIZE];
    char group[WHO_SIZE];
    struct stat status;

    name_user(geteuid(), me);
    if (stat(path, &status) != 0) {
        complain(complaints, path, 0, 0,
                 "user %s may not enter a directory above it; give others search permission there "
                 "(chmod o+x), or run as root",
                 me);
        return;
    }
    name_user(status.st_uid, owner);
    name_group(status.st_gid, group);
    complain(complaints, path, 0, 0,
             "user %s may not read it, only %s%s%s; run as one who may, or chmod or chgrp it", me,
             (status.st_mode & S_IRUSR) != 0 ? owner : "root",
             (status.st_mode & S_IRGRP) != 0 ? " and group " : "",
             (status.st_mode & S_IRGRP) != 0 ? group : "");
}

static void complain_unopened(const char *path, int reason, struct complaints *complaints)
{
    if (reason == ENOENT || reason == ENOTDIR) {
        complain(complaints, path, 0, 0, "there is no such file; check the path");
    } else if (reason == EACCES) {
        complain_denied(path, complaints);
    } else {
        complain(complaints, path, 0, 0, "it cannot be opened: %s", strerror(reason));
    }
}

static bool read_all(int fd, const char *path, size_t max, struct text *out,
                     struct complaints *complaints)
{
    char piece[16384];
    for (;;) {
        ssize_t got = read(fd, piece, sizeof(piece));
        if (got == 0) {
            break;
        }
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            complain(complaints, path, 0, 0, "it cannot be read: %s", strerror(errno));
            return false;
        }
        text_add_bytes(out, piece, (size_t)got);
        if (out->length > max) {
            complain(complaints, path, 0, 0,
                     "the file is longer than %zu KiB; is it really the one you meant?",
                     max / 1024);
            return false;
        }
    }
    explicit_bzero(piece, sizeof(piece));
    if (out->failed) {
        complain(complaints, path, 0, 0, "there is not enough memory to read it");
    }
    return !out->failed;
}

bool file_read(const char *path, size_t max, struct text *out, struct complaints *complaints)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        complain_unopened(path, errno, complaints);
        return false;
    }
    bool done = false;
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        complain(complaints, path, 0, 0, "it is a directory; name a file in it");
    } else {
        done = read_all(fd, path, max, out, complaints);
    }
    close(fd);
    return done;
}
