/*
 * Displays as they behave on their wires, each written from its data sheet and not from an encoder.
 * What they show is said in segments, a at bit 0 ... g at bit 6, the dot at bit 7, whatever bits
 * the chip has for them.
 */
#ifndef AMBERBAR_TESTS_DISPLAY_MODEL_H
#define AMBERBAR_TESTS_DISPLAY_MODEL_H

#include "fake_gpio.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lines: CLK bit 0, DIO bit 1, as bus/twowire.c asks for them. */
struct tm1637 {
    bool absent; /* unplugged */
    bool running, acking;
    unsigned bits; /* of the byte that comes */
    uint8_t byte;
    size_t bytes; /* since START */
    bool fixed;   /* 44: the address does not count up */
    size_t address;
    uint8_t grids[6];
    bool on;
    unsigned brightness;
    const char *fault; /* the first; NULL: none */
};
struct fake_chip tm1637_power(struct tm1637 *chip);

/* Lines: DATA bit 0, CLK bit 1, LOAD bit 2, as bus/clocked.c asks for them. */
#define MAX7219_CHAIN_MAX 8
struct max7219 {
    size_t chips;
    uint16_t shifted[MAX7219_CHAIN_MAX]; /* 0: next to the board */
    size_t bits;                         /* since the last rise of LOAD */
    uint8_t registers[MAX7219_CHAIN_MAX][16];
    const char *fault;
};
struct fake_chip max7219_power(struct max7219 *chip, size_t chips);
void max7219_spi(struct max7219 *chip, const uint8_t *bytes, size_t length); /* a CS period */
uint8_t max7219_digit(const struct max7219 *chip, size_t index, size_t digit);
/* Whether the light is lit that segment `segment` (0: DP, then A to G) of a digit drives. */
bool max7219_light(const struct max7219 *chip, size_t index, size_t digit, size_t segment);

#define HC595_CHAIN_MAX 16
struct hc595 { /* the same lines */
    size_t chips;
    uint8_t shifted[HC595_CHAIN_MAX], outputs[HC595_CHAIN_MAX]; /* 0: next to the board */
    size_t bits;
    const char *fault;
};
struct fake_chip hc595_power(struct hc595 *chip, size_t chips);

struct tm1638 {         /* the same lines, STB for the third */
    size_t bits, bytes; /* since STB fell */
    uint8_t byte;
    unsigned instruction;
    bool fixed; /* 44: the address does not count up */
    size_t address;
    uint8_t memory[16];
    bool on, cleared; /* cleared: all of the memory was written since power came on */
    unsigned brightness;
    const char *fault;
};
struct fake_chip tm1638_power(struct tm1638 *chip);
void tm1638_spi(struct tm1638 *chip, const uint8_t *bytes, size_t length); /* a CS period */

struct ht16k33 {
    bool oscillates, on, cleared; /* cleared: all of the RAM was written since power came on */
    unsigned blink, brightness;
    uint8_t ram[16];
    const char *fault;
};
void ht16k33_power(struct ht16k33 *chip);
void ht16k33_write(struct ht16k33 *chip, const uint8_t *bytes, size_t length); /* one of I2C */
bool ht16k33_light(const struct ht16k33 *chip, size_t com, size_t row);

#define IS31FL3731_PAGES 8
struct is31fl3731 {
    size_t page;                          /* that bytes go to */
    uint8_t pages[IS31FL3731_PAGES][180]; /* control 0 to 17, blink to 35, PWM to 179 */
    uint8_t functions[13];
    bool written[180]; /* of page 0, since power came on */
    const char *fault;
};
void is31fl3731_power(struct is31fl3731 *chip);
void is31fl3731_write(struct is31fl3731 *chip, const uint8_t *bytes, size_t length); /* of I2C */
uint8_t is31fl3731_light(const struct is31fl3731 *chip, size_t light); /* its PWM; 0: dark */

#endif
