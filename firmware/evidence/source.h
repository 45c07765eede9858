/*
 * Sources: what Prometheus scraped. All labels of a row but the workload's own make one; two
 * exporters, two shards, two clusters are told apart by it. W2 rests on it: that a workload is
 * missing says nothing, unless the very source that showed it is there and does not show it.
 *
 * The ledger remembers the sources of one Prometheus: when each was seen first and last, how far
 * apart its samples are, and its labels, to name it and to ask for it. It is the caller's; what
 * finds no room in it is not lost but only less well known: it has no name, no step, no successor.
 */
#ifndef AMBERBAR_EVIDENCE_SOURCE_H
#define AMBERBAR_EVIDENCE_SOURCE_H

#include "evidence/row.h"

#define SOURCES_MAX 256
#define SOURCE_TEXT_SIZE 1024
#define SOURCE_NAME_SIZE 96

struct source_record {
    enum workload_kind kind;
    uint64_t cluster;
    char text[SOURCE_TEXT_SIZE]; /* its labels as matchers of PromQL; "": too long */
    int64_t first_ms, last_ms;   /* monotonic: when an answer was asked for that showed it */
    bool present;                /* in the newest whole answer about it */
    int64_t newest_ms;           /* its newest sample, Prometheus's clock */
    int64_t step_ms;             /* between two samples of one workload, lately; 0: not known */
    int64_t next_step_ms;        /* the same, of the newest sample */
};

struct source_ledger {
    uint64_t ids[SOURCES_MAX]; /* of the records, side by side, for they are looked for all the
                                  time; 0: a free place */
    struct source_record records[SOURCES_MAX];
};

#define MISSED_KEYS_MAX 32

/* A workload that an answer lacks: through that source, or through any (0). */
struct missed_key {
    struct workload_key key;
    uint64_t source;
};

/* Sources that a canary must ask about: workloads were seen there that an answer lacks. */
struct missed_sources {
    uint64_t ids[WITNESSES_MAX];
    size_t count;
    struct missed_key keys[MISSED_KEYS_MAX]; /* these, as far as they are known by name */
    size_t key_count;
};

/* Adds a source, once, that has no witness in `answer`, while there is room, and the workload that
   it has shown (NULL: not known by name). False: it has a witness. */
bool source_miss(struct missed_sources *missed, const struct answer *answer, uint64_t id,
                 const struct missed_key *key);

/* The id of a source of that kind, by a hash of its labels; never 0. */
uint64_t source_id(uint64_t labels_hash, enum workload_kind kind);

/* NULL: not known. */
const struct source_record *source_find(const struct source_ledger *ledger, uint64_t id);

/*
 * Takes the sources of an answer, its witnesses and what its surveys count included, into its
 * ledger (of those that a survey alone shows, the labels come with the survey's own answer, which
 * is noted first), and marks its rows that may be left behind: exported no more, though a store
 * still shows their last sample, which is older by more than a scrape than the newest of its own
 * source. (Federation and remote write keep samples for minutes.) Who knows each workload's own
 * pace clears the mark of those that are only slower: one exporter may come by two jobs, with two
 * intervals.
 */
void source_note(struct answer *answer);

/* Is the row older than the newest sample of its source by more than one and a half such steps?
   0: nothing is known of the pace, and it is not. */
bool source_leaves_behind(const struct answer *answer, const struct row *row, int64_t step_ms);

/* A workload of the source had a sample at `sample_ms`, and the one seen before at `before_ms`. */
void source_note_step(struct source_ledger *ledger, uint64_t id, int64_t before_ms,
                      int64_t sample_ms);

/* Between two of its scrapes, as far as is known; 0: not known. */
int64_t source_step_ms(const struct source_ledger *ledger, uint64_t id);

/* The source as the answer, or the canary asked beside it, shows it; NULL: it does not. */
const struct source_seen *source_seen(const struct answer *answer, uint64_t id);

/*
 * The same, as a witness for what the answer lacks. A survey and the rows beside it are several
 * questions, which several servers may have answered: then the canary's sources alone are.
 */
const struct source_seen *source_witness(const struct answer *answer, uint64_t id);

/*
 * True when `heir` can have taken the place of `gone`, which is not there any more: an exporter
 * that was restarted comes up under other labels about when the one before leaves. Two that stood
 * side by side for long are a pair, or two shards. It is in the same cluster, and its labels are
 * those of an heir (kin.h): one of another cluster that was added lately is none.
 */
bool source_succeeds(const struct source_ledger *ledger, uint64_t heir, uint64_t gone);

/* The source in words for people: "10.1.2.3:8080" of the label instance, or all its labels. */
void source_name(const struct source_record *record, char out[static SOURCE_NAME_SIZE]);

#endif
