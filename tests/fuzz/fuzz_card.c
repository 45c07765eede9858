/*
 * A boot partition that anybody has written: the files of `files`, one after the other, each ended
 * by a record separator. What is taken over is well formed, lies where it belongs, and says no more
 * than it should; the first file's bytes also go through tidy.h by themselves.
 */
#include "base/character.h"
#include "commands/card/card.h"
#include "commands/card/tidy.h"
#include "commands/card/wifi.h"
#include "config/config.h"
#include "fuzz/fuzz.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEPARATOR 0x1e
#define HOSTS "127.0.0.1\tlocalhost\n127.0.1.1\traspberrypi\n"

static const char *const files[] = {"wifi.txt", "hostname.txt",  "timezone.txt", "ntp.txt",
                                    "pw",       "amberbar.yaml", "wall.yaml"};
#define FILES (sizeof files / sizeof files[0])

/* What the system is before; NULL: a folder. */
static const struct {
    const char *path, *text;
} system_files[] = {
    {"/root/etc", NULL},
    {"/root/etc/hosts", HOSTS},
    {"/root/etc/timezone", "Etc/UTC\n"},
    {"/root/etc/NetworkManager", NULL},
    {"/root/usr", NULL},
    {"/root/usr/lib", NULL},
    {"/root/usr/lib/systemd", NULL},
    {"/root/usr/lib/systemd/systemd-timesyncd", ""},
    {"/root/usr/share", NULL},
    {"/root/usr/share/zoneinfo", NULL},
    {"/root/usr/share/zoneinfo/UTC", ""},
    {"/root/usr/share/zoneinfo/America", NULL},
    {"/root/usr/share/zoneinfo/America/New_York", ""},
    {"/root/secret", "not the card's"},
};

/* What may be there after it, beside that. */
static const char *const made[] = {
    "/root/etc/hostname",
    "/root/etc/localtime",
    "/root/etc/NetworkManager/system-connections/amberbar-card.nmconnection",
    "/root/etc/modprobe.d/amberbar-card.conf",
    "/root/etc/systemd/timesyncd.conf.d/amberbar-card.conf",
    "/root/etc/amberbar/",
    "/run/country",
    ("/run/" CARD_CONFIG),
};

static char home[64]; /* with card/, root/ and run/ */

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    return place->level == 0 ? 0 : remove(path);
}

static void clear(void)
{
    nftw(home, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void remove_home(void)
{
    clear();
    rmdir(home);
}

/* In memory, where it can be: what is taken over is brought to the disk each time. */
static void make_home(void)
{
    snprintf(home, sizeof home, "%s/amberbar-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    must(mkdtemp(home) != NULL && atexit(remove_home) == 0);
}

static void put(const char *path, const void *bytes, size_t length)
{
    char whole[256];
    snprintf(whole, sizeof whole, "%s%s", home, path);
    FILE *file = fopen(whole, "w");
    must(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
}

static void make_folder(const char *path)
{
    char whole[256];
    snprintf(whole, sizeof whole, "%s%s", home, path);
    must(mkdir(whole, 0755) == 0);
}

/* The text of a file; false: it is not there. */
static bool get(const char *path, struct text *out)
{
    char whole[256], block[4096];
    size_t length;
    snprintf(whole, sizeof whole, "%s%s", home, path);
    FILE *file = fopen(whole, "r");
    if (file == NULL)
        return false;
    while ((length = fread(block, 1, sizeof block, file)) > 0)
        text_add_bytes(out, block, length);
    fclose(file);
    text_add(out, "");
    return true;
}

static size_t count_lines(const struct text *text, char begin)
{
    size_t count = 0;
    for (size_t i = 0; i < text->length; i++)
        count += (i == 0 || text->data[i - 1] == '\n') && (begin == '\0' || text->data[i] == begin);
    return count;
}

/* A system's file: so many lines, or sections, of printable ASCII. */
static void check_file(const char *path, char begin, size_t least, size_t most)
{
    struct text text = {0};
    if (get(path, &text)) {
        for (size_t i = 0; i < text.length; i++)
            must(strchr("\t\n", text.data[i]) != NULL ||
                 (text.data[i] >= ' ' && text.data[i] <= '~'));
        must(text.data[text.length - 1] == '\n');
        must(count_lines(&text, begin) >= least && count_lines(&text, begin) <= most);
    }
    text_free(&text);
}

static bool is_known(const char *path)
{
    for (size_t i = 0; i < sizeof system_files / sizeof system_files[0]; i++)
        if (strcmp(path, system_files[i].path) == 0)
            return true;
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        if (strncmp(path, made[i], strlen(made[i])) == 0)
            return true;
    for (size_t i = 0; i < FILES; i++)
        if (strncmp(path, "/card/", 6) == 0 && strcmp(path + 6, files[i]) == 0)
            return true;
    return false;
}

static int check_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)place;
    must(type == FTW_D || is_known(path + strlen(home)));
    return 0;
}

static void check_system(void)
{
    char link[128], target[256] = "";
    struct text hosts = {0}, secret = {0};
    must(nftw(home, check_entry, 8, FTW_PHYS) == 0);
    check_file("/root/etc/hostname", '\0', 1, 1);
    check_file("/root/etc/hosts", '\0', 2, 2);
    check_file("/root/etc/timezone", '\0', 1, 1);
    check_file("/root/etc/NetworkManager/system-connections/amberbar-card.nmconnection", '[', 4, 5);
    check_file("/root/etc/modprobe.d/amberbar-card.conf", '\0', 2, 2);
    check_file("/root/etc/systemd/timesyncd.conf.d/amberbar-card.conf", '\0', 3, 3);
    must(get("/root/etc/hosts", &hosts) && strncmp(hosts.data, HOSTS, 20) == 0);
    must(get("/root/secret", &secret) && strcmp(secret.data, "not the card's") == 0);
    snprintf(link, sizeof link, "%s/root/etc/localtime", home);
    if (readlink(link, target, sizeof target - 1) > 0)
        must(strncmp(target, "../usr/share/zoneinfo/", 22) == 0 &&
             strstr(target + 2, "..") == NULL);
    text_free(&hosts);
    text_free(&secret);
}

/* For a person and a terminal. */
static void check_words(const struct text *words)
{
    for (size_t at = 0; at < words->length;) {
        const size_t length = character_length(words->data + at, words->length - at);
        must(length > 0);
        must(words->data[at] == '\n' ||
             !character_is_hidden(character_code(words->data + at, length)));
        at += length;
    }
}

static void take_over(void)
{
    char run[80], root[80];
    struct card card = {.root = root, .run = run};
    snprintf(card.from, sizeof card.from, "%s/card", home);
    snprintf(root, sizeof root, "%s/root", home);
    snprintf(run, sizeof run, "%s/run", home);
    for (size_t i = 0; i < FILES; i++)
        text_add_bytes(&card.names, files[i], strlen(files[i]) + 1);
    card_take_host(&card);
    card_take_timezone(&card);
    card_take_ntp(&card);
    card_take_wifi(&card);
    card_take_config(&card, true);
    check_words(&card.news);
    check_words(&card.complaints.text);
    text_free(&card.names);
    text_free(&card.news);
    complaints_free(&card.complaints);
}

/* What is tidy stays as it is. */
static void check_tidy(const uint8_t *data, size_t size)
{
    struct text bytes = {0}, once = {0}, again = {0}, plain = {0}, still = {0};
    text_add_bytes(&bytes, (const char *)data, size);
    if (tidy_text(&bytes, &once)) {
        text_add(&once, "");
        must(once.length == 0 || text_is_utf8(once.data, once.length));
        must(memchr(once.data, '\r', once.length) == NULL);
        must(tidy_text(&once, &again) && again.length == once.length);
        must(again.length == 0 || memcmp(again.data, once.data, once.length) == 0);
        tidy_quotes(once.data, &plain);
        text_add(&plain, "");
        must(plain.length == 0 || text_is_utf8(plain.data, plain.length));
        must(!tidy_quotes(plain.data, &still));
        const char *word = tidy_word(once.data);
        must(word >= once.data && word + strlen(word) <= once.data + once.length);
        must(*word == '\0' || text_is_utf8(word, strlen(word)));
    }
    text_free(&bytes);
    text_free(&once);
    text_free(&again);
    text_free(&plain);
    text_free(&still);
}

/* Into what iwd reads, which the system above does not have. */
static void check_iwd(const uint8_t *data, size_t size)
{
    struct text bytes = {0}, tidy = {0}, file = {0};
    struct complaints complaints = {0};
    struct wifi wifi;
    char name[WIFI_NAME_SIZE];
    text_add_bytes(&bytes, (const char *)data, size);
    const bool good = tidy_text(&bytes, &tidy);
    text_add(&tidy, "");
    if (good && wifi_read("wifi.txt", tidy.data, &wifi, &complaints)) {
        wifi_iwd(&wifi, name, &file);
        must(strlen(wifi.ssid) > 0 && strlen(wifi.country) == 2);
        must(strchr(name, '/') == NULL && name[0] != '.' && strchr(name, '.') != NULL);
        must(count_lines(&file, '[') == (wifi.password[0] != '\0' ? 2 : 1));
    }
    check_words(&complaints.text);
    complaints_free(&complaints);
    text_free(&bytes);
    text_free(&tidy);
    text_free(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (home[0] == '\0')
        make_home();
    clear();
    make_folder("/card");
    make_folder("/root");
    make_folder("/run");
    for (size_t i = 0; i < sizeof system_files / sizeof system_files[0]; i++)
        if (system_files[i].text == NULL)
            make_folder(system_files[i].path);
        else
            put(system_files[i].path, system_files[i].text, strlen(system_files[i].text));
    for (size_t i = 0; i < FILES; i++) {
        char path[32];
        const uint8_t *end = size > 0 ? memchr(data, SEPARATOR, size) : NULL;
        const size_t length = end != NULL ? (size_t)(end - data) : size;
        snprintf(path, sizeof path, "/card/%s", files[i]);
        put(path, data, length);
        if (i == 0) {
            check_tidy(data, length);
            check_iwd(data, length);
        }
        data += length + (end != NULL);
        size -= length + (end != NULL);
    }
    take_over();
    check_system();
    return 0;
}
