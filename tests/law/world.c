#include "law/world.h"

#include "evidence/source.h"
#include "law/object.h"

#include <stdio.h>
#include <string.h>

#define SECOND_MS 1000
#define MINUTE_MS (60 * SECOND_MS)
#define WORLD_SEEN_MS (5 * MINUTE_MS) /* every board has asked by then, and was answered */

bool world_chance(uint64_t *seed, int percent)
{
    return random_in(seed, 0, 99) < percent;
}

int64_t world_clock_ms(const struct world *world)
{
    return WORLD_EPOCH_MS + world->now_ms + world->offset_ms;
}

static void note_truth(struct world *world)
{
    for (size_t i = 0; i < world->object_count; i++) {
        struct object *object = &world->objects[i];
        bool done = !object->exists || object_is_done(object);
        if (done)
            object->right_ms = world->now_ms;
        if (done != object->was_done)
            object->turned_ms = world->now_ms;
        object->was_done = done;
    }
}

/* --- what is scraped */

static struct row row_of(const struct world *world, const struct object *object, int64_t at_ms,
                         const struct exporter *exporter)
{
    static const char *const clusters[] = {"", "eu"};
    bool is_argo = object->kind == KIND_ROLLOUT;
    bool done = object_is_done(object);
    struct row row = {
        .key = {.kind = object->kind,
                .cluster =
                    world->clusters > 1 && !world->faults.twins ? clusters[object->cluster] : "",
                .namespace_ = "shop",
                .name = object->name,
                .exported = ""},
        .source_id = exporter->id,
        .sample_ms = at_ms,
        .created = is_argo || world->faults.no_created ? ROW_MISSING : object->created,
        .generation = is_argo ? ROW_MISSING : object->generation,
        .observed = is_argo ? ROW_MISSING : object->observed,
        .spec = object->spec,
        .replicas = is_argo ? ROW_MISSING : object->updated + object->old,
        .updated = object->updated,
        .ready = object->new_available + object->old_available,
        .available = object->new_available + object->old_available,
        .current = object->kind == KIND_STATEFULSET ? object->old : ROW_MISSING,
        .unavailable =
            object->updated + object->old - object->new_available - object->old_available,
        .terminating = ROW_MISSING,
        .paused = 0,
        .progressing = object->failed ? CONDITION_FALSE : CONDITION_TRUE,
        .reason = object->failed    ? REASON_PROGRESS_DEADLINE_EXCEEDED
                  : object->rolling ? REASON_REPLICA_SET_UPDATED
                                    : REASON_NEW_REPLICA_SET_AVAILABLE,
        .phase = object->failed ? PHASE_ABORT
                 : done         ? PHASE_COMPLETED
                                : PHASE_PROGRESSING,
        .current_revision = object->settled_revision,
        .update_revision = object->revision,
    };
    if (object->observed < object->generation) { /* the condition is of the spec before */
        row.progressing = CONDITION_TRUE;
        row.reason = REASON_NEW_REPLICA_SET_AVAILABLE;
    }
    return row;
}

static bool exports(const struct exporter *exporter, const struct world *world, size_t index)
{
    return world->objects[index].exists && world->objects[index].cluster == exporter->cluster &&
           index % exporter->shards == exporter->shard;
}

/* Counters were written as they were when it began; generations are written as they are now. */
static void finish(struct world *world, struct exporter *exporter)
{
    struct sample *sample = &exporter->samples[(exporter->taken - 1) % WORLD_SAMPLES_MAX];
    exporter->finish_ms = INT64_MAX;
    sample->open = false;
    for (size_t i = 0; i < world->object_count; i++) {
        const struct object *object = &world->objects[i];
        struct row *row = &sample->rows[i];
        if (!sample->has[i] || row->created != object->created || row->generation < 0)
            continue;
        row->generation = object->generation;
        row->observed = object->observed;
    }
}

/* It hears nothing any more of what it watches. */
static void show_again(const struct exporter *exporter, struct sample *sample)
{
    const struct sample *last = &exporter->samples[(exporter->taken - 2) % WORLD_SAMPLES_MAX];
    const int64_t at_ms = sample->at_ms;
    *sample = *last;
    sample->at_ms = at_ms;
    for (size_t i = 0; i < WORLD_OBJECTS_MAX; i++)
        sample->rows[i].sample_ms = at_ms;
}

static void scrape(struct world *world, struct exporter *exporter)
{
    int64_t at_ms = world_clock_ms(world);
    exporter->next_ms += exporter->step_ms;
    if (!exporter->alive && exporter->silent_death)
        return;
    if (at_ms <= exporter->newest_ms) /* out of order: refused */
        return;
    struct sample *sample = &exporter->samples[exporter->taken++ % WORLD_SAMPLES_MAX];
    sample->at_ms = exporter->newest_ms = at_ms;
    sample->gone = !exporter->alive;
    sample->open = false;
    if (exporter->frozen) {
        show_again(exporter, sample);
        return;
    }
    sample->open = world->faults.torn_scrapes && !sample->gone && world_chance(&world->seed, 20);
    for (size_t i = 0; i < world->object_count; i++) {
        sample->has[i] = !sample->gone && exports(exporter, world, i);
        if (sample->has[i])
            sample->rows[i] = row_of(world, &world->objects[i], at_ms, exporter);
    }
    if (sample->open)
        exporter->finish_ms = world->now_ms + random_in(&world->seed, 0, exporter->step_ms / 2);
}

/* --- what happens to exporters, stores and the clock */

static void name(struct world *world, struct exporter *exporter)
{
    exporter->id =
        source_id(++world->next_id * UINT64_C(0x9E3779B97F4A7C15), world->objects[0].kind);
    exporter->taken = 0;
    exporter->newest_ms = 0;
    exporter->finish_ms = INT64_MAX;
}

/* A place that the store shows nothing of any more; else a new one, else NULL. */
static struct exporter *place_of_another(struct world *world)
{
    for (size_t i = 0; i < world->exporter_count; i++) {
        struct exporter *exporter = &world->exporters[i];
        if (exporter->succeeded &&
            exporter->newest_ms < world_clock_ms(world) - 2 * WORLD_LOOKBACK_MS)
            return exporter;
    }
    return world->exporter_count < WORLD_EXPORTERS_MAX ? &world->exporters[world->exporter_count++]
                                                       : NULL;
}

/* Does no other one of its cluster show what it does? */
static bool is_alone(const struct world *world, const struct exporter *exporter)
{
    bool alone = true;
    for (size_t i = 0; i < world->exporter_count; i++) {
        const struct exporter *other = &world->exporters[i];
        alone &= other == exporter || other->succeeded || other->cluster != exporter->cluster ||
                 other->shard != exporter->shard;
    }
    return alone;
}

/* One in the place of another: the same under other labels. NULL: there is no room. */
static struct exporter *begin_heir(struct world *world, const struct exporter *exporter)
{
    struct exporter *heir = place_of_another(world);
    if (heir == NULL)
        return NULL;
    *heir = *exporter;
    heir->alive = true;
    heir->succeeded = false;
    heir->next_ms = world->now_ms + random_in(&world->seed, 0, exporter->step_ms);
    name(world, heir);
    heir->due_ms = world->now_ms + random_in(&world->seed, MINUTE_MS, 40 * MINUTE_MS);
    return heir;
}

static void retire(struct exporter *exporter)
{
    exporter->alive = false;
    exporter->succeeded = true;
    exporter->due_ms = INT64_MAX;
}

/* Of one come two shards, and the second is late, perhaps. */
static void split(struct world *world, const struct exporter *exporter, struct exporter *heir)
{
    struct exporter *second = begin_heir(world, exporter);
    if (second == NULL)
        return;
    heir->shards = second->shards = 2;
    heir->shard = (size_t)random_in(&world->seed, 0, 1);
    second->shard = 1 - heir->shard;
    second->alive = world_chance(&world->seed, 50);
    second->silent_death = true;
}

/* Of two shards comes one. */
static void merge(struct world *world, struct exporter *heir)
{
    heir->shards = 1;
    heir->shard = 0;
    for (size_t i = 0; i < world->exporter_count; i++) {
        struct exporter *other = &world->exporters[i];
        if (other != heir && other->cluster == heir->cluster && !other->succeeded)
            retire(other);
    }
}

/* It comes up again under other labels; what was scraped under the old ones stays a while. */
static void succeed(struct world *world, struct exporter *exporter)
{
    const bool reshards =
        world->faults.reshards && is_alone(world, exporter) && world_chance(&world->seed, 30);
    struct exporter *heir = begin_heir(world, exporter);
    if (heir == NULL)
        return;
    retire(exporter);
    if (reshards && exporter->shards == 1)
        split(world, exporter, heir);
    else if (reshards)
        merge(world, heir);
}

/* Has anything been deleted since its last sample? Of so few nobody could tell it from what a shard
   takes along that has not come. */
static bool deleted_any(const struct world *world, const struct exporter *exporter)
{
    const struct sample *last = &exporter->samples[(exporter->taken - 1) % WORLD_SAMPLES_MAX];
    bool deleted = false;
    for (size_t i = 0; i < world->object_count; i++) {
        const struct object *object = &world->objects[i];
        const bool stays = object->exists && object->created == last->rows[i].created;
        deleted |= last->has[i] && !stays;
    }
    return deleted;
}

/* A rolling update of the exporter: the new one is scraped in the moment when the old one goes. */
static void hand_over(struct world *world, struct exporter *exporter)
{
    exporter->due_ms = world->now_ms + random_in(&world->seed, MINUTE_MS, 10 * MINUTE_MS);
    if (exporter->succeeded || exporter->taken == 0 || deleted_any(world, exporter))
        return;
    succeed(world, exporter);
    if (!exporter->succeeded)
        return;
    struct sample *last = &exporter->samples[exporter->taken++ % WORLD_SAMPLES_MAX];
    *last = (struct sample){.at_ms = world_clock_ms(world), .gone = true};
    exporter->newest_ms = last->at_ms;
    exporter->next_ms = INT64_MAX;
    exporter->finish_ms = INT64_MAX;
    for (size_t i = 0; i < world->exporter_count; i++)
        if (world->exporters[i].taken == 0 && world->exporters[i].alive)
            world->exporters[i].next_ms = world->now_ms + random_in(&world->seed, 0, 3 * SECOND_MS);
}

/* Has it shown that object as undone, or as done, for so long that every board has seen it? */
static bool has_shown(const struct world *world, const struct exporter *exporter, size_t index,
                      bool undone)
{
    const int64_t since_ms = world_clock_ms(world) - WORLD_SEEN_MS;
    for (size_t i = 0; i < exporter->taken && i < WORLD_SAMPLES_MAX; i++) {
        const struct sample *sample =
            &exporter->samples[(exporter->taken - 1 - i) % WORLD_SAMPLES_MAX];
        const struct row *row = &sample->rows[index];
        const bool shown = !sample->open && !sample->gone && sample->has[index] &&
                           (row->available < row->spec || row->updated < row->spec) == undone;
        if (!shown || sample->at_ms < since_ms)
            return shown;
    }
    return false;
}

/* Do others show something of that name as done meanwhile? */
static bool is_shown_done(const struct world *world, const struct exporter *exporter, size_t index)
{
    const struct object *object = &world->objects[index];
    bool shown = false;
    for (size_t i = 0; i < world->object_count; i++) {
        const struct object *other = &world->objects[i];
        shown |= other != object && strcmp(other->name, object->name) == 0 && other->was_done &&
                 other->turned_ms < world->now_ms - WORLD_SEEN_MS;
    }
    for (size_t i = 0; i < world->exporter_count; i++)
        shown |= &world->exporters[i] != exporter && world->exporters[i].frozen &&
                 has_shown(world, &world->exporters[i], index, false);
    return shown;
}

/* What dies takes along nothing that a board could not know (see test_law.c), also one that asks
   for the first name alone. */
static bool may_die(const struct world *world, const struct exporter *exporter)
{
    const bool watched = world->now_ms - WORLD_SEEN_MS > world->watched_ms &&
                         !world->store_down[0] && !world->store_down[1];
    bool may = !world->faults.freezes && !world->faults.twins;
    for (size_t i = 0; !may && i < world->object_count; i++)
        may = watched && strcmp(world->objects[i].name, world->objects[0].name) == 0 &&
              has_shown(world, exporter, i, true) && is_shown_done(world, exporter, i);
    return may;
}

static void freeze(struct world *world, struct exporter *exporter)
{
    const bool whole = exporter->taken > 0 && exporter->finish_ms == INT64_MAX;
    exporter->frozen = !exporter->frozen && whole;
    exporter->due_ms = world->now_ms + random_in(&world->seed, SECOND_MS, 30 * MINUTE_MS);
}

static void exporter_happens(struct world *world, struct exporter *exporter)
{
    uint64_t *seed = &world->seed;
    if (exporter->freezes) {
        freeze(world, exporter);
        return;
    }
    if (world->store_down[exporter->cluster]) { /* later: see test_law.c */
        exporter->due_ms = world->now_ms + MINUTE_MS;
        return;
    }
    if (exporter->alive && !may_die(world, exporter)) {
        exporter->due_ms = world->now_ms + 30 * SECOND_MS;
        return;
    }
    if (exporter->alive) {
        exporter->alive = false;
        exporter->silent_death = world_chance(seed, 50);
        exporter->due_ms = world->now_ms + random_in(seed, SECOND_MS, 12 * MINUTE_MS);
        return;
    }
    if (world->faults.sources_change && world_chance(seed, 60)) {
        succeed(world, exporter);
        return;
    }
    exporter->alive = true;
    exporter->due_ms = world->now_ms + random_in(seed, MINUTE_MS, 40 * MINUTE_MS);
}

static void clock_happens(struct world *world)
{
    uint64_t *seed = &world->seed;
    bool back = world->offset_ms == world->highest_offset_ms && world_chance(seed, 60);
    if (world->offset_ms < world->highest_offset_ms) /* and it is set right again */
        world->offset_ms = world->highest_offset_ms;
    else if (back)
        world->offset_ms -= random_in(seed, SECOND_MS, 90 * MINUTE_MS);
    else
        world->offset_ms += random_in(seed, SECOND_MS, 20 * MINUTE_MS);
    if (world->offset_ms > world->highest_offset_ms)
        world->highest_offset_ms = world->offset_ms;
    world->clock_due_ms = world->now_ms + random_in(seed, MINUTE_MS, 60 * MINUTE_MS);
}

static void store_happens(struct world *world)
{
    size_t cluster = (size_t)random_in(&world->seed, 0, (int64_t)world->clusters - 1);
    world->store_down[cluster] = !world->store_down[cluster];
    if (world->watched_ms < world->now_ms)
        world->watched_ms = world->now_ms;
    world->store_due_ms = world->now_ms + random_in(&world->seed, SECOND_MS, 20 * MINUTE_MS);
}

/* The second server loses an exporter, for as long as it likes, or has it back. */
static void reach_happens(struct world *world)
{
    const bool loses = world->unreached == WORLD_EXPORTERS_MAX;
    if (world->store_down[0] || world->store_down[1]) { /* later: see test_law.c */
        world->reach_due_ms = world->now_ms + MINUTE_MS;
        return;
    }
    world->unreached = WORLD_EXPORTERS_MAX;
    if (loses)
        world->unreached = (size_t)random_in(&world->seed, 0, (int64_t)world->exporter_count - 1);
    world->reach_due_ms = world->now_ms + random_in(&world->seed, SECOND_MS, 60 * MINUTE_MS);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t world_due_ms(const struct world *world)
{
    int64_t due = INT64_MAX;
    for (size_t i = 0; i < world->object_count; i++)
        due = earlier(due, world->objects[i].due_ms);
    for (size_t i = 0; i < world->exporter_count; i++) {
        due = earlier(due, world->exporters[i].next_ms);
        due = earlier(due, world->exporters[i].finish_ms);
        if (world->faults.exporters_die || world->faults.handovers || world->faults.freezes)
            due = earlier(due, world->exporters[i].due_ms);
    }
    if (world->faults.clock_steps)
        due = earlier(due, world->clock_due_ms);
    if (world->faults.stores_fail)
        due = earlier(due, world->store_due_ms);
    if (world->faults.turns)
        due = earlier(due, world->reach_due_ms);
    return due;
}

static void happens_now(struct world *world)
{
    int64_t now = world->now_ms;
    for (size_t i = 0; i < world->object_count; i++)
        if (world->objects[i].due_ms <= now)
            object_happens(world, &world->objects[i]);
    for (size_t i = 0; i < world->exporter_count; i++) {
        struct exporter *exporter = &world->exporters[i];
        if (world->faults.handovers && exporter->due_ms <= now)
            hand_over(world, exporter);
        else if ((world->faults.exporters_die || world->faults.freezes) && exporter->due_ms <= now)
            exporter_happens(world, exporter);
        if (exporter->finish_ms <= now)
            finish(world, exporter);
        if (exporter->next_ms <= now)
            scrape(world, exporter);
    }
    if (world->faults.clock_steps && world->clock_due_ms <= now)
        clock_happens(world);
    if (world->faults.stores_fail && world->store_due_ms <= now)
        store_happens(world);
    if (world->faults.turns && world->reach_due_ms <= now)
        reach_happens(world);
}

void world_advance(struct world *world, int64_t now_ms)
{
    for (int64_t due; (due = world_due_ms(world)) <= now_ms;) {
        world->now_ms = due;
        note_truth(world); /* it was so until now */
        happens_now(world);
        note_truth(world);
    }
    world->now_ms = now_ms;
    note_truth(world);
}

bool world_is_whole(const struct world *world, int64_t ms)
{
    const int64_t until_ms = world->now_ms + ms;
    const bool unseen = world->faults.exporters_die || world->faults.turns;
    if (world->offset_ms < world->highest_offset_ms ||
        (world->faults.clock_steps && world->clock_due_ms <= until_ms) ||
        (unseen && world->faults.stores_fail && world->store_due_ms <= until_ms) ||
        (world->faults.turns &&
         (world->unreached < WORLD_EXPORTERS_MAX || world->reach_due_ms <= until_ms)))
        return false;
    for (size_t i = 0; i < world->clusters; i++)
        if (unseen && world->store_down[i])
            return false;
    for (size_t i = 0; i < world->exporter_count; i++) {
        const struct exporter *exporter = &world->exporters[i];
        const size_t last = (exporter->taken - 1) % WORLD_SAMPLES_MAX;
        bool shown = exporter->alive && exporter->taken > 0 && !exporter->samples[last].gone &&
                     !exporter->samples[last].open &&
                     exporter->newest_ms > world_clock_ms(world) - 2 * exporter->step_ms;
        bool dies = world->faults.exporters_die && exporter->due_ms <= until_ms &&
                    !(world->faults.freezes || world->faults.twins);
        if (!exporter->succeeded && (!shown || dies))
            return false;
    }
    return true;
}

/* --- beginnings */

static void begin_exporters(struct world *world)
{
    uint64_t *seed = &world->seed;
    static const int64_t steps[] = {1000, 5000, 15000, 30000, 60000};
    const bool pairs = world->faults.freezes;
    bool shards = world_chance(seed, 40) && !pairs && !world->faults.twins;
    size_t each = (size_t)random_in(seed, pairs ? 2 : 1, 2);
    int64_t step_ms = steps[random_in(seed, 0, 4)];
    for (size_t cluster = 0; cluster < world->clusters; cluster++)
        for (size_t i = 0; i < each; i++) {
            struct exporter *exporter = &world->exporters[world->exporter_count++];
            *exporter = (struct exporter){.cluster = cluster,
                                          .shards = shards ? each : 1,
                                          .shard = shards ? i : 0,
                                          .alive = true,
                                          .freezes = pairs && i == 0,
                                          .step_ms = step_ms,
                                          .next_ms = random_in(seed, 0, step_ms - 1)};
            name(world, exporter);
            exporter->due_ms = random_in(seed, MINUTE_MS, 30 * MINUTE_MS);
        }
}

void world_begin(struct world *world, uint64_t seed, const struct world_faults *faults)
{
    memset(world, 0, sizeof *world);
    world->seed = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    for (int i = 0; i < 8; i++)
        random_in(&world->seed, 0, 1);
    world->faults = *faults;
    world->clusters = world_chance(&world->seed, 30) || faults->twins ? 2 : 1;
    world->object_count = (size_t)random_in(&world->seed, 1, WORLD_OBJECTS_MAX);
    enum workload_kind kind = (enum workload_kind)random_in(&world->seed, 0, KIND_COUNT - 1);
    for (size_t i = 0; i < world->object_count; i++) {
        struct object *object = &world->objects[i];
        object->kind = kind;
        object->cluster = (size_t)random_in(&world->seed, 0, (int64_t)world->clusters - 1);
        if (faults->twins)
            object->cluster = i % 2;
        snprintf(object->name, sizeof object->name, "w%zu", faults->twins ? i / 2 : i);
        object->due_ms = random_in(&world->seed, 0, 5 * MINUTE_MS);
        object_create(world, object);
        object->created -= (int64_t)i; /* no two of a name in one second */
        object->observed = object->generation;
        object->updated = object->new_available = object->spec;
        object->rolling = false;
    }
    begin_exporters(world);
    world->clock_due_ms = random_in(&world->seed, MINUTE_MS, 60 * MINUTE_MS);
    world->store_due_ms = random_in(&world->seed, MINUTE_MS, 30 * MINUTE_MS);
    world->unreached = WORLD_EXPORTERS_MAX;
    if (faults->turns)
        world->reach_due_ms = random_in(&world->seed, MINUTE_MS, 60 * MINUTE_MS);
}
