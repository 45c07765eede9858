/*
 * TM1637: displays of four or six digits on two wires, of which many are sold as clock modules.
 * (Titan Micro Electronics, TM1637 data sheet.)
 *
 * Three messages, each between a START and a STOP: 40, data with an address that counts up; C0 and
 * a byte a digit, segment a at bit 0 ... g at bit 6; 88 and the brightness, display on. Clock
 * modules have their colon at bit 7 of the second digit and no decimal points; others have a point
 * at bit 7 of each digit.
 */
#ifndef AMBERBAR_CHIPS_TM1637_H
#define AMBERBAR_CHIPS_TM1637_H

#include "chips/chip.h"

#define TM1637_DIGITS_MAX 6

enum tm1637_points { TM1637_POINTS_COLON, TM1637_POINTS_EACH };

struct tm1637_settings {
    int64_t digits;
    char map[TM1637_DIGITS_MAX + 1]; /* the grid of each digit from the left; "": 012345 */
    int points;                      /* enum tm1637_points */
    int64_t brightness;              /* 0..7: 1, 2, 4, 10, 11, 12, 13, 14 of 16 */
};

#endif
