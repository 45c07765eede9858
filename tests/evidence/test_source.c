/*
 * Sources: their ids, the ledger, what is left behind, who succeeds whom, and their names (W2).
 */
#include "evidence/source.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S INT64_C(1000)
#define MINUTE (60 * S)

#define A UINT64_C(11)
#define B UINT64_C(12)
#define C UINT64_C(13)

static struct source_seen seen(uint64_t id, int64_t newest_ms)
{
    return (struct source_seen){.id = id, .newest_ms = newest_ms, .text = "job=\"ksm\""};
}

/* A whole answer asked for at `sent_ms` that shows `count` sources. */
static void note(struct source_ledger *ledger, int64_t sent_ms, const struct source_seen sources[],
                 size_t count)
{
    struct answer answer = {
        .ledger = ledger, .sent_ms = sent_ms, .sources = sources, .source_count = count};
    source_note(&answer);
}

static void note_one(struct source_ledger *ledger, int64_t sent_ms, uint64_t id, int64_t newest_ms)
{
    const struct source_seen one = seen(id, newest_ms);
    note(ledger, sent_ms, &one, 1);
}

static void ids_are_of_labels_and_kind(void **unused)
{
    (void)unused;
    for (uint64_t hash = 0; hash < 8; hash++)
        for (int kind = 0; kind < KIND_COUNT; kind++) {
            const uint64_t id = source_id(hash, (enum workload_kind)kind);
            assert_true(id != 0);
            assert_true(id == source_id(hash, (enum workload_kind)kind));
            for (int other = 0; other < kind; other++)
                if (id == source_id(hash, (enum workload_kind)other))
                    fail_msg("labels %" PRIu64 ": one id for %s and %s", hash,
                             kind_name((enum workload_kind)kind),
                             kind_name((enum workload_kind)other));
        }
    assert_true(source_id(UINT64_C(0x1234), KIND_DEPLOYMENT) !=
                source_id(UINT64_C(0x1235), KIND_DEPLOYMENT));
}

static void what_was_never_seen_is_not_known(void **unused)
{
    (void)unused;
    struct source_ledger ledger = {0};
    assert_null(source_find(NULL, A));
    assert_null(source_find(&ledger, A));
    assert_null(source_find(&ledger, 0)); /* and not a free place either */
    assert_int_equal(source_step_ms(NULL, A), 0);
    assert_int_equal(source_step_ms(&ledger, A), 0);
    source_note_step(&ledger, A, 0, S);
    source_note_step(NULL, A, 0, S);
    assert_int_equal(source_step_ms(&ledger, A), 0);
    const struct answer empty = {.source_count = 0};
    assert_null(source_seen(&empty, A));
}

static void the_ledger_keeps_when_and_what(void **unused)
{
    (void)unused;
    struct source_ledger ledger = {0};
    struct source_seen first = seen(A, 100 * S);
    first.kind = KIND_DAEMONSET;
    note(&ledger, 5 * S, &first, 1);
    note_one(&ledger, 15 * S, A, 90 * S); /* an older sample is no newest one */
    note_one(&ledger, 25 * S, B, ROW_MISSING);
    const struct source_record *a = source_find(&ledger, A), *b = source_find(&ledger, B);
    assert_non_null(a);
    assert_non_null(b);
    assert_int_equal(a->kind, KIND_DAEMONSET);
    assert_string_equal(a->text, "job=\"ksm\"");
    assert_int_equal(a->first_ms, 5 * S);
    assert_int_equal(a->last_ms, 15 * S);
    assert_int_equal(a->newest_ms, 100 * S);
    assert_false(a->present);
    assert_int_equal(b->first_ms, 25 * S);
    assert_int_equal(b->newest_ms, ROW_MISSING);
    assert_true(b->present);
}

static void what_a_survey_counts_is_there(void **unused)
{
    (void)unused;
    struct source_ledger ledger = {0};
    static const struct {
        uint64_t id;
        size_t survey;
        int64_t rows;
        bool present;
    } counts[] = {{A, 0, 1, true},
                  {B, 0, 0, false},
                  {C, 0, 2, true},
                  {C + 1, 1, 1, true},
                  {C + 2, 1, 1, false}}; /* the last one was counted before, and is not any more */
    struct source_seen sources[sizeof counts / sizeof counts[0]];
    static struct survey surveys[2];
    surveys[0] = surveys[1] = survey_empty();
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct counted *counted = &surveys[counts[i].survey].counted;
        sources[i] = seen(counts[i].id, 0);
        counted->list[counted->count++] =
            (struct source_count){.id = counts[i].id, .rows = counts[i].rows};
    }
    surveys[1].counted.count--;
    note(&ledger, 5 * S, sources, sizeof sources / sizeof sources[0]);
    struct answer answer = {
        .ledger = &ledger, .sent_ms = 50 * S, .surveys = surveys, .survey_count = 2};
    source_note(&answer);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const struct source_record *record = source_find(&ledger, counts[i].id);
        assert_int_equal(record->present, counts[i].present);
        assert_int_equal(record->last_ms, counts[i].present ? 50 * S : 5 * S);
    }
}

static void labels_too_long_or_unsaid_are_not_kept(void **unused)
{
    (void)unused;
    char text[SOURCE_TEXT_SIZE + 1];
    struct source_ledger ledger = {0};
    struct source_seen sources[] = {seen(A, 0), seen(B, 0), seen(C, 0)};
    memset(text, 'x', SOURCE_TEXT_SIZE);
    text[SOURCE_TEXT_SIZE] = '\0';
    sources[0].text = text;     /* a byte too long */
    sources[1].text = text + 1; /* just fits */
    sources[2].text = NULL;
    note(&ledger, 0, sources, 3);
    assert_string_equal(source_find(&ledger, A)->text, "");
    assert_string_equal(source_find(&ledger, B)->text, text + 1);
    assert_string_equal(source_find(&ledger, C)->text, "");
}

static void witnesses_are_sources_too(void **unused)
{
    (void)unused;
    struct source_ledger ledger = {0};
    const struct source_seen sources[] = {seen(A, 0), seen(B, 0)};
    struct answer answer = {.ledger = &ledger,
                            .sources = sources,
                            .source_count = 2,
                            .witnesses = {seen(C, 7 * S), seen(C + 1, 8 * S), seen(C + 2, 9 * S)},
                            .witness_count = 2};
    source_note(&answer);
    assert_true(source_find(&ledger, B)->present);
    assert_true(source_find(&ledger, C)->present);
    assert_int_equal(source_find(&ledger, C)->newest_ms, 7 * S);
    assert_int_equal(source_find(&ledger, C + 1)->newest_ms, 8 * S);
    assert_null(source_find(&ledger, C + 2));
    assert_ptr_equal(source_seen(&answer, A), &sources[0]);
    assert_ptr_equal(source_seen(&answer, B), &sources[1]);
    assert_ptr_equal(source_seen(&answer, C), &answer.witnesses[0]);
    assert_ptr_equal(source_seen(&answer, C + 1), &answer.witnesses[1]);
    assert_null(source_seen(&answer, C + 2));
    assert_ptr_equal(source_witness(&answer, A), &sources[0]);
    const struct survey survey = {.taken = true};
    answer.surveys = &survey; /* whoever has answered it may not be who has shown the rows */
    assert_null(source_witness(&answer, A));
    assert_ptr_equal(source_witness(&answer, C), &answer.witnesses[0]);
    assert_null(source_seen(&answer, 0));
}

static void a_partial_answer_makes_nobody_leave(void **unused)
{
    (void)unused;
    struct source_ledger ledger = {0};
    const struct source_seen sources[] = {seen(A, 0), seen(B, 0)};
    note(&ledger, 0, sources, 2);
    struct answer partial = {
        .ledger = &ledger, .sent_ms = S, .partial = true, .sources = sources, .source_count = 1};
    source_note(&partial);
    assert_true(source_find(&ledger, B)->present);
    assert_int_equal(source_find(&ledger, A)->last_ms, S);
    assert_int_equal(source_find(&ledger, B)->last_ms, 0);
    partial.partial = false;
    source_note(&partial);
    assert_true(source_find(&ledger, A)->present);
    assert_false(source_find(&ledger, B)->present);
}

/* Sources 100, 101 ... */
static void number(struct source_seen out[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = seen(100 + i, 0);
}

static void a_full_ledger_keeps_what_is_there(void **unused)
{
    (void)unused;
    struct source_ledger ledger = {0};
    struct source_seen sources[SOURCES_MAX + 1];
    number(sources, SOURCES_MAX + 1);
    note(&ledger, 0, sources, SOURCES_MAX + 1);
    for (size_t i = 0; i < SOURCES_MAX; i++)
        assert_non_null(source_find(&ledger, sources[i].id));
    assert_null(source_find(&ledger, sources[SOURCES_MAX].id));
}

/* In whatever order an answer lists them, one that finds no room pushes out none of the others. */
static void a_newcomer_pushes_out_nothing_of_its_own_answer(void **unused)
{
    (void)unused;
    struct source_ledger ledger = {0};
    struct source_seen sources[SOURCES_MAX + 1];
    number(sources, SOURCES_MAX + 1);
    note(&ledger, 0, &sources[1], SOURCES_MAX);
    note(&ledger, 60 * MINUTE, sources, SOURCES_MAX + 1);
    assert_null(source_find(&ledger, sources[0].id));
    for (size_t i = 1; i <= SOURCES_MAX; i++) {
        const struct source_record *record = source_find(&ledger, sources[i].id);
        if (record == NULL || record->first_ms != 0 || !record->present)
            fail_msg("source %zu: %s", i,
                     record == NULL ? "pushed out" : "it is not known since when it was there");
    }
}

static void nor_one_of_its_witnesses(void **unused)
{
    (void)unused;
    struct source_ledger ledger = {0};
    struct source_seen sources[SOURCES_MAX + 1];
    number(sources, SOURCES_MAX + 1);
    note(&ledger, 0, &sources[1], SOURCES_MAX);
    struct answer answer = {.ledger = &ledger,
                            .sent_ms = 60 * MINUTE,
                            .sources = sources,
                            .source_count = SOURCES_MAX,
                            .witnesses = {sources[SOURCES_MAX]},
                            .witness_count = 1};
    source_note(&answer);
    assert_null(source_find(&ledger, sources[0].id));
    assert_non_null(source_find(&ledger, sources[SOURCES_MAX].id));
    assert_int_equal(source_find(&ledger, sources[SOURCES_MAX].id)->first_ms, 0);
}

static void the_longest_unseen_makes_room(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence;
        int64_t at_ms;
        bool room;
    } rows[] = {
        {"unseen for a moment: it may be back, and has to be named", 8 * MINUTE, false},
        {"unseen for as long as a succession may take", 15 * MINUTE, false},
        {"unseen for longer", 15 * MINUTE + 1, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct source_ledger ledger = {0};
        struct source_seen sources[SOURCES_MAX + 1];
        number(sources, SOURCES_MAX + 1);
        note(&ledger, 5 * MINUTE, sources, SOURCES_MAX);
        note(&ledger, 6 * MINUTE, sources, SOURCES_MAX - 1); /* the last one is there no more */
        note(&ledger, 7 * MINUTE, sources, SOURCES_MAX - 2); /* nor is the one before it */
        sources[SOURCES_MAX - 2] = sources[SOURCES_MAX];
        note(&ledger, rows[i].at_ms, sources, SOURCES_MAX - 1);
        bool came = source_find(&ledger, sources[SOURCES_MAX].id) != NULL;
        bool left = source_find(&ledger, 100 + SOURCES_MAX - 1) == NULL;
        if (came != rows[i].room || left != rows[i].room ||
            source_find(&ledger, 100 + SOURCES_MAX - 2) == NULL)
            fail_msg("%s: the new one is %s, the oldest one %s", rows[i].sentence,
                     came ? "known" : "not known", left ? "forgotten" : "kept");
    }
}

/* Samples of A by answer, with the workloads' steps that are noted after it. */
static const struct {
    const char *sentence;
    struct {
        int64_t newest_ms;
        struct {
            int64_t before_ms, sample_ms;
        } steps[2];
        int64_t step_ms; /* after that */
    } answers[5];
} paces[] = {
    {"not known before two samples were seen", {{10 * S, {{0}}, 0}}},
    {"known from the second one on",
     {{10 * S, {{0}}, 0}, {20 * S, {{10 * S, 20 * S}}, 10 * S}, {30 * S, {{0}}, 10 * S}}},
    {"the longest of its workloads counts: kinds of its scrapes are interleaved",
     {{10 * S, {{0}}, 0}, {20 * S, {{15 * S, 20 * S}, {5 * S, 20 * S}}, 15 * S}}},
    {"whichever is noted first",
     {{10 * S, {{0}}, 0}, {20 * S, {{5 * S, 20 * S}, {15 * S, 20 * S}}, 15 * S}}},
    {"a gap counts for its own sample and the one after",
     {{10 * S, {{0}}, 0},
      {20 * S, {{10 * S, 20 * S}}, 10 * S},
      {80 * S, {{20 * S, 80 * S}}, 60 * S},
      {90 * S, {{80 * S, 90 * S}}, 60 * S},
      {100 * S, {{90 * S, 100 * S}}, 10 * S}}},
    {"an answer with nothing newer changes nothing",
     {{10 * S, {{0}}, 0},
      {20 * S, {{10 * S, 20 * S}}, 10 * S},
      {20 * S, {{0}}, 10 * S},
      {20 * S, {{0}}, 10 * S}}},
    {"a sample that is no later is no step",
     {{10 * S, {{0}}, 0}, {20 * S, {{20 * S, 20 * S}, {30 * S, 20 * S}}, 0}}},
    {"nobody noted any for two samples: not known any more",
     {{10 * S, {{0}}, 0},
      {20 * S, {{10 * S, 20 * S}}, 10 * S},
      {30 * S, {{0}}, 10 * S},
      {40 * S, {{0}}, 0}}},
};

static void a_source_has_the_pace_of_its_workloads(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof paces / sizeof paces[0]; i++) {
        struct source_ledger ledger = {0};
        for (size_t k = 0; k < 5 && paces[i].answers[k].newest_ms != 0; k++) {
            note_one(&ledger, (int64_t)k * 10 * S, A, paces[i].answers[k].newest_ms);
            for (size_t n = 0; n < 2; n++)
                source_note_step(&ledger, A, paces[i].answers[k].steps[n].before_ms,
                                 paces[i].answers[k].steps[n].sample_ms);
            if (source_step_ms(&ledger, A) != paces[i].answers[k].step_ms)
                fail_msg("%s: after answer %zu it is %" PRId64 " ms, not %" PRId64,
                         paces[i].sentence, k, source_step_ms(&ledger, A),
                         paces[i].answers[k].step_ms);
        }
    }
}

static const struct {
    const char *sentence;
    uint64_t id; /* the row's source; A has its newest sample at 100 s, and B is a witness */
    int64_t sample_ms, step_ms;
    bool left_behind;
} leavings[] = {
    {"the newest sample of its source: also when it is the only row", A, 100 * S, 10 * S, false},
    {"a scrape behind: the next one is under way", A, 90 * S, 10 * S, false},
    {"a scrape and a half", A, 85 * S, 10 * S, false},
    {"more: a store still shows what is exported no more", A, 85 * S - 1, 10 * S, true},
    {"nothing is known of the source's pace", A, 10 * S, 0, false},
    {"slow scrapes", A, 55 * S, 30 * S, false},
    {"older than slow scrapes are", A, 55 * S - 1, 30 * S, true},
    {"no sample time", A, ROW_MISSING, 10 * S, false},
    {"the start of 1970 is a time", A, 0, 10 * S, true},
    {"its source is not said", 0, 10 * S, 10 * S, false},
    {"its source is not in the answer", C, 10 * S, 10 * S, false},
    {"its source is the canary's to show", B, 10 * S, 10 * S, true},
};

static void rows_are_left_behind(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof leavings / sizeof leavings[0]; i++) {
        struct source_ledger ledger = {0};
        struct row rows[2] = {{.source_id = leavings[i].id, .sample_ms = leavings[i].sample_ms},
                              {.source_id = A, .sample_ms = 100 * S, .left_behind = true}};
        const struct source_seen one = seen(A, 100 * S);
        struct answer answer = {.ledger = &ledger,
                                .sources = &one,
                                .source_count = 1,
                                .witnesses = {seen(B, 100 * S)},
                                .witness_count = 1,
                                .rows = rows,
                                .count = 2};
        const struct source_seen before[] = {seen(A, 99 * S), seen(B, 99 * S), seen(C, 99 * S)};
        note(&ledger, 0, before, 3);
        for (uint64_t id = A; id <= C; id++)
            source_note_step(&ledger, id, 99 * S - leavings[i].step_ms, 99 * S);
        source_note(&answer);
        if (rows[0].left_behind != leavings[i].left_behind)
            fail_msg("%s: it is %sleft behind", leavings[i].sentence,
                     rows[0].left_behind ? "" : "not ");
        assert_false(rows[1].left_behind); /* what an earlier answer said of it is over */
    }
}

static void without_a_ledger_nothing_is_noted(void **unused)
{
    (void)unused;
    struct row row = {.source_id = A, .sample_ms = S};
    const struct source_seen one = seen(A, 100 * S);
    struct answer answer = {.sources = &one, .source_count = 1, .rows = &row, .count = 1};
    source_note(&answer);
    assert_false(row.left_behind);
}

/* When two sources were there, from and to, by answers each ten seconds. */
static const struct {
    const char *sentence;
    struct {
        int64_t from_ms, to_ms;
    } gone, heir;
    bool succeeds;
} successions[] = {
    {"one answer has the old one, the next the new one", {0, 60 * S}, {70 * S, 100 * S}, true},
    {"they overlap a little", {0, 90 * S}, {70 * S, 120 * S}, true},
    {"they miss each other for ten minutes", {0, 60 * S}, {660 * S, 700 * S}, true},
    {"for longer", {0, 60 * S}, {670 * S, 700 * S}, false},
    {"side by side for ten minutes: a long drain", {0, 660 * S}, {60 * S, 700 * S}, true},
    {"for longer: a pair, or two shards", {0, 670 * S}, {60 * S, 700 * S}, false},
    {"both since the first answer: which one is older is not known",
     {0, 60 * S},
     {0, 100 * S},
     false},
    {"it was there first", {10 * S, 60 * S}, {0, 100 * S}, false},
    {"the old one is still there", {0, 100 * S}, {70 * S, 100 * S}, false},
};

static void one_source_succeeds_another(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof successions / sizeof successions[0]; i++) {
        struct source_ledger ledger = {0};
        for (int64_t t_ms = 0; t_ms <= successions[i].heir.to_ms; t_ms += 10 * S) {
            struct source_seen sources[2];
            size_t count = 0;
            if (t_ms >= successions[i].gone.from_ms && t_ms <= successions[i].gone.to_ms)
                sources[count++] = seen(A, t_ms);
            if (t_ms >= successions[i].heir.from_ms)
                sources[count++] = seen(B, t_ms);
            note(&ledger, t_ms, sources, count);
        }
        if (source_succeeds(&ledger, B, A) != successions[i].succeeds)
            fail_msg("%s: taken as %s", successions[i].sentence,
                     successions[i].succeeds ? "no successor" : "a successor");
        assert_false(source_succeeds(&ledger, C, A));
        assert_false(source_succeeds(&ledger, B, C));
        assert_false(source_succeeds(NULL, B, A));
        assert_false(source_succeeds(&ledger, A, A));
    }
}

static void sources_have_names_for_people(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence, *text, *name;
    } rows[] = {
        {"its instance", "instance=\"10.1.2.3:8080\",job=\"ksm\"", "10.1.2.3:8080"},
        {"wherever that stands", "cluster=\"eu\",instance=\"a:1\"", "a:1"},
        {"the label exported_instance is another", "exported_instance=\"b\",instance=\"a:1\"",
         "a:1"},
        {"and does not stand for it", "exported_instance=\"b\",job=\"ksm\"",
         "exported_instance=\"b\",job=\"ksm\""},
        {"without one, all labels", "cluster=\"eu\"", "cluster=\"eu\""},
        {"an instance within a value is none", "job=\"instance=\\\"x\\\"\"",
         "job=\"instance=\\\"x\\\"\""},
        {"what no person can read becomes a question mark", "instance=\"a\x1B[7m\"", "a?[7m"},
        {"of all labels as well", "job=\"a\x07\"", "job=\"a?\""},
        {"an instance without a name", "instance=\"\",job=\"ksm\"", ""},
        {"labels that were too long to keep", "", ""},
    };
    char name[SOURCE_NAME_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct source_record record = {.kind = KIND_DEPLOYMENT};
        snprintf(record.text, sizeof record.text, "%s", rows[i].text);
        source_name(&record, name);
        if (strcmp(name, rows[i].name) != 0)
            fail_msg("%s: '%s' is named '%s'", rows[i].sentence, rows[i].text, name);
    }
    snprintf(name, sizeof name, "before");
    source_name(NULL, name);
    assert_string_equal(name, "");
}

/* Whenever it came: what is in another cluster, or tells of something else, is no successor. */
static void an_heir_is_in_the_same_place(void **unused)
{
    (void)unused;
    static const struct {
        const char *sentence, *text;
        uint64_t cluster;
        bool succeeds;
    } heirs[] = {
        {"a new pod", "instance=\"b\",job=\"ksm\"", 7, true},
        {"another cluster", "instance=\"b\",job=\"ksm\"", 8, false},
        {"another job", "instance=\"b\",job=\"other\"", 7, false},
        {"labels that are not known", NULL, 7, false},
    };
    for (size_t i = 0; i < sizeof heirs / sizeof heirs[0]; i++) {
        struct source_ledger ledger = {0};
        struct source_seen one = seen(A, S);
        one.cluster = 7;
        one.text = "instance=\"a\",job=\"ksm\"";
        note(&ledger, S, &one, 1);
        one.id = B;
        one.cluster = heirs[i].cluster;
        one.text = heirs[i].text;
        note(&ledger, 2 * S, &one, 1);
        if (source_succeeds(&ledger, B, A) != heirs[i].succeeds)
            fail_msg("%s: taken as %s", heirs[i].sentence,
                     heirs[i].succeeds ? "no successor" : "a successor");
    }
}

static void long_names_are_cut(void **unused)
{
    (void)unused;
    char name[SOURCE_NAME_SIZE];
    for (size_t length = SOURCE_NAME_SIZE - 2; length <= SOURCE_NAME_SIZE + 1; length++) {
        struct source_record record = {.kind = KIND_DEPLOYMENT};
        snprintf(record.text, sizeof record.text, "instance=\"%0*d\",job=\"x\"", (int)length, 7);
        source_name(&record, name);
        assert_int_equal(strlen(name), length < SOURCE_NAME_SIZE ? length : SOURCE_NAME_SIZE - 1);
        assert_null(strchr(name, '"'));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_of_labels_and_kind),
        cmocka_unit_test(what_was_never_seen_is_not_known),
        cmocka_unit_test(the_ledger_keeps_when_and_what),
        cmocka_unit_test(what_a_survey_counts_is_there),
        cmocka_unit_test(labels_too_long_or_unsaid_are_not_kept),
        cmocka_unit_test(witnesses_are_sources_too),
        cmocka_unit_test(a_partial_answer_makes_nobody_leave),
        cmocka_unit_test(a_full_ledger_keeps_what_is_there),
        cmocka_unit_test(a_newcomer_pushes_out_nothing_of_its_own_answer),
        cmocka_unit_test(nor_one_of_its_witnesses),
        cmocka_unit_test(the_longest_unseen_makes_room),
        cmocka_unit_test(a_source_has_the_pace_of_its_workloads),
        cmocka_unit_test(rows_are_left_behind),
        cmocka_unit_test(without_a_ledger_nothing_is_noted),
        cmocka_unit_test(one_source_succeeds_another),
        cmocka_unit_test(an_heir_is_in_the_same_place),
        cmocka_unit_test(sources_have_names_for_people),
        cmocka_unit_test(long_names_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
