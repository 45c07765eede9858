/*
 * `amberbar card`: takes over what lies on the boot partition, a FAT that any computer can write.
 * Each file is on its own: one that is wrong is reported and left, and keeps none of the others.
 * What is there already is not written again.
 */
#ifndef AMBERBAR_COMMANDS_CARD_CARD_H
#define AMBERBAR_COMMANDS_CARD_CARD_H

#include "base/text.h"
#include "config/yaml/complaint.h"

#include <sys/types.h>

#define CARD_PATH_SIZE 1024
#define CARD_NAMES_MAX 2048                  /* entries of the folder that are looked at */
#define CARD_SMALL_MAX ((size_t)64 * 1024)   /* bytes of a file of words */
#define CARD_LARGE_MAX ((size_t)1024 * 1024) /* of a config, a secret, a certificate */

struct card {
    char from[CARD_PATH_SIZE];    /* the boot partition */
    const char *root;             /* "" for this machine, else the folder that will be its root */
    const char *run;              /* the folder that says how it went (config/config.h, CARD_...) */
    struct text names;            /* what lies on the partition, each with its NUL; owned */
    struct complaints complaints; /* what is wrong with it; owned */
    struct text news;             /* what was done, a line each; owned */
};

/* True when something is mounted on it; else a folder is as its parent is (stat(2), st_dev). */
bool card_is_mounted(const char *folder);

/* True when the system's fstab has a FAT there, for each boot. */
bool card_is_expected(const struct card *card, const char *folder);

/* That nothing is mounted where the card would be. */
void card_complain_unmounted(struct card *card);

/* True when it lists `name`, or a name that an editor made of it: in capitals, with a second .txt,
   .yml for .yaml. */
bool card_lists(const struct card *card, const char *name);

/* Finds that file. False: it is not there, or several are, which is complained about. */
bool card_find(struct card *card, const char *name, char path[static CARD_PATH_SIZE]);

/* Reads it and makes it tidy. False, with a complaint. */
bool card_read(struct card *card, const char *path, size_t most, struct text *out);

/* The path below the root. False: too long. */
bool card_path(const struct card *card, const char *path, char out[static CARD_PATH_SIZE]);

/* True when there is such a file or folder below the root. */
bool card_has(const struct card *card, const char *path);

/* Appends a file below the root, when it can be read. */
bool card_read_own(const struct card *card, const char *path, struct text *out);

/*
 * Makes `path` below the root hold `text`, unless it does: written beside it, brought to the disk,
 * and renamed into its place, with the folders that it needs. `group`: who may read it beside root
 * (NULL: nobody is named). False, with a complaint.
 */
struct placing {
    const char *path;
    mode_t mode;
    const char *group;
};
bool card_place(struct card *card, const struct placing *placing, const struct text *text);

/* The same in the folder `run`, for as long as the machine is on. */
bool card_note(struct card *card, const char *name, mode_t mode, const struct text *text);

/* What each file means. */
void card_take_host(struct card *card);     /* hostname.txt */
void card_take_timezone(struct card *card); /* timezone.txt */
void card_take_ntp(struct card *card);      /* ntp.txt */
void card_take_wifi(struct card *card);     /* wifi.txt */

/* amberbar.yaml, the board and the secrets that it names. `needed`: that it is not there is a
   mistake, too. */
void card_take_config(struct card *card, bool needed);

#endif
