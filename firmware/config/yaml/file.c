#include "config/yaml/file.h"

#include "base/intake.h"

#include <errno.h>
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
    if (user != NULL)
        text_copy(out, WHO_SIZE, user->pw_name);
    else
        snprintf(out, WHO_SIZE, "%ju", (uintmax_t)id);
}

static void name_group(gid_t id, char out[static WHO_SIZE])
{
    const struct group *group = getgrgid(id);
    if (group != NULL)
        text_copy(out, WHO_SIZE, group->gr_name);
    else
        snprintf(out, WHO_SIZE, "%ju", (uintmax_t)id);
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

static void complain_unread(const char *path, int reason, size_t max, struct complaints *complaints)
{
    switch (reason) {
    case ENOENT:
    case ENOTDIR:
        complain(complaints, path, 0, 0, "there is no such file; check the path");
        return;
    case EACCES:
        complain_denied(path, complaints);
        return;
    case EISDIR:
        complain(complaints, path, 0, 0, "it is a directory; name a file in it");
        return;
    case EFBIG:
        complain(complaints, path, 0, 0,
                 "the file is longer than %zu KiB; is it really the one you meant?", max / 1024);
        return;
    case ETIMEDOUT:
        complain(complaints, path, 0, 0,
                 "what comes from it does not end within %d s; write it to a file",
                 INTAKE_PIPE_MS / 1000);
        return;
    default:
        complain(complaints, path, 0, 0, "it cannot be read: %s", intake_words(reason));
    }
}

bool file_read(const char *path, size_t max, struct text *out, struct complaints *complaints)
{
    if (intake_file(path, INTAKE_HANDED, max, out))
        return true;
    complain_unread(path, errno, max, complaints);
    return false;
}
