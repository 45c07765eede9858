/* The words of a hint: a list that is long, and names that somebody else has made up. */
#include "daemon/nearby.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROWS_MAX 12

static void words_of(const struct rollout_settings *settings, bool wide, const char *const names[],
                     struct text *out)
{
    static const struct config config = {.prometheus = {.namespace_label = "namespace"}};
    struct row rows[ROWS_MAX] = {{.selection = 0}};
    struct answer answer = {.rows = rows};
    for (size_t i = 0; names[i] != NULL; i++)
        rows[answer.count++].key = (struct workload_key){
            .kind = KIND_DEPLOYMENT, .cluster = "", .namespace_ = names[i], .name = names[i]};
    text_clear(out);
    nearby_words(&config, settings, wide, &answer, out);
    assert_false(out->failed);
}

static void a_long_list_is_cut_and_the_nearest_is_reported(void **state)
{
    (void)state;
    const char *const names[] = {"aa", "bb", "cc", "dd", "aa", "ee", "wen", NULL};
    const struct rollout_settings settings = {
        .kinds = KIND_BIT(KIND_DEPLOYMENT), .namespace_ = "cms", .workload = "web"};
    struct text words = {0};
    words_of(&settings, false, names, &words);
    assert_string_equal(words.data,
                        "no Deployment web in cms (there are aa, bb, cc, dd and 2 more); did you "
                        "mean wen?");
    words_of(&settings, true, names, &words);
    assert_string_equal(words.data, "no namespace cms (there are aa, bb, cc, dd and 2 more)");
    words_of(&settings, true, (const char *const[]){"aa", "bb", "cc", "dd", NULL}, &words);
    assert_string_equal(words.data, "no namespace cms (there are aa, bb, cc and dd)");
    text_free(&words);
}

static void nothing_at_all_is_no_hint(void **state)
{
    (void)state;
    const char *const names[] = {NULL};
    const struct rollout_settings settings = {.kinds = KINDS_ALL, .namespace_ = "cms"};
    struct text words = {0};
    words_of(&settings, true, names, &words);
    assert_int_equal(words.length, 0);
    text_free(&words);
}

static void foreign_names_steer_nothing(void **state)
{
    (void)state;
    const char *const names[] = {"we\033[2Jb",
                                 "w\xE2\x80\xAE"
                                 "eb",
                                 NULL};
    const struct rollout_settings settings = {
        .kinds = KIND_BIT(KIND_DEPLOYMENT), .namespace_ = "cms", .workload = "web"};
    struct text words = {0};
    words_of(&settings, false, names, &words);
    assert_string_equal(words.data, "no Deployment web in cms (there are we?[2Jb and w?eb)");
    text_free(&words);
}

/* What is there, up to three; without a name they end. */
static const struct hint {
    const char *sentence;
    unsigned kinds; /* that are asked for */
    const char *cluster, *workload;
    bool wide;
    struct workload_key there[3];
    const char *words;
} hints[] = {
    {"another kind of that name",
     KIND_BIT(KIND_DEPLOYMENT),
     "",
     "db",
     false,
     {{KIND_DEPLOYMENT, "", "cms", "web", NULL}, {KIND_STATEFULSET, "", "cms", "db", NULL}},
     "no Deployment db in cms, but a StatefulSet of that name: write statefulset: db"},
    {"only other kinds, of any name",
     KIND_BIT(KIND_DEPLOYMENT),
     "",
     "",
     false,
     {{KIND_STATEFULSET, "", "cms", "db", NULL}, {KIND_DAEMONSET, "", "cms", "agent", NULL}},
     "no Deployment in cms, but workloads (there are db and agent): write kinds: [StatefulSet, "
     "DaemonSet]"},
    {"only another kind, of another name",
     KIND_BIT(KIND_DEPLOYMENT),
     "",
     "wbe",
     false,
     {{KIND_STATEFULSET, "", "cms", "web", NULL}},
     "no Deployment wbe in cms, only StatefulSets (there is web); did you mean web?"},
    {"several kinds are asked for",
     KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_STATEFULSET),
     "",
     "wbe",
     false,
     {{KIND_DEPLOYMENT, "", "cms", "web", NULL}, {KIND_STATEFULSET, "", "cms", "db", NULL}},
     "no workload wbe in cms (there are web and db); did you mean web?"},
    {"several, and only others are there",
     KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_STATEFULSET),
     "",
     "",
     false,
     {{KIND_DAEMONSET, "", "cms", "agent", NULL}},
     "no workload in cms, but DaemonSets (there is agent): write kinds: [DaemonSet]"},
    {"a pattern means nobody by name",
     KIND_BIT(KIND_DEPLOYMENT),
     "",
     "we.",
     false,
     {{KIND_STATEFULSET, "", "cms", "web", NULL}, {KIND_DAEMONSET, "", "cms", "ksm", "cms/we."}},
     "no Deployment that matches we. in cms, only workloads (there are web and ksm)"},
    {"a name of one letter",
     KIND_BIT(KIND_DEPLOYMENT),
     "",
     "w",
     false,
     {{KIND_DEPLOYMENT, "", "cms", "db", NULL}},
     "no Deployment w in cms (there is db)"},
    {"what matches",
     KIND_BIT(KIND_DEPLOYMENT),
     "",
     "web.*",
     false,
     {{KIND_DEPLOYMENT, "", "cms", "db", NULL}},
     "no Deployment that matches web.* in cms (there is db)"},
    {"any name is asked for, and one is there: something else is missed",
     KIND_BIT(KIND_DEPLOYMENT) | KIND_BIT(KIND_STATEFULSET),
     "",
     "",
     false,
     {{KIND_DEPLOYMENT, "", "cms", "web", NULL}},
     ""},
    {"a label of the target stands in its place, of the second",
     KIND_BIT(KIND_DEPLOYMENT),
     "",
     "web",
     false,
     {{KIND_DEPLOYMENT, "", "cms", "a", "cms/other"},
      {KIND_DEPLOYMENT, "", "cms", "ksm", "cms/web"}},
     "no Deployment web in cms: a label of the target (ksm) stands in the place of its name; set "
     "labels: {deployment: {name: exported_deployment}}"},
    {"that is of another kind",
     KIND_BIT(KIND_DEPLOYMENT),
     "",
     "web",
     false,
     {{KIND_STATEFULSET, "", "cms", "ksm", "cms/web"}},
     "no Deployment web in cms, only StatefulSets (there is ksm)"},
    {"no cluster",
     KINDS_ALL,
     "eu",
     "",
     true,
     {{KIND_DEPLOYMENT, "us", "cms", "web", NULL}, {KIND_DEPLOYMENT, "ue", "cms", "web", NULL}},
     "no cluster eu (there are us and ue); did you mean ue?"},
    {"no cluster of one letter",
     KINDS_ALL,
     "e",
     "",
     true,
     {{KIND_DEPLOYMENT, "us", "cms", "web", NULL}},
     "no cluster e (there is us)"},
    {"no label of clusters, of which one has one letter",
     KINDS_ALL,
     "e",
     "",
     true,
     {{KIND_DEPLOYMENT, "", "cms", "web", NULL}},
     "no series has the label cluster: leave cluster out, or correct cluster_label"},
    {"a pattern of clusters, in which it may be",
     KINDS_ALL,
     "e.*",
     "",
     true,
     {{KIND_DEPLOYMENT, "us", "csm", "web", NULL}, {KIND_DEPLOYMENT, "eu", "shop", "web", NULL}},
     "no namespace cms (there are csm and shop); did you mean csm?"},
    {"no label of clusters",
     KINDS_ALL,
     "eu",
     "",
     true,
     {{KIND_DEPLOYMENT, "", "cms", "web", NULL}},
     "no series has the label cluster: leave cluster out, or correct cluster_label"},
    {"no label of namespaces",
     KINDS_ALL,
     "",
     "",
     true,
     {{KIND_DEPLOYMENT, "", "", "web", NULL}},
     "no series has the label namespace: correct namespace_label"},
    {"another namespace in that cluster",
     KINDS_ALL,
     "eu",
     "",
     true,
     {{KIND_DEPLOYMENT, "us", "shop", "web", NULL}, {KIND_DEPLOYMENT, "eu", "csm", "web", NULL}},
     "no namespace cms (there is csm); did you mean csm?"},
};

static void what_is_there_is_said(void **state)
{
    (void)state;
    static const struct config config = {
        .prometheus = {.namespace_label = "namespace", .cluster_label = "cluster"}};
    struct text words = {0};
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        struct rollout_settings settings = {.kinds = hints[i].kinds, .namespace_ = "cms"};
        struct row rows[3] = {{.selection = 0}};
        struct answer answer = {.rows = rows};
        text_copy(settings.cluster, sizeof settings.cluster, hints[i].cluster);
        text_copy(settings.workload, sizeof settings.workload, hints[i].workload);
        while (answer.count < 3 && hints[i].there[answer.count].name != NULL) {
            rows[answer.count].key = hints[i].there[answer.count];
            answer.count++;
        }
        text_clear(&words);
        nearby_words(&config, &settings, hints[i].wide, &answer, &words);
        if (strcmp(words.data, hints[i].words) != 0)
            fail_msg("%s: %s", hints[i].sentence, words.data);
    }
    text_free(&words);
}

/* A pattern of namespaces means none by name. */
static void a_pattern_of_namespaces_matches_none(void **state)
{
    (void)state;
    const struct rollout_settings settings = {.kinds = KINDS_ALL, .namespace_ = "cm."};
    struct text words = {0};
    words_of(&settings, true, (const char *const[]){"cms2", NULL}, &words);
    assert_string_equal(words.data, "no namespace that matches cm. (there is cms2)");
    text_free(&words);
}

/* So much of a long name is shown. */
#define SHOWN "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"

static void of_long_names_forty_letters_are_shown(void **state)
{
    (void)state;
    static const struct config config = {
        .prometheus = {.namespace_label = "namespace", .cluster_label = "cluster"}};
    char name[60] = "", near[60] = "", place[64] = "";
    memset(name, 'w', sizeof name - 1);
    memset(near, 'w', sizeof near - 2);
    snprintf(place, sizeof place, "x/%s", name);
    const struct {
        const char *sentence;
        bool wide;
        const char *cluster;
        struct workload_key there;
        const char *words;
    } table[] = {
        {"of what is missed, and of what is near",
         false,
         "",
         {KIND_DEPLOYMENT, "", name, near, NULL},
         "no Deployment " SHOWN " in " SHOWN " (there is " SHOWN ")"},
        {"of another kind",
         false,
         "",
         {KIND_STATEFULSET, "", name, name, NULL},
         "no Deployment " SHOWN " in " SHOWN
         ", but a StatefulSet of that name: write statefulset: " SHOWN},
        {"of a label of the target",
         false,
         "",
         {KIND_DEPLOYMENT, "", name, near, place},
         "no Deployment " SHOWN " in " SHOWN ": a label of the target (" SHOWN
         ") stands in the place of its name; set labels: {deployment: {name: "
         "exported_deployment}}"},
        {"of clusters",
         true,
         name,
         {KIND_DEPLOYMENT, near, name, name, NULL},
         "no cluster " SHOWN " (there is " SHOWN ")"},
        {"of namespaces",
         true,
         "",
         {KIND_DEPLOYMENT, "", near, name, NULL},
         "no namespace " SHOWN " (there is " SHOWN ")"},
    };
    struct text words = {0};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct rollout_settings settings = {.kinds = KIND_BIT(KIND_DEPLOYMENT)};
        struct row row = {.key = table[i].there};
        const struct answer answer = {.rows = &row, .count = 1};
        text_copy(settings.cluster, sizeof settings.cluster, table[i].cluster);
        text_copy(settings.namespace_, sizeof settings.namespace_, name);
        text_copy(settings.workload, sizeof settings.workload, name);
        text_clear(&words);
        nearby_words(&config, &settings, table[i].wide, &answer, &words);
        if (strcmp(words.data, table[i].words) != 0)
            fail_msg("%s: %s", table[i].sentence, words.data);
    }
    text_free(&words);
}

/* One whose names are so long that no server would take the question is not asked about. */
static void what_cannot_be_asked_is_given_up(void **state)
{
    (void)state;
    static struct rollout_settings settings[2];
    const struct config config = {
        .prometheus = {.namespace_label = "namespace", .cluster_label = "cluster"},
        .rollouts = settings,
        .rollout_count = 2};
    struct rollout rollouts[2] = {{.verdict = verdict_unknown(WHY_NO_DATA)},
                                  {.verdict = verdict_unknown(WHY_NO_DATA)}};
    struct nearby nearby;
    memset(settings[0].namespace_, '\\', sizeof settings[0].namespace_ - 1);
    memset(settings[0].cluster, '\\', sizeof settings[0].cluster - 1);
    text_copy(settings[1].namespace_, sizeof settings[1].namespace_, "shop");
    assert_true(nearby_open(&nearby, &config, rollouts));
    assert_true(nearby_is_new(&nearby));
    assert_null(nearby_ask(&nearby, 1000));
    assert_false(nearby_busy(&nearby));
    assert_true(nearby_is_new(&nearby)); /* the second */
    assert_non_null(nearby_ask(&nearby, 1000));
    assert_true(nearby_busy(&nearby));
    nearby_give_up(&nearby);
    assert_false(nearby_is_new(&nearby));
    assert_int_equal(nearby_due_ms(&nearby), 1000 + NEARBY_AGAIN_MS);
    assert_null(nearby_ask(&nearby, 1000 + NEARBY_AGAIN_MS - 1));
    nearby_close(&nearby);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_list_is_cut_and_the_nearest_is_reported),
        cmocka_unit_test(what_is_there_is_said),
        cmocka_unit_test(a_pattern_of_namespaces_matches_none),
        cmocka_unit_test(of_long_names_forty_letters_are_shown),
        cmocka_unit_test(nothing_at_all_is_no_hint),
        cmocka_unit_test(foreign_names_steer_nothing),
        cmocka_unit_test(what_cannot_be_asked_is_given_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
