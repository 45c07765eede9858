#include "commands/card/wifi.h"

#include "base/hash.h"
#include "commands/card/card.h"
#include "commands/card/tidy.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/rfkill.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define PASSWORD_LEAST 8
#define PASSWORD_MOST 63
#define RAW_KEY 64 /* hexadecimal digits */

static const struct key {
    const char *word;
    enum { KEY_SSID, KEY_PASSWORD, KEY_COUNTRY, KEY_HIDDEN } key;
} keys[] = {
    {"ssid", KEY_SSID},         {"network", KEY_SSID},    {"name", KEY_SSID},
    {"password", KEY_PASSWORD}, {"psk", KEY_PASSWORD},    {"passphrase", KEY_PASSWORD},
    {"key", KEY_PASSWORD},      {"country", KEY_COUNTRY}, {"hidden", KEY_HIDDEN},
};
#define KEYS (sizeof keys / sizeof keys[0])

static const struct key *find_key(const char *word)
{
    for (size_t i = 0; i < KEYS; i++)
        if (strcasecmp(keys[i].word, word) == 0)
            return &keys[i];
    return NULL;
}

/* The word itself may be the beginning of a password with a colon in it, and is not repeated. */
static void complain_key(struct complaints *complaints, const char *path, size_t line,
                         const char *word)
{
    const char *names[KEYS];
    for (size_t i = 0; i < KEYS; i++)
        names[i] = keys[i].word;
    const char *near = text_suggest(word, names, KEYS);
    if (near != NULL)
        complain(complaints, path, line, 1,
                 "unknown key; did you mean '%s'? the keys are ssid, password, country and hidden",
                 near);
    else
        complain(complaints, path, line, 1,
                 "unknown key (it is not shown: it may be a part of the password); the keys are "
                 "ssid, password, country and hidden");
}

static bool is_hexadecimal(const char *text)
{
    return text[strspn(text, "0123456789abcdefABCDEF")] == '\0';
}

/* IEEE 802.11: a passphrase is printable ASCII. */
static const char *wrong_password(const char *value)
{
    const size_t length = strlen(value);
    if (length == RAW_KEY && is_hexadecimal(value))
        return NULL;
    if (length < PASSWORD_LEAST || length > PASSWORD_MOST)
        return "a Wi-Fi password has 8 to 63 characters; leave it out for a network without one";
    for (size_t i = 0; i < length; i++)
        if (value[i] < ' ' || value[i] > '~')
            return "a Wi-Fi password has no other characters than ASCII's; did the editor change "
                   "a quote?";
    return NULL;
}

static const char *set_country(const char *value, struct wifi *wifi)
{
    if (strlen(value) != 2 || !isalpha((unsigned char)value[0]) ||
        !isalpha((unsigned char)value[1]))
        return "a country is two letters, e.g. DE, GB or US";
    for (size_t i = 0; i < 2; i++)
        wifi->country[i] = (char)toupper((unsigned char)value[i]);
    return NULL;
}

/* NULL, or what is wrong with the value. */
static const char *set_value(const struct key *key, const char *value, struct wifi *wifi)
{
    const char *fault = NULL;
    switch (key->key) {
    case KEY_SSID:
        return *value != '\0' && text_copy(wifi->ssid, sizeof wifi->ssid, value)
                   ? NULL
                   : "the name of a network has 1 to 32 bytes";
    case KEY_PASSWORD:
        fault = *value == '\0' ? NULL : wrong_password(value);
        if (fault == NULL)
            text_copy(wifi->password, sizeof wifi->password, value);
        return fault;
    case KEY_COUNTRY:
        return set_country(value, wifi);
    case KEY_HIDDEN:
        wifi->hidden = strcasecmp(value, "true") == 0 || strcasecmp(value, "yes") == 0;
        return wifi->hidden || strcasecmp(value, "false") == 0 || strcasecmp(value, "no") == 0
                   ? NULL
                   : "write true or false";
    }
    return NULL;
}

static void read_line(const char *path, size_t number, char *line, struct wifi *wifi,
                      struct complaints *complaints)
{
    char *separator = line + strcspn(line, ":=");
    if (*separator == '\0') {
        complain(complaints, path, number, 1,
                 "this is no key with its value; write e.g. ssid: MyNet");
        return;
    }
    *separator = '\0';
    const char *word = tidy_word(line);
    const struct key *key = find_key(word);
    if (key == NULL) {
        complain_key(complaints, path, number, word);
        return;
    }
    const char *fault = set_value(key, tidy_word(separator + 1), wifi);
    if (fault != NULL)
        complain(complaints, path, number, 1, "%s: %s", key->word, fault);
}

bool wifi_read(const char *path, char *text, struct wifi *wifi, struct complaints *complaints)
{
    const size_t before = complaints->count;
    char *line;
    *wifi = (struct wifi){.hidden = false};
    for (size_t number = 1; (line = strsep(&text, "\n")) != NULL; number++) {
        line += strspn(line, " \t");
        if (*line != '\0' && *line != '#')
            read_line(path, number, line, wifi, complaints);
    }
    if (complaints->count == before && wifi->ssid[0] == '\0')
        complain(complaints, path, 0, 0, "the network's name is missing; add a line ssid: NAME");
    if (complaints->count == before && wifi->country[0] == '\0')
        complain(complaints, path, 0, 0,
                 "the country is missing, and without it no radio may be used; add a line such as "
                 "country: DE");
    return complaints->count == before;
}

/* As GLib reads strings of key files: what begins with a space, and backslashes. */
static void add_escaped(struct text *out, const char *value)
{
    for (size_t i = 0; value[i] != '\0'; i++) {
        const char *escape = value[i] == '\\' ? "\\\\" : value[i] == ' ' && i == 0 ? "\\s" : NULL;
        if (escape != NULL)
            text_add(out, escape);
        else
            text_add_bytes(out, &value[i], 1);
    }
}

void wifi_keyfile(const struct wifi *wifi, struct text *out)
{
    const uint64_t high = hash_of(wifi->ssid), low = hash_text(high, "amberbar-card");
    text_add(out, "# From the boot partition, by amberbar-card.service.\n[connection]\n"
                  "id=amberbar-card\n");
    text_addf(out,
              "uuid=%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64 "-8%03" PRIx64 "-%012" PRIx64 "\n",
              high >> 32, high >> 16 & 0xffff, high & 0xfff, low >> 48 & 0xfff,
              low & UINT64_C(0xffffffffffff));
    text_addf(out, "type=wifi\nautoconnect=true\n\n[wifi]\nmode=infrastructure\nhidden=%s\nssid=",
              wifi->hidden ? "true" : "false");
    for (size_t i = 0; wifi->ssid[i] != '\0'; i++) /* bytes: no name can be taken for others */
        text_addf(out, "%u;", (unsigned)(unsigned char)wifi->ssid[i]);
    if (wifi->password[0] != '\0') {
        text_add(out, "\n\n[wifi-security]\nkey-mgmt=wpa-psk\npsk=");
        add_escaped(out, wifi->password);
    }
    text_add(out, "\n\n[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\naddr-gen-mode=default\n");
}

void wifi_iwd(const struct wifi *wifi, char name[static WIFI_NAME_SIZE], struct text *out)
{
    bool plain = true;
    size_t length = 0;
    for (size_t i = 0; wifi->ssid[i] != '\0'; i++)
        plain &= isalnum((unsigned char)wifi->ssid[i]) || strchr("-_ ", wifi->ssid[i]) != NULL;
    if (!plain)
        name[length++] = '=';
    for (size_t i = 0; wifi->ssid[i] != '\0'; i++)
        length += (size_t)snprintf(name + length, WIFI_NAME_SIZE - length, plain ? "%c" : "%02x",
                                   (unsigned char)wifi->ssid[i]);
    snprintf(name + length, WIFI_NAME_SIZE - length, wifi->password[0] != '\0' ? ".psk" : ".open");
    text_add(out, "# From the boot partition, by amberbar-card.service.\n");
    if (wifi->password[0] != '\0') {
        const bool raw = strlen(wifi->password) == RAW_KEY;
        text_addf(out, "[Security]\n%s=", raw ? "PreSharedKey" : "Passphrase");
        add_escaped(out, wifi->password);
        text_add(out, "\n\n");
    }
    text_addf(out, "[Settings]\nAutoConnect=true\nHidden=%s\n", wifi->hidden ? "true" : "false");
}

/* The kernel's own switch: Raspberry Pi OS keeps Wi-Fi off until somebody names a country. */
static void unblock(const struct card *card)
{
    const struct rfkill_event event = {.type = RFKILL_TYPE_WLAN, .op = RFKILL_OP_CHANGE_ALL};
    int fd = card->root[0] == '\0' ? open("/dev/rfkill", O_WRONLY | O_NONBLOCK | O_CLOEXEC) : -1;
    if (fd < 0)
        return; /* there is no radio, or none yet */
    ssize_t written = write(fd, &event, RFKILL_EVENT_SIZE_V1);
    (void)written; /* NetworkManager, below, switches it as well */
    close(fd);
}

/* What systemd-rfkill and NetworkManager remember of it. */
static void remember_unblocked(struct card *card)
{
    static const char folder[] = "/var/lib/systemd/rfkill";
    struct text off = {0}, state = {0};
    char path[CARD_PATH_SIZE], name[CARD_PATH_SIZE + 256];
    DIR *open = card_path(card, folder, path) ? opendir(path) : NULL;
    const struct dirent *entry;
    text_add(&off, "0\n");
    while (open != NULL && (entry = readdir(open)) != NULL) {
        const char *kind = strrchr(entry->d_name, ':');
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        if (kind != NULL && strcmp(kind, ":wlan") == 0)
            card_place(card, &(struct placing){name, 0644, NULL}, &off);
    }
    if (open != NULL)
        closedir(open);
    text_add(&state, "[main]\nNetworkingEnabled=true\nWirelessEnabled=true\n");
    if (card_has(card, "/var/lib/NetworkManager/NetworkManager.state"))
        card_place(card,
                   &(struct placing){"/var/lib/NetworkManager/NetworkManager.state", 0644, NULL},
                   &state);
    text_free(&off);
    text_free(&state);
}

/* For the driver when it is loaded; for now, the service passes it on. */
static void set_domain(struct card *card, const struct wifi *wifi)
{
    struct text module = {0}, country = {0};
    text_addf(&module,
              "# From the boot partition, by amberbar-card.service.\n"
              "options cfg80211 ieee80211_regdom=%s\n",
              wifi->country);
    text_addf(&country, "%s\n", wifi->country);
    card_place(card, &(struct placing){"/etc/modprobe.d/amberbar-card.conf", 0644, NULL}, &module);
    card_note(card, "country", 0644, &country);
    text_free(&module);
    text_free(&country);
}

static bool place_network(struct card *card, const char *path, const struct wifi *wifi)
{
    static const struct placing keyfile = {
        "/etc/NetworkManager/system-connections/amberbar-card.nmconnection", 0600, NULL};
    char name[WIFI_NAME_SIZE], place[sizeof "/var/lib/iwd/" + WIFI_NAME_SIZE];
    struct text text = {0};
    bool good = false;
    if (card_has(card, "/etc/NetworkManager")) {
        wifi_keyfile(wifi, &text);
        good = card_place(card, &keyfile, &text);
    } else if (card_has(card, "/usr/libexec/iwd")) {
        wifi_iwd(wifi, name, &text);
        snprintf(place, sizeof place, "/var/lib/iwd/%s", name);
        good = card_place(card, &(struct placing){place, 0600, NULL}, &text);
    } else {
        complain(&card->complaints, path, 0, 0,
                 "neither NetworkManager nor iwd is installed, which would use it");
    }
    text_wipe(&text);
    return good;
}

void card_take_wifi(struct card *card)
{
    struct text text = {0};
    struct wifi wifi;
    char path[CARD_PATH_SIZE], shown[64];
    if (card_find(card, "wifi.txt", path) && card_read(card, path, CARD_SMALL_MAX, &text) &&
        wifi_read(path, text.data, &wifi, &card->complaints) && place_network(card, path, &wifi)) {
        set_domain(card, &wifi);
        remember_unblocked(card);
        unblock(card);
        text_printable(shown, sizeof shown, wifi.ssid);
        text_addf(&card->news, "%s: the Wi-Fi network is %s, in %s\n", path, shown, wifi.country);
    }
    explicit_bzero(&wifi, sizeof wifi);
    text_wipe(&text);
}
