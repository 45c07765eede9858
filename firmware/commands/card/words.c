/* hostname.txt, timezone.txt, ntp.txt: a word or a few. */
#include "commands/card/card.h"
#include "commands/card/tidy.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MOST 63 /* RFC 1035 section 2.3.4: a label */
#define HOST_MOST 253
#define SERVERS_MAX 8
#define ZONES "/usr/share/zoneinfo"
#define ZONE_DEPTH 3 /* America/Argentina/Ushuaia */

/* The lines that say something, at most `most` of them, cut out of `text`; more are counted. */
static size_t lines_of(char *text, char *lines[], size_t most)
{
    size_t count = 0;
    char *line;
    while ((line = strsep(&text, "\n")) != NULL) {
        line = tidy_word(line);
        if (*line == '\0' || *line == '#')
            continue;
        if (count < most)
            lines[count] = line;
        count++;
    }
    return count;
}

/* The only word of a file; NULL: there is no file, or a complaint. */
static char *only_word(struct card *card, const char *name, const char *example, struct text *text,
                       char path[static CARD_PATH_SIZE])
{
    char *word = NULL;
    if (!card_find(card, name, path) || !card_read(card, path, CARD_SMALL_MAX, text))
        return NULL;
    size_t count = lines_of(text->data, &word, 1);
    if (count == 1)
        return word;
    complain(&card->complaints, path, 0, 0, "%s; write one line with nothing else, e.g. %s",
             count == 0 ? "it is empty" : "it has several lines", example);
    return NULL;
}

/* RFC 1123 section 2.1. */
static bool is_label(const char *label, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)label[i]) && label[i] != '-')
            return false;
    return length > 0 && length <= NAME_MOST && label[0] != '-' && label[length - 1] != '-';
}

/* /etc/hosts as it is, but for the name of this machine: without it sudo waits for a name server.
 */
static void add_hosts(const char *old, const char *name, struct text *out)
{
    bool named = false;
    while (*old != '\0') {
        size_t length = strcspn(old, "\n");
        bool own = strncmp(old, "127.0.1.1", 9) == 0 && (old[9] == ' ' || old[9] == '\t');
        if (own && !named)
            text_addf(out, "127.0.1.1\t%s\n", name);
        else if (!own)
            text_addf(out, "%.*s\n", (int)length, old);
        named |= own;
        old += length + (old[length] == '\n');
    }
    if (!named)
        text_addf(out, "127.0.1.1\t%s\n", name);
}

static bool place_name(struct card *card, const char *name)
{
    struct text file = {0}, old = {0}, hosts = {0};
    text_addf(&file, "%s\n", name);
    bool good = card_place(card, &(struct placing){"/etc/hostname", 0644, NULL}, &file);
    if (good && card_read_own(card, "/etc/hosts", &old)) {
        add_hosts(old.data != NULL ? old.data : "", name, &hosts);
        good = card_place(card, &(struct placing){"/etc/hosts", 0644, NULL}, &hosts);
    }
    text_free(&file);
    text_free(&old);
    text_free(&hosts);
    return good;
}

void card_take_host(struct card *card)
{
    struct text text = {0};
    char path[CARD_PATH_SIZE], now[HOST_MOST + 1] = "";
    const char *name = only_word(card, "hostname.txt", "wall-kitchen", &text, path);
    if (name != NULL && !is_label(name, strlen(name))) {
        complain(&card->complaints, path, 0, 0,
                 "'%s' is no name for a machine; use letters, digits and hyphens, at most 63",
                 name);
        name = NULL;
    }
    if (name != NULL && place_name(card, name)) {
        text_addf(&card->news, "%s: the name is %s\n", path, name);
        gethostname(now, sizeof now - 1);
        if (card->root[0] == '\0' && strcmp(now, name) != 0 && sethostname(name, strlen(name)) != 0)
            complain(&card->complaints, path, 0, 0, "it counts from the next boot on: %s",
                     strerror(errno));
    }
    text_free(&text);
}

/* What is called `word` in a folder, in whatever capitals; "" in `out`: nothing is. */
static void find_entry(const char *folder, const char *word, char out[static NAME_MOST + 1])
{
    DIR *open = opendir(folder);
    const struct dirent *entry;
    out[0] = '\0';
    while (open != NULL && (entry = readdir(open)) != NULL)
        if (entry->d_name[0] != '.' && strcasecmp(entry->d_name, word) == 0 &&
            (out[0] == '\0' || strcmp(entry->d_name, word) == 0))
            text_copy(out, NAME_MOST + 1, entry->d_name);
    if (open != NULL)
        closedir(open);
}

/* The zone's own name of what somebody wrote: "america/new york" is America/New_York. */
static bool find_zone(const struct card *card, char *word, char zone[static CARD_PATH_SIZE])
{
    char folder[2 * CARD_PATH_SIZE], name[NAME_MOST + 1];
    struct stat status;
    char *part;
    snprintf(folder, sizeof folder, "%s" ZONES, card->root);
    zone[0] = '\0';
    for (char *space = strchr(word, ' '); space != NULL; space = strchr(space, ' '))
        *space = '_';
    for (int depth = 0; (part = strsep(&word, "/")) != NULL; depth++) {
        size_t whole = strlen(folder), length = strlen(zone);
        find_entry(folder, part, name);
        if (name[0] == '\0' || depth == ZONE_DEPTH)
            return false;
        snprintf(folder + whole, sizeof folder - whole, "/%s", name);
        snprintf(zone + length, CARD_PATH_SIZE - length, "%s%s", depth > 0 ? "/" : "", name);
    }
    return stat(folder, &status) == 0 && S_ISREG(status.st_mode);
}

/* A link, beside its place and then renamed into it, unless it is there. */
static bool place_zone(struct card *card, const char *zone)
{
    char link[CARD_PATH_SIZE], beside[CARD_PATH_SIZE + 8], target[CARD_PATH_SIZE + 64];
    char now[sizeof target] = "";
    struct text name = {0};
    snprintf(target, sizeof target, ".." ZONES "/%s", zone);
    bool fits = card_path(card, "/etc/localtime", link);
    snprintf(beside, sizeof beside, "%s.new", link);
    if (fits && readlink(link, now, sizeof now - 1) > 0 &&
        (strcmp(now, target) == 0 || strcmp(now, target + 2) == 0))
        return true;
    unlink(beside);
    if (!fits || symlink(target, beside) != 0 || rename(beside, link) != 0) {
        complain(&card->complaints, link, 0, 0, "it cannot be written: %s", strerror(errno));
        return false;
    }
    text_addf(&name, "%s\n", zone);
    bool good = !card_has(card, "/etc/timezone") || /* Debian 12's; 13 has none */
                card_place(card, &(struct placing){"/etc/timezone", 0644, NULL}, &name);
    text_free(&name);
    return good;
}

void card_take_timezone(struct card *card)
{
    struct text text = {0};
    char path[CARD_PATH_SIZE], zone[CARD_PATH_SIZE], written[NAME_MOST + 1];
    char *word = only_word(card, "timezone.txt", "Europe/Berlin", &text, path);
    text_printable(written, sizeof written, word != NULL ? word : "");
    if (word != NULL && !find_zone(card, word, zone)) {
        complain(&card->complaints, path, 0, 0,
                 "there is no time zone '%s'; write area and city, e.g. Europe/Berlin or "
                 "America/New_York",
                 written);
        word = NULL;
    }
    if (word != NULL && place_zone(card, zone))
        text_addf(&card->news, "%s: the time zone is %s\n", path, zone);
    text_free(&text);
}

/* A name or an address. */
static bool is_server(const char *word)
{
    const size_t length = strlen(word);
    if (strchr(word, ':') != NULL)
        return strspn(word, "0123456789abcdefABCDEF:.") == length;
    while (*word != '\0') {
        size_t label = strcspn(word, ".");
        if (!is_label(word, label))
            return false;
        word += label + (word[label] == '.');
    }
    return length > 0 && length <= HOST_MOST;
}

/* Appends the servers; false, with a complaint. */
static bool add_servers(struct card *card, const char *path, char *text, struct text *out)
{
    char *lines[SERVERS_MAX], *word;
    size_t count = 0, line_count = lines_of(text, lines, SERVERS_MAX);
    for (size_t i = 0; i < line_count && i < SERVERS_MAX; i++)
        while ((word = strsep(&lines[i], " \t,;")) != NULL) {
            if (*word == '\0')
                continue;
            if (!is_server(word)) {
                complain(&card->complaints, path, 0, 0,
                         "'%s' is no name of a time server; e.g. ntp.example.org", word);
                return false;
            }
            text_addf(out, " %s", word);
            count++;
        }
    if (count > 0 && line_count <= SERVERS_MAX)
        return true;
    complain(&card->complaints, path, 0, 0,
             "it names %s; write one to %d, a line each, e.g. ntp.example.org",
             count == 0 ? "no time server" : "too many time servers", SERVERS_MAX);
    return false;
}

void card_take_ntp(struct card *card)
{
    struct text text = {0}, servers = {0}, file = {0};
    char path[CARD_PATH_SIZE];
    bool good = card_find(card, "ntp.txt", path) && card_read(card, path, CARD_SMALL_MAX, &text) &&
                add_servers(card, path, text.data, &servers);
    if (good && !card_has(card, "/usr/lib/systemd/systemd-timesyncd") &&
        !card_has(card, "/lib/systemd/systemd-timesyncd")) {
        complain(&card->complaints, path, 0, 0,
                 "systemd-timesyncd, which would ask these servers, is not installed");
        good = false;
    }
    if (good)
        text_addf(&file, "# From the boot partition, by amberbar-card.service.\n[Time]\nNTP=%s\n",
                  servers.data + 1);
    if (good &&
        card_place(
            card, &(struct placing){"/etc/systemd/timesyncd.conf.d/amberbar-card.conf", 0644, NULL},
            &file))
        text_addf(&card->news, "%s: the time comes from%s\n", path, servers.data);
    text_free(&text);
    text_free(&servers);
    text_free(&file);
}
