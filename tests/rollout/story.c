#include "rollout/story.h"

#include "base/hash.h"
#include "rollout/expected_states.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_SIZE 64
#define SOURCES_MAX 4

static _Noreturn void nonsense(const char *text)
{
    fprintf(stderr, "not understood: '%s'\n", text);
    abort();
}

static bool is_end(char c)
{
    return c == '\0' || c == ';' || c == '&' || c == '=';
}

/* The next word before the end of this part; false when there is none. */
static bool take_word(const char **at, char word[static WORD_SIZE])
{
    size_t length = 0;
    while (**at == ' ')
        (*at)++;
    while (**at != ' ' && !is_end(**at) && length < WORD_SIZE - 1)
        word[length++] = *(*at)++;
    word[length] = '\0';
    return length > 0;
}

static int64_t take_number(const char **at, char separator)
{
    char *end;
    while (**at == ' ')
        (*at)++;
    int64_t number = ROW_MISSING;
    if (**at == '?') {
        (*at)++;
    } else {
        number = strtoll(*at, &end, 10);
        if (end == *at)
            nonsense(*at);
        *at = end;
    }
    if (separator != '\0' && *(*at)++ != separator)
        nonsense(*at - 1);
    return number;
}

static bool take_reason(struct row *row, const char *word)
{
    static const struct {
        const char *word;
        enum progress_reason reason;
        enum condition_status status;
    } reasons[] = {
        {"N", REASON_NEW_REPLICA_SET_AVAILABLE, CONDITION_TRUE},
        {"U", REASON_REPLICA_SET_UPDATED, CONDITION_TRUE},
        {"C", REASON_NEW_REPLICA_SET_CREATED, CONDITION_TRUE},
        {"F", REASON_FOUND_NEW_REPLICA_SET, CONDITION_TRUE},
        {"D", REASON_PROGRESS_DEADLINE_EXCEEDED, CONDITION_FALSE},
        {"Z", REASON_DEPLOYMENT_PAUSED, CONDITION_UNKNOWN},
        {"R", REASON_DEPLOYMENT_RESUMED, CONDITION_UNKNOWN},
        {"E", REASON_REPLICA_SET_CREATE_ERROR, CONDITION_FALSE},
        {"O", REASON_OTHER, CONDITION_TRUE},
        {"-true", REASON_NONE, CONDITION_TRUE},
        {"-false", REASON_NONE, CONDITION_FALSE},
        {"-unknown", REASON_NONE, CONDITION_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strcmp(reasons[i].word, word) != 0)
            continue;
        row->progressing = reasons[i].status;
        if (reasons[i].reason != REASON_NONE)
            row->reason = reasons[i].reason;
        return true;
    }
    return false;
}

static bool take_revisions(struct row *row, const char *word)
{
    const char *arrow = strchr(word, '>');
    char current[WORD_SIZE];
    if (arrow == NULL)
        return false;
    snprintf(current, sizeof current, "%.*s", (int)(arrow - word), word);
    row->current_revision = hash_of(current);
    row->update_revision = hash_of(arrow + 1);
    return true;
}

static void take_detail(struct row *row, const char *word)
{
    if (take_reason(row, word) || take_revisions(row, word))
        return;
    if (strcmp(word, "RF") == 0)
        row->replica_failure = true;
    else if (strcmp(word, "paused") == 0)
        row->paused = 1;
    else if (strcmp(word, "deleting") == 0)
        row->deleting = true;
    else if (strncmp(word, "cur", 3) == 0)
        row->current = strtoll(word + 3, NULL, 10);
    else if (word[0] == 'c')
        row->created = strtoll(word + 1, NULL, 10);
    else if (word[0] == '@')
        row->sample_ms = STORY_ZERO_MS + (int64_t)(strtod(word + 1, NULL) * 1000.0);
    else if (word[0] == '~')
        row->terminating = strtoll(word + 1, NULL, 10);
    else
        nonsense(word);
}

static void take_counts(struct row *row, const char **at)
{
    char word[WORD_SIZE];
    if (row->key.kind == KIND_ROLLOUT) {
        if (!take_word(at, word))
            nonsense(*at);
        row->phase = rollout_phase_of(word);
        row->spec = take_number(at, '\0');
        row->updated = take_number(at, '/');
        row->available = take_number(at, '/');
        row->unavailable = take_number(at, '\0');
        return;
    }
    row->generation = take_number(at, '/');
    row->observed = take_number(at, '\0');
    row->spec = take_number(at, '\0');
    row->replicas = take_number(at, '/');
    row->updated = take_number(at, '/');
    row->ready = take_number(at, '/');
    row->available = take_number(at, '\0');
}

static struct row take_row(enum workload_kind kind, int64_t t_ms, const char **at)
{
    char word[WORD_SIZE];
    struct row row = {.key = {.kind = kind, .cluster = "", .namespace_ = "shop", .name = "web"},
                      .sample_ms = t_ms,
                      .created = ROW_MISSING,
                      .generation = ROW_MISSING,
                      .observed = ROW_MISSING,
                      .replicas = ROW_MISSING,
                      .ready = ROW_MISSING,
                      .current = ROW_MISSING,
                      .unavailable = ROW_MISSING,
                      .terminating = ROW_MISSING,
                      .paused = ROW_MISSING};
    take_counts(&row, at);
    while (take_word(at, word))
        take_detail(&row, word);
    return row;
}

struct row story_row(enum workload_kind kind, int64_t t_ms, const char *text)
{
    return take_row(kind, t_ms, &text);
}

static void take_rows(struct sight *sight, struct row rows[static SOURCES_MAX],
                      enum workload_kind kind, const char **at)
{
    sight->kind = SIGHT_ROWS;
    sight->rows = rows;
    for (;;) {
        if (sight->count == SOURCES_MAX)
            nonsense(*at);
        rows[sight->count] = take_row(kind, sight->eval_ms, at);
        rows[sight->count].source = sight->count;
        sight->count++;
        if (**at != '&') {
            rows[0].source_id = sight->count == 1 ? 1 : 0; /* of several it is not said */
            return;
        }
        (*at)++;
    }
}

static void take_sight(struct sight *sight, struct row rows[static SOURCES_MAX],
                       enum workload_kind kind, const char **at)
{
    static const struct {
        const char *word;
        enum sight_kind kind;
    } words[] = {{"fetch", SIGHT_FETCH_FAILED},
                 {"absent", SIGHT_ABSENT},
                 {"nodata", SIGHT_NO_DATA},
                 {"partial", SIGHT_PARTIAL}};
    char word[WORD_SIZE];
    const char *ahead = *at;
    take_word(&ahead, word);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].word, word) != 0)
            continue;
        sight->kind = words[i].kind;
        *at = ahead;
        return;
    }
    take_rows(sight, rows, kind, at);
}

static enum state state_of(const char *word)
{
    for (enum state state = 0; state < STATE_COUNT; state++)
        if (strcmp(expected_of(state)->letters, word) == 0)
            return state;
    nonsense(word);
}

/* One word after the state: p, calm, alarm, or why. */
static bool holds(const struct verdict *verdict, const char *word)
{
    char *end;
    double p = strtod(word, &end);
    if (*end == '\0')
        return fabs(p - verdict->p) < 1e-4;
    if (strcmp(word, "calm") == 0 || strcmp(word, "alarm") == 0)
        return verdict->calm == (word[0] == 'c');
    return strcmp(word, why_name(verdict->why)) == 0;
}

/* Compares with "STATE [p] [why] [calm]". */
static bool is_expected(const struct verdict *verdict, const char **at)
{
    char word[WORD_SIZE] = "";
    take_word(at, word);
    bool fine = verdict->state == state_of(word);
    while (take_word(at, word))
        fine = holds(verdict, word) && fine;
    bool has_none = verdict->state == STATE_UNKNOWN || verdict->state == STATE_SCALED_TO_ZERO;
    return fine && has_none == (isnan(verdict->p) != 0);
}

static void skip(const char **at, const char *text)
{
    while (**at == ' ')
        (*at)++;
    if (strncmp(*at, text, strlen(text)) != 0)
        nonsense(*at);
    *at += strlen(text);
}

static bool take_key(const char **at, const char *key)
{
    *at += strspn(*at, " ");
    if (strncmp(*at, key, strlen(key)) != 0)
        return false;
    *at += strlen(key);
    return true;
}

/* "partition 3;", "OnDelete;" or "stall_after 60;", as they stand before a step. */
static void take_limits(struct limits *limits, const char **at)
{
    const struct {
        const char *word;
        int64_t *limit, unit;
    } words[] = {{"partition ", &limits->partition, 1},
                 {"stall_after ", &limits->stall_after_ms, 1000},
                 {"max_age ", &limits->max_age_ms, 1000},
                 {"hold_after ", &limits->hold_after_ms, 1000},
                 {"degraded_after ", &limits->degraded_after_ms, 1000}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (take_key(at, words[i].word))
            *words[i].limit = take_number(at, ';') * words[i].unit;
    if (take_key(at, "OnDelete;"))
        limits->on_delete = true;
    if (take_key(at, "RollingUpdate;"))
        limits->on_delete = false;
}

bool story_holds(const struct story *story)
{
    struct workload_memory memory = {0};
    const char *at = story->steps;
    struct limits limits = limits_default;
    take_limits(&limits, &at);
    for (;;) {
        const struct limits before = limits;
        const char *step = at;
        take_limits(&limits, &at);
        if (!limits_same(&before, &limits))
            workload_relimit(&memory, &before, &limits);
        struct row rows[SOURCES_MAX];
        struct sight sight = {.eval_ms = STORY_ZERO_MS + take_number(&at, ':') * 1000,
                              .witness_ms = ROW_MISSING};
        sight.now_ms = sight.eval_ms;
        take_sight(&sight, rows, story->kind, &at);
        skip(&at, "=>");
        struct verdict verdict = workload_judge(&memory, &limits, &sight);
        if (!is_expected(&verdict, &at)) {
            fprintf(stderr, "%s\n    at%.*s\n    got %s %.6f %s\n", story->sentence,
                    (int)(at - step), step, state_name(verdict.state), verdict.p,
                    why_name(verdict.why));
            return false;
        }
        if (*at == '\0')
            return true;
        skip(&at, ";");
    }
}
