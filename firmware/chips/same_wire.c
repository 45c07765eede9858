/*
 * Names under which lights are sold, and the chip here that drives them: the same bytes in the same
 * times on the same wires. What is only named alike (TM1640, LPD6803, HT1632, APA106, WS2814) is
 * not here: it is another protocol, or other times.
 *
 * Sources: WLED, "Compatible LED strips"; FastLED, led_timing.h and chipsets.h; Adafruit, "NeoPixel
 * Überguide" and "DotStar LEDs"; data sheets of MAX7221, VK16K33 and TPIC6B595.
 */
#include "chips/chip.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *name, *chip;
} same[] = {
    {"neopixel", "ws2812"}, {"neopixels", "ws2812"},    {"ws281x", "ws2812"},
    {"ws2811", "ws2812"},   {"ws2812b", "ws2812"},      {"ws2812c", "ws2812"},
    {"ws2812d", "ws2812"},  {"ws2812s", "ws2812"},      {"ws2812eco", "ws2812"},
    {"ws2813", "ws2812"},   {"ws2815", "ws2812"},       {"ws2813b", "ws2812"},
    {"ws2815b", "ws2812"},  {"sm16703", "ws2812"},      {"sm16703p", "ws2812"},
    {"ucs1903", "ws2812"},  {"ucs1903b", "ws2812"},     {"gs8208", "ws2812"},
    {"sk6805", "ws2812"},   {"neopixelrgbw", "sk6812"}, {"sk6812rgbw", "sk6812"},
    {"sk6812w", "sk6812"},  {"sk6812mini", "sk6812"},   {"dotstar", "apa102"},
    {"dotstars", "apa102"}, {"apa102c", "apa102"},      {"apa107", "apa102"},
    {"hd107", "apa102"},    {"hd107s", "apa102"},       {"ns107s", "apa102"},
    {"max7221", "max7219"}, {"fc16", "max7219-matrix"}, {"ledkey", "tm1638"},
    {"vk16k33", "ht16k33"}, {"74hc595", "hc595"},       {"74hct595", "hc595"},
    {"sn74hc595", "hc595"}, {"tpic6b595", "hc595"},     {"tpic6c595", "hc595"},
    {"wled", "ddp"},        {"sacn", "e131"},           {"e131", "e131"},
    {"lpd8803", "lpd8806"},
};

/* The next character that counts: letters and digits, in small letters. */
static int next_letter(const char **at, const char *end)
{
    while (*at < end && !isalnum((unsigned char)**at))
        (*at)++;
    return *at < end ? tolower((unsigned char)*(*at)++) : '\0';
}

/* "WS2812-B" is ws2812b. */
static bool is_same_name(const char *given, size_t length, const char *name)
{
    const char *end = given + length;
    for (; *name != '\0'; name++)
        if (next_letter(&given, end) != *name)
            return false;
    return next_letter(&given, end) == '\0';
}

const char *chip_same_wire(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (is_same_name(name, length, same[i].name))
            return same[i].chip;
    return NULL;
}
