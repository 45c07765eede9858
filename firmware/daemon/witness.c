#include "daemon/witness.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* From the one that people know to the one that nothing else can have. */
enum naming { NAMED_BY_INSTANCE, NAMED_BY_LABELS, NAMED_BY_ID };

static void write_name(const struct source_ledger *ledger, size_t place, enum naming naming,
                       char out[static SOURCE_TEXT_SIZE])
{
    const struct source_record *record = &ledger->records[place];
    char instance[SOURCE_NAME_SIZE];
    source_name(record, instance);
    if (naming == NAMED_BY_INSTANCE)
        text_copy(out, SOURCE_TEXT_SIZE, instance);
    else if (naming == NAMED_BY_LABELS)
        text_printable(out, SOURCE_TEXT_SIZE, record->text);
    else
        snprintf(out, SOURCE_TEXT_SIZE, "%016" PRIx64, ledger->ids[place]);
}

/* Can `text` give that name? Only where something was replaced (text_printable()) is it not in
   there as it stands. To see that is much cheaper than to write the name. */
static bool may_give(const char *text, const char *name)
{
    return strchr(name, '?') != NULL || strstr(text, name) != NULL;
}

/* Has another source of its kind the same name? Nothing is no name. */
static bool is_shared(const struct source_ledger *ledger, size_t place, enum naming naming,
                      const char *name)
{
    char other[SOURCE_TEXT_SIZE];
    if (name[0] == '\0')
        return true;
    for (size_t i = 0; i < SOURCES_MAX; i++) {
        const struct source_record *each = &ledger->records[i];
        if (ledger->ids[i] == 0 || i == place || each->kind != ledger->records[place].kind)
            continue;
        if (naming != NAMED_BY_ID && !may_give(each->text, name))
            continue;
        write_name(ledger, i, naming, other);
        if (strcmp(other, name) == 0)
            return true;
    }
    return false;
}

static bool is_missed(const struct model *model, uint64_t id)
{
    for (size_t i = 0; i < model->count; i++) {
        const struct rollout *rollout = &model->rollouts[i];
        if (rollout->counts.doubt == DOUBT_SOURCE_GONE && rollout->counts.source == id)
            return true;
        for (size_t k = 0; k < rollout->count && !rollout->is_query; k++) {
            const struct workload *member = &rollout->workloads[k];
            if (member->verdict.why == WHY_SOURCE_GONE &&
                proof_missed_source(&member->memory.proof) == id)
                return true;
        }
    }
    return false;
}

static double newest_s(const struct evidence_clock *clock, const struct source_record *record,
                       int64_t now_ms)
{
    if (!clock->known || record->newest_ms == ROW_MISSING)
        return (double)NAN;
    const int64_t theirs_ms = clock->highest_ms + (now_ms - clock->seen_ms);
    return theirs_ms > record->newest_ms ? (double)(theirs_ms - record->newest_ms) / 1000 : 0;
}

bool witness_at(const struct model *model, size_t place, int64_t now_ms, struct witness *witness)
{
    const struct source_ledger *ledger = &model->evidence->ledger;
    const struct source_record *record = &ledger->records[place];
    if (ledger->ids[place] == 0)
        return false;
    *witness = (struct witness){
        .kind = record->kind,
        .present = record->present,
        .missed = !record->present && is_missed(model, ledger->ids[place]),
        .last_ms = record->last_ms,
        .newest_s = newest_s(&model->evidence->clock, record, now_ms),
    };
    enum naming naming = NAMED_BY_INSTANCE;
    write_name(ledger, place, naming, witness->name);
    while (naming < NAMED_BY_ID && is_shared(ledger, place, naming, witness->name))
        write_name(ledger, place, ++naming, witness->name);
    return true;
}
