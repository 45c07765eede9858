#include "usb_model.h"

#include <string.h>

#define BLINK1_LINES 16

static void fault(struct usb_light *light, const char *what)
{
    if (light->fault == NULL)
        light->fault = what;
}

static void set_blink1(struct usb_light *light, uint8_t led, const uint8_t *colour)
{
    if (led > 2)
        fault(light, "a blink(1) has two LEDs");
    for (uint8_t i = 0; i < 2; i++)
        if (led == 0 || led == i + 1)
            memcpy(light->shown[i], colour, 3);
}

/* todbot/blink1, docs/blink1-hid-commands.md: { 1, command, six arguments }. */
void blink1_receive(struct usb_light *light, const uint8_t *report, size_t length)
{
    const uint8_t *argument = report + 2;
    if (length != 9 || report[0] != 1) {
        fault(light, "no report 1 of eight bytes behind its number");
        return;
    }
    int ticks = report[5] << 8 | report[6];
    switch (report[1]) {
    case 'c':
        set_blink1(light, report[7], argument);
        if (ticks > 4)
            fault(light, "fades longer than a picture lasts");
        break;
    case 'l':
        light->led = argument[0];
        break;
    case 'P':
        /* All zeros is a line that is left out, for ever. */
        light->line = report[7];
        light->dark_line = argument[0] + argument[1] + argument[2] == 0 && ticks > 0 &&
                           light->led == 0 && report[7] < BLINK1_LINES;
        break;
    case 'D':
        light->timer_ms = argument[0] == 0 ? 0 : (argument[1] << 8 | argument[2]) * 10;
        light->plays_dark =
            light->dark_line && argument[4] == light->line && argument[5] == light->line;
        if (argument[3] == 0)
            memset(light->shown, 0, sizeof light->shown);
        break;
    default:
        fault(light, "an unknown command");
    }
}

void blink1_wait(struct usb_light *light, int64_t ms)
{
    if (light->timer_ms == 0 || ms < light->timer_ms)
        return;
    memset(light->shown, light->plays_dark ? 0 : 0x55, sizeof light->shown);
    light->timer_ms = 0;
}

/* subzey/blinkstick-webhid, "Feature Reports Table". */
void blinkstick_receive(struct usb_light *light, const uint8_t *report, size_t length,
                        uint8_t channel)
{
    if (length == 4 && report[0] == 1) {
        memcpy(light->shown[0], report + 1, 3);
        return;
    }
    size_t leds = report[0] >= 6 && report[0] <= 9 ? (size_t)8 << (report[0] - 6) : 0;
    if (leds == 0 || length != 2 + 3 * leds)
        fault(light, "no report 6 to 9 of its size");
    else if (report[1] != channel)
        fault(light, "another channel");
    else
        memcpy(light->shown, report + 2, 3 * leds);
}

/* Eight bytes; before them goes a 0, since they have no number (hidraw.rst). */
void luxafor_receive(struct usb_light *light, const uint8_t *report, size_t length)
{
    static const uint8_t rest[3] = {0};
    if (length != 9 || report[0] != 0 || report[1] != 1 || memcmp(report + 6, rest, 3) != 0) {
        fault(light, "no command 1 of eight bytes");
        return;
    }
    if (report[2] != 0xff && (report[2] < 1 || report[2] > 6))
        fault(light, "a flag has six LEDs");
    for (uint8_t i = 0; i < 6; i++)
        if (report[2] == 0xff || report[2] == i + 1)
            memcpy(light->shown[i], report + 3, 3);
}
