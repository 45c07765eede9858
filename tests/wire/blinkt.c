/*
 * Sends messages through the real bus code inside the emulated board, as the daemon would: after an
 * error, which is printed, the bus is closed and opened anew for the next message.
 *
 *   blinkt LABELS DATA CLOCK MESSAGE...
 *
 * LABELS are separated by commas; a MESSAGE is hexadecimal, or "-": wait for a line on standard
 * input. Exit: 0, or 1 when a message was not sent.
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

static bool send_hex(struct bus *bus, const char *hex, struct error *error)
{
    static uint8_t bytes[MESSAGE_MAX];
    size_t length = 0;
    if (!read_hex(hex, bytes, &length))
        return error_set(error, "not a message in hexadecimal: %s", hex);
    return bus_send(bus, bytes, length, error);
}

/* Opens the bus when it is not; closes it when the message could not be sent. */
static bool send_one(struct bus **bus, const struct gpio_clocked_settings *settings,
                     const char *hex)
{
    struct error error = {0};
    if (*bus == NULL)
        *bus = bus_open_gpio_clocked(settings, &error);
    if (*bus != NULL && send_hex(*bus, hex, &error))
        return true;
    (void)fprintf(stderr, "%s\n", error.text);
    bus_close(*bus);
    *bus = NULL;
    return false;
}

int main(int argc, char **argv)
{
    struct gpio_clocked_settings settings = {0};
    if (argc < 4 || !read_settings(argv + 1, &settings)) {
        (void)fputs("usage: blinkt LABELS DATA CLOCK MESSAGE...\n", stderr);
        return 2;
    }
    struct bus *bus = NULL;
    bool sent = true;
    for (int i = 4; i < argc; i++) {
        char line[16];
        if (strcmp(argv[i], "-") == 0)
            sent = fgets(line, sizeof line, stdin) != NULL && sent;
        else
            sent = send_one(&bus, &settings, argv[i]) && sent;
    }
    bus_close(bus);
    return sent ? 0 : 1;
}
