#include "rollout/indicator_scene.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    char letter;
    enum state state;
} letters[] = {
    {'?', STATE_UNKNOWN},  {'S', STATE_STABLE},         {'P', STATE_PROGRESSING},
    {'L', STATE_STALLED},  {'F', STATE_FAILED},         {'H', STATE_PAUSED},
    {'D', STATE_DEGRADED}, {'Z', STATE_SCALED_TO_ZERO},
};

static const struct {
    const char *word;
    enum indicator_why why;
} whys[] = {
    {"fetch", INDICATOR_FETCH},
    {"late", INDICATOR_LATE},
    {"none", INDICATOR_NO_SERIES},
    {"nan", INDICATOR_NO_NUMBER},
    {"partial", INDICATOR_PARTIAL},
    {"alone", INDICATOR_ALONE},
    {"idle", INDICATOR_NOTHING_MOVES},
    {"rollout-unknown", INDICATOR_ROLLOUT_UNKNOWN},
    {"before-unknown", INDICATOR_BEFORE_UNKNOWN},
    {"before", INDICATOR_BEFORE},
    {"grace-over", INDICATOR_GRACE_OVER},
    {"lost", INDICATOR_ROLLOUT_LOST_PODS},
    {"stalled", INDICATOR_ROLLOUT_STALLED},
    {"failed", INDICATOR_ROLLOUT_FAILED},
    {"just-ended", INDICATOR_EXPLAINED_STILL},
    {"rolling", INDICATOR_EXPLAINED},
};

static const char *const names[ROLLOUTS] = {"cms", "shop"};

void scene_begin(struct indicator *indicator, struct rollout rollouts[ROLLOUTS],
                 const struct scene *scene)
{
    size_t causes = strstr(scene->polls, "/") == NULL ? 0 : strstr(scene->polls, "/S/") ? 2 : 1;
    *indicator = (struct indicator){.name = "ttfb",
                                    .limits = {.warning = scene->warning,
                                               .critical = scene->critical,
                                               .for_ms = scene->for_s * 1000,
                                               .grace_ms = GRACE_S * 1000},
                                    .cause_count = causes};
    static struct workload workloads[ROLLOUTS][MEMBERS];
    for (size_t i = 0; i < ROLLOUTS; i++) {
        rollouts[i] = (struct rollout){.workloads = workloads[i],
                                       .verdict = verdict_unknown(WHY_NOT_ASKED),
                                       .seen_ms = INT64_MIN};
        snprintf(rollouts[i].name, sizeof rollouts[i].name, "%s", names[i]);
        indicator->causes[i].rollout = i;
    }
    indicator_start(indicator, 0);
    assert_int_equal(indicator->health, HEALTH_UNKNOWN);
    assert_int_equal(indicator->why, INDICATOR_NOT_ASKED);
}

void scene_observe(struct indicator *indicator, const char *value, int64_t now_ms)
{
    struct ratio_sample samples[4];
    size_t count = 0;
    bool partial = strncmp(value, "some", 4) == 0;
    if (strncmp(value, "fetch", 5) == 0) {
        indicator_observe_failure(indicator, now_ms);
        return;
    }
    if (strncmp(value, "late", 4) == 0) {
        indicator_observe_silence(indicator, now_ms);
        return;
    }
    if (partial)
        samples[count++] = (struct ratio_sample){.labels = "{}", .value = 0};
    else if (strncmp(value, "none", 4) != 0)
        for (char *end = NULL; end == NULL || *end == ','; value = end + 1)
            samples[count++] = (struct ratio_sample){.labels = "{}", .value = strtod(value, &end)};
    indicator_observe(indicator, samples, count, partial, now_ms);
}

static enum state state_of(char letter)
{
    size_t k = 0;
    while (letters[k].letter != letter)
        k++;
    return letters[k].state;
}

/* A letter each; a single one stands for the rollout as a whole. Returns how many there are. */
static size_t take_members(struct rollout *rollout, const char *states)
{
    const size_t count = strcspn(states, "/=- ");
    rollout->count = count > 1 ? count : 0;
    rollout->verdict.state = state_of(states[0]);
    for (size_t i = 0; i < rollout->count; i++) {
        enum state state = state_of(states[i]);
        rollout->workloads[i].verdict.state = state;
        if (state_severity(state) > state_severity(rollout->verdict.state))
            rollout->verdict.state = state;
    }
    return count;
}

void scene_move(struct rollout rollouts[ROLLOUTS], const char *poll, int64_t now_ms)
{
    size_t end = strcspn(poll, "=");
    for (size_t i = 0, at = strcspn(poll, "/"); at < end;
         i++, at += 1 + strcspn(poll + at + 1, "/")) {
        const char *after = poll + at + 1 + take_members(&rollouts[i], poll + at + 1);
        long age_s = *after == '-' ? strtol(after + 1, NULL, 10) : 0;
        if (rollouts[i].verdict.state != STATE_UNKNOWN)
            rollouts[i].seen_ms = now_ms - age_s * 1000;
    }
}

static bool check(const struct scene *scene, const struct indicator *indicator, const char *poll)
{
    const char *expected = strchr(poll, '=') + 1;
    size_t length = strcspn(expected, " "), word = strcspn(expected, "*? ");
    const char *name = health_name(indicator->health);
    bool right = strlen(name) == word && strncmp(expected, name, word) == 0;
    right = right && indicator->explained == (expected[word] == '*');
    const char *why = memchr(expected, '?', length);
    for (size_t i = 0; why != NULL && i < sizeof whys / sizeof whys[0]; i++)
        if (strlen(whys[i].word) == (size_t)(expected + length - why - 1) &&
            strncmp(whys[i].word, why + 1, strlen(whys[i].word)) == 0)
            right = right && indicator->why == whys[i].why;
    if (!right)
        print_error("%s: at %.*s: %s%s, why %d\n", scene->sentence, (int)strcspn(poll, " "), poll,
                    name, indicator->explained ? ", explained" : "", (int)indicator->why);
    return right;
}

size_t scene_failures(const struct scene scenes[], size_t count)
{
    size_t failed = 0;
    for (size_t i = 0; i < count; i++) {
        struct indicator indicator;
        struct rollout rollouts[ROLLOUTS];
        scene_begin(&indicator, rollouts, &scenes[i]);
        for (const char *poll = scenes[i].polls; *poll != '\0'; poll += strspn(poll, " ")) {
            char *value;
            int64_t now_ms = strtol(poll, &value, 10) * 1000;
            scene_move(rollouts, poll, now_ms);
            scene_observe(&indicator, value + 1, now_ms);
            indicator_explain(&indicator, rollouts, now_ms);
            failed += check(&scenes[i], &indicator, poll) ? 0 : 1;
            poll += strcspn(poll, " ");
        }
    }
    return failed;
}
