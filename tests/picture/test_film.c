/*
 * Every look in numbers, as film.txt has it: who changes one of its constants sees there what
 * becomes of the lights.
 *
 * A line is PIXELS MILLISECONDS: LIGHTS; DUE 'TEXT'. Each light is one pixel's red, green and blue
 * in hex, "-" where it is dark, "x3" where there are three alike in all; after those of a single
 * pixel stand what its digits lack, and how bright all is. DUE is when the next frame is, -1 where
 * there is none. A moment that is left out looks like the first.
 */
#include "base/text.h"
#include "picture/look.h"
#include "picture/models.h"
#include "rollout/indicator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILM_FILE TESTS_DIR "/picture/film.txt"
#define LINE_SIZE 1024
#define NUMBERS_MAX (3 * 40 + 2)
#define TOLERANCE 2 /* of 65535: compilers and processors round in ways of their own */
#define DIFFERENCES_SHOWN 12
#define COUNT(list) (sizeof list / sizeof list[0])

/* What is filmed. */
struct take {
    struct text *out;
    struct picture_settings settings;
    struct show show;
    struct gauge gauge;
    struct ambience ambience;
    enum segment_source source; /* of the whole strip; SEGMENT_ROLLOUTS, too, without indicators */
};

static struct take take_of(struct text *out, const struct show *show, const struct gauge *gauge)
{
    return (struct take){.out = out,
                         .settings = {.brightness = 1, .night = {.brightness = 0.1, .failed = 0.3}},
                         .show = *show,
                         .gauge = gauge != NULL ? *gauge : (struct gauge){.health = HEALTH_OK},
                         .ambience = {false, PICTURE_NEVER, PICTURE_NEVER},
                         .source = gauge != NULL ? SEGMENT_INDICATOR : SEGMENT_ROLLOUTS};
}

static int64_t draw_take(const struct take *take, size_t count, size_t digits, int64_t now_ms,
                         struct frame *frame)
{
    struct picture_settings settings = take->settings;
    const struct subject subject = {.shows = &take->show,
                                    .show_count = 1,
                                    .common = &take->show,
                                    .gauges = &take->gauge,
                                    .gauge_count = take->source == SEGMENT_ROLLOUTS ? 0 : 1,
                                    .ambience = &take->ambience};
    settings.segment_count = take->source == SEGMENT_ROLLOUTS ? 0 : 1; /* it draws each pixel */
    settings.segments[0] = (struct segment){.count = count, .source = take->source};
    memset(room, 0x77, sizeof room);
    *frame = (struct frame){.pixels = room, .count = count};
    return picture_draw(&settings, &subject, digits, now_ms, frame);
}

static void add_pixels(struct text *out, const struct pixel pixels[], size_t count)
{
    for (size_t i = 0, end; i < count; i = end) {
        const struct pixel *light = &pixels[i];
        for (end = i + 1; end < count && memcmp(light, &pixels[end], sizeof *light) == 0;)
            end++;
        if ((light->red | light->green | light->blue) == 0)
            text_add(out, " -");
        else
            text_addf(out, " %04x%04x%04x", light->red, light->green, light->blue);
        if (end - i > 1)
            text_addf(out, " x%zu", end - i);
    }
}

/* At some moments, but for those that look like the first. */
static void add_moments(const struct take *take, size_t count, const int64_t moments[], size_t most)
{
    const size_t digits = count < 2 ? 4 : 0;
    struct text first = {0}, now = {0};
    for (size_t i = 0; i < most; i++) {
        struct frame frame;
        const int64_t due = draw_take(take, count, digits, moments[i], &frame);
        text_clear(&now);
        add_pixels(&now, room, count);
        if (digits > 0)
            text_addf(&now, " %04x %04x", frame.text_dimmed,
                      (unsigned)(65535 * frame.brightness + 0.5));
        text_addf(&now, "; %lld", (long long)due);
        if (digits > 0)
            text_addf(&now, " '%s'", frame.text);
        if (i == 0)
            text_add(&first, now.data);
        else if (strcmp(now.data, first.data) == 0)
            continue;
        text_addf(take->out, "%zu %lld:%s\n", count, (long long)moments[i], now.data);
    }
    text_free(&first);
    text_free(&now);
}

static const int64_t usual[] = {0, 333, 1500, 61234}; /* late: a period of 1 ms less is seen */

static void add_usual(const struct take *take)
{
    add_moments(take, 1, usual, 4);
    add_moments(take, 3, usual, 4);
    add_moments(take, 8, usual, 4);
}

/* Alone, on so many digits: words, numbers and signs of life. */
static void add_digits(const struct take *take)
{
    text_add(take->out, "digits:;");
    for (size_t digits = 1; digits <= 5; digits++) {
        struct frame frame;
        const int64_t due = draw_take(take, 0, digits, 333, &frame);
        text_addf(take->out, " %lld '%s'", (long long)due, frame.text);
    }
    text_add(take->out, "\n");
}

/* The same for everything that there is to see. */
static void add_look(struct take take)
{
    static const int64_t blinking[] = {0, 1500, 60000};
    add_usual(&take);
    add_moments(&take, 40, usual + 1, 2);
    add_digits(&take);
    text_add(take.out, "dimmed\n");
    take.show.dimmed = take.gauge.dimmed = true;
    add_moments(&take, 1, usual, 4);
    add_moments(&take, 3, usual, 1);
    add_moments(&take, 4, usual, 1);
    add_moments(&take, 8, usual, 1);
    take.show.dimmed = take.gauge.dimmed = false;
    text_add(take.out, "by night\n");
    take.ambience.night = true;
    add_moments(&take, 1, usual + 1, 1);
    add_moments(&take, 3, usual + 1, 1);
    take.ambience.night = false;
    text_add(take.out, "on or off\n");
    take.settings.blinks = true;
    add_moments(&take, 1, blinking, COUNT(blinking));
    take.settings.blinks = false;
    text_add(take.out, "as one lamp\n");
    take.source = SEGMENT_SUMMARY;
    add_moments(&take, 1, usual, 4);
    take.show.dimmed = take.gauge.dimmed = true;
    add_moments(&take, 1, usual, 1);
}

static struct show show_of_example(enum state state)
{
    const struct example *example = look_example(state);
    const struct verdict verdict = {.state = state,
                                    .p = example->p,
                                    .q = example->q,
                                    .available = example->replicas,
                                    .spec = example->replicas};
    struct show show;
    show_start(&show, &verdict, -10000);
    return show;
}

static void add_rollouts(struct text *out)
{
    for (int look = 0; look < ROLLOUT_LOOKS; look++) {
        const struct model model = {look, 0.5, 1, false};
        struct show show;
        if (look < STATE_COUNT) {
            const struct example *example = look_example((enum state)look);
            show = show_of_example((enum state)look);
            text_addf(out, "\n# %s, %.3f %.3f of %lld\n", look_name(look),
                      isnan(example->p) ? 0 : example->p, isnan(example->q) ? 0 : example->q,
                      (long long)example->replicas);
        } else {
            show = show_of_model(&model);
            text_addf(out, "\n# %s\n", look_name(look));
        }
        add_look(take_of(out, &show, NULL));
    }
}

static void add_indicators(struct text *out)
{
    const struct show show = show_of_example(STATE_STABLE);
    for (enum health health = 0; health < HEALTH_COUNT; health++)
        for (int explained = 0; explained < 2; explained++) {
            const struct gauge gauge = {.health = health, .explained = explained != 0};
            const struct take take = take_of(out, &show, &gauge);
            text_addf(out, "\n# indicator: %s%s\n", health_name(health),
                      gauge.explained ? ", explained" : "");
            if (gauge.explained != (health == HEALTH_WARNING) || health == HEALTH_CRITICAL)
                add_look(take);
            else
                add_moments(&take, 8, usual, 2);
        }
}

/* A bar that has only begun, one between two pixels, and one that lacks nothing but being done. */
static void add_lengths(struct text *out)
{
    static const int bars[] = {STATE_PROGRESSING, STATE_STALLED, STATE_PAUSED, STATE_DEGRADED,
                               LOOK_THINNED};
    static const double lengths[][2] = {{0, 0.01}, {0.42, 0.42}, {1, 1}};
    for (size_t i = 0; i < COUNT(lengths) * COUNT(bars); i++) {
        const double *length = lengths[i % COUNT(lengths)];
        const struct model model = {bars[i / COUNT(lengths)], length[0], length[1], false};
        const struct show show = show_of_model(&model);
        const struct take take = take_of(out, &show, NULL);
        text_addf(out, "\n# %s, %.2f %.2f\n", look_name(model.look), show.verdict.p,
                  show.verdict.q);
        for (size_t count = 1; count <= 4; count++)
            add_moments(&take, count, usual + 1, 1);
        add_moments(&take, 12, usual + 1, 1);
    }
}

/* From one state to another, 10 s after the first began. */
static void add_change(struct text *out, const struct show *from, const struct verdict *to)
{
    static const int64_t moments[] = {9999, 10100, 10333, 10599, 10600, 11200, 11599, 11600};
    struct take take = take_of(out, from, NULL);
    text_addf(out, "\n# from %s to %s\n", state_name(from->verdict.state), state_name(to->state));
    show_update(&take.show, to, false, 10000);
    take.settings.brightness = 0.6;
    add_moments(&take, 1, moments, COUNT(moments));
    add_moments(&take, 3, moments + 1, 2);
    add_moments(&take, 8, moments, COUNT(moments));
    add_moments(&take, 40, moments + 2, 1);
}

static void add_changes(struct text *out)
{
    const struct show moving = show_of_example(STATE_PROGRESSING),
                      stalled = show_of_example(STATE_STALLED),
                      stable = show_of_example(STATE_STABLE),
                      zero = show_of_example(STATE_SCALED_TO_ZERO),
                      failed = show_of_example(STATE_FAILED);
    struct verdict further = moving.verdict;
    further.p = 0.68;
    further.q = 0.9;
    add_change(out, &moving, &further);
    add_change(out, &moving, &stalled.verdict);
    add_change(out, &moving, &stable.verdict);
    add_change(out, &stalled, &zero.verdict);
    add_change(out, &moving, &failed.verdict);
    add_change(out, &stable, &moving.verdict);
}

/* Dusk, dawn, and the ripple of an answered poll. */
static void add_ambience(struct text *out)
{
    static const int64_t fade[] = {0, 3333, 9999, 10000}, ripple[] = {0, 400, 1000, 1499, 1500};
    const struct show stable = show_of_example(STATE_STABLE),
                      failed = show_of_example(STATE_FAILED);
    const struct gauge warning = {.health = HEALTH_WARNING};
    struct take take = take_of(out, &stable, NULL), alarm = take_of(out, &failed, NULL);
    take.ambience = alarm.ambience = (struct ambience){true, 0, PICTURE_NEVER};
    text_add(out, "\n# dusk\n");
    add_moments(&take, 1, fade, COUNT(fade));
    add_moments(&alarm, 1, fade, COUNT(fade));
    text_add(out, "\n# dawn\n");
    take.ambience.night = false;
    add_moments(&take, 1, fade, COUNT(fade));
    text_add(out, "\n# ripple\n");
    take = take_of(out, &stable, NULL);
    take.ambience.beat_ms = 0;
    add_moments(&take, 1, ripple, COUNT(ripple));
    add_moments(&take, 8, ripple, COUNT(ripple));
    add_moments(&take, 0, ripple, COUNT(ripple));
    take = take_of(out, &stable, &warning); /* as bright as can be */
    take.ambience.beat_ms = 0;
    add_moments(&take, 3, ripple, COUNT(ripple));
}

/* Each hue of each palette: full, dim, and where lightness is no cube of light. */
static void add_palettes(struct text *out)
{
    for (int name = 0; name < PALETTE_COUNT; name++) {
        text_addf(out, "\n# palette %d\n", name);
        for (int hue = 0; hue < HUE_COUNT; hue++) {
            struct pixel lights[3];
            for (int i = 0; i < 3; i++)
                lights[i] =
                    colour_light(&palettes[name], (enum hue)hue, (const double[]){1, 0.3, 0.07}[i]);
            text_addf(out, "hue %d:", hue);
            add_pixels(out, lights, 3);
            text_add(out, ";\n");
        }
    }
}

/* A line as it is compared. */
struct line {
    char before[48]; /* its lights, up to the colon */
    uint16_t numbers[NUMBERS_MAX];
    size_t count;
    char after[96];
};

static void add_number(struct line *line, unsigned long number)
{
    assert_true(line->count < NUMBERS_MAX);
    line->numbers[line->count++] = (uint16_t)number;
}

static void read_word(struct line *line, const char *word)
{
    if (word[0] == 'x') {
        for (size_t i = 3 * (strtoul(word + 1, NULL, 10) - 1); i > 0 && line->count >= 3; i--)
            add_number(line, line->numbers[line->count - 3]);
        return;
    }
    for (const char *at = strcmp(word, "-") == 0 ? "000000000000" : word; *at != '\0';) {
        char digits[5] = "";
        snprintf(digits, sizeof digits, "%.4s", at);
        add_number(line, strtoul(digits, NULL, 16));
        at += strlen(digits);
    }
}

static struct line read_line(const char *from)
{
    struct line line = {.count = 0};
    char bytes[LINE_SIZE];
    assert_true(text_copy(bytes, sizeof bytes, from));
    char *colon = strchr(bytes, ':'), *semicolon = strchr(bytes, ';');
    if (bytes[0] == '#' || colon == NULL || semicolon == NULL || semicolon < colon) {
        text_copy(line.after, sizeof line.after, bytes);
        return line;
    }
    *colon = *semicolon = '\0';
    text_copy(line.before, sizeof line.before, bytes);
    text_copy(line.after, sizeof line.after, semicolon + 1);
    for (char *rest = colon + 1, *word; (word = strsep(&rest, " ")) != NULL;)
        if (*word != '\0')
            read_word(&line, word);
    return line;
}

static bool is_in_place(const char *one, const char *other)
{
    const struct line a = read_line(one), b = read_line(other);
    return strcmp(a.before, b.before) == 0 && (a.count == 0) == (b.count == 0);
}

static bool is_like(const char *one, const char *other)
{
    const struct line a = read_line(one), b = read_line(other);
    if (strcmp(a.before, b.before) != 0 || strcmp(a.after, b.after) != 0 || a.count != b.count)
        return false;
    for (size_t i = 0; i < a.count; i++)
        if (abs(a.numbers[i] - b.numbers[i]) > TOLERANCE)
            return false;
    return true;
}

static void add_film(struct text *out)
{
    add_rollouts(out);
    add_indicators(out);
    add_lengths(out);
    add_changes(out);
    add_ambience(out);
    add_palettes(out);
    assert_false(out->failed);
}

/* Each line of the film against the one in its place, as long as it is of the same moment; returns
 * how many differ. */
static size_t compare(FILE *file, const struct text *film)
{
    char line[LINE_SIZE], title[LINE_SIZE] = "";
    char *copy = strdup(film->data), *rest = copy, *now;
    size_t differ = 0;
    assert_non_null(copy);
    for (int number = 1; (now = strsep(&rest, "\n")) != NULL; number++) {
        if (fgets(line, sizeof line, file) == NULL)
            line[0] = '\0';
        line[strcspn(line, "\n")] = '\0';
        if (now[0] == '#')
            text_copy(title, sizeof title, now);
        if (is_like(line, now))
            continue;
        if (++differ <= DIFFERENCES_SHOWN)
            print_error("film.txt:%d (%s)\n  has: %s\n  now: %s\n", number, title, line, now);
        if (!is_in_place(line, now))
            break;
    }
    free(copy);
    return differ + (fgets(line, sizeof line, file) != NULL);
}

/* Written anew where somebody asks for it, to be read. */
static void each_picture_is_as_it_was(void **state)
{
    (void)state;
    const bool renews = getenv("AMBERBAR_GOLDEN_RENEW") != NULL;
    struct text film = {0};
    add_film(&film);
    FILE *file = fopen(FILM_FILE, renews ? "w" : "r");
    assert_non_null(file);
    if (renews)
        assert_true(fputs(film.data, file) >= 0);
    size_t differ = renews ? 0 : compare(file, &film);
    assert_int_equal(fclose(file), 0);
    text_free(&film);
    if (differ > 0)
        fail_msg(
            "%zu lines or more differ; `cmake --build build/test --target golden` writes film.txt "
            "anew, to be read",
            differ);
}

/* What is compared with some room is compared all the same. */
static void a_line_differs_by_more_than_rounding(void **state)
{
    (void)state;
    static const char line[] = "8 0: 00100020ffff x2 - 0007; 40 '43'";
    static const struct {
        const char *what, *other;
        bool like;
    } rows[] = {
        {"the same", "8 0: 00100020ffff x2 - 0007; 40 '43'", true},
        {"in other words", "8 0: 00100020ffff 00100020ffff - 0007; 40 '43'", true},
        {"rounded", "8 0: 0012001efffd 00100020ffff 000000000001 0009; 40 '43'", true},
        {"more", "8 0: 00130020ffff 00100020ffff - 0007; 40 '43'", false},
        {"less", "8 0: 00100020ffff 00100020fffc - 0007; 40 '43'", false},
        {"the last number", "8 0: 00100020ffff x2 - 000a; 40 '43'", false},
        {"a pixel less", "8 0: 00100020ffff - 0007; 40 '43'", false},
        {"due", "8 0: 00100020ffff x2 - 0007; 41 '43'", false},
        {"the text", "8 0: 00100020ffff x2 - 0007; 40 '44'", false},
        {"the moment", "8 1: 00100020ffff x2 - 0007; 40 '43'", false},
        {"nothing", "", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (is_like(line, rows[i].other) != rows[i].like)
            fail_msg("%s: %s", rows[i].what, rows[i].like ? "differs" : "is alike");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_picture_is_as_it_was),
        cmocka_unit_test(a_line_differs_by_more_than_rounding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
