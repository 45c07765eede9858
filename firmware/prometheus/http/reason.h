/*
 * What a server says of a refusal (401, 403), in its own words: Prometheus's and its proxies'
 * `error`, the `message` of Kubernetes's Status, of Grafana and of Amazon, or a line of plain text.
 * Inside prometheus/ only.
 */
#ifndef AMBERBAR_PROMETHEUS_HTTP_REASON_H
#define AMBERBAR_PROMETHEUS_HTTP_REASON_H

#include "prometheus/answer/response.h"

/* Printable and cut; "" where it says nothing, or repeats anything of what we keep secret (http's
   `repeats`). */
void reason_read(const struct http_answer *http, char reason[static HTTP_REASON_SIZE]);

#endif
