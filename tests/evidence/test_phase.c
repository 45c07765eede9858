#include "evidence/phase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH_MS INT64_C(1764358477000)
#define MINUTE_MS 60000
#define SOURCES_MAX_HERE 3
#define TIMES_MAX 20000

/* An exporter, and when what it says is visible to a question. */
struct exporter {
    int64_t step_ms, offset_ms; /* scraped at offset + n * step */
    int64_t lag_ms, noise_ms;   /* visible so much later, and up to so much more */
    int miss_every;             /* every so many scrapes fail; 0: none */
};

/* A Prometheus and one board, in virtual time. */
struct scene {
    struct exporter exporters[SOURCES_MAX_HERE];
    size_t count;
    int64_t interval_ms;
    bool moves;
    int64_t rests_ms;  /* nothing moves until then */
    bool one_moves;    /* only the first exporter shows what moves */
    int64_t round_ms;  /* evaluation times are multiples of it; 0: exact */
    int64_t behind_ms; /* evaluation times are so far behind (VictoriaMetrics' latencyOffset) */
    int64_t step_at_ms, stepped_ms; /* the clock goes on by so much, at that moment */
    int64_t changed_ms;             /* from then on ... */
    struct exporter changed;        /* ... the first exporter is this one */
    int64_t until_ms;               /* until then; 0: for ever */
    bool recorded;                  /* the first is what a survey's rules were evaluated at */
    uint32_t seed;
};

struct outcome {
    int64_t delays[TIMES_MAX]; /* of each sample: from being visible to a question */
    size_t count, questions, least_scrapes;
    int64_t longest_ms, shortest_ms; /* between two questions */
};

static uint32_t scatter(int64_t a, size_t b)
{
    uint64_t x = ((uint64_t)a + b * 977u + 11u) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(x >> 33);
}

static const struct exporter *exporter_at(const struct scene *scene, size_t i, int64_t now_ms)
{
    bool changed = i == 0 && scene->changed_ms > 0 && now_ms >= scene->changed_ms &&
                   (scene->until_ms == 0 || now_ms < scene->until_ms);
    return changed ? &scene->changed : &scene->exporters[i];
}

/* When the sample scraped at `at_ms` is visible; INT64_MAX: the scrape failed. */
static int64_t visible_ms(const struct scene *scene, size_t i, int64_t at_ms)
{
    const struct exporter *exporter = exporter_at(scene, i, at_ms);
    const int64_t number = at_ms / exporter->step_ms;
    if (exporter->miss_every > 0 && number % exporter->miss_every == 0)
        return INT64_MAX;
    const int64_t noise = exporter->noise_ms > 0 ? scatter(at_ms, i) % exporter->noise_ms : 0;
    return at_ms + exporter->lag_ms + noise;
}

static int64_t scrape_before(const struct exporter *exporter, int64_t now_ms)
{
    return now_ms - (now_ms - exporter->offset_ms) % exporter->step_ms;
}

/* When the newest sample was scraped that is visible; 0: none is. */
static int64_t newest_ms(const struct scene *scene, size_t i, int64_t now_ms)
{
    int64_t at = scrape_before(exporter_at(scene, i, now_ms), now_ms);
    for (int k = 0; k < 300 && at > 0; k++) {
        const struct exporter *exporter = exporter_at(scene, i, at);
        at = scrape_before(exporter, at);
        if (visible_ms(scene, i, at) <= now_ms)
            return at;
        at--;
    }
    return 0;
}

static int64_t clock_ms(const struct scene *scene, int64_t at_ms)
{
    int64_t shown = EPOCH_MS + at_ms;
    if (scene->step_at_ms > 0 && at_ms >= scene->step_at_ms)
        shown += scene->stepped_ms;
    return shown;
}

static int64_t eval_ms(const struct scene *scene, int64_t now_ms)
{
    int64_t shown = clock_ms(scene, now_ms) - scene->behind_ms;
    return scene->round_ms > 0 ? shown - shown % scene->round_ms : shown;
}

static void note(const struct scene *scene, struct phase *phase, int64_t now_ms)
{
    struct source_seen sources[SOURCES_MAX_HERE];
    struct survey survey = survey_empty();
    struct answer answer = {.eval_ms = eval_ms(scene, now_ms), .sent_ms = now_ms};
    phase_want_none(phase);
    for (size_t i = 0; i < scene->count; i++) {
        const int64_t at = newest_ms(scene, i, now_ms - scene->behind_ms);
        const int64_t sample = at > 0 ? clock_ms(scene, at) : ROW_MISSING;
        const bool recorded = scene->recorded && i == 0;
        if (recorded) {
            survey.recorded = true;
            survey.evaluated_ms[RULE_UNSETTLED] = sample;
            answer.surveys = &survey;
            answer.survey_count = 1;
        } else {
            sources[answer.source_count++] =
                (struct source_seen){.id = i + 1000, .newest_ms = sample};
        }
        if (i == 0 || !scene->one_moves)
            phase_want(phase, recorded ? phase_survey_id(0) : i + 1000);
    }
    answer.sources = sources;
    phase_note(phase, &answer);
}

/* What became visible in (from, to], and was asked for at `to`. */
static void count_delays(const struct scene *scene, int64_t from_ms, int64_t to_ms,
                         struct outcome *outcome)
{
    for (size_t i = 0; i < scene->count; i++) {
        int64_t from = from_ms - scene->behind_ms, to = to_ms - scene->behind_ms;
        const struct exporter *exporter = exporter_at(scene, i, from);
        int64_t at = scrape_before(exporter, from - exporter->lag_ms - exporter->noise_ms);
        for (; at <= to; at += exporter->step_ms) {
            const int64_t visible = visible_ms(scene, i, at);
            if (visible > from && visible <= to && outcome->count < TIMES_MAX)
                outcome->delays[outcome->count++] = to - visible;
        }
    }
}

/* From `warm_ms` on to `end_ms`. */
static void live(const struct scene *scene, int64_t warm_ms, int64_t end_ms,
                 struct outcome *outcome)
{
    struct phase phase = {.random = scene->seed};
    const int64_t start = 600000 + scene->seed % 99991;
    int64_t now = start, before = now;
    warm_ms += now;
    end_ms += now;
    memset(outcome, 0, sizeof *outcome);
    outcome->shortest_ms = INT64_MAX;
    while (now < end_ms) {
        note(scene, &phase, now);
        if (before >= warm_ms) {
            count_delays(scene, before, now, outcome);
            outcome->questions++;
        }
        const bool moves = scene->moves && now - start >= scene->rests_ms;
        const struct phase_terms terms = {moves, scene->interval_ms, now};
        before = now;
        now = phase_due_ms(&phase, &terms);
        if (now <= before)
            fail_msg("asks again at once");
        if (before < warm_ms)
            continue;
        outcome->longest_ms =
            now - before > outcome->longest_ms ? now - before : outcome->longest_ms;
        outcome->shortest_ms =
            now - before < outcome->shortest_ms ? now - before : outcome->shortest_ms;
    }
}

static int compare(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static int64_t quantile(struct outcome *outcome, size_t percent)
{
    if (outcome->count == 0)
        fail_msg("no sample came");
    qsort(outcome->delays, outcome->count, sizeof outcome->delays[0], compare);
    return outcome->delays[outcome->count * percent / 100];
}

#define PERFECT(step, offset, lag) \
    {                              \
        step, offset, lag, 0, 0    \
    }

static const struct row_of_test {
    const char *what;
    struct scene scene;
    int64_t median_ms, most_ms; /* most: 95 of 100 */
    double questions;           /* a scrape */
    int64_t warm_ms;            /* 0: five minutes */
} moving[] = {
    {"scrapes of a second", {.exporters = {PERFECT(1000, 123, 20)}, .count = 1}, 150, 400, 1.5, 0},
    {"of 5 seconds", {.exporters = {PERFECT(5000, 4711, 30)}, .count = 1}, 300, 600, 1.5, 0},
    {"of 15",
     {.exporters = {PERFECT(15000, 4711, 30)}, .count = 1, .interval_ms = 60000},
     300,
     600,
     1.5,
     0},
    {"of 30",
     {.exporters = {PERFECT(30000, 4711, 30)}, .count = 1, .interval_ms = 60000},
     300,
     600,
     1.5,
     0},
    {"of 15, and 10 s are the longest silence",
     {.exporters = {PERFECT(15000, 4711, 30)}, .count = 1},
     300,
     600,
     2.2,
     0},
    {"of 30, likewise", {.exporters = {PERFECT(30000, 4711, 30)}, .count = 1}, 300, 600, 3.2, 0},
    {"of 10.5, so that a silence ends just before one",
     {.exporters = {PERFECT(10500, 4711, 30)}, .count = 1},
     300,
     600,
     2.2,
     0},
    {"of a minute", {.exporters = {PERFECT(60000, 777, 200)}, .count = 1}, 300, 700, 6.3, 0},
    {"a scrape takes now less, now more",
     {.exporters = {{15000, 1, 100, 400, 0}}, .count = 1, .interval_ms = 60000},
     450,
     1000,
     1.5,
     0},
    {"a store shows a sample eight seconds later",
     {.exporters = {PERFECT(15000, 1, 8000)}, .count = 1, .interval_ms = 60000},
     350,
     1000,
     1.5,
     0},
    {"and forty seconds later, more than two scrapes",
     {.exporters = {{15000, 1, 40000, 200, 0}}, .count = 1, .interval_ms = 60000},
     450,
     1000,
     1.5,
     600000},
    {"every fifth scrape fails",
     {.exporters = {{5000, 4711, 30, 0, 5}}, .count = 1},
     300,
     700,
     1.9,
     0},
    {"answers are as of half a minute ago",
     {.exporters = {PERFECT(15000, 3, 50)}, .count = 1, .interval_ms = 60000, .behind_ms = 30000},
     300,
     600,
     1.5,
     0},
    {"evaluation times are whole seconds",
     {.exporters = {PERFECT(15000, 3, 50)}, .count = 1, .interval_ms = 60000, .round_ms = 1000},
     900,
     1500,
     1.6,
     0},
    {"two exporters out of phase",
     {.exporters = {PERFECT(15000, 0, 50), PERFECT(15000, 7000, 50)}, .count = 2},
     300,
     600,
     1.5,
     0},
    {"two, of 15 s and of 5",
     {.exporters = {PERFECT(15000, 900, 50), PERFECT(5000, 3300, 50)}, .count = 2},
     300,
     1000,
     1.5,
     0},
    {"three, two of them a second apart",
     {.exporters = {PERFECT(15000, 0, 50), PERFECT(15000, 1000, 50), PERFECT(15000, 8000, 50)},
      .count = 3},
     900,
     1900,
     1.5,
     0},
    {"recording rules of 30 s over scrapes of 15 s",
     {.exporters = {PERFECT(30000, 5000, 300), PERFECT(15000, 0, 50)},
      .count = 2,
      .recorded = true},
     300,
     900,
     1.5,
     0},
};

static struct scene complete(const struct scene *from, uint32_t seed)
{
    struct scene scene = *from;
    if (scene.interval_ms == 0)
        scene.interval_ms = 10000;
    scene.seed = seed * 2654435761u;
    scene.moves = true;
    return scene;
}

static void asks_when_a_sample_becomes_visible(void **state)
{
    (void)state;
    static struct outcome outcome;
    for (size_t i = 0; i < sizeof moving / sizeof moving[0]; i++) {
        const struct row_of_test *row = &moving[i];
        const int64_t warm = row->warm_ms > 0 ? row->warm_ms : 5 * MINUTE_MS;
        for (uint32_t seed = 1; seed <= 20; seed++) {
            const struct scene scene = complete(&row->scene, seed);
            live(&scene, warm, warm + 60 * MINUTE_MS, &outcome);
            const int64_t median = quantile(&outcome, 50), most = quantile(&outcome, 95);
            const double questions = (double)outcome.questions / (double)outcome.count;
            if (getenv("AMBERBAR_PHASE_PRINT") != NULL)
                printf("%s: median %lld, 95 %% %lld, %.2f questions, %lld..%lld\n", row->what,
                       (long long)median, (long long)most, questions,
                       (long long)outcome.shortest_ms, (long long)outcome.longest_ms);
            if (median > row->median_ms || most > row->most_ms || questions > row->questions)
                fail_msg("%s, seed %u: median %lld ms, 95 of 100 %lld ms, %.2f questions a scrape",
                         row->what, seed, (long long)median, (long long)most, questions);
            if (outcome.longest_ms > scene.interval_ms)
                fail_msg("%s: is silent for %lld ms", row->what, (long long)outcome.longest_ms);
        }
    }
}

/* A rollout begins after half an hour of rest: its first minutes count, for it may be over soon. */
static void is_in_phase_soon_after_something_begins_to_move(void **state)
{
    (void)state;
    static struct outcome outcome;
    static const int64_t steps[] = {1000, 5000, 15000, 30000};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        int64_t all = 0, late = 0, questions = 0;
        for (uint32_t seed = 1; seed <= 100; seed++) {
            struct scene scene = {.exporters = {{steps[i], 4711, 30, 60, 0}}, .count = 1};
            scene = complete(&scene, seed);
            scene.rests_ms = 30 * MINUTE_MS;
            live(&scene, 30 * MINUTE_MS, 33 * MINUTE_MS, &outcome);
            for (size_t k = 0; k < outcome.count; k++)
                late += outcome.delays[k] > 1000;
            all += (int64_t)outcome.count;
            questions += (int64_t)outcome.questions;
        }
        if (late * 20 > all)
            fail_msg("step %lld: of %lld samples %lld were late", (long long)steps[i],
                     (long long)all, (long long)late);
        const int64_t least = steps[i] > 10000 ? steps[i] / 10000 + 1 : 1;
        if (questions * 2 > all * (2 * least + 1))
            fail_msg("step %lld: %lld questions for %lld samples", (long long)steps[i],
                     (long long)questions, (long long)all);
    }
}

/* No more questions than one an interval, and in phase where the ratio allows it. */
static void asks_no_more_at_rest_than_once_an_interval(void **state)
{
    (void)state;
    static struct outcome outcome;
    static const struct {
        int64_t step_ms, most_ms; /* of 75 in 100 samples, where each is asked for */
    } rows[] = {{1000, 10000}, {5000, 7500},  {10000, 3200}, {15000, 10000},
                {30000, 3200}, {60000, 3200}, {10400, 10400}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (uint32_t seed = 1; seed <= 20; seed++) {
            struct scene scene = {.exporters = {{rows[i].step_ms, 4711, 30, 60, 0}}, .count = 1};
            scene = complete(&scene, seed);
            scene.moves = false;
            live(&scene, 20 * MINUTE_MS, 140 * MINUTE_MS, &outcome);
            if (outcome.questions > 724)
                fail_msg("%zu questions in two hours", outcome.questions);
            if (outcome.longest_ms > 10000)
                fail_msg("is silent for %lld ms", (long long)outcome.longest_ms);
            if (quantile(&outcome, 75) > rows[i].most_ms)
                fail_msg("step %lld, seed %u: 75 of 100 come %lld ms late",
                         (long long)rows[i].step_ms, seed, (long long)quantile(&outcome, 75));
        }
}

/* Whatever happens: soon in phase again, and in between no worse than blind. */
static void finds_its_way_back(void **state)
{
    (void)state;
    static struct outcome outcome;
    static const struct {
        const char *what;
        struct scene scene;
        int64_t after_ms; /* of the change at half an hour */
    } rows[] = {
        {"the clock goes an hour back", {.stepped_ms = -3600000}, 2 * MINUTE_MS},
        {"the clock goes a day ahead", {.stepped_ms = 86400000}, 2 * MINUTE_MS},
        {"the clock goes three seconds ahead", {.stepped_ms = 3000}, 3 * MINUTE_MS},
        {"scraped more often", {.changed = PERFECT(5000, 1700, 30)}, 2 * MINUTE_MS},
        {"scraped more seldom", {.changed = PERFECT(60000, 1700, 30)}, 8 * MINUTE_MS},
        {"at other moments", {.changed = PERFECT(15000, 9000, 30)}, 2 * MINUTE_MS},
        {"its answers take longer", {.changed = PERFECT(15000, 4711, 2500)}, 4 * MINUTE_MS},
        {"and shorter",
         {.exporters = {PERFECT(15000, 4711, 2500)}, .changed = PERFECT(15000, 4711, 30)},
         8 * MINUTE_MS},
        {"it is gone for ten minutes",
         {.changed = {15000, 4711, 30, 0, 1}, .until_ms = 50 * MINUTE_MS},
         12 * MINUTE_MS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (uint32_t seed = 1; seed <= 20; seed++) {
            struct scene scene = rows[i].scene;
            if (scene.exporters[0].step_ms == 0)
                scene.exporters[0] = (struct exporter)PERFECT(15000, 4711, 30);
            scene.count = 1;
            scene = complete(&scene, seed);
            const int64_t change = 40 * MINUTE_MS;
            scene.step_at_ms = scene.stepped_ms != 0 ? change : 0;
            scene.changed_ms = scene.changed.step_ms != 0 ? change : 0;
            live(&scene, 32 * MINUTE_MS + rows[i].after_ms, 90 * MINUTE_MS, &outcome);
            if (outcome.questions * 10 > outcome.count * 24 && scene.changed.step_ms < 60000)
                fail_msg("%s, seed %u: %zu questions for %zu samples", rows[i].what, seed,
                         outcome.questions, outcome.count);
            if (outcome.questions * 10 > outcome.count * 70)
                fail_msg("%s, seed %u: %zu questions for %zu samples", rows[i].what, seed,
                         outcome.questions, outcome.count);
            if (quantile(&outcome, 50) > 300 || quantile(&outcome, 95) > 1000)
                fail_msg("%s, seed %u: median %lld ms, 95 of 100 %lld ms", rows[i].what, seed,
                         (long long)quantile(&outcome, 50), (long long)quantile(&outcome, 95));
        }
}

/* Samples at random moments have no phase: today's schedule, and no question more. */
static void asks_blindly_where_there_is_no_beat(void **state)
{
    (void)state;
    struct phase phase = {.random = 1};
    int64_t now = 1000, sample = EPOCH_MS, next = 4000;
    int64_t questions = 0;
    for (size_t n = 0; now < 60 * MINUTE_MS; n++, questions++) {
        while (next <= now) {
            sample = EPOCH_MS + next;
            next += 3000 + scatter(next, n) % 27000;
        }
        struct source_seen seen = {.id = 7777, .newest_ms = sample};
        struct answer answer = {
            .eval_ms = EPOCH_MS + now, .sent_ms = now, .sources = &seen, .source_count = 1};
        phase_want_none(&phase);
        phase_want(&phase, 7777);
        phase_note(&phase, &answer);
        now = phase_due_ms(&phase, &(struct phase_terms){true, 10000, now});
    }
    if (getenv("AMBERBAR_PHASE_PRINT") != NULL)
        printf("blind: %lld questions\n", (long long)questions);
    if (questions < 60 * MINUTE_MS / 2000 / 2 || questions > 60 * MINUTE_MS / 2000 * 11 / 10)
        fail_msg("%lld questions in an hour", (long long)questions);
}

static void without_a_source_it_asks_every_two_seconds(void **state)
{
    (void)state;
    struct phase phase = {.random = 1};
    struct answer answer = {.eval_ms = EPOCH_MS, .sent_ms = 5000};
    phase_want(&phase, 42); /* not in the answer */
    phase_note(&phase, &answer);
    assert_int_equal(phase_due_ms(&phase, &(struct phase_terms){true, 10000, 5000}), 7000);
    assert_int_equal(phase_due_ms(&phase, &(struct phase_terms){false, 10000, 5000}), 15000);
}

/* More sources than there is room for: what moves has it. */
static void what_moves_finds_room(void **state)
{
    (void)state;
    struct source_seen seen[3 * PHASE_PULSES_MAX];
    const size_t count = sizeof seen / sizeof seen[0];
    struct phase phase = {.random = 1};
    int64_t now = 0;
    for (int n = 0; n < 200; n++) {
        for (size_t i = 0; i < count; i++)
            seen[i] = (struct source_seen){
                .id = 1000 + i, .newest_ms = EPOCH_MS + now - (now + 500 * (int64_t)i) % 30000};
        struct answer answer = {
            .eval_ms = EPOCH_MS + now, .sent_ms = now, .sources = seen, .source_count = count};
        phase_want_none(&phase);
        if (n > 20)
            phase_want(&phase, 1000 + count - 1);
        phase_note(&phase, &answer);
        const int64_t due = phase_due_ms(&phase, &(struct phase_terms){true, 60000, now});
        if (n > 100 && due - now < 29000)
            fail_msg("asks again after %lld ms", (long long)(due - now));
        now = due;
    }
}

/* Each has its own moment: together they are asked after no more often than before. */
static void many_sources_are_no_more_questions(void **state)
{
    (void)state;
    struct source_seen seen[PHASE_PULSES_MAX];
    struct phase phase = {.random = 1};
    int64_t questions = 0;
    for (int64_t now = 0; now < 10 * MINUTE_MS; questions++) {
        phase_want_none(&phase);
        for (size_t i = 0; i < PHASE_PULSES_MAX; i++) {
            const int64_t since = (now + 937 * (int64_t)i) % 15000;
            seen[i] = (struct source_seen){.id = 1000 + i, .newest_ms = EPOCH_MS + now - since};
            phase_want(&phase, 1000 + i);
        }
        struct answer answer = {.eval_ms = EPOCH_MS + now,
                                .sent_ms = now,
                                .sources = seen,
                                .source_count = PHASE_PULSES_MAX};
        phase_note(&phase, &answer);
        now = phase_due_ms(&phase, &(struct phase_terms){true, 10000, now});
    }
    if (questions > 10 * MINUTE_MS / 2000 * 12 / 10)
        fail_msg("%lld questions in ten minutes", (long long)questions);
}

/* A thousand boards that began in the same second do not ask in the same moment. */
static void a_thousand_boards_spread(void **state)
{
    (void)state;
    enum { BOARDS = 1000, SLOT_MS = 10, SLOTS = 30000 / SLOT_MS };
    static const bool moves[] = {true, false};
    for (size_t m = 0; m < 2; m++) {
        static unsigned slots[SLOTS];
        unsigned most = 0;
        memset(slots, 0, sizeof slots);
        for (uint32_t board = 0; board < BOARDS; board++) {
            struct scene scene = {.exporters = {PERFECT(30000, 4711, 30)}, .count = 1};
            scene = complete(&scene, 1);
            scene.moves = moves[m];
            struct phase phase = {.random = board * 2654435761u};
            int64_t now = 600000 + board;
            const int64_t end = now + 20 * MINUTE_MS;
            for (; now < end + 30000;) {
                if (now >= end)
                    slots[now % 30000 / SLOT_MS]++;
                note(&scene, &phase, now);
                now = phase_due_ms(&phase,
                                   &(struct phase_terms){scene.moves, scene.interval_ms, now});
            }
        }
        for (size_t i = 0; i < SLOTS; i++)
            most = slots[i] > most ? slots[i] : most;
        if (getenv("AMBERBAR_PHASE_PRINT") != NULL)
            printf("1,000 boards, %s: at most %u questions in %d ms\n",
                   moves[m] ? "something moves" : "at rest", most, SLOT_MS);
        if (most > BOARDS / 10)
            fail_msg("%u of %d boards ask within %d ms", most, BOARDS, SLOT_MS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_when_a_sample_becomes_visible),
        cmocka_unit_test(is_in_phase_soon_after_something_begins_to_move),
        cmocka_unit_test(asks_no_more_at_rest_than_once_an_interval),
        cmocka_unit_test(finds_its_way_back),
        cmocka_unit_test(asks_blindly_where_there_is_no_beat),
        cmocka_unit_test(without_a_source_it_asks_every_two_seconds),
        cmocka_unit_test(what_moves_finds_room),
        cmocka_unit_test(many_sources_are_no_more_questions),
        cmocka_unit_test(a_thousand_boards_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
