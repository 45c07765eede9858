/*
 * Sends frames through the real bus code inside the emulated board: `blinkt LABELS DATA CLOCK
 * HEX...`, one message an argument, LABELS separated by commas. Errors go to standard error,
 * exit 1.
 */
#include "base/error.h"
#include "base/text.h"
#include "bus/bus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 4096

static bool read_hex(const char *hex, uint8_t bytes[static MESSAGE_MAX], size_t *length)
{
    static const char digits[] = "0123456789abcdef";
    for (*length = 0; hex[0] != '\0'; hex += 2) {
        const char *high = strchr(digits, hex[0]);
        const char *low = hex[1] == '\0' ? NULL : strchr(digits, hex[1]);
        if (high == NULL || low == NULL || *length == MESSAGE_MAX)
            return false;
        bytes[(*length)++] = (uint8_t)((high - digits) << 4 | (low - digits));
    }
    return true;
}

static bool read_settings(char **words, struct gpio_clocked_settings *settings)
{
    bool fits = text_copy(settings->data, sizeof settings->data, words[1]) &&
                text_copy(settings->clock, sizeof settings->clock, words[2]);
    char *rest = words[0];
    for (size_t i = 0; i < BUS_LABELS_MAX && rest != NULL; i++) {
        const char *label = strsep(&rest, ",");
        fits = fits && text_copy(settings->chips[i], sizeof settings->chips[i], label);
    }
    return fits;
}

static bool send_all(struct bus *bus, char **messages, size_t count, struct error *error)
{
    static uint8_t bytes[MESSAGE_MAX];
    for (size_t i = 0; i < count; i++) {
        size_t length = 0;
        if (!read_hex(messages[i], bytes, &length))
            return error_set(error, "message %zu is not hexadecimal", i + 1);
        if (!bus_send(bus, bytes, length, error))
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct gpio_clocked_settings settings = {0};
    if (argc < 4 || !read_settings(argv + 1, &settings)) {
        (void)fputs("usage: blinkt LABELS DATA CLOCK HEX...\n", stderr);
        return 2;
    }
    struct error error = {0};
    struct bus *bus = bus_open_gpio_clocked(&settings, &error);
    bool sent = bus != NULL && send_all(bus, argv + 4, (size_t)argc - 4, &error);
    bus_close(bus);
    if (!sent)
        (void)fprintf(stderr, "%s\n", error.text);
    return sent ? 0 : 1;
}
