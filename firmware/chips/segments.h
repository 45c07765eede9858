/*
 * Characters on segments: the one font of all displays. A shape is abstract; which bit of a chip
 * drives which segment is that chip's table, or the board file's.
 */
#ifndef AMBERBAR_CHIPS_SEGMENTS_H
#define AMBERBAR_CHIPS_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 *    a
 *  f   b      as bits, in the order that display chips share: a is bit 0 ... g is bit 6,
 *    g        and the dot is bit 7.
 *  e   c
 *    d  .
 */
#define SEGMENT_A 0x01
#define SEGMENT_B 0x02
#define SEGMENT_C 0x04
#define SEGMENT_D 0x08
#define SEGMENT_E 0x10
#define SEGMENT_F 0x20
#define SEGMENT_G 0x40
#define SEGMENT_DOT 0x80

/*
 *     a
 *  f h j k b    with fourteen: a to f as above, then g (left) and G, h to n, and the dot at bit 14,
 *   g   G       the order of the HT16K33 displays that people own (Adafruit, Pimoroni).
 *  e l m n c
 *     d    .
 */
#define SEGMENT14_G_LEFT 0x0040
#define SEGMENT14_G_RIGHT 0x0080
#define SEGMENT14_H 0x0100
#define SEGMENT14_J 0x0200
#define SEGMENT14_K 0x0400
#define SEGMENT14_L 0x0800
#define SEGMENT14_M 0x1000
#define SEGMENT14_N 0x2000
#define SEGMENT14_DOT 0x4000

/*
 * The segments of a character; none for one that so many segments cannot show. The characters 1 to
 * 7, or 14, are one segment each, in the order of the bits: for finding out how a display is wired.
 */
#define SEGMENTS_SINGLES 14
uint8_t segments_of(char character);
uint16_t segments14_of(char character);

/* One digit of a display. */
struct segments_cell {
    char character;  /* ' ': nothing */
    bool dot, colon; /* behind it */
};

/*
 * A text on `count` digits, aligned to the right. A '.' or ':' joins the character before it. What
 * is too long is not cut by chance: a word loses its end, as abbreviations do, and a text with a
 * digit in it, which would become another number, is shown as dashes. `points`: the digits have
 * decimal points; else a text ends before its first '.', for 9.5 without its point is 95.
 */
#define SEGMENTS_DIGITS_MAX 64
void segments_lay_out(const char *text, bool points, struct segments_cell cells[], size_t count);

/* A digit of seven segments, with the dot for a colon. */
uint8_t segments_of_cell(const struct segments_cell *cell);

/* A text laid out on such digits, which have points. */
void segments_text(const char *text, uint8_t digits[], size_t count);

/*
 * The brightness, 0 to `most`, of digits that lack `dimmed` (of 65535) of the light of `most`:
 * the brightest that gives no more, but never darkness. `duties` are the lights of each, in any
 * unit, rising.
 */
int64_t segments_brightness(const uint8_t duties[], int64_t most, uint16_t dimmed);

/*
 * A wiring names the segment at each of a chip's eight bits, the lowest first: "abcdefg." is the
 * order of the shapes themselves.
 */
#define SEGMENTS_WIRING_SIZE 9
/* Whether a map names, for each of `count` places from the left, a line of the chip of its own, 0
   to 7: "0123". */
bool segments_is_map(const char *map, size_t count);

bool segments_is_wiring(const char *wiring);
uint8_t segments_wired(uint8_t shape, const char wiring[static SEGMENTS_WIRING_SIZE]);

#endif
