/*
 * TM1637 (Titan Micro Electronics): DIO may change only while CLK is low; its fall while CLK is
 * high is START, its rise STOP. A bit is sampled at CLK's rise, the least significant first. From
 * the fall after the eighth to the next one the chip holds DIO low.
 */
#include "display_model.h"

#define CLK 1u
#define DIO 2u

static void fault(struct tm1637 *chip, const char *what)
{
    if (chip->fault == NULL)
        chip->fault = what;
}

static void command(struct tm1637 *chip, uint8_t byte)
{
    if ((byte & 0xC0) == 0x40) {
        if ((byte & 0x3B) != 0)
            fault(chip, "not a write of data");
        chip->fixed = (byte & 0x04) != 0;
    } else if ((byte & 0xC0) == 0x80) {
        chip->on = (byte & 0x08) != 0;
        chip->brightness = byte & 7u;
    } else if ((byte & 0xC0) == 0xC0) {
        chip->address = byte & 0x0Fu;
        if (chip->address > 5)
            fault(chip, "an address that does not exist");
        return;
    } else {
        fault(chip, "no command");
    }
    chip->address = 6; /* no data follows */
}

static void take(struct tm1637 *chip)
{
    if (chip->bytes++ == 0) {
        command(chip, chip->byte);
        return;
    }
    if (chip->address > 5) {
        fault(chip, "data without an address");
        return;
    }
    chip->grids[chip->address] = chip->byte;
    chip->address += !chip->fixed;
}

static void clock_rises(struct tm1637 *chip, bool dio)
{
    if (!chip->running || chip->bits == 8) /* the ninth is the ACK's */
        return;
    chip->byte = (uint8_t)(chip->byte >> 1 | (dio ? 0x80 : 0));
    chip->bits++;
}

static void clock_falls(struct tm1637 *chip)
{
    if (chip->acking) {
        chip->acking = false;
        chip->bits = 0;
    } else if (chip->running && chip->bits == 8) {
        take(chip);
        chip->acking = true;
    }
}

static void dio_changes(struct tm1637 *chip, bool clk, bool dio)
{
    if (!clk)
        return;
    if (!dio) {
        if (chip->running)
            fault(chip, "START within a message");
        chip->running = true;
        chip->bits = 0;
        chip->bytes = 0;
        return;
    }
    /* The clock before a STOP samples a bit too. */
    if (!chip->running || chip->bits > 1 || chip->acking)
        fault(chip, "STOP within a byte");
    chip->running = false;
}

static void edge(void *model, uint32_t before, uint32_t after)
{
    struct tm1637 *chip = model;
    if (chip->absent)
        return;
    uint32_t changed = before ^ after;
    if (changed & DIO)
        dio_changes(chip, (before & CLK) != 0, (after & DIO) != 0);
    else if (after & CLK)
        clock_rises(chip, (after & DIO) != 0);
    else
        clock_falls(chip);
}

static uint32_t holds(const void *model)
{
    const struct tm1637 *chip = model;
    return chip->acking ? DIO : 0;
}

struct fake_chip tm1637_power(struct tm1637 *chip)
{
    *chip = (struct tm1637){.grids = {0xA5, 0x5A, 0xFF, 0x33, 0xCC, 0x11}};
    return (struct fake_chip){edge, holds, chip};
}
