#include "commands/preview/scenes.h"

#include "base/say.h"
#include "base/text.h"
#include "evidence/row.h"
#include "picture/look.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define GAUGE(is, explains) 1, {.health = (is), .explained = (explains)}, 0, WHY_NOT_ASKED

static const struct scene thinned = {
    "thinned", STATE_DEGRADED, 11 / 12.0, 1, 12, "pods lost seconds ago: no alarm yet", .lost = 1};

/* What is unknown for a reason that somebody here can fix. */
static const struct scene own_faults[] = {
    {"no_network", STATE_UNKNOWN, P_NONE, P_NONE, ROW_MISSING, "this board has no network",
     .why = WHY_NO_NETWORK},
    {"clock_not_set", STATE_UNKNOWN, P_NONE, P_NONE, ROW_MISSING,
     "so no certificate can be checked", .why = WHY_CLOCK_UNSET},
    {"card_wrong", STATE_UNKNOWN, P_NONE, P_NONE, ROW_MISSING,
     "a file on the boot partition is wrong", .why = WHY_CARD_WRONG},
};

static const struct scene indicators[] = {
    {"explained", STATE_PROGRESSING, 0.43, 0.7, 12, "orange, as the rollout explains: wait",
     GAUGE(HEALTH_WARNING, true)},
    {"warning", STATE_STABLE, 1, 1, 12, "an indicator that nothing explains",
     GAUGE(HEALTH_WARNING, false)},
    {"critical", STATE_STABLE, 1, 1, 12, "the same in red", GAUGE(HEALTH_CRITICAL, false)},
};
_Static_assert(SCENE_COUNT == STATE_COUNT + 1 + sizeof own_faults / sizeof own_faults[0] +
                                  sizeof indicators / sizeof indicators[0],
               "room for each");

struct scene scene_of(enum state state)
{
    const struct example *example = look_example(state);
    return (struct scene){.name = state_name(state),
                          .state = state,
                          .p = example->p,
                          .q = example->q,
                          .replicas = example->replicas,
                          .words = example->words};
}

void scenes_make(struct scene scenes[static SCENE_COUNT])
{
    size_t count = 0;
    for (int state = 1; state <= STATE_COUNT; state++) {
        scenes[count++] = scene_of((enum state)(state % STATE_COUNT));
        if (state == (int)thinned.state)
            scenes[count++] = thinned;
    }
    memcpy(scenes + count, own_faults, sizeof own_faults);
    count += sizeof own_faults / sizeof own_faults[0];
    memcpy(scenes + count, indicators, sizeof indicators);
}

static enum why why_of(const struct scene *scene)
{
    if (scene->state != STATE_UNKNOWN)
        return WHY_ROLLOUT;
    return scene->why != WHY_NOT_ASKED ? scene->why : WHY_FETCH;
}

struct show scene_show(const struct scene *scene, int64_t now_ms)
{
    struct verdict verdict = {.state = scene->state,
                              .why = why_of(scene),
                              .p = scene->p,
                              .q = scene->q,
                              .updated = scene->replicas,
                              .available = scene->replicas - scene->lost,
                              .spec = scene->replicas,
                              .terminating = ROW_MISSING,
                              .calm = scene->lost > 0};
    struct show show;
    show_start(&show, &verdict, now_ms);
    return show;
}

struct subject scene_subject(const struct scene *scene, const struct show *show)
{
    return (struct subject){.shows = show,
                            .show_count = 1,
                            .common = show,
                            .gauges = &scene->gauge,
                            .gauge_count = scene->gauges};
}

void scene_title(const struct scene *scene, char out[static SCENE_TITLE_SIZE])
{
    history_state_words(scene->name, out);
}

static bool scene_named(const char *name, struct scene *scene)
{
    struct scene scenes[SCENE_COUNT];
    scenes_make(scenes);
    for (size_t i = 0; i < SCENE_COUNT; i++) {
        if (strcmp(scenes[i].name, name) != 0)
            continue;
        *scene = scenes[i];
        return true;
    }
    return false;
}

bool scene_find(const char *command, const char *word, struct scene *scene)
{
    struct scene scenes[SCENE_COUNT];
    const char *names[SCENE_COUNT];
    if (scene_named(word, scene))
        return true;
    scenes_make(scenes);
    for (size_t i = 0; i < SCENE_COUNT; i++)
        names[i] = scenes[i].name;
    const char *near = text_suggest(word, names, SCENE_COUNT);
    struct text line = {0};
    for (size_t i = 0; i < SCENE_COUNT; i++)
        text_addf(&line, "%s %s", i > 0 ? "," : "", names[i]);
    say_line(stderr, "amberbar %s: there is no state '%s'%s%s%s the states are%s", command, word,
             near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
             near != NULL ? "'?" : ";", line.failed ? "" : line.data);
    text_free(&line);
    return false;
}

bool scene_progress(const char *command, const char *word, struct scene *scene)
{
    char number[32];
    double value;
    bool percent = word[0] != '\0' && word[strlen(word) - 1] == '%';
    bool fits = text_copy(number, sizeof number, word);
    if (fits && percent)
        number[strlen(number) - 1] = '\0';
    if (!fits || !text_number(number, &value) || !(value >= 0 && value <= (percent ? 100 : 1))) {
        say_line(stderr, "amberbar %s: '%s' is no progress; write 0.43 or 43%%", command, word);
        return false;
    }
    value = percent ? value / 100 : value;
    if (isnan(scene->p) || state_is(scene->state, STATE_SERVES))
        return true; /* a state that has no bar */
    scene->p = value;
    if (scene->lost > 0) {
        int64_t left = (int64_t)(value * (double)scene->replicas);
        scene->lost = left < scene->replicas ? scene->replicas - left : 1;
    }
    scene->q = value > scene->q ? value : scene->q;
    return true;
}
