#include "law/object.h"

#define SECOND_MS 1000
#define MINUTE_MS (60 * SECOND_MS)

bool object_is_done(const struct object *object)
{
    const bool seen = object->observed == object->generation;
    if (object->spec == 0 && object->updated == 0 && object->old == 0)
        return seen;                    /* nothing is wanted, and nothing is there */
    if (object->kind == KIND_DAEMONSET) /* kubectl's rule: pods may be left on nodes */
        return seen && object->spec > 0 && object->updated >= object->spec &&
               object->new_available + object->old_available >= object->spec;
    return seen && object->updated == object->spec && object->old == 0 &&
           object->new_available == object->spec && !object->rolling;
}

void object_create(struct world *world, struct object *object)
{
    object->exists = true;
    object->created = (WORLD_EPOCH_MS + world->now_ms) / SECOND_MS;
    object->generation = 1;
    object->observed = object->kind == KIND_ROLLOUT ? 1 : 0;
    object->spec = random_in(&world->seed, 1, 4);
    object->updated = object->old = object->new_available = object->old_available = 0;
    object->revision = object->settled_revision = (uint64_t)random_in(&world->seed, 1, 1000000);
    object->rolling = true;
    object->stuck = object->failed = false;
}

/* The controller sees the newest spec: the pods of the template before are old ones now. */
static void observe(struct object *object)
{
    object->observed = object->generation;
    if (!object->ordered)
        return;
    object->ordered = false;
    object->old += object->updated;
    object->old_available += object->new_available;
    object->updated = object->new_available = 0;
    object->rolling = true;
}

static void roll(struct world *world, struct object *object)
{
    object->generation++;
    object->ordered = true;
    object->revision = (uint64_t)random_in(&world->seed, 1, 1000000);
    object->stuck = world_chance(&world->seed, 25);
    object->failed = false;
    if (object->kind == KIND_ROLLOUT) /* its controller exports no generation: it sees at once */
        observe(object);
}

/* Another size. */
static void resize(struct world *world, struct object *object)
{
    object->generation++;
    object->rolling = true;
    if (object->kind == KIND_ROLLOUT)
        observe(object);
    object->spec = random_in(&world->seed, 0, 4);
    object->stuck = false;
    object->failed = false;
}

static void work(struct world *world, struct object *object)
{
    uint64_t *seed = &world->seed;
    if (object->stuck && object->updated > 0 && world_chance(seed, 50)) {
        object->failed = world_chance(seed, 50);
        return;
    }
    /* Sets replace pod by pod, a Deployment surges. */
    bool surges = object->kind == KIND_DEPLOYMENT || object->kind == KIND_ROLLOUT;
    bool fits = surges || object->updated + object->old < object->spec;
    if (!fits && object->old > 0 && object->new_available == object->updated)
        object->old--;
    else if (fits && object->updated < object->spec && world_chance(seed, 50))
        object->updated++;
    else if (object->updated > object->spec)
        object->updated--;
    else if (object->new_available < object->updated && !object->stuck)
        object->new_available++;
    else if (object->old > 0 && !object->stuck)
        object->old--;
    if (object->new_available > object->updated)
        object->new_available = object->updated;
    if (object->old_available > object->old)
        object->old_available = object->old;
    bool complete = object->updated == object->spec && object->old == 0 &&
                    object->new_available == object->spec;
    if (complete && !object->stuck) {
        object->rolling = false;
        object->settled_revision = object->revision;
    }
}

/* Another one that each of its exporters shows: a source of which nothing is shown is not known. */
static bool has_sibling(const struct world *world, const struct object *object)
{
    const size_t index = (size_t)(object - world->objects);
    for (size_t i = 0; i < world->exporter_count; i++)
        if (world->faults.handovers && world->exporters[i].alive && world->exporters[i].taken == 0)
            return false; /* not now */
    for (size_t i = 0; i < world->object_count; i++) {
        const struct object *other = &world->objects[i];
        if (other != object && other->exists && other->cluster == object->cluster &&
            i % 2 == index % 2)
            return true;
    }
    return false;
}

static void disturb(struct world *world, struct object *object)
{
    uint64_t *seed = &world->seed;
    int64_t what = random_in(seed, 0, 99);
    if (what < 40)
        roll(world, object);
    else if (what < 55)
        resize(world, object);
    else if (what < 80 && object->new_available > 0)
        object->new_available--;
    else if (what < 90 && has_sibling(world, object))
        object->exists = false;
}

/* Somebody writes to its spec all the time, and somebody else takes it back. */
static bool is_fought_over(struct world *world, struct object *object)
{
    if (!world->faults.fights || object->kind == KIND_ROLLOUT || !object->exists ||
        !object_is_done(object) || world_chance(&world->seed, 5))
        return false;
    object->generation++;
    object->observed++;
    object->due_ms = world->now_ms + random_in(&world->seed, SECOND_MS, 5 * SECOND_MS);
    return true;
}

void object_happens(struct world *world, struct object *object)
{
    uint64_t *seed = &world->seed;
    int64_t wait_ms = random_in(seed, 500, 20 * SECOND_MS);
    if (is_fought_over(world, object))
        return;
    if (!object->exists) {
        object_create(world, object);
    } else if (object->observed < object->generation) {
        observe(object);
        wait_ms = random_in(seed, 100, 3 * SECOND_MS);
    } else if (object->rolling && object->stuck && world_chance(seed, 10)) {
        roll(world, object); /* somebody rolls back, or forward */
    } else if (object->rolling) {
        work(world, object);
    } else if (object->new_available < object->spec) {
        if (world_chance(seed, 60))
            object->new_available++;
    } else {
        disturb(world, object);
    }
    bool rests = object->exists && object_is_done(object);
    if (rests)
        wait_ms = random_in(seed, 20 * SECOND_MS, 10 * MINUTE_MS);
    if (rests && world->faults.fights)
        wait_ms = random_in(seed, SECOND_MS, 5 * SECOND_MS);
    if (object->exists && object->observed < object->generation)
        wait_ms = random_in(seed, 50, WORLD_OBSERVED_MS);
    object->due_ms = world->now_ms + wait_ms;
}
