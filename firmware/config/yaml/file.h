/*
 * A whole file in memory, or one sentence about why not.
 */
#ifndef AMBERBAR_CONFIG_YAML_FILE_H
#define AMBERBAR_CONFIG_YAML_FILE_H

#include "config/yaml/complaint.h"

/*
 * Appends the bytes of `path` to `out`. False, with a complaint, when it is missing, no regular
 * file nor a pipe that was handed over (base/intake.h), unreadable (the sentence says who may read
 * it) or longer than `max` bytes.
 */
bool file_read(const char *path, size_t max, struct text *out, struct complaints *complaints);

#endif
