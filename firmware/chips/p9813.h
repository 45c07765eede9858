/*
 * P9813 (total control lighting, Grove chainable LED): drivers on data and clock. Four bytes 00,
 * then for each LED a flag byte and three colours, then four bytes 00. The flag is 11 and,
 * inverted, the top two bits of each colour in the order in which they follow: a LED ignores a
 * frame whose flag does not agree. (P9813 data sheet; FastLED.)
 */
#ifndef AMBERBAR_CHIPS_P9813_H
#define AMBERBAR_CHIPS_P9813_H

#include "chips/ledstrip.h"

#endif
