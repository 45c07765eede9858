/*
 * A machine as its files describe it: this one, or one whose files were recorded in a folder.
 */
#ifndef AMBERBAR_COMMANDS_DOCTOR_MACHINE_H
#define AMBERBAR_COMMANDS_DOCTOR_MACHINE_H

#include "base/text.h"

#include <sys/types.h>

#define MACHINE_PATH_SIZE 1024
#define MACHINE_NAME_SIZE 64

struct machine {
    const char *root; /* "" for this one */
    char model[128];  /* "Raspberry Pi 4 Model B Rev 1.4"; "" when it does not say */
    const char
        *sections;    /* of config.txt that it obeys, its family first: "pi4 pi400"; "": no Pi */
    const char *boot; /* /boot/firmware/config.txt, or where that is; NULL: none */
    struct text boot_text;
};

void machine_look(struct machine *machine, const char *root);
void machine_forget(struct machine *machine);

/* The path below the machine's root. */
void machine_path(const struct machine *machine, const char *path,
                  char out[static MACHINE_PATH_SIZE]);

/* Appends a file's text, NULs left out; false when it cannot be read. */
bool machine_read(const struct machine *machine, const char *path, struct text *out);

/* The first file of a folder whose name begins so; false: there is none. */
bool machine_find(const struct machine *machine, const char *folder, const char *beginning);

/* True when it is a Raspberry Pi of this family: "pi4". */
bool machine_is(const struct machine *machine, const char *family);

/*
 * Lines of config.txt that this machine obeys. A value: the last one that is set ("core_freq"), ""
 * when none is. A setting as it would be written: "dtparam=spi=on", "dtoverlay=ws2812-pio,...",
 * where an overlay's parameters may differ.
 */
void machine_boot_value(const struct machine *machine, const char *key,
                        char out[static MACHINE_NAME_SIZE]);
bool machine_boot_has(const struct machine *machine, const char *setting);

/* Whether a line under the section header `[pi4]` of a config.txt counts here. */
bool machine_obeys(const struct machine *machine, const char *header);

/* Users and groups of its own files. */
struct account {
    char name[MACHINE_NAME_SIZE];
    uid_t user;
    gid_t group;
};
bool machine_account(const struct machine *machine, const char *name, struct account *account);
bool machine_account_by_id(const struct machine *machine, uid_t user, struct account *account);
bool machine_has_group(const struct machine *machine, const char *group);
bool machine_is_member(const struct machine *machine, const struct account *account,
                       const char *group);

/* Who may read and write a file. In a folder they are listed, as `ls -l` does, in its file ls-dev.
 */
struct access {
    bool there;
    mode_t mode;
    char owner[MACHINE_NAME_SIZE], group[MACHINE_NAME_SIZE];
};
void machine_access(const struct machine *machine, const char *path, struct access *access);
/* Whether this process may in fact, now: groups are those of its login. */
bool access_is_real(const struct machine *machine, const char *path);
enum { ACCESS_ENTER = 01, ACCESS_READ = 04, ACCESS_USE = 06 }; /* bits of a mode */
bool access_permits(const struct machine *machine, const struct access *access,
                    const struct account *account, mode_t wanted);

#endif
