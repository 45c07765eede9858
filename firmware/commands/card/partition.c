/* Where the boot partition is, and whether it is there. */
#include "commands/card/card.h"

#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

bool card_is_mounted(const char *folder)
{
    char above[CARD_PATH_SIZE + sizeof "/.."];
    struct stat here, there;
    snprintf(above, sizeof above, "%s/..", folder);
    return stat(folder, &here) == 0 && stat(above, &there) == 0 && here.st_dev != there.st_dev;
}

static bool is_fat_at(const struct mntent *entry, const char *folder)
{
    return strcmp(entry->mnt_dir, folder) == 0 && hasmntopt(entry, "noauto") == NULL &&
           (strcmp(entry->mnt_type, "vfat") == 0 || strcmp(entry->mnt_type, "auto") == 0);
}

bool card_is_expected(const struct card *card, const char *folder)
{
    char table[CARD_PATH_SIZE];
    const struct mntent *entry = NULL;
    FILE *file = card_path(card, "/etc/fstab", table) ? setmntent(table, "re") : NULL;
    if (file == NULL)
        return false;
    while ((entry = getmntent(file)) != NULL && !is_fat_at(entry, folder))
        continue;
    endmntent(file);
    return entry != NULL;
}

void card_complain_unmounted(struct card *card)
{
    complain(&card->complaints, card->from, 0, 0,
             "no partition is mounted here; check the card in another computer, or write it anew");
}
