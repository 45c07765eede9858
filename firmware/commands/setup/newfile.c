#include "commands/setup/newfile.h"

#include "base/intake.h"
#include "base/write.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMPARED_MAX 65536

static mode_t mode_for(gid_t group)
{
    return group == NEWFILE_ALL ? 0644 : group == NEWFILE_OWNER ? 0600 : 0640;
}

/* The group first: until then the owner alone reads it. */
static bool fill(int fd, gid_t group, const struct text *text)
{
    const bool given = group != NEWFILE_ALL && group != NEWFILE_OWNER;
    return (!given || fchown(fd, (uid_t)-1, group) == 0) && fchmod(fd, mode_for(group)) == 0 &&
           write_text(fd, text) && fsync(fd) == 0;
}

/* A file to be, as newfile_write() takes it. */
struct target {
    int folder;
    const char *path; /* for people */
    gid_t group;
    bool replaces;
};

/* As the folder knows it. */
static const char *name_in(int folder, const char *path)
{
    const char *slash = folder == AT_FDCWD ? NULL : strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Unlike rename(2), link(2) never replaces anything. */
static bool give_name(const struct target *target, const char *part)
{
    const int folder = target->folder;
    const char *name = name_in(folder, target->path);
    return target->replaces ? renameat(folder, part, folder, name) == 0
                            : linkat(folder, part, folder, name, 0) == 0;
}

static bool put(const struct target *target, const struct text *text, struct error *error)
{
    char part[PATH_MAX];
    const char *path = target->path;
    if (snprintf(part, sizeof part, "%s.part", name_in(target->folder, path)) >= (int)sizeof part)
        return error_set(error, "the path %s is too long", path);
    int fd =
        openat(target->folder, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(error, "cannot write %s.part: %s%s", path, strerror(errno),
                         errno == EEXIST ? "; it was left by another: remove it" : "");
    bool good = fill(fd, target->group, text);
    int reason = errno;
    if (close(fd) != 0 && good) {
        good = false;
        reason = errno;
    }
    if (good && !give_name(target, part)) {
        good = false;
        reason = errno;
    }
    if (!good)
        error_set(error, "cannot write %s: %s", path, strerror(reason));
    unlinkat(target->folder, part, 0);
    return good;
}

bool newfile_write(int folder, const char *path, gid_t group, const struct text *text,
                   struct error *error)
{
    return put(&(struct target){folder, path, group, false}, text, error);
}

bool newfile_replace(int folder, const char *path, gid_t group, const struct text *text,
                     struct error *error)
{
    return put(&(struct target){folder, path, group, true}, text, error);
}

void newfile_remove(int folder, const char *path)
{
    unlinkat(folder, name_in(folder, path), 0);
}

/* One of ours, as it was just made: nobody else has put another there meanwhile. */
static int open_made(int above, const char *name)
{
    struct stat status;
    const int fd = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -1;
    if (fstat(fd, &status) == 0 && status.st_uid == geteuid() && fchmod(fd, 0755) == 0)
        return fd;
    close(fd);
    return -1;
}

bool newfolder_open(const char *path, struct newfolder *folder, struct error *error)
{
    char above[PATH_MAX], name[PATH_MAX];
    *folder = (struct newfolder){.fd = -1, .above = -1};
    if (!text_copy(above, sizeof above, path) || !text_copy(name, sizeof name, path))
        return error_set(error, "the path %s is too long", path);
    folder->above = open(dirname(above), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    text_copy(folder->name, sizeof folder->name, basename(name));
    folder->made = folder->above >= 0 && mkdirat(folder->above, folder->name, 0755) == 0;
    folder->fd = folder->made ? open_made(folder->above, folder->name)
                              : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd >= 0)
        return true;
    error_set(error, "cannot write into %s: %s", path, strerror(errno));
    folder->made = false; /* whatever is there now is another's */
    newfolder_close(folder);
    return false;
}

void newfolder_remove(const struct newfolder *folder)
{
    if (folder->made)
        unlinkat(folder->above, folder->name, AT_REMOVEDIR);
}

void newfolder_close(struct newfolder *folder)
{
    if (folder->fd >= 0)
        close(folder->fd);
    if (folder->above >= 0)
        close(folder->above);
    folder->fd = folder->above = -1;
}

bool newfile_same(const char *path, const char *other)
{
    struct text one = {0}, two = {0};
    const bool same = intake_file(path, INTAKE_FILE, COMPARED_MAX, &one) &&
                      intake_file(other, INTAKE_FILE, COMPARED_MAX, &two) &&
                      one.length == two.length && one.length > 0 &&
                      memcmp(one.data, two.data, one.length) == 0;
    text_free(&one);
    text_free(&two);
    return same;
}

static bool is_free(const char *path)
{
    struct stat status;
    return lstat(path, &status) != 0 && errno == ENOENT;
}

bool newfile_free(const char *path, const char *const endings[], char *out, size_t size)
{
    if (!text_copy(out, size, path))
        return false;
    for (size_t i = 0; !is_free(out); i++)
        if (endings[i] == NULL || snprintf(out, size, "%s%s", path, endings[i]) >= (int)size)
            return false;
    return true;
}
