/*
 * WS2812 and its kin: a pulse's width is a bit. Each LED keeps the first 24 (or 32) bits after a
 * reset and passes the others on; all show theirs at the next reset.
 */
#include "strip_model.h"

const struct ws2812_timing ws2812_classic = {"WS2812B", 250, 550, 650, 950, 50000};
const struct ws2812_timing ws2812_v5 = {"WS2812B-V5", 220, 380, 580, 1000, 280000};
const struct ws2812_timing ws2812_sk6812 = {"SK6812", 150, 450, 450, 750, 80000};
const struct ws2812_timing ws2812_ws2813 = {"WS2813", 300, 450, 750, 1000, 300000};

#define LOW_MIN_NS 200

struct chain {
    struct strip_model *strip;
    const struct ws2812_timing *timing;
    uint8_t taken[STRIP_LEDS_MAX][4];
    size_t bits;  /* since the last reset */
    bool doubted; /* one of them had no legal width */
    bool any;     /* a frame was shown */
};

static void take(struct chain *chain, bool one)
{
    size_t per_led = 8 * chain->strip->channels;
    size_t led = chain->bits / per_led, channel = chain->bits % per_led / 8;
    chain->bits++;
    if (led >= chain->strip->count)
        return; /* left the strip at its end */
    uint8_t *byte = &chain->taken[led][channel];
    *byte = (uint8_t)(*byte << 1 | (one ? 1 : 0));
}

static void high(struct chain *chain, double ns)
{
    const struct ws2812_timing *timing = chain->timing;
    bool zero = ns >= timing->zero_min && ns <= timing->zero_max;
    bool one = ns >= timing->one_min && ns <= timing->one_max;
    if (zero == one)
        chain->doubted = true;
    take(chain, one);
}

/* Less than one LED's bits are an edge that a controller made by itself: they are forgotten. */
static void reset(struct chain *chain)
{
    struct strip_model *strip = chain->strip;
    size_t per_led = 8 * strip->channels, expected = strip->count * per_led;
    if (chain->bits >= per_led) {
        if (chain->doubted)
            strip_fault(strip, "a pulse that %s takes for neither bit", chain->timing->name);
        if (chain->bits != expected)
            strip_fault(strip, "%zu bits for %zu LEDs", chain->bits, strip->count);
        for (size_t i = 0; i < strip->count && i < chain->bits / per_led; i++)
            for (size_t c = 0; c < strip->channels; c++)
                strip->shown[i][c] = chain->taken[i][c];
        chain->any = true;
    }
    chain->bits = 0;
    chain->doubted = false;
}

static void low(struct chain *chain, double ns)
{
    if (ns >= chain->timing->reset_min)
        reset(chain);
    else if (ns > 5000 && chain->bits > 0)
        strip_fault(chain->strip, "a pause of %.0f ns within a frame", ns);
    else if (ns < LOW_MIN_NS)
        strip_fault(chain->strip, "only %.0f ns low", ns);
}

void ws2812_receive(struct strip_model *strip, const struct ws2812_line *line, const uint8_t *bytes,
                    size_t length)
{
    static struct chain chain;
    chain = (struct chain){.strip = strip, .timing = line->timing};
    bool level = line->idles_high;
    double since_ns = 1e9; /* of this level */
    for (size_t i = 0; i < length * 8; i++) {
        bool bit = (bytes[i / 8] >> (7 - i % 8) & 1) != 0;
        if (bit != level) {
            (level ? high : low)(&chain, since_ns);
            level = bit;
            since_ns = 0;
        }
        since_ns += 1e9 / line->hz + (i % 8 == 7 ? line->byte_gap_ns : 0);
    }
    if (level)
        strip_fault(strip, "the line was left high");
    else
        low(&chain, since_ns);
    if (!chain.any || chain.bits != 0)
        strip_fault(strip, "the frame was never shown");
}
