#include "prometheus/answer/response.h"

#include "prometheus/answer/envelope.h"
#include "prometheus/answer/refusal.h"
#include "prometheus/answer/rows.h"
#include "prometheus/answer/sample.h"
#include "prometheus/promql/query.h"

#include <string.h>

#define REMARK_QUOTE_SIZE 240

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
    if (fault == ROWS_FOREIGN)
        return refuse_foreign(refusal);
    if (fault == ROWS_NO_SELECTION)
        return refuse(refusal, RETRY_SLOWLY,
                      "a series came without the label \"" QUERY_SELECTION_LABEL
                      "\" that the query gives it; a proxy removes or rewrites labels");
    return refuse(
        refusal, RETRY_BACK_OFF,
        "duplicate series in the answer: two have the same labels; check what deduplicates "
        "between here and Prometheus, or ask for one metric alone");
}

bool response_refuse_repeat(struct refusal *refusal)
{
    refuse(refusal, RETRY_BACK_OFF,
           "an answer to another question, without the row that proves it new: does a cache stand "
           "between? (A server that cannot give that row needs query_nonce: false)");
    refusal->fault = EVIDENCE_REPEATED;
    return false;
}

/* As the config has it: "deployment: {namespace: exported_namespace}". */
static void add_kind_labels(struct text *out, const struct rows *rows, enum workload_kind kind)
{
    const struct labels *labels = &rows->asked->labels;
    const bool both = (rows->exported_namespace & rows->exported_name & KIND_BIT(kind)) != 0;
    text_addf(out, "%s%s: {", out->length > 0 ? ", " : "", kind_word(kind));
    if ((rows->exported_namespace & KIND_BIT(kind)) != 0)
        text_addf(out, "namespace: " LABELS_EXPORTED "%s%s",
                  labels_namespace(labels, kind, rows->asked->namespace_), both ? ", " : "");
    if ((rows->exported_name & KIND_BIT(kind)) != 0)
        text_addf(out, "name: " LABELS_EXPORTED "%s", labels_name(labels, kind));
    text_add(out, "}");
}

/* A target's own label stands where the exporter's was: then that of the exporter is meant. */
static void remark_labels(const struct rows *rows, struct error *remark)
{
    const char *namespace_ = rows->asked->namespace_;
    struct text wanted = {0};
    if (rows->exported_name == 0 && rows->exported_namespace == rows->kinds) {
        error_set(remark,
                  "series carry the label " LABELS_EXPORTED "%s: if kube-state-metrics is scraped "
                  "without honor_labels, set namespace_label: " LABELS_EXPORTED "%s",
                  namespace_, namespace_);
        return;
    }
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (((rows->exported_namespace | rows->exported_name) & KIND_BIT(kind)) != 0)
            add_kind_labels(&wanted, rows, (enum workload_kind)kind);
    error_set(remark,
              "labels of a target stand in the place of workloads' own, which are there "
              "as " LABELS_EXPORTED "...: it is scraped without honor_labels; set labels: {%s}",
              wanted.failed ? "..." : wanted.data);
    text_free(&wanted);
}

static void make_remark(struct rows *rows, const struct envelope *envelope, size_t unusable)
{
    struct error *remark = &rows->remark;
    char words[REMARK_QUOTE_SIZE] = "";
    const char *quote = envelope->partial ? envelope->warning : envelope->note;
    if (quote != NULL)
        text_shorten(words, sizeof words, quote);
    if (envelope->partial)
        error_set(remark, "the answer may lack series%s%s", quote != NULL ? ": " : "", words);
    else if (quote != NULL)
        error_set(remark, "%s", words);
    else if (unusable > 0)
        error_set(remark, "%zu series without a plain number were left out", unusable);
    else if ((rows->exported_namespace | rows->exported_name) != 0)
        remark_labels(rows, remark);
    else if (rows->nameless > 0)
        error_set(remark, "%zu series without a workload's name were left out", rows->nameless);
}

/* What is kept of an answer may be so large: what is kept of an honest one is smaller than its
   text, but for one of a few series. */
static size_t room_for(const struct http_answer *http, size_t halves)
{
    return http->length / 2 * halves + RESPONSE_FLOOR_BYTES;
}

static bool refuse_type(const struct http_answer *http, const char *type, const char *wanted,
                        struct refusal *refusal)
{
    char word[64];
    text_printable(word, sizeof word, words_of(http, type));
    return refuse(refusal, RETRY_SLOWLY,
                  "expected %s, got resultType \"%s\"; correct the query in the config file",
                  wanted, word);
}

static bool open_vector(struct envelope *envelope, const struct http_answer *http,
                        struct arena *arena, struct refusal *refusal)
{
    if (!envelope_open(envelope, http, arena, refusal))
        return false;
    return (strcmp(envelope->type, "vector") == 0 && envelope->is_list) ||
           refuse_type(http, envelope->type, "a vector", refusal);
}

static bool read_rows(struct envelope *envelope, struct rows *rows, size_t *unusable,
                      struct refusal *refusal)
{
    struct series series;
    enum envelope_part part;
    while ((part = envelope_next(envelope, &rows->scratch, &series, refusal)) == ENVELOPE_SERIES) {
        *unusable += series.value == NULL;
        enum rows_fault fault = rows_add(rows, &series);
        if (fault == ROWS_NO_MEMORY)
            return envelope_refuse_memory(&rows->arena, envelope->http, refusal);
        if (fault != ROWS_FINE)
            return refuse_fault(fault, refusal);
    }
    return part == ENVELOPE_END;
}

bool response_workloads(const struct http_answer *http, const struct asked *asked,
                        struct rows *rows, struct answer *answer, struct refusal *refusal)
{
    struct envelope envelope;
    size_t unusable = 0;
    *answer = (struct answer){0};
    rows->remark.text[0] = '\0';
    if (!open_vector(&envelope, http, &rows->arena, refusal))
        return false;
    arena_limit(&rows->arena, room_for(http, RESPONSE_ROWS_HALVES));
    if (!rows_begin(rows, asked, envelope.list.count))
        return envelope_refuse_memory(&rows->arena, http, refusal);
    if (!read_rows(&envelope, rows, &unusable, refusal))
        return false;
    if (!rows_finish(rows, answer))
        return envelope_refuse_memory(&rows->arena, http, refusal);
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

unsigned response_exported_namespaces(const struct rows *rows)
{
    return rows->exported_namespace;
}

unsigned response_exported_names(const struct rows *rows)
{
    return rows->exported_name;
}

/* The kind of "source/KIND"; KIND_COUNT: it is no such mark. */
static size_t kind_of_source(const char *mark)
{
    static const char before[] = QUERY_SOURCE "/";
    const size_t length = sizeof before - 1;
    return strncmp(mark, before, length) == 0 ? kind_worded(mark + length) : KIND_COUNT;
}

/* A source that the canary found: a witness if it is, by all its labels, one that was missed. */
static void take_witness(struct series *series, const struct asked *asked,
                         const struct missed_sources *missed, double newest_s,
                         struct answer *answer)
{
    const size_t kind = kind_of_source(series->aside[ASIDE_SELECTION]);
    if (kind == KIND_COUNT || !(newest_s >= 0 && newest_s < 1e11))
        return;
    series_own(series, ASIDE_BIT(ASIDE_NAME) | ASIDE_BIT(ASIDE_SELECTION) | ASIDE_BIT(ASIDE_ASK));
    const struct source_seen seen = {.id = rows_source_id(asked, series, (enum workload_kind)kind),
                                     .kind = (enum workload_kind)kind,
                                     .newest_ms = (int64_t)(newest_s * 1000 + 0.5)};
    bool wanted = answer->witness_count < WITNESSES_MAX && source_witness(answer, seen.id) == NULL;
    for (size_t i = 0; wanted && i < missed->count; i++)
        if (missed->ids[i] == seen.id) {
            answer->witnesses[answer->witness_count++] = seen;
            return;
        }
}

/* What its series say of a canary itself. */
struct canary_reading {
    bool answered; /* the nonce came back */
    struct evaluated evaluated;
};

/* A series of the canary: a kind is visible, a source was scraped, or the nonce comes back. */
static void take_canary(struct series *series, const struct asked *asked,
                        const struct missed_sources *missed, struct answer *answer,
                        struct canary_reading *reading)
{
    const char *mark = series->aside[ASIDE_FIELD];
    const char *nonce = series->aside[ASIDE_ASK];
    double number = 0;
    series_note_time(series, &reading->evaluated);
    if (nonce != NULL && asked->nonce != NULL)
        reading->answered |= strcmp(nonce, asked->nonce) == 0;
    if (series->value == NULL || !text_number(series->value, &number))
        return;
    if (series->aside[ASIDE_SELECTION] != NULL) {
        take_witness(series, asked, missed, number, answer);
        if (number > 0 && strcmp(series->aside[ASIDE_SELECTION], QUERY_SHOWN) == 0)
            answer->unwitnessed = true; /* what one server shows does not witness for another */
        return;
    }
    const size_t kind = mark == NULL ? KIND_COUNT : kind_worded(mark);
    if (kind < KIND_COUNT)
        answer->kind_alive[kind] |= number > 0;
}

bool response_canary(const struct http_answer *http, const struct asked *asked,
                     const struct missed_sources *missed, struct answer *answer,
                     struct refusal *refusal)
{
    struct arena arena = {0}, scratch = {0};
    struct envelope envelope;
    struct series series;
    struct asked raw = *asked;
    raw.recorded = false; /* it asks about exporters, whoever counts */
    struct canary_reading reading = {.answered = false};
    enum envelope_part part = ENVELOPE_REFUSED;
    if (open_vector(&envelope, http, &arena, refusal))
        while ((part = envelope_next(&envelope, &scratch, &series, refusal)) == ENVELOPE_SERIES)
            take_canary(&series, &raw, missed, answer, &reading);
    bool good = part == ENVELOPE_END;
    if (good && asked->nonce != NULL && !reading.answered)
        good = response_refuse_repeat(refusal);
    answer->unwitnessed |= good && envelope.partial;
    answer->canary_ms = reading.evaluated.oldest_ms;
    answer->canary_spread_ms = evaluated_spread_ms(&reading.evaluated);
    arena_free(&arena);
    arena_free(&scratch);
    return good;
}

static bool read_ratios(struct envelope *envelope, struct rows *rows, const struct choice *choice,
                        struct samples *samples, struct refusal *refusal)
{
    struct series series;
    enum envelope_part part;
    while ((part = envelope_next(envelope, &rows->scratch, &series, refusal)) == ENVELOPE_SERIES)
        if (!sample_add(&rows->arena, &series, choice, samples))
            return envelope_refuse_memory(&rows->arena, envelope->http, refusal);
    return part == ENVELOPE_END;
}

/* A scalar is one sample without labels. */
static bool read_scalar(struct envelope *envelope, struct rows *rows, const struct choice *choice,
                        struct samples *samples, struct refusal *refusal)
{
    struct series series;
    if (!envelope_scalar(envelope, &rows->scratch, &series, refusal))
        return false;
    return sample_add(&rows->arena, &series, choice, samples) ||
           envelope_refuse_memory(&rows->arena, envelope->http, refusal);
}

bool response_ratio(const struct http_answer *http, struct rows *rows, const struct choice *choice,
                    struct ratio_answer *answer, struct refusal *refusal)
{
    struct envelope envelope;
    *answer = (struct ratio_answer){0};
    if (!envelope_open(&envelope, http, &rows->arena, refusal))
        return false;
    bool scalar = strcmp(envelope.type, "scalar") == 0;
    if ((!scalar && strcmp(envelope.type, "vector") != 0) || !envelope.is_list)
        return refuse_type(http, envelope.type, "a vector or a scalar", refusal);
    arena_limit(&rows->arena, room_for(http, RESPONSE_RATIO_HALVES));
    size_t found = scalar ? 1 : envelope.list.count;
    struct samples samples = {.list = arena_take(&rows->arena, found * sizeof *samples.list)};
    if (samples.list == NULL)
        return envelope_refuse_memory(&rows->arena, http, refusal);
    if (!(scalar ? read_scalar : read_ratios)(&envelope, rows, choice, &samples, refusal))
        return false;
    if (!sample_order(samples.list, samples.count))
        return refuse_fault(ROWS_DUPLICATE, refusal);
    *answer = (struct ratio_answer){.samples = samples.list,
                                    .count = samples.count,
                                    .partial = envelope.partial,
                                    .eval_ms = samples.evaluated.oldest_ms,
                                    .spread_ms = evaluated_spread_ms(&samples.evaluated),
                                    .warning = envelope.warning,
                                    .note = envelope.note};
    return true;
}

bool response_members(const struct http_answer *http, const char *const names[],
                      struct text values[], size_t count)
{
    return envelope_members(http, names, values, count);
}
