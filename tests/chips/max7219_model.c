/*
 * MAX7219 (Maxim 19-4452): bits enter at CLK's rise and leave 16 bits later for the next chip; each
 * takes its last 16 at the rise of LOAD, which is CS.
 */
#include "display_model.h"

#define DATA 1u
#define CLK 2u
#define LOAD 4u

static void fault(struct max7219 *chip, const char *what)
{
    if (chip->fault == NULL)
        chip->fault = what;
}

static void shift(struct max7219 *chip, bool bit)
{
    for (size_t i = 0; i < chip->chips; i++) {
        bool out = (chip->shifted[i] & 0x8000) != 0;
        chip->shifted[i] = (uint16_t)(chip->shifted[i] << 1 | (bit ? 1 : 0));
        bit = out;
    }
    chip->bits++;
}

static void load(struct max7219 *chip)
{
    if (chip->bits != 16 * chip->chips)
        fault(chip, "not a word a chip");
    for (size_t i = 0; i < chip->chips; i++) {
        unsigned reg = chip->shifted[i] >> 8 & 15u;
        if (reg == 13 || reg == 14)
            fault(chip, "no register");
        chip->registers[i][reg] = (uint8_t)chip->shifted[i];
    }
    chip->bits = 0;
}

static void edge(void *model, uint32_t before, uint32_t after)
{
    struct max7219 *chip = model;
    uint32_t rises = after & ~before;
    if (rises & LOAD)
        load(chip);
    if ((rises & CLK) == 0)
        return;
    if (after & LOAD)
        fault(chip, "a clock while LOAD is high");
    shift(chip, (after & DATA) != 0);
}

struct fake_chip max7219_power(struct max7219 *chip, size_t chips)
{
    *chip = (struct max7219){.chips = chips};
    for (size_t i = 0; i < chips; i++)
        for (size_t reg = 0; reg < 16; reg++)
            chip->registers[i][reg] = 0xA5; /* what noise may leave */
    return (struct fake_chip){edge, NULL, chip};
}

void max7219_spi(struct max7219 *chip, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < 8 * length; i++)
        shift(chip, (bytes[i / 8] >> (7 - i % 8) & 1) != 0);
    load(chip);
}

/* Lit only in plain running order. */
static bool is_plain(const uint8_t registers[static 16], size_t digit)
{
    return registers[15] == 0 && registers[12] == 1 && registers[9] == 0 &&
           registers[11] >= digit && registers[11] < 8 && registers[10] < 16;
}

/* D6 is a ... D0 is g, D7 the dot. */
uint8_t max7219_digit(const struct max7219 *chip, size_t index, size_t digit)
{
    const uint8_t *registers = chip->registers[index];
    unsigned value = registers[1 + digit], segments = value & 0x80;
    for (unsigned k = 0; k < 7; k++)
        segments |= (value >> (6 - k) & 1) << k;
    return is_plain(registers, digit) ? (uint8_t)segments : 0xEE;
}

bool max7219_light(const struct max7219 *chip, size_t index, size_t digit, size_t segment)
{
    const uint8_t *registers = chip->registers[index];
    return is_plain(registers, digit) && (registers[1 + digit] >> (7 - segment) & 1) != 0;
}
