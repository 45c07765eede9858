/* What a server's survey says of the rows that it has (prometheus/promql/survey.h). */
#include "law/survey.h"

#include "evidence/whole.h"

#include <string.h>

static bool serves(const struct row *row)
{
    return row->updated >= row->spec && row->available >= row->spec;
}

static bool is_seen(const struct row *row)
{
    return row->observed >= row->generation;
}

/* As DEPLOYMENT_SETTLED and its siblings have it in PromQL (evidence/kinds.h). */
static bool is_settled(const struct row *row)
{
    switch (row->key.kind) {
    case KIND_DEPLOYMENT:
        return is_seen(row) && serves(row) && row->updated == row->spec &&
               row->replicas == row->spec && row->progressing != CONDITION_FALSE;
    case KIND_STATEFULSET:
        return is_seen(row) && serves(row) && row->replicas == row->spec && row->ready >= row->spec;
    case KIND_DAEMONSET:
        return is_seen(row) && serves(row) && row->replicas == row->spec;
    case KIND_ROLLOUT:
        return serves(row) && row->phase == PHASE_COMPLETED &&
               !(row->spec == 0 && row->available + row->unavailable > 0);
    case KIND_COUNT:
        break;
    }
    return false;
}

void survey_of_answer(const struct world_answer *answer, struct survey *survey,
                      struct listed_workloads *listed)
{
    listed->count = 0;
    *survey = survey_empty();
    survey->eval_ms = answer->eval_ms;
    survey->partial = answer->partial;
    for (size_t i = 0; i < answer->count; i++) {
        const struct row *row = &answer->rows[i];
        const enum workload_kind kind = row->key.kind;
        struct source_count *place = whole_place(&survey->counted, row->source_id, kind);
        const bool settled = is_settled(row);
        place->rows++;
        place->settled += settled;
        place->unsettled += !settled;
        survey->total[kind] += row->source == 0;
        survey->timed |= KIND_BIT(kind);
        if (survey->oldest_ms == ROW_MISSING || row->sample_ms < survey->oldest_ms)
            survey->oldest_ms = row->sample_ms;
        if (settled)
            continue;
        survey->listed++;
        listed->list[listed->count++] =
            (struct listed){.key = row->key, .source_id = row->source_id};
    }
}
