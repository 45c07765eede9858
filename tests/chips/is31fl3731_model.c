/*
 * IS31FL3731 (Lumissil): FD and a byte choose a page, one of eight pictures or the functions; else
 * the first byte of a write is a register of that page, and the bytes that follow go there and on.
 * Nothing is known of its memory when power comes on, but that it does not run.
 */
#include "display_model.h"

#include <string.h>

#define FUNCTIONS 0x0B
#define PWM 36
#define BLINK 18

static void fault(struct is31fl3731 *chip, const char *what)
{
    if (chip->fault == NULL)
        chip->fault = what;
}

void is31fl3731_power(struct is31fl3731 *chip)
{
    memset(chip, 0xA5, sizeof *chip);
    memset(chip->written, 0, sizeof chip->written);
    chip->functions[10] = 0;
    chip->page = 3;
    chip->fault = NULL;
}

static void choose(struct is31fl3731 *chip, const uint8_t *bytes, size_t length)
{
    if (length != 2 || (bytes[1] >= IS31FL3731_PAGES && bytes[1] != FUNCTIONS))
        fault(chip, "no page");
    else
        chip->page = bytes[1];
}

static bool all_written(const struct is31fl3731 *chip)
{
    for (size_t i = 0; i < sizeof chip->written; i++)
        if (!chip->written[i])
            return false;
    return true;
}

void is31fl3731_write(struct is31fl3731 *chip, const uint8_t *bytes, size_t length)
{
    if (length > 0 && bytes[0] == 0xFD) {
        choose(chip, bytes, length);
        return;
    }
    size_t size = chip->page == FUNCTIONS ? sizeof chip->functions : sizeof chip->pages[0];
    if (length < 2 || bytes[0] + length - 1 > size) {
        fault(chip, "no register");
        return;
    }
    for (size_t i = 1; i < length; i++) {
        size_t at = bytes[0] + i - 1;
        if (chip->page == FUNCTIONS)
            chip->functions[at] = bytes[i];
        else
            chip->pages[chip->page][at] = bytes[i];
        if (chip->page == 0)
            chip->written[at] = true;
    }
    if (chip->functions[10] == 1 && !all_written(chip))
        fault(chip, "runs with random memory");
}

uint8_t is31fl3731_light(const struct is31fl3731 *chip, size_t light)
{
    const uint8_t *functions = chip->functions, *page = chip->pages[functions[1] & 7];
    bool picture = functions[0] == 0 && functions[6] == 0 && functions[10] == 1;
    bool there = (page[light / 8] >> light % 8 & 1) != 0;
    bool blinks = (page[BLINK + light / 8] >> light % 8 & 1) != 0 && (functions[5] & 8) != 0;
    bool breathes = (functions[9] & 0x10) != 0;
    return picture && there && !blinks && !breathes ? page[PWM + light] : 0;
}
