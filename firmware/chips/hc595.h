/*
 * 74HC595: a chain of shift registers, one a digit, each output a segment.
 * (Nexperia, 74HC595 data sheet.)
 *
 * One message, a byte a register: the first ends up in the furthest register, most significant bit
 * in Q7, and all outputs change at once when the latch (STCP) rises. Which output drives which
 * segment differs from module to module, so the board file says it.
 */
#ifndef AMBERBAR_CHIPS_HC595_H
#define AMBERBAR_CHIPS_HC595_H

#include "chips/chip.h"
#include "chips/segments.h"

#define HC595_DIGITS_MAX 16

enum hc595_common { HC595_CATHODE, HC595_ANODE };
enum hc595_side { HC595_LEFT, HC595_RIGHT };

struct hc595_settings {
    int64_t digits;
    char outputs[SEGMENTS_WIRING_SIZE]; /* the segments at Q0 ... Q7 */
    int common;                         /* enum hc595_common: an anode inverts every bit */
    int first_digit; /* enum hc595_side: where the digit of the nearest register is */
};

#endif
