#include "bus/device.h"

#include "base/text.h"
#include "bus/look.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_SIZE 64
#define GROUPS_MAX 256
#define PATH_SIZE 128
#define OTHERS_MAX 8

/* The kernel's fixed answers; what is special to a bus stands in its file. */
static const struct {
    int number;
    const char *why;
} reasons[] = {
    {ENODEV, "its driver is gone; load the driver, or plug the device in again"},
    {ENXIO, "its driver is gone; load the driver, or plug the device in again"},
    {ESHUTDOWN, "its driver was unbound; bind it, or load it again"},
    {EBUSY, "another program or driver holds it; `fuser -v` on it names programs: end the other"},
    {ENOTTY, "it is no device of this kind; correct the path in the board file"},
    {EISDIR, "it is a directory; correct the path in the board file"},
    {ENOTDIR, "there is no such directory; correct the path in the board file"},
    {EROFS, "it is read-only here; a container needs it passed in writable"},
    {ETIMEDOUT, "its controller did not finish in time; switch the machine off and on, and look "
                "at the kernel's log (`dmesg`)"},
    {ENOMEM, "the machine is out of memory; end other programs"},
    {EMFILE, "too many open files; raise the limit of open files (LimitNOFILE=)"},
    {ENFILE, "the machine has too many open files; end other programs"},
};

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* "; there is spidev10.0, spidev10.1" */
static void list_others(const char *others, struct text *out)
{
    char directory[PATH_SIZE];
    const char *begin = strrchr(others, '/') + 1;
    (void)snprintf(directory, sizeof directory, "%.*s", (int)(begin - others), others);
    struct dirent **entries = NULL;
    size_t listed = 0;
    int count = scandir(directory, &entries, is_visible, versionsort);
    for (int i = 0; i < count; i++) {
        if (strncmp(entries[i]->d_name, begin, strlen(begin)) == 0 && listed++ < OTHERS_MAX)
            text_addf(out, "%s %s", listed == 1 ? "; there is" : ",", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

/* This machine's reason, and what brings the device. */
static bool complain_by_machine(const struct device *device, struct error *error)
{
    struct machine machine;
    struct advice advice;
    struct text words = {0};
    const struct wish wish = {.path = device->path, .selects = true};
    bool fine;
    look_at(&machine, "");
    if (device->lights != NULL) {
        const struct pio_wish pio = {device->path, device->lights->line, device->lights->pixels};
        fine = machine_pio_fits(&machine, &pio, &advice);
    } else {
        fine = machine_offers(&machine, &wish, &advice);
    }
    if (!fine)
        advice_words(&machine, &advice, &words);
    if (fine || words.data == NULL)
        (void)error_set(error, "there is no %s: name a device of this machine in the board file",
                        device->path);
    else
        (void)error_set(error, "%s", words.data);
    text_free(&words);
    look_away(&machine);
    return false;
}

static bool complain_absent(const struct device *device, struct error *error)
{
    if (device->absence == NULL)
        return complain_by_machine(device, error);
    struct text others = {0};
    if (device->others != NULL)
        list_others(device->others, &others);
    (void)error_set(error, "there is no %s: %s%s", device->path, device->absence,
                    others.data == NULL ? "" : others.data);
    text_free(&others);
    return false;
}

bool device_fault(const struct device *device, const char *doing, int number, struct error *error)
{
    if (number == EACCES || number == EPERM)
        return device_denied(device->path, doing, device->group, error);
    if (number == ENOENT)
        return complain_absent(device, error);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].number == number)
            return error_set(error, "%s could not be %s: %s", device->path, doing, reasons[i].why);
    return error_set(error, "%s could not be %s: %s; the kernel's log (`dmesg`) may say more",
                     device->path, doing, strerror(number));
}

int device_open(const struct device *device, int flags, struct error *error)
{
    int fd = open(device->path, flags | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        (void)device_fault(device, "opened", errno, error);
    return fd;
}

static bool is_member(gid_t group)
{
    gid_t groups[GROUPS_MAX];
    int count = getgroups(GROUPS_MAX, groups);
    for (int i = 0; i < count; i++)
        if (groups[i] == group)
            return true;
    return getegid() == group;
}

/* True when the file's mode lets us read and write, so that something else forbids it. */
static bool mode_permits(const struct stat *status)
{
    mode_t both = S_IRUSR | S_IWUSR; /* shifted down to group's and others' below */
    if (geteuid() == 0)
        return true;
    if (status->st_uid == geteuid())
        return (status->st_mode & both) == both;
    if (is_member(status->st_gid))
        return (status->st_mode & (both >> 3)) == both >> 3;
    return (status->st_mode & (both >> 6)) == both >> 6;
}

static void name_user(uid_t user, const char *nameless, char out[static NAME_SIZE])
{
    const struct passwd *known = getpwuid(user);
    (void)text_copy(out, NAME_SIZE, known == NULL ? nameless : known->pw_name);
}

bool device_denied(const char *path, const char *doing, const char *group, struct error *error)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return error_set(error, "%s could not be %s: %s", path, doing, strerror(errno));
    char owner[NAME_SIZE], user[NAME_SIZE], id[NAME_SIZE];
    name_user(status.st_uid, "?", owner);
    name_user(geteuid(), "USER", user);
    (void)snprintf(id, sizeof id, "%lu", (unsigned long)status.st_gid);
    const struct group *known = getgrgid(status.st_gid);
    const char *holder = known == NULL ? id : known->gr_name;
    unsigned mode = (unsigned)status.st_mode & 07777U;

    if (mode_permits(&status))
        return error_set(
            error,
            "%s could not be %s by user %s, though owner %s, group %s, mode %04o would "
            "permit it: a sandbox forbids it; allow the device in the service's unit "
            "(DeviceAllow=), or pass it into the container",
            path, doing, user, owner, holder, mode);
    /* Debian ships no rule for most devices: root alone may open them until ours is installed. */
    bool group_may = status.st_gid != 0 && (status.st_mode & (S_IRGRP | S_IWGRP)) != 0;
    if (group_may && known == NULL) /* a container that has the device, but not the host's groups */
        return error_set(error,
                         "%s could not be %s by user %s: it belongs to owner %s, group %s (mode "
                         "%04o), which has no name here: run the container with `--group-add %s`",
                         path, doing, user, owner, holder, mode, id);
    return error_set(error,
                     "%s could not be %s by user %s: it belongs to owner %s, group %s (mode %04o): "
                     "%srun `sudo usermod -aG %s %s` and start amberbar anew",
                     path, doing, user, owner, holder, mode,
                     group_may ? "" : "install amberbar's udev rules, then ",
                     group_may ? holder : group, user);
}
