#include "evidence/source.h"

#include "base/text.h"
#include "evidence/kin.h"

#include <string.h>

/* An exporter and its successor overlap, or miss each other, for no longer: a slow start, a drain.
 */
#define SUCCESSION_MS (10 * 60 * 1000)

uint64_t source_id(uint64_t labels_hash, enum workload_kind kind)
{
    uint64_t id = (labels_hash ^ ((uint64_t)kind + 1)) * UINT64_C(0x9E3779B97F4A7C15);
    return id != 0 ? id : 1;
}

/* Its place; SOURCES_MAX: it has none. */
static size_t place_of(const struct source_ledger *ledger, uint64_t id)
{
    size_t i = 0;
    while (i < SOURCES_MAX && ledger->ids[i] != id)
        i++;
    return i;
}

static struct source_record *find(struct source_ledger *ledger, uint64_t id)
{
    const size_t place = ledger != NULL && id != 0 ? place_of(ledger, id) : SOURCES_MAX;
    return place < SOURCES_MAX ? &ledger->records[place] : NULL;
}

const struct source_record *source_find(const struct source_ledger *ledger, uint64_t id)
{
    const size_t place = ledger != NULL && id != 0 ? place_of(ledger, id) : SOURCES_MAX;
    return place < SOURCES_MAX ? &ledger->records[place] : NULL;
}

/* A free place, or that of the source that was not seen for longest, if it was long. */
static struct source_record *make_room(struct source_ledger *ledger, int64_t sent_ms)
{
    struct source_record *oldest = NULL;
    for (size_t i = 0; i < SOURCES_MAX; i++) {
        struct source_record *record = &ledger->records[i];
        if (ledger->ids[i] == 0)
            return record;
        if (!record->present && (oldest == NULL || record->last_ms < oldest->last_ms))
            oldest = record;
    }
    return oldest != NULL && sent_ms - oldest->last_ms > SUCCESSION_MS ? oldest : NULL;
}

/* Before room is made for new ones: those of the answer that are known keep their places. */
static void keep_places(struct source_ledger *ledger, const struct source_seen seen[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct source_record *record = find(ledger, seen[i].id);
        if (record != NULL)
            record->present = true;
    }
}

static void note_seen(struct source_ledger *ledger, const struct source_seen *seen, int64_t sent_ms)
{
    struct source_record *record = find(ledger, seen->id);
    if (record == NULL) {
        record = make_room(ledger, sent_ms);
        if (record == NULL)
            return;
        *record = (struct source_record){.kind = seen->kind,
                                         .cluster = seen->cluster,
                                         .first_ms = sent_ms,
                                         .newest_ms = ROW_MISSING};
        ledger->ids[record - ledger->records] = seen->id;
        if (seen->text == NULL || !text_copy(record->text, sizeof record->text, seen->text))
            record->text[0] = '\0';
    }
    record->present = true;
    record->last_ms = sent_ms;
    if (seen->newest_ms > record->newest_ms) {
        record->newest_ms = seen->newest_ms;
        record->step_ms = record->next_step_ms;
        record->next_step_ms = 0;
    }
}

void source_note_step(struct source_ledger *ledger, uint64_t id, int64_t before_ms,
                      int64_t sample_ms)
{
    struct source_record *record = find(ledger, id);
    if (record != NULL && sample_ms - before_ms > record->next_step_ms)
        record->next_step_ms = sample_ms - before_ms;
}

static const struct source_seen *seen_by_canary(const struct answer *answer, uint64_t id)
{
    for (size_t i = 0; id != 0 && i < answer->witness_count; i++)
        if (answer->witnesses[i].id == id)
            return &answer->witnesses[i];
    return NULL;
}

const struct source_seen *source_seen(const struct answer *answer, uint64_t id)
{
    for (size_t i = 0; id != 0 && i < answer->source_count; i++)
        if (answer->sources[i].id == id)
            return &answer->sources[i];
    return seen_by_canary(answer, id);
}

const struct source_seen *source_witness(const struct answer *answer, uint64_t id)
{
    return answer->surveys != NULL ? seen_by_canary(answer, id) : source_seen(answer, id);
}

int64_t source_step_ms(const struct source_ledger *ledger, uint64_t id)
{
    const struct source_record *record = source_find(ledger, id);
    if (record == NULL)
        return 0;
    return record->step_ms > record->next_step_ms ? record->step_ms : record->next_step_ms;
}

bool source_leaves_behind(const struct answer *answer, const struct row *row, int64_t step_ms)
{
    const struct source_seen *seen = source_seen(answer, row->source_id);
    return seen != NULL && row->sample_ms >= 0 && step_ms > 0 &&
           row->sample_ms < seen->newest_ms - step_ms - step_ms / 2; /* [W2 left] */
}

/* What a survey counts is there, though no row of this answer is of it. */
static void note_counted(struct source_ledger *ledger, const struct counted *counted,
                         int64_t sent_ms)
{
    for (size_t i = 0; i < counted->count; i++) {
        struct source_record *record = find(ledger, counted->list[i].id);
        if (record == NULL || counted->list[i].rows <= 0)
            continue;
        record->present = true;
        record->last_ms = sent_ms;
    }
}

void source_note(struct answer *answer)
{
    struct source_ledger *ledger = answer->ledger;
    if (ledger == NULL)
        return;
    for (size_t i = 0; !answer->partial && i < SOURCES_MAX; i++)
        if (ledger->ids[i] != 0) /* memory that nobody needs is left alone */
            ledger->records[i].present = false;
    keep_places(ledger, answer->sources, answer->source_count);
    keep_places(ledger, answer->witnesses, answer->witness_count);
    for (size_t i = 0; i < answer->source_count; i++)
        note_seen(ledger, &answer->sources[i], answer->sent_ms);
    for (size_t i = 0; i < answer->witness_count; i++)
        note_seen(ledger, &answer->witnesses[i], answer->sent_ms);
    for (size_t i = 0; i < answer->survey_count; i++)
        note_counted(ledger, &answer->surveys[i].counted, answer->sent_ms);
    for (size_t i = 0; i < answer->count; i++) {
        struct row *row = &answer->rows[i];
        const int64_t step_ms = source_step_ms(ledger, row->source_id);
        row->left_behind = source_leaves_behind(answer, row, step_ms);
    }
}

bool source_succeeds(const struct source_ledger *ledger, uint64_t heir, uint64_t gone)
{
    const struct source_record *new = source_find(ledger, heir);
    const struct source_record *old = source_find(ledger, gone);
    if (new == NULL || old == NULL || old->present)
        return false;
    const int64_t apart_ms = new->first_ms - old->last_ms;
    const bool near = apart_ms <= SUCCESSION_MS && apart_ms >= -SUCCESSION_MS;
    const bool akin = kin_is_heir(new->text, old->text) && new->cluster == old->cluster;
    return new->first_ms > old->first_ms &&near &&akin;
}

static void miss_workload(struct missed_sources *missed, const struct missed_key *key)
{
    if (missed->key_count < MISSED_KEYS_MAX)
        missed->keys[missed->key_count++] = *key;
}

bool source_miss(struct missed_sources *missed, const struct answer *answer, uint64_t id,
                 const struct missed_key *key)
{
    if (source_witness(answer, id) != NULL)
        return false;
    bool asked = missed->count == WITNESSES_MAX;
    for (size_t i = 0; i < missed->count && !asked; i++)
        asked = missed->ids[i] == id;
    if (!asked)
        missed->ids[missed->count++] = id;
    if (key != NULL)
        miss_workload(missed, key);
    return true;
}

void source_name(const struct source_record *record, char out[static SOURCE_NAME_SIZE])
{
    static const char label[] = "instance=\"";
    out[0] = '\0';
    if (record == NULL)
        return;
    const char *at = strstr(record->text, label);
    while (at != NULL && at != record->text && at[-1] != ',') /* of exported_instance */
        at = strstr(at + 1, label);
    if (at == NULL) {
        text_printable(out, SOURCE_NAME_SIZE, record->text);
        return;
    }
    at += sizeof label - 1;
    char instance[SOURCE_NAME_SIZE];
    size_t length = strcspn(at, "\"");
    if (length >= sizeof instance)
        length = sizeof instance - 1;
    memcpy(instance, at, length);
    instance[length] = '\0';
    text_printable(out, SOURCE_NAME_SIZE, instance);
}
