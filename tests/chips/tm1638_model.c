/*
 * TM1638 (Titan Micro Electronics): what follows a fall of STB is an instruction, its bits taken at
 * CLK's rise, the least significant first; its rise ends it. With STB high CLK is ignored. The
 * memory is random when power comes on.
 */
#include "display_model.h"

#define DATA 1u
#define CLK 2u
#define STB 4u

static void fault(struct tm1638 *chip, const char *what)
{
    if (chip->fault == NULL)
        chip->fault = what;
}

static void command(struct tm1638 *chip, uint8_t byte)
{
    chip->instruction = byte >> 6;
    switch (chip->instruction) {
    case 1: /* data */
        if ((byte & 0x0B) != 0)
            fault(chip, "reads keys, or tests");
        chip->fixed = (byte & 4) != 0;
        break;
    case 2: /* display */
        if ((byte & 0x30) != 0)
            fault(chip, "no display control");
        chip->on = (byte & 8) != 0;
        chip->brightness = byte & 7u;
        if (chip->on && !chip->cleared)
            fault(chip, "on with random memory");
        break;
    case 3: /* address */
        if ((byte & 0x30) != 0)
            fault(chip, "no address");
        chip->address = byte & 15u;
        break;
    default:
        fault(chip, "no instruction");
    }
}

static void take(struct tm1638 *chip, uint8_t byte)
{
    if (chip->bytes++ == 0) {
        command(chip, byte);
        return;
    }
    if (chip->instruction != 3)
        fault(chip, "bytes after an instruction that has none");
    if (chip->address >= sizeof chip->memory) {
        fault(chip, "beyond the memory");
        return;
    }
    chip->memory[chip->address] = byte;
    chip->cleared |= chip->bytes == 1 + sizeof chip->memory;
    chip->address += chip->fixed ? 0 : 1;
}

static void shift(struct tm1638 *chip, bool bit)
{
    chip->byte = (uint8_t)(chip->byte >> 1 | (bit ? 0x80 : 0));
    if (++chip->bits % 8 == 0)
        take(chip, chip->byte);
}

static void begin(struct tm1638 *chip)
{
    chip->bits = chip->bytes = 0;
}

static void end(struct tm1638 *chip)
{
    if (chip->bits % 8 != 0)
        fault(chip, "STB rises within a byte");
}

static void edge(void *model, uint32_t before, uint32_t after)
{
    struct tm1638 *chip = model;
    uint32_t rises = after & ~before, falls = before & ~after;
    if ((rises & STB) != 0)
        end(chip);
    if ((falls & STB) != 0)
        begin(chip);
    if ((rises & CLK) != 0 && (after & STB) == 0)
        shift(chip, (after & DATA) != 0);
}

struct fake_chip tm1638_power(struct tm1638 *chip)
{
    *chip = (struct tm1638){.on = false};
    for (unsigned i = 0; i < sizeof chip->memory; i++)
        chip->memory[i] = (uint8_t)(53 * i + 7);
    return (struct fake_chip){edge, NULL, chip};
}

void tm1638_spi(struct tm1638 *chip, const uint8_t *bytes, size_t length)
{
    begin(chip);
    for (size_t i = 0; i < 8 * length; i++)
        shift(chip, (bytes[i / 8] >> (7 - i % 8) & 1) != 0);
    end(chip);
}
