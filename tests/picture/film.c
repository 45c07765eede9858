#include "picture/film.h"

#include "picture/colour.h"

#include <math.h>
#include <string.h>

void shoot(const struct display *display, const struct picture_settings *settings,
           const struct model *model, struct shot *shot)
{
    for (int step = 0; step < FILM_STEPS; step++)
        shot->count = display->lights(settings, model, display->pixels, step * FILM_STEP_MS,
                                      shot->lights[step]);
}

/* The first step at which the lights are the same. */
static int first_like(const struct shot *shot, int step)
{
    int first = 0;
    while (memcmp(shot->lights[first], shot->lights[step],
                  shot->count * sizeof shot->lights[step][0]) != 0)
        first++;
    return first;
}

static void see_step(struct film *film, const struct pixel lights[], int step, enum sight sight,
                     double white)
{
    struct lab *seen = film->lights[step];
    memset(film->lit[step], 0, sizeof film->lit[step]);
    memset(film->repeats[step], 0, sizeof film->repeats[step]);
    for (size_t i = 0; i < film->count; i++) {
        bool same = i > 0 && memcmp(&lights[i], &lights[i - 1], sizeof lights[i]) == 0;
        seen[i] = same ? seen[i - 1] : vision_see(lights[i], sight, white);
        film->lit[step][i / 64] |= (uint64_t)(seen[i].l > 0.5) << i % 64;
        film->repeats[step][i / 64] |= (uint64_t)same << i % 64;
    }
}

void film_see(struct film *film, const struct shot *shot, const struct picture_settings *settings,
              enum sight sight)
{
    bool red = settings->palette == &palettes[PALETTE_NIGHT_RED];
    double white = 65535 * colour_luminance(settings->brightness) * (red ? 0.2126 : 1);
    film->count = shot->count;
    for (int step = 0; step < FILM_STEPS; step++) {
        film->same_as[step] = first_like(shot, step);
        if (film->same_as[step] == step)
            see_step(film, shot->lights[step], step, sight, white);
    }
}

/* Two films, and what is known of how each moment of the one differs from each of the other. */
typedef double difference_of(struct lab one, struct lab other);

struct moments {
    difference_of *difference;
    double squares[FILM_STEPS][FILM_STEPS]; /* below 0: not reckoned yet */
};

struct comparison {
    const struct film *a, *b;
    struct moments lightness, colour;
};

static void moments_start(struct moments *moments, difference_of *difference)
{
    moments->difference = difference;
    for (int i = 0; i < FILM_STEPS; i++)
        for (int k = 0; k < FILM_STEPS; k++)
            moments->squares[i][k] = -1;
}

/* How many lights are lit in either at a moment. */
static size_t lit(const struct comparison *films, int at_a, int at_b)
{
    const uint64_t *a = films->a->lit[at_a], *b = films->b->lit[at_b];
    size_t count = 0;
    for (size_t i = 0; 64 * i < films->a->count; i++)
        count += (size_t)__builtin_popcountll(a[i] | b[i]);
    return count;
}

/* Squares of what differs at a moment. */
static double reckon_squares(const struct comparison *films, difference_of *difference, int at_a,
                             int at_b)
{
    const struct film *a = films->a, *b = films->b;
    double sum = 0, last = 0;
    for (size_t i = 0; i < a->count; i++) {
        uint64_t repeats = a->repeats[at_a][i / 64] & b->repeats[at_b][i / 64];
        if ((repeats >> i % 64 & 1) == 0)
            last = difference(a->lights[at_a][i], b->lights[at_b][i]);
        sum += last * last;
    }
    return sum;
}

static double squares(const struct comparison *films, struct moments *moments, int at_a, int at_b)
{
    double *known = &moments->squares[at_a][at_b];
    if (*known < 0)
        *known = reckon_squares(films, moments->difference, at_a, at_b);
    return *known;
}

/* Of two seconds, one film running late by `late`; more than `enough` is not summed to its end. */
static double sum_squares(const struct comparison *films, struct moments *moments, int late,
                          double enough)
{
    double sum = 0;
    for (int step = 0; step < FILM_GLANCE && !(sum > enough); step++)
        sum += squares(films, moments, films->a->same_as[step],
                       films->b->same_as[(step + late) % FILM_STEPS]);
    return sum;
}

static size_t lit_in_a_glance(const struct comparison *films, int late)
{
    size_t lights = 0;
    for (int step = 0; step < FILM_GLANCE; step++)
        lights +=
            lit(films, films->a->same_as[step], films->b->same_as[(step + late) % FILM_STEPS]);
    return lights;
}

/* A sum of squares never falls, and lightness alone is never too much: what it says is not less
 * than `limit` needs no colours. */
double film_distance(const struct film *a, const struct film *b, double limit)
{
    struct comparison films = {.a = a, .b = b};
    double least = (double)INFINITY;
    moments_start(&films.lightness, vision_lightness_difference);
    moments_start(&films.colour, vision_difference);
    for (int late = 0; late < FILM_STEPS; late++) {
        double most = fmin(least, limit);
        size_t lights = lit_in_a_glance(&films, late);
        double enough = most * most * (double)lights;
        if (sum_squares(&films, &films.lightness, late, enough) > enough)
            continue;
        double sum = sum_squares(&films, &films.colour, late, enough);
        if (!(sum > enough))
            least = fmin(least, lights > 0 ? sqrt(sum / (double)lights) : 0);
    }
    return least;
}
