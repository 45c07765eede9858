#include "chips/ledstrip.h"

#include <string.h>

#define LIGHT_MAX 65535u

#define RGB_ORDERS "bgr", "brg", "gbr", "grb", "rbg", "rgb"

const char *const ledstrip_rgb_orders[] = {RGB_ORDERS, NULL};
const char *const ledstrip_rgbw_orders[] = {
    RGB_ORDERS, "bgrw", "bgwr", "brgw", "brwg", "bwgr", "bwrg", "gbrw", "gbwr",
    "grbw",     "grwb", "gwbr", "gwrb", "rbgw", "rbwg", "rgbw", "rgwb", "rwbg",
    "rwgb",     "wbgr", "wbrg", "wgbr", "wgrb", "wrbg", "wrgb", NULL,
};
const char *const ledstrip_white_words[] = {"extract", "off", NULL};

/* A pixel as the light of each LED in it. */
struct light {
    uint32_t channels[LEDSTRIP_CHANNELS];
};

static uint32_t least_of(struct pixel pixel)
{
    uint32_t least = pixel.red < pixel.green ? pixel.red : pixel.green;
    return least < pixel.blue ? least : pixel.blue;
}

static struct light light_of(struct pixel pixel, bool extracts)
{
    uint32_t white = extracts ? least_of(pixel) : 0;
    return (struct light){{pixel.red - white, pixel.green - white, pixel.blue - white, white}};
}

/* Whole numbers round down: what is weaker stays weaker. */
static struct pixel lifted(struct pixel pixel, const struct ledstrip_lift *lift)
{
    uint32_t most = pixel.red > pixel.green ? pixel.red : pixel.green;
    most = most > pixel.blue ? most : pixel.blue;
    if (most == 0 || lift->full >= lift->least || most >= lift->least)
        return pixel;
    uint32_t raised = lift->full > most ? most * lift->least / lift->full : lift->least;
    return (struct pixel){(uint16_t)(pixel.red * raised / most),
                          (uint16_t)(pixel.green * raised / most),
                          (uint16_t)(pixel.blue * raised / most)};
}

static struct ledstrip_lift lift_of(const struct ledstrip_nature *nature, const struct frame *frame)
{
    if (!(frame->brightness > 0))
        return (struct ledstrip_lift){0, 0};
    return (struct ledstrip_lift){frame_light(frame, 1),
                                  LEDSTRIP_LEVELS_LEAST * LIGHT_MAX / nature->steps};
}

static int64_t budget_ua(const struct ledstrip_supply *supply)
{
    return supply->max_ma * 1000 - (int64_t)supply->pixels * supply->dark_ua;
}

bool ledstrip_supply_check(const struct ledstrip_supply *supply, struct error *error)
{
    if (budget_ua(supply) > 0)
        return true;
    return error_set(error,
                     "max_ma %d is what %d dark pixels draw already (%d.%d mA each); "
                     "set max_ma to what the supply can give",
                     (int)supply->max_ma, (int)supply->pixels, (int)(supply->dark_ua / 1000),
                     (int)(supply->dark_ua % 1000 / 100));
}

uint32_t ledstrip_limit(const struct ledstrip_supply *supply, const struct frame *frame,
                        enum ledstrip_white white)
{
    size_t lit = frame->count < supply->pixels ? frame->count : supply->pixels;
    uint64_t budget = budget_ua(supply) > 0 ? (uint64_t)budget_ua(supply) : 0;
    uint64_t total = 0, weights = 0;
    if (budget >= lit * (uint64_t)supply->led_ma * 1000)
        return LEDSTRIP_LIMIT_NONE;
    for (size_t i = 0; i < lit; i++) {
        struct light light =
            light_of(lifted(frame->pixels[i], &supply->lift), white == LEDSTRIP_WHITE_EXTRACT);
        for (size_t c = 0; c < LEDSTRIP_CHANNELS; c++)
            total += light.channels[c] * (uint64_t)supply->weights[c];
    }
    for (size_t c = 0; c < LEDSTRIP_CHANNELS; c++)
        weights += supply->weights[c];
    uint64_t full = weights * LIGHT_MAX;
    uint64_t drawn_ua = (total * (uint64_t)supply->led_ma * 1000 + full - 1) / full;
    return drawn_ua > budget ? (uint32_t)(budget * LEDSTRIP_LIMIT_NONE / drawn_ua)
                             : LEDSTRIP_LIMIT_NONE;
}

static bool has_white(const struct ledstrip_settings *settings)
{
    return ledstrip_channels(settings) == LEDSTRIP_CHANNELS;
}

/*
 * A white LED draws as much as the mean of the other three (SK6812 RGBW: 70 to 80 mA for all four).
 * Rounding up costs at most one level of every channel.
 */
static struct ledstrip_supply supply_of(const struct ledstrip_settings *settings,
                                        const struct ledstrip_nature *nature)
{
    const uint8_t *weights = nature->weights;
    uint8_t mean = (uint8_t)((weights[0] + weights[1] + weights[2]) / 3);
    return (struct ledstrip_supply){
        .pixels = (size_t)settings->pixels,
        .max_ma = settings->max_ma,
        .led_ma = settings->led_ma,
        .dark_ua = LEDSTRIP_DARK_UA + settings->led_ma * 1000 / nature->steps + 1,
        .weights = {weights[0], weights[1], weights[2], has_white(settings) ? mean : (uint8_t)0},
    };
}

static bool extracts(const struct ledstrip *strip)
{
    return !strip->raw && strip->channels == LEDSTRIP_CHANNELS &&
           strip->settings->white == LEDSTRIP_WHITE_EXTRACT;
}

void ledstrip_begin(struct ledstrip *strip, const struct ledstrip_nature *nature,
                    const struct ledstrip_settings *settings, const struct frame *frame, bool raw)
{
    *strip = (struct ledstrip){.settings = settings,
                               .nature = nature,
                               .frame = frame,
                               .order = ledstrip_rgbw_orders[settings->order],
                               .channels = ledstrip_channels(settings),
                               .limit = LEDSTRIP_LIMIT_NONE,
                               .raw = raw};
    struct ledstrip_supply supply = supply_of(settings, nature);
    if (!raw)
        supply.lift = strip->lift = lift_of(nature, frame);
    if (!raw)
        strip->limit = ledstrip_limit(
            &supply, frame, extracts(strip) ? LEDSTRIP_WHITE_EXTRACT : LEDSTRIP_WHITE_OFF);
}

static uint32_t rounded(uint32_t value, uint32_t by)
{
    return (value + by / 2) / by;
}

static uint32_t strongest(const struct light *light)
{
    uint32_t most = 0;
    for (size_t c = 0; c < LEDSTRIP_CHANNELS; c++)
        most = most > light->channels[c] ? most : light->channels[c];
    return most;
}

/* The strongest channel limited and rounded, the others in proportion to it. */
static struct light quantise(const struct light *light, uint32_t steps, uint32_t limit)
{
    struct light levels = {{0}};
    uint32_t most = strongest(light);
    if (most == 0)
        return levels;
    uint32_t limited = (uint32_t)((uint64_t)most * limit / LEDSTRIP_LIMIT_NONE);
    uint32_t top = rounded(limited * steps, LIGHT_MAX);
    for (size_t c = 0; c < LEDSTRIP_CHANNELS; c++)
        levels.channels[c] = rounded(light->channels[c] * (top > 0 ? top : 1), most);
    return levels;
}

/* Each channel by itself: the numbers as they were given. */
static struct light quantise_raw(const struct light *light, uint32_t steps)
{
    struct light levels;
    for (size_t c = 0; c < LEDSTRIP_CHANNELS; c++)
        levels.channels[c] = rounded(light->channels[c] * steps, LIGHT_MAX);
    return levels;
}

static size_t channel_of(char letter)
{
    static const char letters[] = "rgbw";
    return (size_t)(strchr(letters, letter) - letters);
}

static void set_levels(struct ledstrip *strip, struct pixel pixel)
{
    uint32_t steps = strip->nature->steps;
    struct light light = light_of(lifted(pixel, &strip->lift), extracts(strip));
    struct light levels =
        strip->raw ? quantise_raw(&light, steps) : quantise(&light, steps, strip->limit);
    for (size_t k = 0; k < strip->channels && k < LEDSTRIP_CHANNELS; k++)
        strip->levels[k] = (uint8_t)levels.channels[channel_of(strip->order[k])];
}

const uint8_t *ledstrip_levels(struct ledstrip *strip, size_t index)
{
    struct pixel pixel =
        index < strip->frame->count ? strip->frame->pixels[index] : (struct pixel){0, 0, 0};
    if (pixel.red != strip->last.red || pixel.green != strip->last.green ||
        pixel.blue != strip->last.blue) {
        set_levels(strip, pixel);
        strip->last = pixel;
    }
    return strip->levels;
}

bool ledstrip_check(const struct ledstrip_nature *nature, const void *settings, struct error *error)
{
    struct ledstrip_supply supply = supply_of(settings, nature);
    return ledstrip_supply_check(&supply, error);
}

size_t ledstrip_pixels(const void *settings)
{
    return (size_t)((const struct ledstrip_settings *)settings)->pixels;
}

size_t ledstrip_digits(const void *settings)
{
    (void)settings;
    return 0;
}

size_t ledstrip_channels(const void *settings)
{
    return strlen(ledstrip_rgbw_orders[((const struct ledstrip_settings *)settings)->order]);
}
