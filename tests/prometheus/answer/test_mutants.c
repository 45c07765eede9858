/*
 * Good answers with one node changed: each node of each stored answer is replaced by other shapes,
 * removed, doubled, and swapped with others. Every reader takes every mutant: none crashes (the
 * sanitizers look on), each refusal is one printable sentence, and none is green that was not. (A
 * condition that is lost may make of a failure what an exporter without conditions shows.)
 */
#include "prometheus/answers.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BODY_SIZE 16384
#define NODES_MAX 2048
#define MEMBERS_MAX 32
#define SWAPS 12 /* of each node, with others near and far */

struct world {
    char name[128];
    char body[BODY_SIZE];
    size_t selections;
    bool about_workloads;
    int severity; /* of what the whole answer shows */
};

struct count {
    size_t mutants, refused, better;
};

static struct cJSON *nodes[NODES_MAX]; /* in the order of the text; their parents beside them */
static struct cJSON *parents[NODES_MAX];

/* All nodes of a tree; without recursion. */
static size_t list_nodes(cJSON *root)
{
    size_t count = 1;
    nodes[0] = root;
    parents[0] = NULL;
    for (size_t i = 0; i < count; i++)
        for (cJSON *child = nodes[i]->child; child != NULL; child = child->next) {
            assert_true(count < NODES_MAX);
            parents[count] = nodes[i];
            nodes[count++] = child;
        }
    return count;
}

static void expect_sentence(const struct world *world, const char *mutant,
                            const struct error *error)
{
    char shown[sizeof error->text];
    text_printable(shown, sizeof shown, error->text);
    if (error->text[0] == '\0' || strcmp(shown, error->text) != 0)
        fail_msg("%s: refused without a printable sentence: %s\n%s", world->name, shown, mutant);
}

/* What a board that was just switched on would make of these rows: the severity of the whole. A
   second poll of the same confirms what waits for one. */
static int severity_of(const struct answer *answer, size_t selections)
{
    static struct workload workloads[MEMBERS_MAX];
    int worst = -1;
    for (size_t selection = 0; selection < selections; selection++) {
        struct rollout rollout = {.kinds = KINDS_ALL,
                                  .limits = limits_default,
                                  .workloads = workloads,
                                  .capacity = MEMBERS_MAX};
        memset(workloads, 0, sizeof workloads);
        rollout_start(&rollout, 0);
        rollout_observe(&rollout, answer, selection, 1000);
        int severity = state_severity(rollout.verdict.state);
        worst = severity > worst ? severity : worst;
    }
    return worst;
}

static struct http_answer http_of(const char *body)
{
    return (struct http_answer){.status = 200,
                                .content_type = "application/json",
                                .retry_after_ms = -1,
                                .body = body,
                                .length = strlen(body)};
}

/* By the reader of workloads; -1 when it is refused. */
static int read_workloads(const struct world *world, struct rows *rows, const char *body)
{
    const struct asked asked = {
        .namespace_ = "namespace", .cluster = "cluster", .selections = world->selections};
    const struct http_answer http = http_of(body);
    struct answer answer;
    struct refusal refusal;
    if (response_workloads(&http, &asked, rows, &answer, &refusal))
        return severity_of(&answer, world->selections);
    expect_sentence(world, body, &refusal.error);
    return -1;
}

/* By all the other readers, whatever they make of it. */
static void read_by_others(const struct world *world, struct rows *rows, const char *body)
{
    static const struct asked asked = {.namespace_ = "namespace", .selections = 1};
    static const struct missed_sources missed = {.ids = {1, 2}, .count = 2};
    static const char *const names[] = {"status", "data", "access_token", "expires_in"};
    const struct http_answer http = http_of(body);
    struct answer answer = {0};
    struct ratio_answer ratios;
    struct refusal refusal;
    struct text values[4] = {{0}};
    if (!response_ratio(&http, rows, NULL, &ratios, &refusal))
        expect_sentence(world, body, &refusal.error);
    if (!response_canary(&http, &asked, &missed, &answer, &refusal))
        expect_sentence(world, body, &refusal.error);
    response_members(&http, names, values, 4);
    for (size_t i = 0; i < 4; i++)
        text_free(&values[i]);
}

/* `must_not_be_better`: what is left is not the whole truth of another world. */
static void try_mutant(const struct world *world, const cJSON *root, bool must_not_be_better,
                       struct count *count)
{
    char *body = cJSON_PrintUnformatted(root);
    struct rows *rows = rows_new();
    assert_non_null(body);
    assert_non_null(rows);
    int severity = read_workloads(world, rows, body);
    count->mutants++;
    count->refused += severity < 0;
    if (world->about_workloads && must_not_be_better && severity == 0 && world->severity > 0) {
        count->better++;
        printf("%s: %d was %d: %s\n", world->name, severity, world->severity, body);
    }
    read_by_others(world, rows, body);
    rows_free(rows);
    free(body);
}

static cJSON *nested(void)
{
    cJSON *outer = cJSON_CreateObject();
    cJSON *inner = cJSON_CreateArray();
    cJSON_AddItemToArray(inner, cJSON_CreateString("a"));
    cJSON_AddItemToArray(inner, cJSON_CreateObject());
    cJSON_AddItemToObject(outer, "a", inner);
    return outer;
}

static cJSON *nested_array(void)
{
    cJSON *outer = cJSON_CreateArray();
    cJSON_AddItemToArray(outer, nested());
    return outer;
}

static cJSON *empty_text(void)
{
    return cJSON_CreateString("");
}

static cJSON *zero(void)
{
    return cJSON_CreateNumber(0);
}

static cJSON *(*const replacements[])(void) = {
    cJSON_CreateNull, cJSON_CreateArray, cJSON_CreateObject, empty_text, zero,
    nested,           nested_array,      cJSON_CreateTrue,
};
#define REPLACEMENTS (sizeof replacements / sizeof replacements[0])

static cJSON *parse(const struct world *world, size_t *count)
{
    cJSON *root = cJSON_Parse(world->body);
    assert_non_null(root);
    *count = list_nodes(root);
    return root;
}

static void replace(cJSON *parent, cJSON *node, cJSON *by)
{
    assert_non_null(by);
    if (cJSON_IsObject(parent) && node->string != NULL) /* it goes under the same name */
        by->string = strdup(node->string);
    assert_true(cJSON_ReplaceItemViaPointer(parent, node, by));
}

/* A server's warnings and isPartial: without them the answer is a whole one. */
static bool tells_of_lack(size_t node)
{
    const cJSON *both[] = {nodes[node], parents[node]};
    for (size_t i = 0; i < 2; i++)
        if (both[i] != NULL && both[i]->string != NULL &&
            (strcmp(both[i]->string, "warnings") == 0 || strcmp(both[i]->string, "isPartial") == 0))
            return true;
    return false;
}

static void try_replacements(const struct world *world, size_t node, struct count *count)
{
    for (size_t i = 0; i < REPLACEMENTS; i++) {
        size_t all;
        cJSON *root = parse(world, &all);
        bool lack = tells_of_lack(node);
        replace(parents[node], nodes[node], replacements[i]());
        try_mutant(world, root, !lack, count);
        cJSON_Delete(root);
    }
}

static void try_removal(const struct world *world, size_t node, struct count *count)
{
    size_t all;
    cJSON *root = parse(world, &all);
    bool series = cJSON_GetObjectItem(nodes[node], "metric") != NULL; /* an exporter may lack it */
    bool lack = tells_of_lack(node);
    cJSON_Delete(cJSON_DetachItemViaPointer(parents[node], nodes[node]));
    try_mutant(world, root, !series && !lack, count);
    cJSON_Delete(root);
}

static void try_double(const struct world *world, size_t node, struct count *count)
{
    size_t all;
    cJSON *root = parse(world, &all);
    cJSON *twin = cJSON_Duplicate(nodes[node], true);
    assert_non_null(twin);
    if (cJSON_IsObject(parents[node]))
        assert_true(cJSON_AddItemToObject(parents[node], nodes[node]->string, twin));
    else
        assert_true(cJSON_AddItemToArray(parents[node], twin));
    try_mutant(world, root, true, count);
    cJSON_Delete(root);
}

static bool is_within(size_t node, size_t outer)
{
    for (const cJSON *at = nodes[node]; at != NULL;) {
        if (at == nodes[outer])
            return true;
        const cJSON *parent = NULL;
        for (size_t i = 0; i <= node && parent == NULL; i++)
            parent = nodes[i] == at ? parents[i] : NULL;
        at = parent;
    }
    return false;
}

/* Two values of one shape that change places may be another world's whole truth. */
static void try_swap(const struct world *world, size_t a, size_t b, struct count *count)
{
    size_t all;
    cJSON *root = parse(world, &all);
    if (a != b && !is_within(a, b) && !is_within(b, a)) {
        cJSON *left = cJSON_Duplicate(nodes[a], true), *right = cJSON_Duplicate(nodes[b], true);
        bool lack = tells_of_lack(a) || tells_of_lack(b);
        bool same_shape = (left->type & 0xFF) == (right->type & 0xFF);
        free(left->string);
        free(right->string);
        left->string = right->string = NULL;
        replace(parents[a], nodes[a], right);
        replace(parents[b], nodes[b], left);
        try_mutant(world, root, !same_shape && !lack, count);
    }
    cJSON_Delete(root);
}

static void try_all(const struct world *world, struct count *count)
{
    size_t all;
    cJSON_Delete(parse(world, &all));
    for (size_t node = 1; node < all; node++) {
        try_replacements(world, node, count);
        try_removal(world, node, count);
        try_double(world, node, count);
        for (size_t k = 1; k <= SWAPS; k++) /* neighbours first, then ever farther */
            try_swap(world, node, 1 + (node + k * k * k) % (all - 1), count);
    }
}

static bool has_selections(const char *body)
{
    return strstr(body, "\"amberbar\":\"1\"") != NULL;
}

/* Reads a file; false when it holds no answer to mutate. `skip`: bytes before the body. */
static bool read_world(struct world *world, const char *folder, const char *name, size_t skip)
{
    char path[512];
    struct rows *rows = rows_new();
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    *world = (struct world){.selections = 1};
    text_copy(world->name, sizeof world->name, name);
    fseek(file, (long)skip, SEEK_SET);
    size_t length = fread(world->body, 1, sizeof world->body - 1, file);
    fclose(file);
    cJSON *root = strlen(world->body) == length ? cJSON_Parse(world->body) : NULL;
    bool good = cJSON_IsObject(root);
    cJSON_Delete(root);
    world->selections = has_selections(world->body) ? 2 : 1;
    int severity = good ? read_workloads(world, rows, world->body) : -1;
    world->about_workloads = severity >= 0;
    world->severity = severity;
    rows_free(rows);
    return good;
}

/* A Deployment that fails, one that is paused and one that rolls, beside one that is done. */
static void make_trouble(struct world *world, const char *reason, int paused, int updated)
{
    static const char *const names[] = {"metadata_generation",
                                        "status_observed_generation",
                                        "spec_paused",
                                        "spec_replicas",
                                        "status_replicas",
                                        "status_replicas_available",
                                        "status_replicas_ready",
                                        "status_replicas_updated",
                                        "created"};
    const int values[] = {5, 5, paused, 3, 3, 3, 3, updated, 1600000000};
    char labels[256], value[32];
    struct text body = {0};
    answers_begin(&body, "");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(labels, sizeof labels,
                 "{__name__=\"kube_deployment_%s\",deployment=\"web\",namespace=\"shop\"}",
                 names[i]);
        snprintf(value, sizeof value, "\"%d\"", values[i]);
        answers_add(&body, labels, value);
    }
    answers_add(&body, "{deployment=\"web\",namespace=\"shop\",m=\"sample_ts\"}", "\"1699999995\"");
    if (reason != NULL) {
        snprintf(labels, sizeof labels,
                 "{__name__=\"kube_deployment_status_condition\",condition=\"Progressing\","
                 "deployment=\"web\",namespace=\"shop\",reason=\"%s\",status=\"false\"}",
                 reason);
        answers_add(&body, labels, "\"1\"");
    }
    answers_end(&body);
    struct rows *rows = rows_new();
    *world = (struct world){.selections = 1, .about_workloads = true};
    snprintf(world->name, sizeof world->name, "a Deployment: %s, paused %d, updated %d",
             reason != NULL ? reason : "no condition", paused, updated);
    assert_true(text_copy(world->body, sizeof world->body, body.data));
    world->severity = read_workloads(world, rows, world->body);
    assert_true(world->severity > 0);
    rows_free(rows);
    text_free(&body);
}

static void each_stored_answer(const char *folder, size_t skip, struct count *count)
{
    struct dirent **entries;
    static struct world world;
    int found = scandir(folder, &entries, NULL, alphasort);
    assert_true(found > 2);
    for (int i = 0; i < found; i++) {
        if (entries[i]->d_name[0] != '.' && read_world(&world, folder, entries[i]->d_name, skip))
            try_all(&world, count);
        free(entries[i]);
    }
    free(entries);
}

static void none_crashes_and_none_looks_better(void **state)
{
    (void)state;
    static struct world world;
    struct count count = {0};
    each_stored_answer(TESTS_DIR "/prometheus/recorded", 0, &count);
    each_stored_answer(TESTS_DIR "/fuzz/seeds/response", 2, &count);
    make_trouble(&world, "ProgressDeadlineExceeded", 0, 1);
    try_all(&world, &count);
    make_trouble(&world, NULL, 1, 1);
    try_all(&world, &count);
    make_trouble(&world, NULL, 0, 1);
    try_all(&world, &count);
    printf("mutants: %zu passed, %zu failed (%zu of them refused)\n", count.mutants - count.better,
           count.better, count.refused);
    assert_true(count.mutants > 10000);
    assert_int_equal(count.better, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(none_crashes_and_none_looks_better)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
