/*
 * LED&KEY: eight digits of seven segments and eight red lights above them, behind a TM1638.
 * (Titan Micro Electronics, TM1638 data sheet.)
 *
 * An instruction begins at the fall of STB and ends at its rise; bits are taken at CLK's rise, the
 * least significant first, so each byte is turned round here, and the bus needs to know nothing of
 * it. Four of them a frame: 40, data with the address counting up, twice, because a process that
 * died may have left the first one half; C0 and the whole memory of 16 bytes, which is random after
 * power came on; 88 and the brightness, on.
 *
 * Of each digit, from the left, the first byte has the segments, a at bit 0 ... the dot at bit 7,
 * and bit 0 of the second is the light above it. The keys are not read, so the chip never drives
 * DIO. Boards with common anodes and 16 keys (QYF-TM1638) have another memory, and are not these.
 */
#ifndef AMBERBAR_CHIPS_TM1638_H
#define AMBERBAR_CHIPS_TM1638_H

#include "chips/chip.h"

#define TM1638_DIGITS 8

struct tm1638_settings {
    int64_t brightness; /* 0..7: 1, 2, 4, 10 ... 14 of 16 */
};

#endif
