#include "daemon/output.h"

/* The pixel of the frame at a LED, counted along the wire. */
static size_t pixel_at(const struct output_settings *output, size_t count, size_t led)
{
    size_t pixel = output->map != NULL && led < output->map_count ? output->map[led] : led;
    if (output->map != NULL && pixel == OUTPUT_NO_PIXEL)
        return SIZE_MAX;
    return (size_t)output->from + (output->reverse ? count - 1 - pixel : pixel);
}

static bool is_balanced(const struct output_settings *output)
{
    const double *share = output->white_balance;
    return share[0] > 0 && (share[0] < 1 || share[1] < 1 || share[2] < 1);
}

/* What is lit stays lit. */
static uint16_t balance(uint16_t light, double share)
{
    uint16_t less = (uint16_t)(light * share + 0.5);
    return less == 0 && light > 0 ? 1 : less;
}

static struct pixel balanced(const struct output_settings *output, struct pixel light)
{
    const double *share = output->white_balance;
    return (struct pixel){balance(light.red, share[0]), balance(light.green, share[1]),
                          balance(light.blue, share[2])};
}

void output_encode(const struct output_settings *output, const struct frame *frame, bool raw,
                   struct wire *wire)
{
    struct pixel pixels[FRAME_PIXELS_MAX];
    struct frame part = *frame;
    size_t count = output->chip->pixels(output->chip_settings);
    part.pixels = pixels;
    part.count = count < FRAME_PIXELS_MAX ? count : FRAME_PIXELS_MAX;
    size_t shown = output_pixels(output);
    bool balances = is_balanced(output) && !raw;
    bool as_it_is = output->from == 0 && !output->reverse && output->map == NULL && !balances;
    if (as_it_is || count == 0) { /* digits have no pixels */
        output->chip->encode(output->chip_settings, frame, raw, wire);
        return;
    }
    for (size_t i = 0; i < part.count; i++) {
        size_t at = pixel_at(output, shown, i);
        struct pixel pixel = at < frame->count ? frame->pixels[at] : (struct pixel){0};
        /* cppcheck-suppress unreadVariable ; they are the pixels of `part` */
        pixels[i] = balances ? balanced(output, pixel) : pixel;
    }
    output->chip->encode(output->chip_settings, &part, raw, wire);
}
