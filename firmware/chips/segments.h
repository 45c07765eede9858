/*
 * Characters on seven segments.
 */
#ifndef AMBERBAR_CHIPS_SEGMENTS_H
#define AMBERBAR_CHIPS_SEGMENTS_H

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

/* The segments of a character; none for one that seven segments cannot show. */
uint8_t segments_of(char character);

/* A text on `count` digits, aligned to the right; what is longer loses its end. A '.' joins the
 * character before it. */
void segments_text(const char *text, uint8_t digits[], size_t count);

#endif
