#include "prometheus/answer/envelope.h"

#include "base/text.h"
#include "prometheus/answer/refusal.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

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

/* The value that begins at `bytes`; what comes behind it begins at `end`. */
static const cJSON *parse(struct arena *arena, const char *bytes, size_t length, size_t *end)
{
    cJSON_Hooks hooks = {parse_take, parse_give_back};
    const char *behind = bytes;
    if (length > 0 && *bytes == '\xEF') /* a byte order mark, which cJSON would pass over */
        return NULL;
    parse_arena = arena;
    cJSON_InitHooks(&hooks);
    const cJSON *value = cJSON_ParseWithLengthOpts(bytes, length, &behind, false);
    cJSON_InitHooks(NULL);
    parse_arena = NULL;
    *end = (size_t)(behind - bytes);
    return value;
}

/* NULL also where something follows the value. */
static const cJSON *parse_whole(struct arena *arena, const char *bytes, size_t length)
{
    size_t end;
    const cJSON *value = parse(arena, bytes, length, &end);
    return value != NULL && json_skip_space(bytes, end, length) == length ? value : NULL;
}

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
        if (!text_same(item->string, name))
            continue;
        *twice |= found != NULL;
        found = item;
    }
    return found;
}

/* The body without what stands in its list. */
static const cJSON *parse_outside(const struct http_answer *http, struct arena *arena,
                                  const struct json_list *list)
{
    if (!json_has_list(list))
        return parse_whole(arena, http->body, http->length);
    const size_t rest = http->length - list->end;
    char *outside = arena_take(arena, list->start + rest);
    if (outside == NULL)
        return NULL;
    memcpy(outside, http->body, list->start);
    memcpy(outside + list->start, http->body + list->end, rest);
    return parse_whole(arena, outside, list->start + rest);
}

bool envelope_refuse_memory(const struct arena *arena, const struct http_answer *http,
                            struct refusal *refusal)
{
    if (!arena->exceeded)
        return refuse(refusal, RETRY_BACK_OFF,
                      "not enough memory to read the answer; asking again");
    return refuse(refusal, RETRY_SLOWLY,
                  "the answer of %zu bytes takes far more memory to read than one of Prometheus's "
                  "own does; check what url points to",
                  http->length);
}

/* The outer object; NULL when the body is none, and then `refusal` says why. */
static const cJSON *read_object(const struct http_answer *http, struct arena *arena,
                                struct json_list *list, struct refusal *refusal)
{
    arena_reset(arena, ENVELOPE_BYTES);
    enum json_flaw flaw =
        http->length == 0 ? JSON_ENDS_EARLY : json_flaw(http->body, http->length, list);
    const cJSON *root = flaw == JSON_NO_FLAW ? parse_outside(http, arena, list) : NULL;
    if (cJSON_IsObject(root))
        return root;
    if (arena->exceeded)
        envelope_refuse_memory(arena, http, refusal);
    else
        refuse_body(http, json_flaw_words(flaw), refusal);
    return NULL;
}

/*
 * Prometheus's annotations stand among the warnings (before 3.0), as remarks about the query
 * (prometheus util/annotations); whatever else warns, warns of series that are missing: a store
 * that did not answer, a limit, a truncated result.
 */
static void read_warnings(const struct http_answer *http, const cJSON *warnings,
                          struct envelope *envelope)
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
            envelope->note = envelope->note == NULL ? words_of(http, words) : envelope->note;
            continue;
        }
        envelope->partial = true;
        envelope->warning = envelope->warning == NULL ? words_of(http, words) : envelope->warning;
    }
}

/* A server that says so in other words than true has said it all the same. */
static bool says_partial(const cJSON *word)
{
    return word != NULL && !cJSON_IsFalse(word) && !cJSON_IsNull(word);
}

static bool read_data(const struct http_answer *http, const cJSON *root, struct envelope *envelope,
                      struct refusal *refusal)
{
    bool twice = false;
    const cJSON *data = member(root, "data", &twice);
    envelope->type = string_of(member(data, "resultType", &twice));
    const cJSON *result = member(data, "result", &twice);
    envelope->partial = says_partial(member(root, "isPartial", &twice));
    read_warnings(http, member(root, "warnings", &twice), envelope);
    if (twice)
        return refuse(refusal, RETRY_BACK_OFF,
                      "malformed JSON: a key is there twice; asking again");
    if (envelope->type == NULL && cJSON_IsObject(data) && result != NULL)
        return refuse(refusal, RETRY_SLOWLY,
                      "the response does not say its resultType; check what url points to");
    envelope->is_list = cJSON_IsArray(result);
    const bool hidden = envelope->is_list && !json_has_list(&envelope->list);
    if (envelope->type == NULL || result == NULL || cJSON_IsNull(result) || hidden)
        return refuse(refusal, RETRY_BACK_OFF,
                      "no result in response; check that url points to Prometheus");
    return true;
}

/* A server's own words on what is wrong: Prometheus's "error", or that of others who put an object
   there (Google's APIs) or a Status in its place (Kubernetes). */
static const char *reported_words(const cJSON *root)
{
    bool twice = false;
    const cJSON *error = member(root, "error", &twice);
    const char *words = string_of(error);
    if (words != NULL)
        return words;
    return string_of(member(first_member(error) != NULL ? error : root, "message", &twice));
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
    const cJSON *root = read_object(http, arena, &envelope->list, refusal);
    const char *status = string_of(member(root, "status", &twice));
    struct reported reported = {string_of(member(root, "errorType", &twice)), reported_words(root)};
    member(root, "error", &twice);
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
    return read_data(http, root, envelope, refusal);
}

/* Whoever refuses is named: it may be a proxy, or the wrong port. */
static void name_refuser(const struct http_answer *http, struct refusal *refusal)
{
    if (http->from[0] != '\0')
        error_prefix(&refusal->error, "%s", http->from);
}

bool envelope_open(struct envelope *envelope, const struct http_answer *http, struct arena *arena,
                   struct refusal *refusal)
{
    *envelope = (struct envelope){.http = http};
    if (judge(http, arena, envelope, refusal)) {
        assert(envelope->type != NULL);
        envelope->at = envelope->list.start;
        return true;
    }
    name_refuser(http, refusal);
    return false;
}

/* Reads [time, "value"]; a sample that is anything else leaves `value` NULL. */
static void read_sample(const cJSON *sample, struct series *series)
{
    const cJSON *time = first_of(sample);
    const cJSON *value = time == NULL ? NULL : time->next;
    if (value == NULL || value->next != NULL || !cJSON_IsNumber(time) || !cJSON_IsString(value) ||
        !(time->valuedouble >= 0.0005 && time->valuedouble < 1e12)) /* none of this world [N2] */
        return;
    series->eval_ms = (int64_t)(time->valuedouble * 1000 + 0.5);
    series->value = value->valuestring;
}

static bool read_labels(const cJSON *metric, struct series *series)
{
    for (const cJSON *label = first_member(metric); label != NULL; label = label->next)
        if (!cJSON_IsString(label) || !series_add(series, label->string, label->valuestring))
            return false;
    return true;
}

/* False when its labels cannot be read, or which of two are its own. A sample that cannot be used
   leaves `value` NULL. */
static bool read_series(const cJSON *item, struct series *series)
{
    bool twice = false;
    const cJSON *metric = member(item, "metric", &twice);
    const cJSON *sample = member(item, "value", &twice);
    const bool histogram = member(item, "histogram", &twice) != NULL;
    series_clear(series);
    if (twice || !cJSON_IsObject(metric) || !read_labels(metric, series))
        return false;
    if (!histogram)
        read_sample(sample, series);
    return true;
}

/* Why a part of the result is none; returns false. */
static bool refuse_part(const struct envelope *envelope, const struct arena *scratch,
                        struct refusal *refusal)
{
    if (scratch->exceeded)
        envelope_refuse_memory(scratch, envelope->http, refusal);
    else
        refuse_body(envelope->http, json_flaw_words(JSON_NO_FLAW), refusal);
    name_refuser(envelope->http, refusal);
    return false;
}

/* Passes over what stands behind an element: a comma and an element more, or the list's end. */
static bool go_on(struct envelope *envelope, size_t at)
{
    const struct json_list *list = &envelope->list;
    at = json_skip_space(envelope->http->body, at, list->end);
    envelope->at = at + 1;
    envelope->read++;
    return at == list->end ? envelope->read == list->count
                           : envelope->http->body[at] == ',' && envelope->read < list->count;
}

enum envelope_part envelope_next(struct envelope *envelope, struct arena *scratch,
                                 struct series *series, struct refusal *refusal)
{
    const struct json_list *list = &envelope->list;
    if (envelope->read == list->count)
        return ENVELOPE_END;
    size_t length;
    const size_t at = json_skip_space(envelope->http->body, envelope->at, list->end);
    arena_reset(scratch, SERIES_BYTES);
    const cJSON *item = parse(scratch, envelope->http->body + at, list->end - at, &length);
    if (item == NULL || !go_on(envelope, at + length)) {
        refuse_part(envelope, scratch, refusal);
        return ENVELOPE_REFUSED;
    }
    if (read_series(item, series))
        return ENVELOPE_SERIES;
    refuse(refusal, RETRY_BACK_OFF,
           "malformed JSON: a series has no labels that can be read, or a key twice; asking again");
    return ENVELOPE_REFUSED;
}

bool envelope_scalar(const struct envelope *envelope, struct arena *scratch, struct series *series,
                     struct refusal *refusal)
{
    const size_t start = envelope->list.start - 1; /* with its brackets */
    arena_reset(scratch, SERIES_BYTES);
    const cJSON *sample =
        parse_whole(scratch, envelope->http->body + start, envelope->list.end + 1 - start);
    series_clear(series);
    if (sample == NULL)
        return refuse_part(envelope, scratch, refusal);
    read_sample(sample, series);
    return true;
}

bool envelope_members(const struct http_answer *http, const char *const names[],
                      struct text values[], size_t count)
{
    struct arena arena = {0};
    struct refusal refusal;
    bool twice = false;
    struct json_list list;
    const cJSON *root = read_object(http, &arena, &list, &refusal);
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
