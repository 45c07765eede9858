#include "faces.h"

#include "chips/lamps.h"
#include "picture/look.h"
#include "picture/picture.h"
#include "rollout/indicator.h"

static const char beginning[] =
    "#### What three lamps show\n\n"
    "A red, an amber and a green lamp have eight faces, and green alone is lit for what is well "
    "alone: six are used,\n"
    "which tell what to do. Green is nothing, green and amber that it runs with a little missing, "
    "amber to wait, red and\n"
    "amber to have a look, red to act, dark not known.\n"
    "What asks for the same differs by rhythm, slowly, at most once a second. With a `relay` among "
    "the lamps, or\n"
    "`motion: off`, nothing blinks: then `amberbar status` tells which it is.\n\n"
    "| state | lamps | rhythm |\n|---|---|---|\n";

static const char *const names[] = {"red", "amber", "green"};
static const struct lamps_settings tower = {
    .count = 3, .lamps = {{LAMP_RED, -1, false}, {LAMP_AMBER, -1, false}, {LAMP_GREEN, -1, false}}};

/* The lamps that this light turns on. */
static void add_lamps(struct text *out, const struct look *look)
{
    uint8_t bytes[3];
    struct pixel light = colour_light(&palettes[PALETTE_DEFAULT], look_lamp_hue(look), look->high);
    struct frame frame = {.pixels = &light, .count = 1};
    struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
    const char *separator = "";
    chip_lamps.encode(&tower, &frame, false, &wire);
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (bytes[i] == 0)
            continue;
        text_addf(out, "%s%s", separator, names[i]);
        separator = ", ";
    }
    if (separator[0] == '\0')
        text_add(out, "dark");
}

static void add_seconds(struct text *out, double ms)
{
    text_addf(out, "%.1f s", ms / 1000);
}

static void add_rhythm(struct text *out, const struct look *look)
{
    if (look->blink_ms == 0) {
        text_add(out, "steady");
        return;
    }
    add_seconds(out, look->blink_lit * (double)look->blink_ms);
    text_add(out, " on, ");
    add_seconds(out, (1 - look->blink_lit) * (double)look->blink_ms);
    text_add(out, " off");
}

static void add_row(struct text *out, const char *name, const struct look *look)
{
    text_addf(out, "| %s | ", name);
    add_lamps(out, look);
    text_add(out, " | ");
    add_rhythm(out, look);
    text_add(out, " |\n");
}

void faces_add(struct text *out)
{
    static const struct {
        enum health health;
        bool explained;
    } healths[] = {{HEALTH_WARNING, true}, {HEALTH_WARNING, false}, {HEALTH_CRITICAL, false}};
    static const struct verdict calm = {.state = STATE_DEGRADED, .calm = true, .p = 0.9};
    static const enum why own_faults[] = {WHY_NO_NETWORK, WHY_CLOCK_UNSET, WHY_CARD_WRONG};
    text_add(out, beginning);
    for (enum state state = 0; state < STATE_COUNT; state++)
        add_row(out, state_name(state), look_of(state));
    add_row(out, "thinned", look_of_verdict(&calm));
    for (size_t i = 0; i < sizeof own_faults / sizeof own_faults[0]; i++) {
        const struct verdict verdict = verdict_unknown(own_faults[i]);
        add_row(out, why_name(own_faults[i]), look_of_verdict(&verdict));
    }
    for (size_t i = 0; i < sizeof healths / sizeof healths[0]; i++)
        add_row(out, indicator_state_name(healths[i].health, healths[i].explained),
                look_of_health(healths[i].health, healths[i].explained));
    text_add(out, "\n");
}
