/*
 * 74HC595 (Nexperia): DS enters Q0's stage at SHCP's rise and Q7's leaves for the next register;
 * STCP's rise shows all stages at once.
 */
#include "display_model.h"

#define DATA 1u
#define CLK 2u
#define LATCH 4u

static void shift(struct hc595 *chip, bool bit)
{
    for (size_t i = 0; i < chip->chips; i++) {
        bool out = (chip->shifted[i] & 0x80) != 0;
        chip->shifted[i] = (uint8_t)(chip->shifted[i] << 1 | (bit ? 1 : 0));
        bit = out;
    }
    chip->bits++;
}

static void edge(void *model, uint32_t before, uint32_t after)
{
    struct hc595 *chip = model;
    uint32_t rises = after & ~before;
    if (rises & CLK)
        shift(chip, (after & DATA) != 0);
    if ((rises & LATCH) == 0)
        return;
    if (chip->bits != 8 * chip->chips && chip->fault == NULL)
        chip->fault = "not a byte a register";
    for (size_t i = 0; i < chip->chips; i++)
        chip->outputs[i] = chip->shifted[i];
    chip->bits = 0;
}

struct fake_chip hc595_power(struct hc595 *chip, size_t chips)
{
    *chip = (struct hc595){.chips = chips};
    for (size_t i = 0; i < chips; i++)
        chip->outputs[i] = 0x5A;
    return (struct fake_chip){edge, NULL, chip};
}
