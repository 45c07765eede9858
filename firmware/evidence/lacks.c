#include "evidence/lacks.h"

#include <stdio.h>
#include <string.h>

static bool is_missing(const struct row *row, const struct metric *metric)
{
    const char *field = (const char *)row + metric->field;
    switch (metric->meaning) {
    case MEANS_CONDITION: /* a new one has none yet */
        return row->progressing == CONDITION_ABSENT && row->observed != 0;
    case MEANS_REVISION:
        return *(const uint64_t *)(const void *)field == 0;
    case MEANS_PHASE:
        return row->phase == PHASE_NONE;
    case MEANS_COUNT:
    case MEANS_PODS:
        return *(const int64_t *)(const void *)field < 0;
    case MEANS_NOTHING:
    case MEANS_SAMPLE_TIME:
    case MEANS_DELETING:
        break;
    }
    return false;
}

unsigned lacks_of_row(const struct row *row)
{
    const struct kind_metrics *of = kind_metrics(row->key.kind);
    unsigned lacks = 0;
    for (size_t i = 0; i < of->count; i++)
        if (of->metrics[i].cost != NULL && is_missing(row, &of->metrics[i]))
            lacks |= 1u << i;
    return lacks;
}

unsigned lacks_needed(enum workload_kind kind, unsigned lacks)
{
    for (size_t i = 0; i < kind_metrics(kind)->count; i++)
        if (!kind_metrics(kind)->metrics[i].needed)
            lacks &= ~(1u << i);
    return lacks;
}

size_t lacks_list(enum workload_kind kind, unsigned lacks,
                  const struct metric *list[static METRICS_MAX])
{
    const unsigned needed = lacks_needed(kind, lacks), sets[] = {needed, lacks & ~needed};
    size_t count = 0;
    for (size_t set = 0; set < 2; set++)
        for (size_t i = 0; i < kind_metrics(kind)->count; i++)
            if ((sets[set] & 1u << i) != 0 && kind_metrics(kind)->metrics[i].cost != NULL)
                list[count++] = &kind_metrics(kind)->metrics[i];
    return count;
}

struct lacks lacks_begin(void)
{
    struct lacks lacks = {.rows = {0}};
    for (size_t kind = 0; kind < KIND_COUNT; kind++)
        lacks.shared[kind] = LACKS_ALL;
    return lacks;
}

void lacks_note(struct lacks *lacks, const struct row *row)
{
    lacks->rows[row->key.kind]++;
    lacks->shared[row->key.kind] &= lacks_of_row(row);
}

/* Which of those that are not needed mislead. A Deployment without a progress deadline has no
   condition Progressing either, so that is all that can be said of it. */
static const struct {
    const char *metric, *words;
} misleading[] = {
    {"kube_deployment_status_condition", "no Deployment shows the condition Progressing"},
    {"kube_deployment_spec_paused", "no Deployment shows whether it is paused"},
};

bool lacks_remark(const struct lacks *lacks, char *out, size_t size)
{
    const struct metric *list[METRICS_MAX];
    const size_t count = lacks->rows[KIND_DEPLOYMENT] == 0
                             ? 0
                             : lacks_list(KIND_DEPLOYMENT, lacks->shared[KIND_DEPLOYMENT], list);
    for (size_t i = 0; i < sizeof misleading / sizeof misleading[0]; i++)
        for (size_t at = 0; at < count; at++)
            if (strcmp(list[at]->name, misleading[i].metric) == 0) {
                snprintf(out, size, "%s: %s; is %s in the keep list of the scrape?",
                         misleading[i].words, list[at]->cost, list[at]->name);
                return true;
            }
    return false;
}
