/*
 * A Prometheus on a loopback port that answers, or fails to, as `way` says at the moment of asking.
 * It never blocks: prometheus_serve() moves it along.
 */
#ifndef AMBERBAR_TESTS_SCENARIO_PROMETHEUS_H
#define AMBERBAR_TESTS_SCENARIO_PROMETHEUS_H

#include <stdbool.h>
#include <stdint.h>

enum way {
    WAY_STABLE,
    WAY_ROLLING,  /* half-way through */
    WAY_DEGRADED, /* one pod of two is lost */
    WAY_SILENT,   /* takes the question and never answers */
    WAY_GONE,     /* closes the connection */
    WAY_BROKEN,   /* 503 */
    WAY_TORN,     /* half an answer that would have been good */
    WAY_OLD,      /* all was well an hour ago */
    WAY_EMPTY,    /* no such series */
    WAY_COUNT
};

/* An answer word for word, whatever the way. */
struct canned {
    const char *status; /* "429 Too Many Requests" */
    const char *header; /* lines with their CR LF; "": none */
    const char *body;
};

struct prometheus {
    enum way way;
    /* NULL: as `way` says. Else what to do about this request: true takes `canned` (its status
       NULL: silence), false the way. */
    bool (*tell)(const char *request, struct canned *canned);
    int64_t late_ms;      /* so long after it was asked it does what it does, by virtual time; */
    const char *late_for; /* where these words are in the question; NULL: always */
    int64_t now_ms;       /* its clock, since 1970 */
    int64_t kept_ms; /* something before it has kept the counters of a Deployment for so long, and
                        puts them beside what is new */
    uint64_t requests;
    uint64_t asked[WAY_COUNT]; /* of them */
    /* In a whole answer: about the Deployment, or the indicator. */
    void (*answered)(enum way way, bool indicator);
};

extern struct prometheus prometheus;

int prometheus_listen(void); /* its port */
void prometheus_close(void);
bool prometheus_serve(void); /* true: something is on its way */

#endif
