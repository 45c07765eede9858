/*
 * A TM1637 as its pins see the world, written from its datasheet ("Interface Interpretation",
 * "Command"), not from the bus: START, bytes, ACK, STOP, the display's RAM and its brightness.
 * What it may not be given is counted.
 */
#ifndef AMBERBAR_TESTS_BUS_TM1637_H
#define AMBERBAR_TESTS_BUS_TM1637_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TM1637_CLK 1U /* bits of pin levels */
#define TM1637_DIO 2U
#define TM1637_DIGITS 6

struct tm1637 {
    bool present;      /* false: nothing hangs on the wires; no pull-up either */
    size_t deaf_after; /* stops answering after so many bytes; 0: never */
    int64_t least_us;  /* between an edge and the next that may be seen */

    uint8_t ram[TM1637_DIGITS];
    uint8_t control; /* the last display-control command */
    size_t messages, bytes;
    size_t aborts; /* STOPs in the middle of a byte */
    size_t faults; /* edges that are against the rules */

    uint32_t levels; /* on the wires */
    bool holds;      /* DIO low: the ACK */
    bool begun;      /* between START and STOP */
    unsigned clocks; /* of this byte: 0 to 9 */
    uint8_t shifted;
    uint8_t command;   /* the first byte of the message */
    size_t in_message; /* bytes of it */
    size_t address;
    bool fixed;               /* command 44: no auto-increment */
    int64_t clock_us, dio_us; /* when each moved last */
};

/* The levels that its pull-ups and its own ACK leave on the wires. */
uint32_t tm1637_wires(const struct tm1637 *chip, uint32_t driven);

/* The master changed what it drives, at a time. */
void tm1637_see(struct tm1637 *chip, uint32_t driven, int64_t now_us);

#endif
