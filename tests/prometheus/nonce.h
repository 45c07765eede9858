/*
 * The nonce of a question about workloads, as its request carries it
 * (firmware/prometheus/promql/query.h), for servers that answer as a real Prometheus does: with a
 * row that repeats it.
 */
#ifndef AMBERBAR_TESTS_PROMETHEUS_NONCE_H
#define AMBERBAR_TESTS_PROMETHEUS_NONCE_H

#include "prometheus/promql/query.h"

struct nonce {
    char digits[QUERY_NONCE_SIZE]; /* "": the question has none */
    bool alone;                    /* it asks for nothing else */
};

/* Of a whole HTTP request. */
struct nonce nonce_of(const char *request);

/* The labels of its row, for answers_add(). */
#define NONCE_LABELS_SIZE 48
void nonce_labels(const struct nonce *nonce, char out[static NONCE_LABELS_SIZE]);

#endif
