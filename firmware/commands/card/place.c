/* Files on the card, and files below the root. */
#include "base/intake.h"
#include "base/write.h"
#include "commands/card/card.h"
#include "commands/card/tidy.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

/* "amberbar.yml.TXT" is "amberbar.yaml": editors add an ending, and hide it. */
static bool is_meant(const char *there, const char *name)
{
    char plain[256];
    if (strlen(there) >= sizeof plain)
        return false;
    text_copy(plain, sizeof plain, there);
    for (int i = 0; i < 2; i++) {
        size_t length = strlen(plain);
        if (strcasecmp(plain, name) == 0)
            return true;
        size_t base = strcspn(name, ".");
        if (strcmp(name + base, ".yaml") == 0 && strncasecmp(plain, name, base) == 0 &&
            strcasecmp(plain + base, ".yml") == 0)
            return true;
        if (length < 5 || strcasecmp(plain + length - 4, ".txt") != 0)
            return false;
        plain[length - 4] = '\0';
    }
    return false;
}

bool card_lists(const struct card *card, const char *name)
{
    for (size_t at = 0; at < card->names.length; at += strlen(card->names.data + at) + 1)
        if (is_meant(card->names.data + at, name))
            return true;
    return false;
}

bool card_find(struct card *card, const char *name, char path[static CARD_PATH_SIZE])
{
    const char *found = NULL;
    for (size_t at = 0; at < card->names.length; at += strlen(card->names.data + at) + 1) {
        const char *there = card->names.data + at;
        if (!is_meant(there, name))
            continue;
        if (found != NULL) {
            complain(&card->complaints, card->from, 0, 0,
                     "both %s and %s are there, and nothing says which counts; remove one", found,
                     there);
            return false;
        }
        found = there;
    }
    if (found == NULL)
        return false;
    int length = snprintf(path, CARD_PATH_SIZE, "%s/%s", card->from, found);
    return length > 0 && length < CARD_PATH_SIZE;
}

bool card_read(struct card *card, const char *path, size_t most, struct text *out)
{
    struct text bytes = {0};
    const size_t before = card->complaints.count;
    if (!intake_file(path, INTAKE_FILE, most, &bytes))
        complain(&card->complaints, path, 0, 0, "it cannot be read: %s", intake_words(errno));
    else if (!tidy_text(&bytes, out))
        complain(&card->complaints, path, 0, 0,
                 "it is no text that can be read; save it as plain text, UTF-8");
    else if (out->data == NULL)
        text_add(out, "");
    text_wipe(&bytes);
    return card->complaints.count == before;
}

bool card_path(const struct card *card, const char *path, char out[static CARD_PATH_SIZE])
{
    int length = snprintf(out, CARD_PATH_SIZE, "%s%s", card->root, path);
    return length > 0 && length < CARD_PATH_SIZE;
}

bool card_has(const struct card *card, const char *path)
{
    char whole[CARD_PATH_SIZE];
    return card_path(card, path, whole) && access(whole, F_OK) == 0;
}

bool card_read_own(const struct card *card, const char *path, struct text *out)
{
    char whole[CARD_PATH_SIZE];
    return card_path(card, path, whole) && intake_file(whole, INTAKE_FILE, CARD_LARGE_MAX, out) &&
           !out->failed;
}

/* Every folder on the way to it. */
static bool make_folders(const char *path)
{
    char folder[CARD_PATH_SIZE];
    text_copy(folder, sizeof folder, path);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0755) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}

/* Root alone can give it away; whoever tries this out as himself owns what he writes. */
static bool give_to(int fd, const char *group)
{
    const struct group *entry = group != NULL && geteuid() == 0 ? getgrnam(group) : NULL;
    return entry == NULL || fchown(fd, 0, entry->gr_gid) == 0;
}

/* Before it is renamed: after a power cut it is the old file or the new one, and never none. */
static bool write_new(const char *path, const struct placing *placing, const struct text *text)
{
    unlink(path); /* what a power cut left */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool good = write_text(fd, text) && give_to(fd, placing->group) &&
                fchmod(fd, placing->mode) == 0 && fsync(fd) == 0;
    int reason = errno;
    close(fd);
    errno = reason;
    return good;
}

static void sync_folder(const char *path)
{
    char folder[CARD_PATH_SIZE];
    text_copy(folder, sizeof folder, path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL || slash == folder)
        return;
    *slash = '\0';
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

/* A card wears with each write, and most boots change nothing. */
static bool is_there(const char *path, mode_t mode, const struct text *text)
{
    struct text old = {0};
    struct stat status;
    bool same =
        lstat(path, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 07777) == mode &&
        intake_file(path, INTAKE_FILE, CARD_LARGE_MAX, &old) && old.length == text->length &&
        (old.length == 0 || memcmp(old.data, text->data, old.length) == 0);
    text_wipe(&old);
    return same;
}

static bool place(struct card *card, const char *path, const struct placing *placing,
                  const struct text *text)
{
    char beside[CARD_PATH_SIZE + 8];
    if (!text->failed && is_there(path, placing->mode, text))
        return true;
    snprintf(beside, sizeof beside, "%s.new", path);
    if (!text->failed && make_folders(path) && write_new(beside, placing, text) &&
        rename(beside, path) == 0) {
        sync_folder(path);
        return true;
    }
    int reason = text->failed ? ENOMEM : errno;
    unlink(beside);
    complain(&card->complaints, path, 0, 0, "it cannot be written: %s; what was there before stays",
             strerror(reason));
    return false;
}

bool card_place(struct card *card, const struct placing *placing, const struct text *text)
{
    char whole[CARD_PATH_SIZE];
    if (card_path(card, placing->path, whole))
        return place(card, whole, placing, text);
    complain(&card->complaints, placing->path, 0, 0, "its path is too long");
    return false;
}

bool card_note(struct card *card, const char *name, mode_t mode, const struct text *text)
{
    char whole[CARD_PATH_SIZE];
    const struct placing placing = {.path = whole, .mode = mode, .group = "amberbar"};
    int length = snprintf(whole, sizeof whole, "%s/%s", card->run, name);
    return length > 0 && length < CARD_PATH_SIZE && place(card, whole, &placing, text);
}
