/*
 * APA102 ("DotStar") and SK9822: LEDs on data and clock, each with red, green, blue and a 5-bit
 * brightness field, chained without end.
 *
 * On the wire: 4 bytes 00; for each LED 111 and the field, then three colours of 8 bits in the
 * strip's order (blue, green, red unless a clone); 4 bytes 00; and ceil(n/16) bytes 00. The first
 * zeros make every LED wait for its own 32 bits. The second are the start frame at which an SK9822
 * shows what it got (an APA102 has shown it by then). The last are clock: each LED hands data on
 * half a period late, so the n-th needs n/2 more periods to see its own end. (cpldcpu,
 * "Understanding the APA102 Superled", 2014, and "SK9822 - a clone of the APA102?", 2016.)
 *
 * A message may end early (apa102_cut): a LED that no 32 bits of its own reach goes on showing what
 * it has, and passes zeros on. That follows from how both chips count, and the sources know no
 * clone that differs in it; none has been tried on hardware. `end: ones` keeps every message whole.
 *
 * Light is linear in both numbers, so colour needs no gamma here, but 8 bits are too few: at 3 %
 * perceived brightness a full channel is 1 of 255, and amber is red. With the field one step is
 * 1/7905 instead of 1/255. Each LED gets the smallest field at which its strongest channel fits,
 * which keeps the ratio of the others best; but 4 at least, because the field is a second, slow
 * modulation (about 582 Hz) that smaller values turn into flicker.
 */
#ifndef AMBERBAR_CHIPS_APA102_H
#define AMBERBAR_CHIPS_APA102_H

#include "chips/chip.h"

#define APA102_FIELD_MAX 31
#define APA102_FIELD_MIN 4

enum apa102_order {
    APA102_ORDER_BGR,
    APA102_ORDER_BRG,
    APA102_ORDER_GBR,
    APA102_ORDER_GRB,
    APA102_ORDER_RBG,
    APA102_ORDER_RGB
};
enum apa102_field { APA102_FIELD_SCALED, APA102_FIELD_FIXED };
enum apa102_end { APA102_END_ZEROS, APA102_END_ONES };

struct apa102_settings {
    int64_t pixels;
    int order;            /* enum apa102_order */
    int64_t max_ma;       /* the limiter's budget for the whole strip */
    int brightness_field; /* enum apa102_field */
    int end;              /* enum apa102_end */
};

#endif
