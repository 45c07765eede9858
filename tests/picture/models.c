#include "picture/models.h"

#include "config/config.h"

#include <math.h>

struct pixel room[FRAME_PIXELS_MAX];
struct picture_settings bright;

static void __attribute__((constructor)) make_bright(void)
{
    bright = picture_usual(1);
}

struct show show_of(enum state state, double p, double q)
{
    struct show show;
    bool none = state == STATE_UNKNOWN || state == STATE_SCALED_TO_ZERO;
    bool done = state == STATE_STABLE;
    struct verdict verdict = {
        .state = state, .p = done ? 1 : p, .q = done ? 1 : q, .available = 10, .spec = 10};
    if (none)
        verdict.p = verdict.q = (double)NAN;
    show_start(&show, &verdict, -10000);
    return show;
}

int64_t draw(const struct picture_settings *settings, const struct show *show, size_t count,
             int64_t now_ms, struct frame *frame)
{
    const struct subject subject = {.shows = show, .show_count = 1, .common = show};
    *frame = (struct frame){.pixels = room, .count = count};
    return picture_draw(settings, &subject, 4, now_ms, frame);
}

static const struct {
    const char *name;
    struct gauge gauge;
} gauges[] = {
    {"explained", {.health = HEALTH_WARNING, .explained = true}},
    {"warning", {.health = HEALTH_WARNING}},
    {"critical", {.health = HEALTH_CRITICAL}},
};

const char *look_name(int look)
{
    static const char *const more[] = {"thinned", "no network", "clock unset", "card wrong"};
    if (look >= STATE_COUNT && look < ROLLOUT_LOOKS)
        return more[look - STATE_COUNT];
    return look < STATE_COUNT ? state_name((enum state)look) : gauges[look - ROLLOUT_LOOKS].name;
}

static const enum why whys[] = {WHY_NO_NETWORK, WHY_CLOCK_UNSET, WHY_CARD_WRONG};

static struct show show_unknown(enum why why)
{
    struct show show;
    const struct verdict verdict = verdict_unknown(why);
    show_start(&show, &verdict, -10000);
    return show;
}

struct show show_of_model(const struct model *model)
{
    if (model->look < STATE_COUNT)
        return show_of((enum state)model->look, model->p, model->q);
    if (model->look != LOOK_THINNED)
        return show_unknown(whys[model->look - LOOK_NO_NETWORK]);
    double p = 0.5 + 0.49 * model->p;
    struct show show = show_of(STATE_DEGRADED, p, 1);
    struct verdict verdict = show.verdict;
    verdict.calm = true;
    verdict.available = (int64_t)(p * (double)verdict.spec);
    show_start(&show, &verdict, -10000);
    return show;
}

int64_t draw_model(const struct picture_settings *settings, const struct model *model, size_t count,
                   int64_t now_ms, struct frame *frame)
{
    bool is_gauge = model->look >= ROLLOUT_LOOKS;
    struct show show = is_gauge ? show_of(STATE_STABLE, 1, 1) : show_of_model(model);
    struct gauge gauge = gauges[is_gauge ? model->look - ROLLOUT_LOOKS : 0].gauge;
    show.dimmed = gauge.dimmed = model->dimmed;
    struct picture_settings whole = *settings;
    whole.segment_count = 1;
    whole.segments[0] =
        (struct segment){.count = count, .source = is_gauge ? SEGMENT_INDICATOR : SEGMENT_ROLLOUTS};
    const struct subject subject = {.common = &show, .gauges = &gauge, .gauge_count = 1};
    *frame = (struct frame){.pixels = room, .count = count};
    return picture_draw(&whole, &subject, 0, now_ms, frame);
}

double lightness(const struct pixel *light)
{
    double y = (0.2126 * light->red + 0.7152 * light->green + 0.0722 * light->blue) / 65535;
    return y > 216.0 / 24389 ? (116 * cbrt(y) - 16) / 100 : 24389.0 / 27 * y / 100;
}
