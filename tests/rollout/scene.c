#include "rollout/scene.h"

#include "base/hash.h"
#include "rollout/story.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 32
#define NAMES_SIZE 512

struct answer_rows {
    struct row rows[ROWS_MAX];
    size_t count;
    char names[NAMES_SIZE]; /* of the keys */
    size_t used;
};

void scene_start(struct scene_rollout *scene, size_t capacity)
{
    memset(scene, 0, sizeof *scene);
    for (size_t i = 0; i < SCENE_MEMBERS; i++) /* what is behind the last member counts nowhere */
        scene->workloads[i] = (struct workload){.cluster = "eu",
                                                .namespace_ = "shop",
                                                .name = "web",
                                                .named = true,
                                                .verdict = {.state = STATE_FAILED,
                                                            .why = WHY_DEADLINE,
                                                            .p = 0.5,
                                                            .q = 0.5,
                                                            .updated = 7,
                                                            .available = 7,
                                                            .spec = 7},
                                                .seen = true,
                                                .batches = ~0U,
                                                .weight = 7,
                                                .units = 7};
    scene->rollout = (struct rollout){.name = "cms",
                                      .limits = limits_default,
                                      .kinds = KIND_BIT(KIND_DEPLOYMENT),
                                      .workloads = scene->workloads,
                                      .capacity = capacity};
    rollout_start(&scene->rollout, 0);
}

static const char *keep(struct answer_rows *answer, const char *text, size_t length)
{
    char *kept = &answer->names[answer->used];
    if (answer->used + length + 1 > sizeof answer->names)
        abort();
    memcpy(kept, text, length);
    kept[length] = '\0';
    answer->used += length + 1;
    return kept;
}

static void add_row(struct answer_rows *answer, enum workload_kind kind, int64_t t_ms,
                    const char *text)
{
    const char *colon = strchr(text, ':');
    if (colon == NULL || answer->count == ROWS_MAX)
        abort();
    const char *slash = memchr(text, '/', (size_t)(colon - text));
    struct row *row = &answer->rows[answer->count++];
    *row = story_row(kind, t_ms, colon + 1);
    const char *name = slash != NULL ? slash + 1 : text;
    if (slash != NULL)
        row->key.cluster = keep(answer, text, (size_t)(slash - text));
    row->key.name = keep(answer, name, (size_t)(colon - name));
    row->source = answer->count;
    row->source_id = slash != NULL ? hash_of(row->key.cluster) : 1;
    for (size_t i = 0; i + 1 < answer->count; i++) /* two rows of one workload are of two */
        if (strcmp(answer->rows[i].key.name, row->key.name) == 0)
            row->source_id += answer->rows[i].source_id == row->source_id;
}

/* One exporter a cluster: it stays, whatever it exports. */
static void note_sources(struct scene_rollout *scene, const struct answer_rows *seen, int64_t t_ms)
{
    for (size_t i = 0; i < seen->count; i++) {
        size_t at = 0;
        while (at < scene->source_count && scene->sources[at].id != seen->rows[i].source_id)
            at++;
        if (at == sizeof scene->sources / sizeof scene->sources[0])
            abort();
        scene->sources[at].id = seen->rows[i].source_id;
        scene->source_count = at == scene->source_count ? at + 1 : scene->source_count;
    }
    for (size_t i = 0; i < scene->source_count; i++)
        scene->sources[i].newest_ms = t_ms;
}

static bool starts(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

/* "eu 5/4/1": what is counted of the source of cluster eu. */
static void read_count(struct survey *survey, enum workload_kind kind, const char *text)
{
    char name[32];
    unsigned counts[3];
    const size_t length = strcspn(text, " ");
    const char *at = text + length;
    if (length >= sizeof name)
        abort();
    memcpy(name, text, length);
    name[length] = '\0';
    for (size_t i = 0; i < 3; i++) {
        char *end;
        counts[i] = (unsigned)strtoul(at + 1, &end, 10);
        at = end;
    }
    struct source_count *place = whole_place(&survey->counted, hash_of(name), kind);
    place->rows = counts[0];
    place->settled = counts[1];
    place->unsettled = counts[2];
}

/* Of "survey 9 more; ...", or "survey 9 = eu 5/4/1, us 4/4/0; ...". */
static struct survey read_survey(const char *rows, enum workload_kind kind, int64_t t_ms)
{
    struct survey survey = survey_empty();
    survey.taken = starts(rows, "survey ");
    if (!survey.taken)
        return survey;
    const size_t length = strcspn(rows, ";");
    const char *at = memchr(rows, '=', length);
    const int64_t total = strtol(rows + strlen("survey "), NULL, 10);
    survey.total[kind] = (size_t)total;
    survey.more = memmem(rows, length, "more", 4) != NULL;
    survey.eval_ms = t_ms;
    survey.oldest_ms = t_ms - (memmem(rows, length, "stale", 5) != NULL ? 91000 : 15000);
    if (at == NULL && total > 0)
        *whole_place(&survey.counted, 1, kind) = (struct source_count){1, kind, total, total, 0};
    for (; at != NULL; at = memchr(at, ',', length - (size_t)(at - rows))) {
        at += strspn(at, "=, ");
        read_count(&survey, kind, at);
    }
    return survey;
}

void scene_poll(struct scene_rollout *scene, int64_t t_s, const char *rows)
{
    struct answer_rows seen = {.count = 0};
    if (starts(rows, "fetch")) {
        rollout_observe_failure(&scene->rollout, t_s * 1000);
        return;
    }
    bool no_data = starts(rows, "nodata");
    bool partial = starts(rows, "partial");
    const enum workload_kind kind = kinds_first(scene->rollout.kinds);
    const struct survey survey = read_survey(rows, kind, STORY_ZERO_MS + t_s * 1000);
    const char *at = no_data || partial || survey.taken ? strchr(rows, ';') : rows;
    while (at != NULL && *at != '\0') {
        while (*at == ';' || *at == ' ')
            at++;
        add_row(&seen, kind, STORY_ZERO_MS + t_s * 1000, at);
        at = strchr(at, ';');
    }
    struct answer answer = {.eval_ms = STORY_ZERO_MS + t_s * 1000,
                            .rows = seen.rows,
                            .count = seen.count,
                            .partial = partial};
    note_sources(scene, &seen, answer.eval_ms);
    answer.sources = scene->sources;
    answer.source_count = no_data ? 0 : scene->source_count;
    answer.surveys = survey.taken ? &survey : NULL;
    while (survey.taken && answer.witness_count < answer.source_count &&
           answer.witness_count < WITNESSES_MAX) { /* as a canary finds them */
        answer.witnesses[answer.witness_count] = scene->sources[answer.witness_count];
        answer.witness_count++;
    }
    answer.survey_count = survey.taken ? 1 : 0;
    answer.kind_alive[kind] = !no_data;
    rollout_observe(&scene->rollout, &answer, 0, t_s * 1000);
}

const struct workload *scene_member(const struct scene_rollout *scene, const char *name)
{
    const char *slash = strchr(name, '/');
    size_t cluster = slash != NULL ? (size_t)(slash - name) : 0;
    for (size_t i = 0; i < scene->rollout.count; i++) {
        const struct workload *member = &scene->workloads[i];
        if (strcmp(member->name, slash != NULL ? slash + 1 : name) == 0 &&
            strlen(member->cluster) == cluster && strncmp(member->cluster, name, cluster) == 0)
            return member;
    }
    return NULL;
}
