/*
 * wifi.txt: what it says, and what becomes of it for who runs the network.
 */
#ifndef AMBERBAR_COMMANDS_CARD_WIFI_H
#define AMBERBAR_COMMANDS_CARD_WIFI_H

#include "config/yaml/complaint.h"

struct wifi {
    char ssid[33];     /* 1 to 32 bytes */
    char password[65]; /* 8 to 63 characters, or 64 hexadecimal digits; "": an open network */
    char country[3];   /* ISO 3166-1, in capitals: without it no radio may be used */
    bool hidden;
};

/*
 * Lines `KEY: VALUE` or `KEY = VALUE`, in any order and any capitals; `#` begins a comment at a
 * line's start. `text` is used up. False, with complaints that never repeat a password; wipe it.
 */
bool wifi_read(const char *path, char *text, struct wifi *wifi, struct complaints *complaints);

/* A connection of NetworkManager (nm-settings-keyfile(5)). */
void wifi_keyfile(const struct wifi *wifi, struct text *out);

/* A network of iwd (iwd.network(5)), and the name of its file: "NAME.psk", "=4142.open". */
#define WIFI_NAME_SIZE 80
void wifi_iwd(const struct wifi *wifi, char name[static WIFI_NAME_SIZE], struct text *out);

#endif
