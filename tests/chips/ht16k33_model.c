/*
 * HT16K33 (Holtek): the first byte of a write is a command, or the address in the RAM of the bytes
 * that follow, which counts up and wraps. The RAM is random when power comes on.
 */
#include "display_model.h"

static void fault(struct ht16k33 *chip, const char *what)
{
    if (chip->fault == NULL)
        chip->fault = what;
}

void ht16k33_power(struct ht16k33 *chip)
{
    *chip = (struct ht16k33){.ram = {0}};
    for (unsigned i = 0; i < sizeof chip->ram; i++)
        chip->ram[i] = (uint8_t)(37 * i + 11);
}

static void command(struct ht16k33 *chip, uint8_t byte)
{
    switch (byte & 0xF0) {
    case 0x20:
        chip->oscillates = (byte & 1) != 0;
        break;
    case 0x80:
        chip->on = (byte & 1) != 0;
        chip->blink = byte >> 1 & 3u;
        if (chip->on && !chip->oscillates)
            fault(chip, "on without its oscillator");
        if (chip->on && !chip->cleared)
            fault(chip, "on with random RAM");
        break;
    case 0xE0:
        chip->brightness = byte & 15u;
        break;
    default:
        fault(chip, "no command");
    }
}

void ht16k33_write(struct ht16k33 *chip, const uint8_t *bytes, size_t length)
{
    if (length == 0)
        return;
    if (bytes[0] >= sizeof chip->ram) {
        if (length != 1)
            fault(chip, "bytes after a command");
        command(chip, bytes[0]);
        return;
    }
    for (size_t i = 1; i < length; i++)
        chip->ram[(bytes[0] + i - 1) % sizeof chip->ram] = bytes[i];
    chip->cleared |= length > sizeof chip->ram;
}

/* Lit only when it runs, steadily. */
bool ht16k33_light(const struct ht16k33 *chip, size_t com, size_t row)
{
    bool steady = chip->oscillates && chip->on && chip->blink == 0;
    return steady && (chip->ram[2 * com + row / 8] >> row % 8 & 1) != 0;
}
