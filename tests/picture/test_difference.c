/*
 * Any two looks differ in lightness and motion alone, on bars of every usual length.
 */
#include "picture/models.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PIXELS_MOST 144
#define STEP_MS 100
#define STEPS 40 /* four seconds: the slowest motion's period */

/* Each pixel's lightness over four seconds. */
struct film {
    double light[STEPS][PIXELS_MOST];
};

static void film(const struct model *model, size_t count, struct film *film)
{
    struct frame frame;
    for (int step = 0; step < STEPS; step++) {
        draw_model(&bright, model, count, step * STEP_MS, &frame);
        for (size_t i = 0; i < count; i++)
            film->light[step][i] = lightness(&room[i]);
    }
}

/* Root mean square of what differs where either is lit, with one film running `shift` steps late.
 */
static double difference(const struct film *a, const struct film *b, size_t count, int shift)
{
    double sum = 0, lit = 0;
    for (int step = 0; step < STEPS / 2; step++)
        for (size_t i = 0; i < count; i++) {
            double one = a->light[step][i], other = b->light[step + shift][i];
            sum += (one - other) * (one - other);
            lit += one > 0 || other > 0;
        }
    return lit > 0 ? sqrt(sum / lit) : 0;
}

static double distance(const struct film *a, const struct film *b, size_t count)
{
    double least = 1;
    for (int shift = 0; shift <= STEPS / 2; shift++) {
        double forth = difference(a, b, count, shift), back = difference(b, a, count, shift);
        least = fmin(least, fmin(forth, back));
    }
    return least;
}

static const double levels[][2] = {{0, 0}, {0, 0.5}, {0.33, 0.6}, {0.5, 0.5}, {0.8, 1}, {0.95, 1}};
#define LEVELS (sizeof levels / sizeof levels[0])

/* What two seconds of both look like in grey, from whatever moment on: at least 8 of 100 steps of
 * lightness apart, as a root mean square over all pixels that are lit. */
static void any_two_looks_differ_without_colour(void **state)
{
    (void)state;
    static const size_t counts[] = {3, 8, 60, 144};
    static struct film films[LOOKS][LEVELS];
    for (size_t n = 0; n < 4; n++) {
        for (int s = 0; s < LOOKS; s++)
            for (size_t k = 0; k < LEVELS; k++) {
                struct model model = {s, levels[k][0], levels[k][1], false};
                film(&model, counts[n], &films[s][k]);
            }
        for (int a = 0; a < LOOKS; a++)
            for (int b = 0; b < a; b++)
                for (size_t k = 0; k < LEVELS; k++) {
                    double apart = distance(&films[a][k], &films[b][k], counts[n]);
                    if (apart < 0.08)
                        fail_msg("%s and %s at p = %g on %d pixels: %.3f apart", look_name(a),
                                 look_name(b), levels[k][0], (int)counts[n], apart);
                }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_two_looks_differ_without_colour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
