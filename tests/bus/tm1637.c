#include "bus/tm1637.h"

uint32_t tm1637_wires(const struct tm1637 *chip, uint32_t driven)
{
    if (!chip->present)
        return 0; /* a Pi's own pulls are down */
    return chip->holds ? driven & ~TM1637_DIO : driven;
}

static void take_byte(struct tm1637 *chip, uint8_t byte)
{
    chip->bytes++;
    if (chip->in_message++ > 0) {
        if ((chip->command & 0xC0) != 0xC0 || chip->address >= TM1637_DIGITS)
            chip->faults++; /* data without an address, or behind the last digit */
        else
            chip->ram[chip->address] = byte;
        chip->address += chip->fixed ? 0 : 1;
        return;
    }
    chip->command = byte;
    if ((byte & 0xC0) == 0x40)
        chip->fixed = (byte & 0x04) != 0;
    else if ((byte & 0xC0) == 0x80)
        chip->control = byte;
    else if ((byte & 0xC0) == 0xC0)
        chip->address = byte & 0x0F;
    else
        chip->faults++;
}

static bool hears(const struct tm1637 *chip)
{
    return chip->present && (chip->deaf_after == 0 || chip->bytes < chip->deaf_after);
}

static void clock_rises(struct tm1637 *chip)
{
    if (!chip->begun || chip->clocks == 9)
        return;
    if (chip->clocks < 8 && (chip->levels & TM1637_DIO) != 0)
        chip->shifted |= (uint8_t)(1U << chip->clocks); /* least significant bit first */
    chip->clocks++;
}

static void clock_falls(struct tm1637 *chip)
{
    chip->holds = chip->begun && chip->clocks == 8 && hears(chip);
    if (chip->clocks == 9) {
        if (hears(chip))
            take_byte(chip, chip->shifted);
        chip->clocks = 0;
        chip->shifted = 0;
    }
}

/* A STOP has a clock of its own, so one clock is no byte that was broken off. */
static void data_moves(struct tm1637 *chip, bool up)
{
    if (!up && chip->begun)
        chip->faults++; /* a START inside a message */
    if (up && chip->begun) {
        chip->messages++;
        chip->aborts += chip->clocks != 1 ? 1 : 0;
    }
    chip->begun = !up;
    chip->clocks = 0;
    chip->shifted = 0;
    chip->in_message = 0;
}

static void check_time(struct tm1637 *chip, bool clock_moves, int64_t now_us)
{
    int64_t since_clock = now_us - chip->clock_us;
    int64_t since_dio = now_us - chip->dio_us;
    bool rushed = clock_moves ? since_clock < chip->least_us || since_dio < chip->least_us
                              : (chip->levels & TM1637_CLK) != 0 && since_clock < chip->least_us;
    chip->faults += rushed ? 1 : 0;
    if (clock_moves)
        chip->clock_us = now_us;
    else
        chip->dio_us = now_us;
}

void tm1637_see(struct tm1637 *chip, uint32_t driven, int64_t now_us)
{
    uint32_t after = tm1637_wires(chip, driven);
    uint32_t changes = chip->levels ^ after;
    if (changes == (TM1637_CLK | TM1637_DIO))
        chip->faults++; /* nobody knows which came first */
    if (changes != 0)
        check_time(chip, (changes & TM1637_CLK) != 0, now_us);
    chip->levels = after;
    if ((changes & TM1637_CLK) != 0 && (after & TM1637_CLK) != 0)
        clock_rises(chip);
    else if ((changes & TM1637_CLK) != 0)
        clock_falls(chip);
    else if (changes != 0 && (after & TM1637_CLK) != 0)
        data_moves(chip, (after & TM1637_DIO) != 0);
    chip->levels = tm1637_wires(chip, driven); /* with its own answer */
}
