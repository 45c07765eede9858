/*
 * A world to be right about: workloads that roll, stall, lose pods, are deleted and come again;
 * exporters that show them, die, return and are succeeded; and a store that has scraped them. What
 * happens is random, by seed; what is true at any moment is known.
 *
 * Time is in milliseconds of one monotonic clock. The store's own clock is `offset_ms` ahead of it
 * and may step; like Prometheus it takes no sample older than the newest it has of an exporter.
 */
#ifndef AMBERBAR_TESTS_LAW_WORLD_H
#define AMBERBAR_TESTS_LAW_WORLD_H

#include "evidence/row.h"
#include "rollout/random.h"

#define WORLD_OBJECTS_MAX 6
#define WORLD_EXPORTERS_MAX 8 /* those that were succeeded included */
#define WORLD_SAMPLES_MAX 64  /* of an exporter that the store still shows */
#define WORLD_ROWS_MAX (WORLD_OBJECTS_MAX * WORLD_EXPORTERS_MAX)
#define WORLD_LOOKBACK_MS (5 * 60 * 1000)
#define WORLD_EPOCH_MS INT64_C(1700000000000) /* the store's clock when ours is 0 */

/* A workload as its controller has it. */
struct object {
    enum workload_kind kind;
    size_t cluster;
    char name[24];
    bool exists;
    int64_t created;
    int64_t generation, observed;
    int64_t spec, updated, old; /* pods that do not terminate */
    int64_t new_available, old_available;
    uint64_t revision, settled_revision;
    bool ordered; /* a new template, which the controller has not seen yet */
    bool rolling, stuck, failed;
    int64_t due_ms;    /* when something happens to it next */
    bool was_done;     /* or did not exist */
    int64_t turned_ms; /* when that last changed */
    int64_t right_ms;  /* the newest moment at which it was done, or did not exist */
};

/* What one scrape found. */
struct sample {
    int64_t at_ms; /* when it was begun, the store's clock */
    bool open;     /* it is still being written: counters come first, generations last */
    bool gone;     /* the scrape failed, and the store knows it: all series end here */
    bool has[WORLD_OBJECTS_MAX];
    struct row rows[WORLD_OBJECTS_MAX];
};

struct exporter {
    uint64_t id; /* of its labels; another one after a restart */
    size_t cluster;
    size_t shard, shards; /* it exports the objects whose index % shards is its own */
    bool alive;
    bool succeeded;    /* it never returns */
    bool silent_death; /* its death leaves the last samples as they are */
    bool freezes;      /* it is the one of a pair that may stand still */
    bool frozen;       /* it is scraped, and shows what it showed last */
    int64_t step_ms, phase_ms;
    int64_t next_ms;   /* the next scrape */
    int64_t due_ms;    /* when it dies, or returns */
    int64_t finish_ms; /* when the scrape under way ends; INT64_MAX: none is */
    int64_t newest_ms; /* sample, the store's clock */
    struct sample samples[WORLD_SAMPLES_MAX]; /* a ring */
    size_t taken;
};

#define WORLD_OBSERVED_MS 4000 /* a controller sees a new generation within it */

/* What may happen in a world. */
struct world_faults {
    bool exporters_die, sources_change, torn_scrapes, linger, clock_steps, stores_fail;
    bool rules_fail; /* recording rules, where they are asked for */
    bool reshards;   /* exporters that are succeeded are so by shards, and shards by one */
    bool handovers;  /* exporters are succeeded within seconds, as in a rolling update of theirs */
    bool no_created; /* the store has no creation times */
    bool fights;     /* somebody writes to the objects' specs all the time, and changes nothing */
    bool freezes;    /* one of each pair of exporters stands still for a while: no other dies */
    bool turns; /* two servers answer in turn, and the second does not reach each exporter always */
    bool twins; /* two clusters have objects of the same names, and no label tells them apart */
};

struct world {
    uint64_t seed;
    struct world_faults faults;
    struct object objects[WORLD_OBJECTS_MAX];
    size_t object_count;
    struct exporter exporters[WORLD_EXPORTERS_MAX];
    size_t exporter_count;
    size_t clusters;
    uint64_t next_id;
    int64_t now_ms;
    int64_t watched_ms; /* since then a board looks, without a break; set by it */
    int64_t offset_ms, highest_offset_ms;
    int64_t clock_due_ms;
    size_t unreached; /* the exporter that the second server does not scrape; or none there is */
    int64_t reach_due_ms;
    bool store_down[2]; /* of a cluster's store: what it has is not in the answers */
    int64_t store_due_ms;
};

/* One kind for all objects of a world: they stand in one rollout. */
void world_begin(struct world *world, uint64_t seed, const struct world_faults *faults);

/* Lets everything happen up to `now_ms`. */
void world_advance(struct world *world, int64_t now_ms);

/* The next moment at which anything happens. */
int64_t world_due_ms(const struct world *world);

bool object_is_done(const struct object *object);

/*
 * Every exporter that was not succeeded lives, and has been scraped since, by both servers; no
 * exporter can die unseen behind a store that is down; the clock is not behind; and that stays so
 * for `ms` more: who starts now sees all there is.
 */
bool world_is_whole(const struct world *world, int64_t ms);

/* The store's clock now. */
int64_t world_clock_ms(const struct world *world);

/* What a server answers now: the first one, or the second. */
struct world_answer {
    struct row rows[WORLD_ROWS_MAX];
    struct source_seen sources[WORLD_EXPORTERS_MAX];
    size_t count, source_count;
    int64_t eval_ms;
    bool partial;
};
void world_ask(const struct world *world, bool second, struct world_answer *answer);

bool world_chance(uint64_t *seed, int percent);

#endif
