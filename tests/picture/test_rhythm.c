/*
 * Three lamps that are on or off and may blink: no two looks have the same lamps and rhythm.
 */
#include "chips/lamps.h"
#include "picture/models.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define STEP_MS 50
#define STEPS 160  /* eight seconds: a whole number of every rhythm */
#define LEAST 0.19 /* of the time: a wink of 0.4 s in two */

/* Which lamps are lit at each moment, as bits. */
struct film {
    unsigned lit[STEPS];
};

static struct film film_of(const struct picture_settings *settings, int look)
{
    static const struct lamps_settings tower = {
        .count = 3,
        .lamps = {{LAMP_RED, -1, false}, {LAMP_AMBER, -1, false}, {LAMP_GREEN, -1, false}}};
    const struct model model = {look, 0.42, 0.7, false};
    struct film film;
    for (int step = 0; step < STEPS; step++) {
        uint8_t bytes[3];
        struct wire wire = {.bytes = bytes, .capacity = sizeof bytes};
        struct frame frame;
        draw_model(settings, &model, 1, step * STEP_MS, &frame);
        chip_lamps.encode(&tower, &frame, false, &wire);
        film.lit[step] = bytes[0] | (unsigned)bytes[1] << 1 | (unsigned)bytes[2] << 2;
    }
    return film;
}

/* The least share of the time at which the two differ, however late one begins. */
static double difference(const struct film *a, const struct film *b)
{
    int least = STEPS;
    for (int shift = 0; shift < STEPS; shift++) {
        int differ = 0;
        for (int step = 0; step < STEPS; step++)
            differ += a->lit[step] != b->lit[(step + shift) % STEPS];
        least = differ < least ? differ : least;
    }
    return (double)least / STEPS;
}

static void no_two_looks_have_the_same_rhythm(void **state)
{
    (void)state;
    const struct picture_settings settings = {.brightness = 1, .blinks = true};
    static struct film films[LOOKS];
    for (int a = 0; a < LOOKS; a++) {
        films[a] = film_of(&settings, a);
        for (int b = 0; b < a; b++)
            if (difference(&films[a], &films[b]) < LEAST)
                fail_msg("%s and %s differ for %.0f %% of the time only", look_name(a),
                         look_name(b), 100 * difference(&films[a], &films[b]));
    }
}

static void no_lamp_blinks_faster_than_2_hz(void **state)
{
    (void)state;
    const struct picture_settings settings = {.brightness = 1, .blinks = true};
    for (int look = 0; look < LOOKS; look++) {
        struct film film = film_of(&settings, look);
        int changes = 0;
        for (int step = 1; step < STEPS; step++)
            changes += film.lit[step] != film.lit[step - 1];
        if (changes > 2 * 2 * STEPS * STEP_MS / 1000)
            fail_msg("%s: %d changes", look_name(look), changes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_looks_have_the_same_rhythm),
        cmocka_unit_test(no_lamp_blinks_faster_than_2_hz),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
