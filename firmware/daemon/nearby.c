#include "daemon/nearby.h"

#include "prometheus/answer/response.h"
#include "prometheus/promql/survey.h"

#include <string.h>

bool nearby_open(struct nearby *nearby, const struct config *config, struct rollout rollouts[])
{
    *nearby =
        (struct nearby){.config = config, .rollouts = rollouts, .subject = config->rollout_count};
    for (size_t i = 0; i < config->rollout_count; i++)
        nearby->due_ms[i] = INT64_MIN;
    nearby->rows = rows_new();
    return nearby->rows != NULL;
}

void nearby_close(struct nearby *nearby)
{
    rows_free(nearby->rows);
    text_free(&nearby->query);
}

bool nearby_busy(const struct nearby *nearby)
{
    return nearby->subject < nearby->config->rollout_count;
}

/* The rollout that is due first of those of which something is missed; their count: none is. */
static size_t next_subject(const struct nearby *nearby)
{
    const size_t count = nearby->config->rollout_count;
    size_t first = count;
    for (size_t i = 0; i < count; i++)
        if (rollout_is_missed(&nearby->rollouts[i]) &&
            (first == count || nearby->due_ms[i] < nearby->due_ms[first]))
            first = i;
    return first;
}

int64_t nearby_due_ms(const struct nearby *nearby)
{
    const size_t next = next_subject(nearby);
    const bool rests = nearby_busy(nearby) || next == nearby->config->rollout_count;
    return rests ? INT64_MAX : nearby->due_ms[next];
}

bool nearby_is_new(const struct nearby *nearby)
{
    const size_t next = next_subject(nearby);
    return next < nearby->config->rollout_count && nearby->due_ms[next] == INT64_MIN;
}

void nearby_give_up(struct nearby *nearby)
{
    nearby->subject = nearby->config->rollout_count;
    nearby->wide = false;
    rows_rest(nearby->rows);
}

/* NULL, and given up: there is no memory for it. */
static const char *write_query(struct nearby *nearby)
{
    const struct query_terms terms = config_terms(nearby->config);
    const struct rollout_settings *settings = &nearby->config->rollouts[nearby->subject];
    const struct selection selection = {.kinds = KINDS_ALL,
                                        .namespace_ = settings->namespace_,
                                        .cluster = settings->cluster[0] != '\0' ? settings->cluster
                                                                                : NULL};
    struct error error;
    bool good = nearby->wide
                    ? survey_namespaces(&nearby->query, &terms, NEARBY_MOST, &error)
                    : survey_names(&nearby->query, &terms, &selection, NEARBY_MOST, &error);
    if (good)
        return nearby->query.data;
    nearby_give_up(nearby);
    return NULL;
}

const char *nearby_ask(struct nearby *nearby, int64_t now_ms)
{
    if (nearby_due_ms(nearby) > now_ms)
        return NULL;
    nearby->subject = next_subject(nearby);
    nearby->wide = false;
    nearby->due_ms[nearby->subject] = now_ms + NEARBY_AGAIN_MS;
    return write_query(nearby);
}

/* What the answer says of the rollout is its hint. */
static void hint(struct nearby *nearby, const struct answer *answer)
{
    struct rollout *rollout = &nearby->rollouts[nearby->subject];
    struct text words = {0};
    nearby_words(nearby->config, &nearby->config->rollouts[nearby->subject], nearby->wide, answer,
                 &words);
    if (!words.failed && rollout_is_missed(rollout))
        rollout_hint(rollout, words.length > 0 ? words.data : "");
    text_free(&words);
}

const char *nearby_take(struct nearby *nearby, const struct http_answer *http)
{
    const struct prometheus_settings *settings = &nearby->config->prometheus;
    const struct asked asked = {.namespace_ = settings->namespace_label,
                                .labels = config_terms(nearby->config).labels,
                                .cluster = settings->cluster_label,
                                .selections = 1};
    struct answer answer;
    struct refusal refusal;
    bool good = response_workloads(http, &asked, nearby->rows, &answer, &refusal);
    if (good && !nearby->wide && answer.count == 0) {
        nearby->wide = true;
        return write_query(nearby);
    }
    if (good)
        hint(nearby, &answer);
    nearby_give_up(nearby);
    return NULL;
}
