#include "commands/doctor/accounts.h"

#include "base/intake.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LISTING "/ls-dev"

static FILE *open_list(const struct machine *machine, const char *path)
{
    char whole[LOOK_PATH_SIZE];
    look_path(machine, path, whole);
    int fd = intake_open(whole, INTAKE_FILE);
    FILE *file = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (fd >= 0 && file == NULL)
        close(fd);
    return file;
}

static bool find_account(const struct machine *machine, const char *name, uid_t user,
                         struct account *account)
{
    FILE *file = open_list(machine, "/etc/passwd");
    const struct passwd *entry = NULL;
    while (file != NULL && (entry = fgetpwent(file)) != NULL)
        if (name != NULL ? strcmp(entry->pw_name, name) == 0 : entry->pw_uid == user)
            break;
    if (entry != NULL) {
        text_copy(account->name, sizeof account->name, entry->pw_name);
        account->user = entry->pw_uid;
        account->group = entry->pw_gid;
    }
    if (file != NULL)
        fclose(file);
    return entry != NULL;
}

bool account_find(const struct machine *machine, const char *name, struct account *account)
{
    return find_account(machine, name, 0, account);
}

bool account_find_by_id(const struct machine *machine, uid_t user, struct account *account)
{
    return find_account(machine, NULL, user, account);
}

/* The group by its name or, with NULL, by its number; what it says of `account`. */
static bool find_group(const struct machine *machine, const char *name, gid_t id,
                       const struct account *account, char *out)
{
    FILE *file = open_list(machine, "/etc/group");
    const struct group *entry = NULL;
    while (file != NULL && (entry = fgetgrent(file)) != NULL)
        if (name != NULL ? strcmp(entry->gr_name, name) == 0 : entry->gr_gid == id)
            break;
    bool good = entry != NULL;
    if (good && out != NULL)
        text_copy(out, MACHINE_NAME_SIZE, entry->gr_name);
    if (good && account != NULL) {
        good = entry->gr_gid == account->group;
        for (char **member = entry->gr_mem; !good && *member != NULL; member++)
            good = strcmp(*member, account->name) == 0;
    }
    if (file != NULL)
        fclose(file);
    return good;
}

bool account_group_exists(const struct machine *machine, const char *group)
{
    return find_group(machine, group, 0, NULL, NULL);
}

bool account_is_member(const struct machine *machine, const struct account *account,
                       const char *group)
{
    return find_group(machine, group, 0, account, NULL);
}

/* "rw-rw----" */
static mode_t mode_of(const char *letters)
{
    mode_t mode = 0;
    for (size_t i = 0; i < 9 && letters[i] != '\0'; i++)
        mode |= letters[i] != '-' ? (mode_t)(0400u >> i) : 0;
    return mode;
}

/* "crw-rw---- 1 root gpio 254, 0 Nov 22 10:00 /dev/gpiochip0" */
static bool read_listed(char *line, const char *path, struct access *access)
{
    char *words[4] = {NULL}, *rest = line, *word;
    size_t count = 0;
    const char *last = "";
    while ((word = strsep(&rest, " \n")) != NULL) {
        if (*word == '\0')
            continue;
        if (count < 4)
            words[count++] = word;
        last = word;
    }
    if (count < 4 || strcmp(last, path) != 0 || strlen(words[0]) < 10)
        return false;
    access->there = true;
    access->mode = mode_of(words[0] + 1);
    text_copy(access->owner, sizeof access->owner, words[2]);
    text_copy(access->group, sizeof access->group, words[3]);
    return true;
}

static void look_up_listed(const struct machine *machine, const char *path, struct access *access)
{
    struct text text = {0};
    look_read(machine, LISTING, &text);
    char *rest = text.data, *line;
    while (rest != NULL && (line = strsep(&rest, "\n")) != NULL)
        if (read_listed(line, path, access))
            break;
    text_free(&text);
}

void access_look(const struct machine *machine, const char *path, struct access *access)
{
    struct stat status;
    struct account owner = {0};
    *access = (struct access){0};
    if (machine->root[0] != '\0' && strncmp(path, "/dev/", 5) == 0) {
        look_up_listed(machine, path, access);
        return;
    }
    char whole[LOOK_PATH_SIZE];
    look_path(machine, path, whole);
    if (stat(whole, &status) != 0)
        return;
    access->there = true;
    access->mode = status.st_mode & 07777U;
    if (!account_find_by_id(machine, status.st_uid, &owner))
        snprintf(owner.name, sizeof owner.name, "%lu", (unsigned long)status.st_uid);
    text_copy(access->owner, sizeof access->owner, owner.name);
    if (!find_group(machine, NULL, status.st_gid, NULL, access->group))
        snprintf(access->group, sizeof access->group, "%lu", (unsigned long)status.st_gid);
}

bool access_is_real(const struct machine *machine, const char *path)
{
    char whole[LOOK_PATH_SIZE];
    look_path(machine, path, whole);
    return access(whole, R_OK | W_OK) == 0;
}

bool access_permits(const struct machine *machine, const struct access *access,
                    const struct account *account, mode_t wanted)
{
    if (account->user == 0)
        return true;
    if (strcmp(access->owner, account->name) == 0)
        return (access->mode >> 6 & wanted) == wanted;
    if (account_is_member(machine, account, access->group))
        return (access->mode >> 3 & wanted) == wanted;
    return (access->mode & wanted) == wanted;
}
