/*
 * The promise that colour alone never carries meaning, measured: two seconds of every pair of
 * looks, on every kind of display, by day and by night, through five kinds of eyes.
 */
#include "picture/colour.h"
#include "picture/displays.h"
#include "vision.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define STEP_MS 200
#define STEPS 20 /* four seconds: the slowest motion's period */
#define WINDOW 10
#define LEAST 9.0       /* dE2000 of two states: nine times what is just noticeable side by side */
#define LEAST_GAUGE 7.0 /* ... where one is an indicator's, which has a place of its own */

static const double levels[][2] = {{0, 0}, {0.33, 0.6}, {0.8, 1}};
#define LEVELS (sizeof levels / sizeof levels[0])

struct film {
    size_t count;
    struct lab lights[STEPS][DISPLAY_LIGHTS_MAX];
};

/* Eyes adapt: white is the most that the display gives at this brightness. */
static void shoot(const struct display *display, const struct picture_settings *settings,
                  const struct model *model, enum sight sight, struct film *film)
{
    bool red = settings->palette == &palettes[PALETTE_NIGHT_RED];
    double white = 65535 * colour_luminance(settings->brightness) * (red ? 0.2126 : 1);
    for (int step = 0; step < STEPS; step++) {
        struct pixel lights[DISPLAY_LIGHTS_MAX];
        film->count = display->lights(settings, model, display->pixels, step * STEP_MS, lights);
        for (size_t i = 0; i < film->count; i++)
            film->lights[step][i] = vision_see(lights[i], sight, white);
    }
}

/* How many lights are lit in either at a moment. */
static size_t lit(const struct film *a, int at_a, const struct film *b, int at_b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++)
        count += a->lights[at_a][i].l > 0.5 || b->lights[at_b][i].l > 0.5;
    return count;
}

typedef double difference_of(struct lab one, struct lab other);

/* Squares of what differs at a moment. */
static double squares(const struct film *a, int at_a, const struct film *b, int at_b,
                      difference_of *difference)
{
    const struct lab *one = a->lights[at_a], *other = b->lights[at_b];
    double sum = 0, last = 0;
    for (size_t i = 0; i < a->count; i++) {
        bool same = i > 0 && memcmp(&one[i], &one[i - 1], sizeof *one) == 0 &&
                    memcmp(&other[i], &other[i - 1], sizeof *other) == 0;
        if (!same)
            last = difference(one[i], other[i]);
        sum += last * last;
    }
    return sum;
}

/* Of two seconds, one film running late by `shift`; more than `enough` is not summed to its end. */
static double sum_squares(const struct film *a, const struct film *b, int shift,
                          difference_of *difference, double enough)
{
    double sum = 0;
    for (int step = 0; step < WINDOW && !(sum > enough); step++)
        sum += squares(a, step, b, (step + shift) % STEPS, difference);
    return sum;
}

/*
 * The root mean square over two seconds and all lights that are lit, with one film running late by
 * as much as makes them most alike: nobody knows when a glance begins. Infinite when it is sure to
 * be more than `limit`: a sum of squares never falls, and lightness alone is never too much.
 */
static double distance(const struct film *a, const struct film *b, double limit)
{
    double least = (double)INFINITY;
    for (int shift = 0; shift < STEPS; shift += 1) {
        double most = fmin(least, limit);
        size_t lights = 0;
        for (int step = 0; step < WINDOW; step++)
            lights += lit(a, step, b, (step + shift) % STEPS);
        double enough = most * most * (double)lights;
        if (sum_squares(a, b, shift, vision_lightness_difference, enough) > enough)
            continue;
        double sum = sum_squares(a, b, shift, vision_difference, enough);
        if (!(sum > enough))
            least = fmin(least, lights > 0 ? sqrt(sum / (double)lights) : 0);
    }
    return least;
}

/* The worst that was found of each pair. */
struct worst {
    double apart[LOOKS][LOOKS];
    char where[LOOKS][LOOKS][96];
};

static void measure(const struct display *display, const struct picture_settings *settings,
                    enum sight sight, struct worst *worst)
{
    static struct film films[LOOKS];
    for (size_t k = 0; k < LEVELS; k++) {
        for (int look = 0; look < display->looks; look++) {
            const struct model model = {look, levels[k][0], levels[k][1], false};
            shoot(display, settings, &model, sight, &films[look]);
        }
        for (int a = 0; a < display->looks; a++)
            for (int b = 0; b < a; b++) {
                double apart = distance(&films[a], &films[b], worst->apart[a][b]);
                if (apart >= worst->apart[a][b])
                    continue;
                worst->apart[a][b] = apart;
                snprintf(worst->where[a][b], sizeof worst->where[a][b],
                         "%s, %s, p = %.2f, brightness %.0f %%", display->name, sight_names[sight],
                         levels[k][0], 100 * settings->brightness);
            }
    }
}

static void start(struct worst *worst)
{
    for (int a = 0; a < LOOKS; a++)
        for (int b = 0; b < LOOKS; b++)
            worst->apart[a][b] = (double)INFINITY;
}

static void print(const char *title, const struct worst *worst)
{
    printf("%s: worst dE2000 of each pair\n%15s", title, "");
    for (int b = 0; b + 1 < LOOKS; b++)
        printf(" %6.6s", look_name(b));
    for (int a = 1; a < LOOKS; a++) {
        printf("\n%-15s", look_name(a));
        for (int b = 0; b < a && isfinite(worst->apart[a][b]); b++)
            printf(" %6.1f", worst->apart[a][b]);
    }
    printf("\n");
}

static void check(const struct worst *worst)
{
    bool fine = true;
    for (int a = 0; a < LOOKS; a++)
        for (int b = 0; b < a; b++) {
            if (worst->apart[a][b] >= (a < ROLLOUT_LOOKS ? LEAST : LEAST_GAUGE))
                continue;
            printf("%s and %s are %.1f apart on %s\n", look_name(a), look_name(b),
                   worst->apart[a][b], worst->where[a][b]);
            fine = false;
        }
    if (!fine)
        fail_msg("looks are alike");
}

static void gather(const struct worst *one, struct worst *worst)
{
    for (int a = 0; a < LOOKS; a++)
        for (int b = 0; b < a; b++)
            if (one->apart[a][b] < worst->apart[a][b]) {
                worst->apart[a][b] = one->apart[a][b];
                memcpy(worst->where[a][b], one->where[a][b], sizeof one->where[a][b]);
            }
}

/* Every display by day and by night, through all eyes; but who sees little red needs no red light.
 */
static void measure_all(struct picture_settings settings, size_t display_count, bool prints)
{
    bool red = settings.palette == &palettes[PALETTE_NIGHT_RED];
    static const double brightness[] = {0.5, 0.03};
    static struct worst worst, one;
    start(&worst);
    for (size_t d = 0; d < display_count; d++) {
        if (d == 0 || prints)
            start(&one);
        for (int i = red ? 2 * SIGHT_GREY : 0; i < 2 * SIGHT_COUNT; i++) {
            settings.brightness = brightness[i % 2];
            measure(&displays[d], &settings, (enum sight)(i / 2), &one);
        }
        if (prints)
            print(displays[d].name, &one);
        gather(&one, &worst);
    }
    print("all displays and eyes", &worst);
    check(&worst);
}

static void any_two_looks_are_different(void **state)
{
    (void)state;
    measure_all((struct picture_settings){0}, DISPLAYS, true);
}

/* But for three lamps that are on or off: without blinking they have too few faces. */
static void so_they_do_without_motion(void **state)
{
    (void)state;
    measure_all((struct picture_settings){.motion = PICTURE_MOTION_OFF}, DISPLAYS - 1, false);
}

/* Lamps and digits have colours of their own. */
static void so_they_do_in_every_palette(void **state)
{
    (void)state;
    for (int i = PALETTE_DEFAULT + 1; i < PALETTE_COUNT; i++)
        measure_all((struct picture_settings){.palette = &palettes[i]}, 3, false);
}

/*
 * Two lights have hue and rhythm alone. To eyes that see all colours every two looks of a rollout
 * differ, but that a few lost pods (thinned) are shown as calmly as none; to all eyes what is good
 * differs from what has failed.
 */
static void two_lights_tell_by_rhythm(void **state)
{
    (void)state;
    static const double brightness[] = {0.5, 0.03};
    static struct worst full, any;
    for (size_t d = 0; d < FEW_DISPLAYS; d++) {
        start(&full);
        start(&any);
        for (int i = 0; i < 2 * SIGHT_COUNT; i++) {
            struct picture_settings settings = {.brightness = brightness[i % 2]};
            measure(&few_displays[d], &settings, (enum sight)(i / 2), i < 2 ? &full : &any);
        }
        print(few_displays[d].name, &full);
        print("... through other eyes", &any);
        full.apart[LOOK_THINNED][STATE_STABLE] = (double)INFINITY;
        check(&full);
        assert_true(any.apart[STATE_FAILED][STATE_STABLE] >= LEAST);
        assert_true(any.apart[STATE_PROGRESSING][STATE_STABLE] >= LEAST);
    }
}

/* Pairs of Sharma, Wu and Dalal's supplementary test data. */
static void difference_is_ciede2000(void **state)
{
    (void)state;
    static const struct {
        struct lab one, other;
        double apart;
    } rows[] = {
        {{50, 2.6772, -79.7751}, {50, 0, -82.7485}, 2.0425},
        {{50, -1.3802, -84.2814}, {50, 0, -82.7485}, 1.0000},
        {{50, 0, 0}, {50, -1, 2}, 2.3669},
        {{50, 2.4900, -0.0010}, {50, -2.4900, 0.0011}, 7.2195},
        {{50, -0.0010, 2.4900}, {50, 0.0009, -2.4900}, 4.8045},
        {{50, 2.5, 0}, {73, 25, -18}, 27.1492},
        {{50, 2.5, 0}, {61, -5, 29}, 22.8977},
        {{50, 2.5, 0}, {56, -27, -3}, 31.9030},
        {{50, 2.5, 0}, {58, 24, 15}, 19.4535},
        {{60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644},
        {{2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double apart = vision_difference(rows[i].one, rows[i].other);
        if (fabs(apart - rows[i].apart) > 5e-5)
            fail_msg("row %d: %.4f, not %.4f", (int)i, apart, rows[i].apart);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(difference_is_ciede2000),
        cmocka_unit_test(any_two_looks_are_different),
        cmocka_unit_test(so_they_do_without_motion),
        cmocka_unit_test(two_lights_tell_by_rhythm),
        cmocka_unit_test(so_they_do_in_every_palette),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
