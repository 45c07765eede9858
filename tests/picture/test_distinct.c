/*
 * The promise that colour alone never carries meaning, measured: two seconds of every pair of
 * looks, on every kind of display, by day and by night, through five kinds of eyes.
 */
#include "picture/apart.h"
#include "picture/free_looks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The worst that was found of each pair. */
struct worst {
    double apart[LOOKS][LOOKS];
    char where[LOOKS][LOOKS][96];
};

static void compare(const struct film films[], int looks, const char *where, struct worst *worst)
{
    for (int a = 0; a < looks; a++)
        for (int b = 0; b < a; b++) {
            double apart = film_distance(&films[a], &films[b], worst->apart[a][b]);
            if (apart >= worst->apart[a][b])
                continue;
            worst->apart[a][b] = apart;
            snprintf(worst->where[a][b], sizeof worst->where[a][b], "%s", where);
        }
}

/* A display through the eyes from `first` to `last`. */
static void measure(const struct display *display, const struct picture_settings *settings,
                    enum sight first, enum sight last, struct worst *worst)
{
    static struct shot shots[LOOKS];
    static struct film films[LOOKS];
    char where[sizeof worst->where[0][0]];
    for (size_t k = 0; k < APART_LEVELS; k++) {
        for (int look = 0; look < display->looks; look++) {
            const struct model model = {look, apart_levels[k][0], apart_levels[k][1], false};
            shoot(display, settings, &model, &shots[look]);
        }
        for (enum sight sight = first; sight <= last; sight++) {
            for (int look = 0; look < display->looks; look++)
                film_see(&films[look], &shots[look], settings, sight);
            snprintf(where, sizeof where, "%s, %s, p = %.2f, brightness %.0f %%", display->name,
                     sight_names[sight], apart_levels[k][0], 100 * settings->brightness);
            compare(films, display->looks, where, worst);
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

/* How many others are too near to it. */
static size_t count_near(const struct worst *worst, int look)
{
    size_t count = 0;
    for (int other = 0; other < LOOKS; other++) {
        int a = look > other ? look : other, b = look > other ? other : look;
        count += a != b && worst->apart[a][b] < apart_least(a, b);
    }
    return count;
}

/* What else there is for the state that most are too near to; of two that are too near to one
 * another nobody knows which is the new one. */
static void print_way_out(const struct worst *worst)
{
    static bool printed[STATE_COUNT];
    size_t most = 1;
    for (int i = 0; i < STATE_COUNT; i++)
        most = count_near(worst, i) > most ? count_near(worst, i) : most;
    for (int i = 0; i < STATE_COUNT; i++) {
        if (count_near(worst, i) < most || printed[i])
            continue;
        free_looks_print((enum state)i);
        printed[i] = true;
    }
}

static void check(const struct worst *worst)
{
    bool fine = true;
    for (int a = 0; a < LOOKS; a++)
        for (int b = 0; b < a; b++) {
            double lacks = apart_least(a, b) - worst->apart[a][b];
            if (!(lacks > 0))
                continue;
            printf("%s and %s are %.1f apart, %.1f too little, on %s\n", look_name(a), look_name(b),
                   worst->apart[a][b], lacks, worst->where[a][b]);
            fine = false;
        }
    if (fine)
        return;
    print_way_out(worst);
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

/* Every display by day and by night. */
static void measure_all(const struct showing *showing, bool prints)
{
    static struct worst worst, one;
    start(&worst);
    for (size_t d = 0; d < showing->displays; d++) {
        if (d == 0 || prints)
            start(&one);
        for (int hour = 0; hour < APART_HOURS; hour++) {
            const struct picture_settings settings = apart_settings(showing, hour);
            measure(&displays[d], &settings, apart_first_sight(showing), SIGHT_GREY, &one);
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
    measure_all(&showings[SHOWING_MOVING], true);
}

static void so_they_do_without_motion(void **state)
{
    (void)state;
    measure_all(&showings[SHOWING_STILL], false);
}

static void so_they_do_in_every_palette(void **state)
{
    (void)state;
    measure_all(&showings[SHOWING_COLOUR_BLIND], false);
    measure_all(&showings[SHOWING_NIGHT_RED], false);
}

/*
 * Two lights have hue and rhythm alone. To eyes that see all colours every two looks of a rollout
 * differ, but that a few lost pods (thinned) are shown as calmly as none; to all eyes what is good
 * differs from what has failed.
 */
static void two_lights_tell_by_rhythm(void **state)
{
    (void)state;
    static struct worst full, any;
    for (size_t d = 0; d < FEW_DISPLAYS; d++) {
        start(&full);
        start(&any);
        for (int hour = 0; hour < APART_HOURS; hour++) {
            const struct picture_settings settings =
                apart_settings(&showings[SHOWING_MOVING], hour);
            measure(&few_displays[d], &settings, SIGHT_FULL, SIGHT_FULL, &full);
            measure(&few_displays[d], &settings, SIGHT_PROTANOPIA, SIGHT_GREY, &any);
        }
        print(few_displays[d].name, &full);
        print("... through other eyes", &any);
        full.apart[LOOK_THINNED][STATE_STABLE] = (double)INFINITY;
        check(&full);
        assert_true(any.apart[STATE_FAILED][STATE_STABLE] >= APART_LEAST);
        assert_true(any.apart[STATE_PROGRESSING][STATE_STABLE] >= APART_LEAST);
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
