/* What the store of a world answers. */
#include "law/world.h"

#include "base/hash.h"

#include <string.h>

/* The newest sample at or before `eval_ms`; NULL: there is none that it still shows. */
static const struct sample *visible(const struct exporter *exporter, int64_t eval_ms)
{
    for (size_t i = 0; i < exporter->taken && i < WORLD_SAMPLES_MAX; i++) {
        const struct sample *sample =
            &exporter->samples[(exporter->taken - 1 - i) % WORLD_SAMPLES_MAX];
        if (sample->at_ms > eval_ms || sample->open)
            continue;
        bool shown = !sample->gone && sample->at_ms > eval_ms - WORLD_LOOKBACK_MS;
        return shown ? sample : NULL;
    }
    return NULL;
}

/* A federated copy shows the last sample of what is exported no more, for a while. */
static const struct row *lingering(const struct exporter *exporter, size_t object, int64_t eval_ms)
{
    for (size_t i = 0; i < exporter->taken && i < WORLD_SAMPLES_MAX; i++) {
        const struct sample *sample =
            &exporter->samples[(exporter->taken - 1 - i) % WORLD_SAMPLES_MAX];
        if (sample->at_ms <= eval_ms - WORLD_LOOKBACK_MS)
            return NULL;
        if (sample->at_ms <= eval_ms && !sample->open && !sample->gone && sample->has[object])
            return &sample->rows[object];
    }
    return NULL;
}

static void add_rows(const struct world *world, const struct exporter *exporter,
                     struct world_answer *answer)
{
    const struct sample *sample = visible(exporter, answer->eval_ms);
    size_t first = answer->count;
    for (size_t i = 0; i < world->object_count; i++) {
        const struct row *row = sample != NULL && sample->has[i] ? &sample->rows[i] : NULL;
        if (row == NULL && world->faults.linger && sample != NULL)
            row = lingering(exporter, i, answer->eval_ms);
        if (row != NULL)
            answer->rows[answer->count++] = *row;
    }
    if (answer->count == first)
        return;
    struct source_seen *seen = &answer->sources[answer->source_count++];
    *seen = (struct source_seen){.id = exporter->id,
                                 .kind = world->objects[0].kind,
                                 .newest_ms = ROW_MISSING,
                                 .text = "instance=\"x\"",
                                 .cluster = hash_of(answer->rows[first].key.cluster)};
    for (size_t i = first; i < answer->count; i++)
        if (answer->rows[i].sample_ms > seen->newest_ms)
            seen->newest_ms = answer->rows[i].sample_ms;
}

static int compare(const struct row *a, const struct row *b)
{
    int order = strcmp(a->key.cluster, b->key.cluster);
    return order != 0 ? order : strcmp(a->key.name, b->key.name);
}

/* As an answer is: ordered by key, then by source. */
static void sort(struct world_answer *answer)
{
    for (size_t i = 1; i < answer->count; i++) {
        struct row row = answer->rows[i];
        size_t at = i;
        for (; at > 0 && compare(&answer->rows[at - 1], &row) > 0; at--)
            answer->rows[at] = answer->rows[at - 1];
        answer->rows[at] = row;
    }
    for (size_t i = 0; i < answer->count; i++) {
        bool same = i > 0 && compare(&answer->rows[i - 1], &answer->rows[i]) == 0;
        answer->rows[i].source = same ? answer->rows[i - 1].source + 1 : 0;
    }
}

void world_ask(const struct world *world, bool second, struct world_answer *answer)
{
    answer->count = answer->source_count = 0;
    answer->eval_ms = world_clock_ms(world);
    answer->partial = false;
    for (size_t i = 0; i < world->exporter_count; i++)
        if (world->store_down[world->exporters[i].cluster])
            answer->partial = true;
        else if (!second || i != world->unreached)
            add_rows(world, &world->exporters[i], answer);
    sort(answer);
}
