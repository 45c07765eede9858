/*
 * What people read of what is unknown: what it is about.
 */
#include "base/hash.h"
#include "base/text.h"
#include "rollout/scene.h"
#include "rollout/story.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DONE "1/1 3 3/3/3/3 N"
#define COUNT(list) (sizeof list / sizeof list[0])

#define EU "instance=\"10.1.2.3:8080\",job=\"ksm\""
#define TWO "eu/a: " DONE "; us/b: " DONE

#define FOR_GOOD "; if the exporter is gone for good, restart amberbar"

/* What an unknown is about, after a first poll. */
static const struct {
    const char *first;
    const char *labels; /* of the exporter in eu; NULL: not known */
    struct answer second;
    const char *row; /* of `a` in the second answer; NULL: none */
    const char *sentence;
} unknowns[] = {
    {"eu/a: " DONE,
     EU,
     {.kind_alive = {true}},
     NULL,
     "unknown, its exporter 10.1.2.3:8080 is gone from Prometheus, and nothing says what became of "
     "it" FOR_GOOD},
    {"eu/a: " DONE,
     NULL,
     {.kind_alive = {true}},
     NULL,
     "unknown, what exported it is gone from Prometheus, and nothing says what became of "
     "it" FOR_GOOD},
    {"eu/a: " DONE,
     "job=\"ksm\033\"",
     {.kind_alive = {true}},
     NULL,
     "unknown, its exporter job=\"ksm?\" is gone from Prometheus, and nothing says what became of "
     "it" FOR_GOOD},
    {"eu/a: " DONE,
     "instance=\"e\"",
     {.kind_alive = {true}},
     NULL,
     "unknown, its exporter e is gone from Prometheus, and nothing says what became of "
     "it" FOR_GOOD},
    {"eu/a: " DONE,
     "instance=\"e\"",
     {.eval_ms = 700000},
     DONE,
     "unknown, the newest sample of e is too old: is it still scraped?"},
    {TWO,
     EU,
     {.kind_alive = {true}},
     NULL,
     "2 of 2 deployments are unknown; a in eu: its exporter 10.1.2.3:8080 is gone from Prometheus, "
     "and nothing says what became of it" FOR_GOOD},
    {TWO,
     EU,
     {.partial = true, .warning = "store\033 eu is down"},
     NULL,
     "2 of 2 deployments are unknown; a in eu: a part of the answer is missing: store? eu is down"},
    {"",
     EU,
     {.partial = true, .warning = "store eu is down"},
     NULL,
     "a part of the answer is missing: store eu is down"},
    {"eu/a: " DONE,
     EU,
     {.unwitnessed = true},
     NULL,
     "unknown, a part of the answer is missing: nobody said whether it is gone"},
    {"eu/a: " DONE,
     EU,
     {.unwitnessed = true},
     "1/1 3 3/3/3/? N",
     "unknown, Prometheus has no number of kube_deployment_status_replicas_available for it: add "
     "that to the keep list of the scrape, or let kube-state-metrics export it"},
    {"eu/a: " DONE,
     EU,
     {.partial = true},
     "1/1 3 3/3/3/? N",
     "unknown, a part of the answer is missing"},
    {"eu/a: " DONE,
     NULL,
     {.eval_ms = 700000},
     DONE,
     "unknown, the newest sample is too old: is its exporter still scraped?"},
    {"eu/a: " DONE,
     EU,
     {.eval_ms = 700000},
     DONE,
     "unknown, the newest sample of 10.1.2.3:8080 is too old: is it still scraped?"},
    {"eu/a: " DONE,
     EU,
     {.lag_ms = 3600000},
     DONE,
     "unknown, the answer is 3600 s older than it looks: Prometheus's clock went back, or a cache "
     "repeats it"},
    {"eu/a: " DONE,
     EU,
     {.eval_ms = 700000, .lag_ms = 2000},
     DONE,
     "unknown, the newest sample of 10.1.2.3:8080 is too old: is it still scraped?"},
    {"eu/a: " DONE,
     EU,
     {.eval_ms = -20000, .lag_ms = 1000},
     DONE,
     "unknown, the answer is 1 s older than it looks: Prometheus's clock went back, or a cache "
     "repeats it"},
    {"eu/a: " DONE,
     EU,
     {.eval_ms = -20000, .lag_ms = 999},
     DONE,
     "unknown, the answer is older than it looks: Prometheus's clock went back, or a cache repeats "
     "it"},
};

static void an_unknown_names_its_evidence(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < COUNT(unknowns); i++) {
        struct scene_rollout scene;
        static struct source_ledger ledger;
        char sentence[512];
        struct answer answer = unknowns[i].second;
        scene_start(&scene, 4);
        scene_poll(&scene, 0, unknowns[i].first);
        ledger.records[0] = (struct source_record){.kind = KIND_DEPLOYMENT};
        ledger.ids[0] = unknowns[i].labels != NULL ? hash_of("eu") : 0;
        if (unknowns[i].labels != NULL)
            text_copy(ledger.records[0].text, SOURCE_TEXT_SIZE, unknowns[i].labels);
        answer.ledger = &ledger;
        const int64_t eval_ms = STORY_ZERO_MS + 30000;
        struct row row = {.source_id = 0};
        if (unknowns[i].row != NULL) {
            row = story_row(KIND_DEPLOYMENT, eval_ms, unknowns[i].row);
            row.key.cluster = "eu";
            row.key.name = "a";
            row.source_id = hash_of("eu");
            answer.rows = &row;
            answer.count = 1;
        }
        answer.eval_ms += eval_ms; /* so much later than the sample */
        rollout_observe(&scene.rollout, &answer, 0, 30000);
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        assert_string_equal(sentence, unknowns[i].sentence);
    }
}

static void a_partial_ratio_quotes_the_server(void **unused)
{
    (void)unused;
    char sentence[256];
    struct scene_rollout scene;
    struct ratio_sample sample = {"{a=\"b\"}", 1.0, 0};
    scene_start(&scene, 4);
    scene.rollout.is_query = true;
    rollout_observe_ratio(&scene.rollout, &sample, 1, true, 0);
    rollout_quote(&scene.rollout, "store eu is down");
    rollout_sentence(&scene.rollout, sentence, sizeof sentence);
    assert_string_equal(sentence, "a part of the answer is missing: store eu is down");
}

/* Of what somebody else says a single letter is said, too. */
static void a_word_may_be_a_letter(void **unused)
{
    (void)unused;
    static const struct {
        const char *first, *second;
        bool is_hint; /* what there is instead; or else what makes it unknown */
        const char *sentence;
    } rows[] = {
        {"partial", NULL, false, "a part of the answer is missing: x"},
        {"fetch", NULL, false, "no usable answer from Prometheus: x"},
        {"a: 1/1 3 3/3/3/? N", NULL, false, "unknown, a part of the answer is missing: x"},
        {"", NULL, true, "x"},
        {"a: " DONE, "", true, "unknown, x"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene_rollout scene;
        char sentence[256];
        scene_start(&scene, 4);
        scene_poll(&scene, 0, rows[i].first);
        if (rows[i].second != NULL)
            scene_poll(&scene, 700, rows[i].second);
        if (rows[i].is_hint)
            rollout_hint(&scene.rollout, "x");
        else
            rollout_quote(&scene.rollout, "x");
        rollout_sentence(&scene.rollout, sentence, sizeof sentence);
        assert_string_equal(sentence, rows[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_names_its_evidence),
        cmocka_unit_test(a_partial_ratio_quotes_the_server),
        cmocka_unit_test(a_word_may_be_a_letter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
