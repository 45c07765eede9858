/*
 * Single values as people write them in files: text to number and back. No positions, no
 * complaints.
 */
#ifndef AMBERBAR_CONFIG_YAML_VALUES_H
#define AMBERBAR_CONFIG_YAML_VALUES_H

#include "base/field.h"

#define VALUE_TEXT_SIZE 32

/*
 * Durations as Prometheus writes them (prometheus/common model/time.go): whole numbers with y, w,
 * d, h, m, s, ms, largest first, each once: 500ms, 5s, 1h30m; or 0.
 */
bool value_duration(const char *text, int64_t *ms);

bool value_bytes(const char *text, int64_t *bytes);              /* 65536, 512KiB, 1.5MiB, 1GiB */
bool value_frequency(const char *text, int64_t *hz);             /* 8000000, 400kHz, 2.4MHz */
bool value_percent(const char *text, double *fraction);          /* 30%, 0.3; not 1 */
bool value_range(const char *text, size_t *first, size_t *last); /* 6, 0-5; first may exceed last */

/* A number of `type`, in its stored unit, as a file would write it: 90000 ms is 1m30s. */
void value_write(enum field_type type, double value, char out[static VALUE_TEXT_SIZE]);

#endif
