/*
 * frame FLOOR|RENDER PIXELS FRAMES: draws frames of a running rollout, for counting instructions.
 *
 * FLOOR is the least that an APA102 frame can cost: three table look-ups a pixel and its four
 * bytes. RENDER is what the daemon does: the moment's picture, and its bytes. ENCODE is the bytes
 * alone, of a picture in which no two neighbours are alike.
 */
#include "base/text.h"
#include "chips/apa102.h"
#include "picture/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES ((size_t)8 * FRAME_PIXELS_MAX)

static struct pixel pixels[FRAME_PIXELS_MAX];
static uint8_t *bytes; /* of unknown size: a floor has no checks of room either */
static uint8_t table[256];

static __attribute__((noinline)) void floor_frame(const uint8_t rgb[], size_t count)
{
    uint8_t *out = bytes;
    memset(out, 0, 4);
    out += 4;
    for (size_t i = 0; i < count; i++, rgb += 3, out += 4) {
        out[0] = 0xE7;
        out[1] = table[rgb[2]];
        out[2] = table[rgb[1]];
        out[3] = table[rgb[0]];
    }
    memset(out, 0, 4 + (count + 15) / 16);
}

static void render_frame(const struct apa102_settings *strip, int64_t now_ms, bool draws)
{
    static const struct show show = {.verdict = {.state = STATE_PROGRESSING, .p = 0.42, .q = 0.7},
                                     .p_from = 0.42,
                                     .q_from = 0.7,
                                     .finished_ms = INT64_MIN};
    static const struct picture_settings settings = {.brightness = 0.5};
    static const struct subject subject = {.shows = &show, .show_count = 1, .common = &show};
    static struct frame frame = {.pixels = pixels};
    static struct wire wire = {.capacity = BYTES};
    frame.count = (size_t)strip->pixels;
    wire.bytes = bytes;
    wire_reset(&wire);
    if (draws)
        picture_draw(&settings, &subject, 0, now_ms, &frame);
    chip_apa102.encode(strip, &frame, false, &wire);
}

int main(int argc, char **argv)
{
    static uint8_t rgb[3 * FRAME_PIXELS_MAX];
    int64_t count, frames;
    bytes = calloc(BYTES, 1);
    if (argc != 4 || !text_integer(argv[2], 1, FRAME_PIXELS_MAX, &count) ||
        !text_integer(argv[3], 1, 1000000, &frames) || bytes == NULL)
        return 2;
    struct apa102_settings strip = {.pixels = count, .max_ma = 100000};
    for (size_t i = 0; i < sizeof rgb; i++)
        rgb[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < 256; i++)
        table[i] = (uint8_t)(i * i / 255);
    for (size_t i = 0; i < FRAME_PIXELS_MAX; i++)
        pixels[i] = (struct pixel){(uint16_t)(i * 977), (uint16_t)(i * 311), (uint16_t)(i * 59)};
    bool is_floor = strcmp(argv[1], "FLOOR") == 0, draws = strcmp(argv[1], "RENDER") == 0;
    for (int64_t i = 0; i < frames; i++)
        if (is_floor)
            floor_frame(rgb, (size_t)count);
        else
            render_frame(&strip, i * PICTURE_FRAME_MS, draws);
    unsigned hash = 0; /* so that nothing is left out */
    for (size_t i = 0; i < BYTES; i++)
        hash = hash * 31 + bytes[i];
    printf("%08x\n", hash);
    free(bytes);
    return 0;
}
