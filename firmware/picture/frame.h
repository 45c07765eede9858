/*
 * One picture as the lights should show it: linear light, 16 bits a channel, after brightness,
 * before any chip's limits; and the same in a few characters for digits and in words for terminals.
 */
#ifndef AMBERBAR_PICTURE_FRAME_H
#define AMBERBAR_PICTURE_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_PIXELS_MAX 1024
#define FRAME_TEXT_SIZE 24
#define FRAME_CAPTION_SIZE 192

struct pixel { /* linear light: 0 dark, 65535 as bright as the LED gets */
    uint16_t red, green, blue;
};

struct frame {
    int64_t time_ms;      /* the moment it shows, monotonic; set by picture_draw() */
    struct pixel *pixels; /* owned by whoever made the frame; `count` of them */
    size_t count;
    char text[FRAME_TEXT_SIZE]; /* ASCII for digits: "42", "FAIL", "----"; '.' joins a digit */
    uint16_t text_dimmed; /* linear light that the digits lack, of 65535; 0: their own brightness */
    double brightness;    /* perceived, 0..1, at which the pixels are drawn; 0: nobody says. For
                             lights that are on or off, and tell lightness by something else */
    char caption[FRAME_CAPTION_SIZE]; /* UTF-8, one line, for outputs with room for words; written
                                         by whoever knows them, not by picture_draw() */
};

/* The linear light of a lightness, 0..1, in a frame that says its brightness. */
uint16_t frame_light(const struct frame *frame, double lightness);

/* A colour as screens and people write it: #rrggbb of IEC 61966-2-1 (sRGB). */
struct srgb {
    uint8_t red, green, blue;
};

/* The nearest colour of sRGB; light that is there, however little, never becomes black. */
struct srgb pixel_to_srgb(struct pixel light);

/* Exact: pixel_to_srgb() gives the same colour back. */
struct pixel pixel_from_srgb(struct srgb colour);

#endif
