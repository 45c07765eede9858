#include "prometheus/answer/response.h"

#include "prometheus/answer/json.h"
#include "prometheus/answer/refusal.h"
#include "prometheus/answer/rows.h"
#include "prometheus/answer/sample.h"
#include "prometheus/promql/query.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Memory for one answer: nine times its size (performance goal P5). A series as Prometheus writes
 * it takes five to seven times its text; only a body made to hurt (an array of a million zeros)
 * takes more.
 */
#define MEMORY_FACTOR 9
#define MEMORY_FLOOR ((size_t)64 * 1024)

#define REMARK_QUOTE_SIZE 240

/* cJSON takes its memory from here while it parses: its hooks carry no argument. */
static struct arena *parse_arena;

static void *parse_take(size_t size)
{
    return arena_take(parse_arena, size);
}

static void parse_give_back(void *memory)
{
    (void)memory; /* all at once, at the next answer */
}

static cJSON *parse(struct arena *arena, const struct http_answer *http)
{
    cJSON_Hooks hooks = {parse_take, parse_give_back};
    parse_arena = arena;
    cJSON_InitHooks(&hooks);
    cJSON *root = cJSON_ParseWithLength(http->body, http->length);
    cJSON_InitHooks(NULL);
    parse_arena = NULL;
    return root;
}

/* What is of use in an answer's outer object. */
struct envelope {
    const char *type;    /* resultType */
    const cJSON *result; /* array */
    const char *warning; /* the first that means missing series; NULL: none */
    const char *note;    /* the first that is about the query itself; NULL: none */
    bool partial;
};

/* The first element of an array; NULL: it has none, or is no array. */
static const cJSON *first_of(const cJSON *item)
{
    return item != NULL && cJSON_IsArray(item) ? item->child : NULL;
}

static const char *string_of(const cJSON *item)
{
    return item != NULL && cJSON_IsString(item) ? item->valuestring : NULL;
}

/* The first member of an object; NULL: it has none, or is no object. Only members have names. */
static const cJSON *first_member(const cJSON *item)
{
    return item != NULL && cJSON_IsObject(item) ? item->child : NULL;
}

/* The member of that name; `twice` is set when there are two. */
static const cJSON *member(const cJSON *object, const char *name, bool *twice)
{
    const cJSON *found = NULL;
    for (const cJSON *item = first_member(object); item != NULL; item = item->next) {
        if (strcmp(item->string, name) != 0)
            continue;
        *twice |= found != NULL;
        found = item;
    }
    return found;
}

/* The outer object; NULL when the body is none, and then `refusal` says why. */
static const cJSON *read_object(const struct http_answer *http, struct arena *arena,
                                struct refusal *refusal)
{
    size_t most = SIZE_MAX / MEMORY_FACTOR - MEMORY_FLOOR;
    arena_reset(arena, (http->length < most ? http->length : most) * MEMORY_FACTOR + MEMORY_FLOOR);
    enum json_flaw flaw = http->length == 0 ? JSON_ENDS_EARLY : json_flaw(http->body, http->length);
    const cJSON *root = flaw == JSON_NO_FLAW ? parse(arena, http) : NULL;
    if (cJSON_IsObject(root))
        return root;
    if (arena->exceeded)
        refuse(
            refusal, RETRY_SLOWLY,
            "the answer of %zu bytes takes more than %d times as much memory to read; check what "
            "url points to",
            http->length, MEMORY_FACTOR);
    else
        refuse_body(http, json_flaw_words(flaw), refusal);
    return NULL;
}

/*
 * Prometheus's annotations stand among the warnings (before 3.0), as remarks about the query
 * (prometheus util/annotations); whatever else warns, warns of series that are missing: a store
 * that did not answer, a limit, a truncated result.
 */
static void read_warnings(const cJSON *warnings, struct envelope *envelope)
{
    static const char info[] = "PromQL info: ", about_query[] = "PromQL warning: ";
    if (warnings == NULL || cJSON_IsNull(warnings))
        return;
    envelope->partial |= !cJSON_IsArray(warnings);
    for (const cJSON *item = first_of(warnings); item != NULL; item = item->next) {
        const char *words = string_of(item);
        if (words != NULL && strncmp(words, info, sizeof info - 1) == 0) /* [W0] */
            continue;
        if (words != NULL && strncmp(words, about_query, sizeof about_query - 1) == 0) {
            envelope->note = envelope->note == NULL ? words : envelope->note;
            continue;
        }
        envelope->partial = true;
        envelope->warning = envelope->warning == NULL ? words : envelope->warning;
    }
}

static bool read_data(const cJSON *root, struct envelope *envelope, struct refusal *refusal)
{
    bool twice = false;
    const cJSON *data = member(root, "data", &twice);
    envelope->type = string_of(member(data, "resultType", &twice));
    envelope->result = member(data, "result", &twice);
    envelope->partial = cJSON_IsTrue(member(root, "isPartial", &twice));
    read_warnings(member(root, "warnings", &twice), envelope);
    if (twice)
        return refuse(refusal, RETRY_BACK_OFF,
                      "malformed JSON: a key is there twice; asking again");
    if (envelope->type == NULL && cJSON_IsObject(data) && envelope->result != NULL)
        return refuse(refusal, RETRY_SLOWLY,
                      "the response does not say its resultType; check what url points to");
    if (envelope->type == NULL || envelope->result == NULL || cJSON_IsNull(envelope->result))
        return refuse(refusal, RETRY_BACK_OFF,
                      "no result in response; check that url points to Prometheus");
    return true;
}

/* Judges an answer down to its result, in order: HTTP status, JSON, `status`, `data`. */
static bool judge(const struct http_answer *http, struct arena *arena, struct envelope *envelope,
                  struct refusal *refusal)
{
    *refusal = (struct refusal){.retry = RETRY_BACK_OFF};
    if (http->status == 204)
        return refuse(refusal, RETRY_BACK_OFF,
                      "no result in response (HTTP 204); check that url points to Prometheus");
    bool twice = false;
    const cJSON *root = read_object(http, arena, refusal);
    const char *status = string_of(member(root, "status", &twice));
    struct reported reported = {string_of(member(root, "errorType", &twice)),
                                string_of(member(root, "error", &twice))};
    if (http->status > 200 && http->status < 300)
        return refuse(refusal, RETRY_BACK_OFF,
                      "HTTP %ld is no answer of Prometheus's own: something in between changes or "
                      "cuts it; check what url points to",
                      http->status);
    if (http->status != 200)
        return refuse_status(http, reported, refusal);
    if (root == NULL)
        return false;
    if (twice)
        return refuse(refusal, RETRY_BACK_OFF,
                      "malformed JSON: a key is there twice; asking again");
    if (status != NULL && strcmp(status, "error") == 0)
        return refuse_reported(http, reported, refusal);
    if (status == NULL || strcmp(status, "success") != 0)
        return refuse(refusal, RETRY_SLOWLY,
                      "the response does not say \"status\":\"success\"; check that url points to "
                      "Prometheus");
    return read_data(root, envelope, refusal);
}

/* Whoever refuses is named: it may be a proxy, or the wrong port. */
static bool open_envelope(const struct http_answer *http, struct arena *arena,
                          struct envelope *envelope, struct refusal *refusal)
{
    if (judge(http, arena, envelope, refusal)) {
        assert(envelope->type != NULL && envelope->result != NULL);
        return true;
    }
    if (http->from[0] != '\0')
        error_prefix(&refusal->error, "%s", http->from);
    return false;
}

static bool refuse_type(const char *type, const char *wanted, struct refusal *refusal)
{
    char word[32];
    text_printable(word, sizeof word, type);
    return refuse(refusal, RETRY_SLOWLY,
                  "expected %s, got resultType \"%s\"; correct the query in the config file",
                  wanted, word);
}

static bool refuse_memory(struct refusal *refusal)
{
    return refuse(refusal, RETRY_BACK_OFF, "not enough memory to read the answer; asking again");
}

/* Reads [time, "value"]; false when the sample is anything else. */
static bool read_sample(const cJSON *sample, struct series *series)
{
    const cJSON *time = first_of(sample);
    const cJSON *value = time == NULL ? NULL : time->next;
    if (value == NULL || value->next != NULL || !cJSON_IsNumber(time) || !cJSON_IsString(value) ||
        !(time->valuedouble > 0 && time->valuedouble < 1e12)) /* no time of this world [N2] */
        return false;
    series->eval_ms = (int64_t)floor(time->valuedouble * 1000 + 0.5);
    series->value = value->valuestring;
    return true;
}

static bool read_labels(const cJSON *metric, struct series *series)
{
    for (const cJSON *label = first_member(metric); label != NULL; label = label->next)
        if (!cJSON_IsString(label) || !series_add(series, label->string, label->valuestring))
            return false;
    return true;
}

/* False when its labels cannot be read. A sample that cannot be used leaves `value` NULL. */
static bool read_series(const cJSON *item, struct series *series)
{
    const cJSON *metric = NULL;
    const cJSON *sample = NULL;
    bool histogram = false;
    series_clear(series);
    for (const cJSON *part = first_member(item); part != NULL; part = part->next) {
        if (strcmp(part->string, "metric") == 0)
            metric = part;
        else if (strcmp(part->string, "value") == 0)
            sample = part;
        else if (strcmp(part->string, "histogram") == 0)
            histogram = true;
    }
    if (metric == NULL || !cJSON_IsObject(metric) || !read_labels(metric, series))
        return false;
    if (!histogram)
        read_sample(sample, series);
    return true;
}

static bool refuse_series(struct refusal *refusal)
{
    return refuse(refusal, RETRY_BACK_OFF,
                  "malformed JSON: a series has no labels that can be read; asking again");
}

static bool refuse_foreign(struct refusal *refusal)
{
    refuse(refusal, RETRY_BACK_OFF,
           "an answer to another question: it speaks of workloads that were not asked for; does a "
           "cache or a proxy stand between?");
    refusal->fault = EVIDENCE_FOREIGN;
    return false;
}

static bool refuse_fault(enum rows_fault fault, struct refusal *refusal)
{
    if (fault == ROWS_NO_MEMORY)
        return refuse_memory(refusal);
    if (fault == ROWS_FOREIGN)
        return refuse_foreign(refusal);
    if (fault == ROWS_NO_SELECTION)
        return refuse(refusal, RETRY_SLOWLY,
                      "a series came without the label \"" QUERY_SELECTION_LABEL
                      "\" that the query gives it; a proxy removes or rewrites labels");
    return refuse(
        refusal, RETRY_BACK_OFF,
        "duplicate series in the answer: two have the same labels; check what deduplicates "
        "between here and Prometheus");
}

bool response_refuse_repeat(struct refusal *refusal)
{
    refuse(refusal, RETRY_BACK_OFF,
           "an answer to another question, without the row that proves it new: does a cache stand "
           "between? (A server that cannot give that row needs query_nonce: false)");
    refusal->fault = EVIDENCE_REPEATED;
    return false;
}

static void make_remark(struct rows *rows, const struct envelope *envelope, size_t unusable)
{
    const char *label = rows->asked->namespace_;
    struct error *remark = &rows->remark;
    char words[REMARK_QUOTE_SIZE] = "";
    const char *quote = envelope->partial ? envelope->warning : envelope->note;
    if (quote != NULL)
        text_printable(words, sizeof words, quote);
    if (envelope->partial)
        error_set(remark, "the answer may lack series%s%s", quote != NULL ? ": " : "", words);
    else if (quote != NULL)
        error_set(remark, "%s", words);
    else if (unusable > 0)
        error_set(remark, "%zu series without a plain number were left out", unusable);
    else if (rows->is_exported)
        error_set(remark,
                  "series carry the label exported_%s: if kube-state-metrics is scraped without "
                  "honor_labels, set namespace_label: exported_%s",
                  label, label);
    else if (rows->nameless > 0)
        error_set(remark, "%zu series without a workload's name were left out", rows->nameless);
}

bool response_workloads(const struct http_answer *http, const struct asked *asked,
                        struct rows *rows, struct answer *answer, struct refusal *refusal)
{
    struct envelope envelope = {0};
    struct series series;
    size_t unusable = 0;
    *answer = (struct answer){0};
    rows->remark.text[0] = '\0';
    if (!open_envelope(http, &rows->arena, &envelope, refusal))
        return false;
    if (strcmp(envelope.type, "vector") != 0 || !cJSON_IsArray(envelope.result))
        return refuse_type(envelope.type, "a vector", refusal);
    if (!rows_begin(rows, asked, (size_t)cJSON_GetArraySize(envelope.result)))
        return refuse_memory(refusal);
    for (const cJSON *item = envelope.result->child; item != NULL; item = item->next) {
        if (!read_series(item, &series))
            return refuse_series(refusal);
        unusable += series.value == NULL;
        enum rows_fault fault = rows_add(rows, &series);
        if (fault != ROWS_FINE)
            return refuse_fault(fault, refusal);
    }
    if (!rows_finish(rows, answer))
        return refuse_memory(refusal);
    answer->answered = rows->answered;
    answer->partial = envelope.partial;
    answer->warning = envelope.warning;
    make_remark(rows, &envelope, unusable);
    return true;
}

const char *response_remark(const struct rows *rows)
{
    return rows->remark.text;
}

/* A series of the canary: a kind is visible, a source was scraped, or the nonce comes back. */
static void take_canary(const struct series *series, const struct asked *asked,
                        const struct missed_sources *missed, struct answer *answer, bool *answered)
{
    const char *mark = series->aside[ASIDE_FIELD];
    const char *nonce = series->aside[ASIDE_ASK];
    double number = 0;
    int64_t index;
    if (series->value != NULL && series->eval_ms > answer->canary_ms)
        answer->canary_ms = series->eval_ms;
    if (nonce != NULL && asked->nonce != NULL)
        *answered |= strcmp(nonce, asked->nonce) == 0;
    if (mark == NULL || series->value == NULL || !text_number(series->value, &number))
        return;
    for (size_t i = 0; i < KIND_COUNT; i++)
        answer->kind_alive[i] |= number > 0 && strcmp(mark, query_kinds[i]) == 0;
    if (strcmp(mark, QUERY_SOURCE) != 0 || series->aside[ASIDE_SELECTION] == NULL ||
        !(number >= 0 && number < 1e11) || answer->witness_count == WITNESSES_MAX ||
        !text_integer(series->aside[ASIDE_SELECTION], 0, (int64_t)missed->count - 1, &index))
        return;
    answer->witnesses[answer->witness_count++] =
        (struct source_seen){.id = missed->ids[index], .newest_ms = (int64_t)(number * 1000 + 0.5)};
}

bool response_canary(const struct http_answer *http, const struct asked *asked,
                     const struct missed_sources *missed, struct answer *answer,
                     struct refusal *refusal)
{
    struct arena arena = {0};
    struct envelope envelope = {0};
    struct series series;
    bool answered = false;
    bool good = open_envelope(http, &arena, &envelope, refusal);
    if (good && (strcmp(envelope.type, "vector") != 0 || !cJSON_IsArray(envelope.result)))
        good = refuse_type(envelope.type, "a vector", refusal);
    const cJSON *item = good ? envelope.result->child : NULL;
    for (; good && item != NULL; item = item->next) {
        good = read_series(item, &series) || refuse_series(refusal);
        if (good)
            take_canary(&series, asked, missed, answer, &answered);
    }
    if (good && asked->nonce != NULL && !answered)
        good = response_refuse_repeat(refusal);
    answer->unwitnessed |= good && envelope.partial;
    arena_free(&arena);
    return good;
}

static bool read_ratios(const cJSON *result, struct rows *rows, const struct choice *choice,
                        struct samples *samples)
{
    struct series series;
    for (const cJSON *item = result->child; item != NULL; item = item->next)
        if (!read_series(item, &series) || !sample_add(&rows->arena, &series, choice, samples))
            return false;
    return true;
}

/* A scalar is one sample without labels. */
static bool read_scalar(const cJSON *result, struct rows *rows, const struct choice *choice,
                        struct samples *samples)
{
    struct series series;
    series_clear(&series);
    read_sample(result, &series);
    return sample_add(&rows->arena, &series, choice, samples);
}

bool response_ratio(const struct http_answer *http, struct rows *rows, const struct choice *choice,
                    struct ratio_answer *answer, struct refusal *refusal)
{
    struct envelope envelope = {0};
    *answer = (struct ratio_answer){0};
    if (!open_envelope(http, &rows->arena, &envelope, refusal))
        return false;
    bool scalar = strcmp(envelope.type, "scalar") == 0;
    if ((!scalar && strcmp(envelope.type, "vector") != 0) || !cJSON_IsArray(envelope.result))
        return refuse_type(envelope.type, "a vector or a scalar", refusal);
    size_t found = scalar ? 1 : (size_t)cJSON_GetArraySize(envelope.result);
    struct samples samples = {.list = arena_take(&rows->arena, found * sizeof *samples.list)};
    if (samples.list == NULL)
        return refuse_memory(refusal);
    if (!(scalar ? read_scalar : read_ratios)(envelope.result, rows, choice, &samples))
        return rows->arena.exceeded ? refuse_memory(refusal) : refuse_series(refusal);
    if (!sample_order(samples.list, samples.count))
        return refuse_fault(ROWS_DUPLICATE, refusal);
    *answer = (struct ratio_answer){.samples = samples.list,
                                    .count = samples.count,
                                    .partial = envelope.partial,
                                    .eval_ms = samples.eval_ms,
                                    .warning = envelope.warning,
                                    .note = envelope.note};
    return true;
}

bool response_members(const struct http_answer *http, const char *const names[],
                      struct text values[], size_t count)
{
    struct arena arena = {0};
    struct refusal refusal;
    bool twice = false;
    const cJSON *root = read_object(http, &arena, &refusal);
    for (size_t i = 0; i < count; i++) {
        const cJSON *item = member(root, names[i], &twice);
        const char *string = string_of(item);
        if (string != NULL)
            text_add(&values[i], string);
        else if (item != NULL && cJSON_IsNumber(item))
            text_addf(&values[i], "%.0f", item->valuedouble);
    }
    arena_wipe(&arena);
    return root != NULL && !twice;
}
