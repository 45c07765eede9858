#include "picture/free_looks.h"

#include "base/table.h"
#include "picture/apart.h"
#include "picture/look.h"

#include <stdio.h>

/* The look that a state has while it is tried; NULL: its own. */
static struct {
    enum state state;
    const struct look *look;
} tried;

const struct look *__real_look_of_verdict(const struct verdict *verdict);
const struct look *__wrap_look_of_verdict(const struct verdict *verdict);

const struct look *__wrap_look_of_verdict(const struct verdict *verdict)
{
    bool tries = tried.look != NULL && verdict->state == tried.state && !verdict->calm;
    return tries ? tried.look : __real_look_of_verdict(verdict);
}

#define NAMED(enumerator) ROW(enumerator, #enumerator)

static const char *hue_name(enum hue hue)
{
    switch (hue) {
        NAMED(HUE_WHITE);
        NAMED(HUE_GREEN);
        NAMED(HUE_AMBER);
        NAMED(HUE_ORANGE);
        NAMED(HUE_VERMILION);
        NAMED(HUE_RED);
        NAMED(HUE_SKY);
        NAMED(HUE_MAGENTA);
        NAMED(HUE_REST);
        NAMED(HUE_LIME);
        ROW_COUNT(HUE_COUNT);
    }
    NO_OTHER_ROW;
}

static const char *fill_name(enum fill fill)
{
    switch (fill) {
        NAMED(FILL_MARK);
        NAMED(FILL_ALL);
        NAMED(FILL_BAR);
        NAMED(FILL_BAR_GOAL);
        NAMED(FILL_ALTERNATE);
        NAMED(FILL_PAUSE);
        NAMED(FILL_LOST);
        NAMED(FILL_GLOW);
        NAMED(FILL_WEDGE);
        NAMED(FILL_BURST);
        NAMED(FILL_REMAINS);
        NAMED(FILL_TIPS);
        NAMED(FILL_HAND);
        NAMED(FILL_FLOOD);
        ROW_COUNT(FILL_COUNT);
    }
    NO_OTHER_ROW;
}

static const char *position_name(enum position position)
{
    switch (position) {
        NAMED(POSITION_CENTRE);
        NAMED(POSITION_WHOLE);
        NAMED(POSITION_START);
        NAMED(POSITION_END);
        NAMED(POSITION_ENDS);
        NAMED(POSITION_MOST);
        ROW_COUNT(POSITION_COUNT);
    }
    NO_OTHER_ROW;
}

/* Farther is not measured: nobody needs it, and it takes long. */
#define APART_MOST (2 * APART_LEAST)

/* A look that a state could have, and how it was told from the others so far. */
struct candidate {
    struct look look;
    double apart; /* from the nearest, or APART_MOST */
    bool fails;
};

/* Candidates on some of the lights, as they are seen of one state. */
struct search {
    enum state state;
    struct candidate *candidates;
    size_t count;
};

/* All looks but the state's, through all eyes, at one level of one display. */
static struct film others[SIGHT_COUNT][LOOKS];

static void see_others(const struct search *search, const struct display *display,
                       const struct picture_settings *settings, const double level[2])
{
    static struct shot shot;
    for (int look = 0; look < display->looks; look++) {
        const struct model model = {look, level[0], level[1], false};
        if (look == (int)search->state)
            continue;
        shoot(display, settings, &model, &shot);
        for (int sight = 0; sight < SIGHT_COUNT; sight++)
            film_see(&others[sight][look], &shot, settings, (enum sight)sight);
    }
}

static void compare(struct candidate *candidate, const struct film *film, int state, int looks,
                    const struct film of_others[])
{
    for (int look = 0; look < looks && !candidate->fails; look++) {
        if (look == state)
            continue;
        double apart = film_distance(film, &of_others[look], candidate->apart);
        if (apart >= candidate->apart)
            continue;
        candidate->apart = apart;
        candidate->fails = apart < apart_least(state, look);
    }
}

/* Through the eyes from `first` to `last`. */
static void try_on(const struct search *search, const struct display *display,
                   const struct picture_settings *settings, enum sight first, enum sight last)
{
    static struct shot shot;
    static struct film film;
    for (size_t k = 0; k < APART_LEVELS; k++) {
        const struct model model = {(int)search->state, apart_levels[k][0], apart_levels[k][1],
                                    false};
        see_others(search, display, settings, apart_levels[k]);
        for (size_t i = 0; i < search->count; i++) {
            struct candidate *candidate = &search->candidates[i];
            if (candidate->fails)
                continue;
            tried.look = &candidate->look;
            shoot(display, settings, &model, &shot);
            tried.look = NULL;
            for (enum sight sight = first; sight <= last && !candidate->fails; sight++) {
                film_see(&film, &shot, settings, sight);
                compare(candidate, &film, model.look, display->looks, others[sight]);
            }
        }
    }
}

/* Strips are told by hue and fill, lamps by hue and rhythm, and digits by words. */
static bool is_searched(const struct display *display, bool blinks)
{
    return display->pixels > 0 && (display->pixels <= 2) == blinks;
}

/* Display after display: the first has three pixels, and what they cannot tell is not tried on. */
static void try_everywhere(const struct search *search, bool blinks)
{
    tried.state = search->state;
    for (size_t i = 0; i < DISPLAYS * SHOWINGS * APART_HOURS; i++) {
        const size_t at = i / APART_HOURS / SHOWINGS;
        const struct showing *showing = &showings[i / APART_HOURS % SHOWINGS];
        const struct picture_settings settings = apart_settings(showing, (int)(i % APART_HOURS));
        if (at < showing->displays && is_searched(&displays[at], blinks))
            try_on(search, &displays[at], &settings, apart_first_sight(showing), SIGHT_GREY);
    }
    for (size_t i = 0; i < FEW_DISPLAYS * APART_HOURS && blinks; i++) {
        const struct picture_settings settings =
            apart_settings(&showings[SHOWING_MOVING], (int)(i % APART_HOURS));
        try_on(search, &few_displays[i / APART_HOURS], &settings, SIGHT_FULL, SIGHT_FULL);
    }
}

static void add(struct search *search, const struct look *look)
{
    search->candidates[search->count++] = (struct candidate){.look = *look, .apart = APART_MOST};
}

/* Levels of light, beside those that the look has. */
static const double lights[][2] = {{1.00, 0.10}, {0.80, 0.25}, {0.50, 0.10}};
#define LIGHTS (1 + sizeof lights / sizeof lights[0])

/* Fills that are drawn where their position says, of which there are several; others have one. */
static bool has_places(enum fill fill)
{
    return fill == FILL_MARK;
}

static void add_fills(struct search *search, const struct look *own)
{
    struct look look = *own;
    for (size_t i = 0; i < (size_t)HUE_COUNT * FILL_COUNT * POSITION_COUNT; i++) {
        look.hue = (enum hue)(i / POSITION_COUNT / FILL_COUNT);
        look.fill = (enum fill)(i / POSITION_COUNT % FILL_COUNT);
        look.position = (enum position)(i % POSITION_COUNT);
        if (look.position != own->position && !has_places(look.fill))
            continue;
        for (size_t k = 0; k < LIGHTS; k++) {
            look.high = k > 0 ? lights[k - 1][0] : own->high;
            look.low = k > 0 ? lights[k - 1][1] : own->low;
            add(search, &look);
        }
    }
}

static void print_fills(enum state state)
{
    static struct candidate candidates[HUE_COUNT * FILL_COUNT * POSITION_COUNT * LIGHTS];
    struct search search = {state, candidates, 0};
    size_t left = 0;
    add_fills(&search, look_of(state));
    try_everywhere(&search, false);
    printf("%s in its motion and period would be told from all others on a strip as\n",
           state_name(state));
    for (size_t i = 0; i < search.count; i++) {
        const struct look *look = &candidates[i].look;
        if (candidates[i].fails)
            continue;
        left++;
        printf("    %s, %s, %s, high %.2f, low %.2f: %.1f apart\n", hue_name(look->hue),
               fill_name(look->fill), position_name(look->position), look->high, look->low,
               candidates[i].apart);
    }
    if (left == 0)
        printf("    nothing that is drawn yet: it wants a fill of its own in picture/draw.c\n");
}

static const int64_t periods[] = {1000, 1600, 2000, 4000};
static const double shares[] = {0.20, 0.35, 0.50, 0.65, 0.80};
#define PERIODS (sizeof periods / sizeof periods[0])
#define SHARES (sizeof shares / sizeof shares[0])

static void print_rhythms(enum state state)
{
    static struct candidate candidates[HUE_COUNT * PERIODS * SHARES];
    struct search search = {state, candidates, 0};
    struct look look = *look_of(state);
    look.blink_hue = HUE_WHITE; /* as `hue` */
    for (size_t i = 0; i < HUE_COUNT * PERIODS * SHARES; i++) {
        look.hue = (enum hue)(i / SHARES / PERIODS);
        look.blink_ms = periods[i / SHARES % PERIODS];
        look.blink_lit = shares[i % SHARES];
        add(&search, &look);
    }
    try_everywhere(&search, true);
    printf("%s would be told from all others on lamps as (blink_ms/blink_lit)", state_name(state));
    for (size_t i = 0; i < search.count; i++) {
        if (i % (SHARES * PERIODS) == 0)
            printf("\n    %s, blinking:", hue_name(candidates[i].look.hue));
        if (!candidates[i].fails)
            printf(" %d/%.2f", (int)candidates[i].look.blink_ms, candidates[i].look.blink_lit);
    }
    printf("\n");
}

void free_looks_print(enum state state)
{
    print_fills(state);
    print_rhythms(state);
    fflush(stdout); /* before what cmocka says of it */
}
