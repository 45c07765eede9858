/*
 * Who may use a machine's files: its users, its groups, and the modes of its devices.
 */
#ifndef AMBERBAR_COMMANDS_DOCTOR_ACCOUNTS_H
#define AMBERBAR_COMMANDS_DOCTOR_ACCOUNTS_H

#include "bus/look.h"

#include <sys/types.h>

/* Users and groups of its own files. */
struct account {
    char name[MACHINE_NAME_SIZE];
    uid_t user;
    gid_t group;
};
bool account_find(const struct machine *machine, const char *name, struct account *account);
bool account_find_by_id(const struct machine *machine, uid_t user, struct account *account);
bool account_group_exists(const struct machine *machine, const char *group);
bool account_is_member(const struct machine *machine, const struct account *account,
                       const char *group);

/* Who may read and write a file. In a folder they are listed, as `ls -l` does, in its file ls-dev.
 */
struct access {
    bool there;
    mode_t mode;
    char owner[MACHINE_NAME_SIZE], group[MACHINE_NAME_SIZE];
};
void access_look(const struct machine *machine, const char *path, struct access *access);
/* Whether this process may in fact, now: groups are those of its login. */
bool access_is_real(const struct machine *machine, const char *path);
enum { ACCESS_ENTER = 01, ACCESS_READ = 04, ACCESS_USE = 06 }; /* bits of a mode */
bool access_permits(const struct machine *machine, const struct access *access,
                    const struct account *account, mode_t wanted);

#endif
