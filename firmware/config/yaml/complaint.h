/*
 * The complaints of one reading of a file, in the order of their positions.
 */
#ifndef AMBERBAR_CONFIG_YAML_COMPLAINT_H
#define AMBERBAR_CONFIG_YAML_COMPLAINT_H

#include "base/text.h"

#define COMPLAINTS_MAX 50 /* further ones are counted, not kept */

struct complaints {
    struct text text; /* one line each: FILE:LINE:COL: what; what to do */
    size_t count;

    /* Of each line kept, in their order; complain() alone touches these. */
    struct complaint {
        size_t line, column;
        size_t offset; /* of the line in `text` */
    } kept[COMPLAINTS_MAX];
};

/*
 * line and column count from 1; 0: the file as a whole (then neither is printed). Lines are kept in
 * the order of their positions, whatever the order of the calls; a file's lines stay together.
 * Control characters in the sentence or in the name become "?".
 */
void complain(struct complaints *complaints, const char *file, size_t line, size_t column,
              const char *format, ...) __attribute__((format(printf, 5, 6)));

void complaints_free(struct complaints *complaints);

#endif
