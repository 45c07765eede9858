/*
 * Answers of a server. The first byte chooses the reader, how many selections were asked for and
 * whether the answer must repeat a nonce, the second the HTTP status and content type; the rest is
 * the body.
 */
#include "base/text.h"
#include "prometheus/answer/response.h"

#include <stdlib.h>
#include <string.h>

#define NONCE "0123456789abcdef"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* A refusal is one printable sentence. */
static void require_sentence(const struct error *error)
{
    size_t length = strlen(error->text);
    require(length > 0 && text_is_utf8(error->text, length));
    for (const char *c = error->text; *c != '\0'; c++)
        require((unsigned char)*c >= ' ' && *c != 0x7F);
}

static void require_row(const struct row *row)
{
    const int64_t numbers[] = {row->sample_ms, row->created,  row->generation,  row->observed,
                               row->spec,      row->replicas, row->updated,     row->ready,
                               row->available, row->paused,   row->terminating, row->unavailable};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        require(numbers[i] >= ROW_MISSING);
    require(row->key.name[0] != '\0');
}

static int compare(const struct row *a, const struct row *b)
{
    if (a->selection != b->selection)
        return a->selection < b->selection ? -1 : 1;
    if (a->key.kind != b->key.kind)
        return a->key.kind < b->key.kind ? -1 : 1;
    int order = strcmp(a->key.cluster, b->key.cluster);
    if (order == 0)
        order = strcmp(a->key.namespace_, b->key.namespace_);
    if (order == 0)
        order = strcmp(a->key.name, b->key.name);
    if (order == 0)
        order = strcmp(a->key.exported, b->key.exported);
    return order;
}

/* Without its nonce no answer is one; an escape may spell it otherwise. */
static bool may_be_ours(const struct http_answer *http, const char *nonce)
{
    return memmem(http->body, http->length, nonce, strlen(nonce)) != NULL ||
           memchr(http->body, '\\', http->length) != NULL;
}

static void read_workloads(const struct http_answer *http, size_t selections, const char *nonce)
{
    const struct asked asked = {
        .namespace_ = "namespace", .cluster = "cluster", .selections = selections, .nonce = nonce};
    struct rows *rows = rows_new();
    struct answer answer;
    struct refusal refusal;
    if (rows == NULL)
        return;
    if (!response_workloads(http, &asked, rows, &answer, &refusal)) {
        require_sentence(&refusal.error);
        require(answer.count == 0);
        rows_free(rows);
        return;
    }
    require(!answer.answered || may_be_ours(http, nonce));
    for (size_t i = 0; i < answer.count; i++) {
        require_row(&answer.rows[i]);
        require(answer.rows[i].selection < selections || selections == 0);
        require(answer.kind_alive[answer.rows[i].key.kind]);
        int order = i == 0 ? -1 : compare(&answer.rows[i - 1], &answer.rows[i]);
        require(order < 0 ||
                (order == 0 && answer.rows[i].source == answer.rows[i - 1].source + 1));
    }
    for (size_t i = 0; answer.surveys != NULL && i < selections; i++) {
        const struct survey *survey = &answer.surveys[i];
        require(survey->taken && survey->oldest_ms >= ROW_MISSING);
        require(survey->eval_ms == answer.eval_ms);
        require(survey_total(survey) <= (size_t)4000000000);
        require(survey->counted.count <= COUNTED_MAX);
        for (size_t k = 0; k < survey->counted.count; k++)
            require(survey->counted.list[k].rows >= 0 && survey->counted.list[k].settled >= 0);
    }
    rows_free(rows);
}

static void read_ratio(const struct http_answer *http)
{
    struct rows *rows = rows_new();
    struct ratio_answer answer;
    struct refusal refusal;
    if (rows == NULL)
        return;
    if (!response_ratio(http, rows, NULL, &answer, &refusal))
        require_sentence(&refusal.error);
    for (size_t i = 1; i < answer.count; i++)
        require(strcmp(answer.samples[i - 1].labels, answer.samples[i].labels) < 0);
    rows_free(rows);
}

static void read_canary(const struct http_answer *http)
{
    static const struct asked asked = {.namespace_ = "namespace", .selections = 1};
    static const struct missed_sources missed = {.ids = {1, 2}, .count = 2};
    struct answer answer = {0};
    struct refusal refusal;
    if (!response_canary(http, &asked, &missed, &answer, &refusal))
        require_sentence(&refusal.error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const long statuses[] = {200, 400, 401, 404, 422, 429, 500, 503};
    static const char *const types[] = {"application/json", "text/plain", "text/html", ""};
    if (size < 2)
        return 0;
    struct http_answer http = {
        .status = statuses[data[1] % 8],
        .stopping = (data[1] & 64) != 0,
        .retry_after_ms = -1,
        .body = (const char *)data + 2,
        .length = size - 2,
    };
    text_copy(http.content_type, sizeof http.content_type, types[data[1] / 8 % 4]);
    if (data[0] == 'c')
        read_canary(&http);
    else if (data[0] == 'r')
        read_ratio(&http);
    else if (data[0] == 'n')
        read_workloads(&http, 1, NONCE);
    else
        read_workloads(&http, data[0] % 4, NULL);
    return 0;
}
