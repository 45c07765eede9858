/*
 * The complaints of one reading of a file, in the order of their positions.
 */
#ifndef AMBERBAR_CONFIG_COMPLAINT_H
#define AMBERBAR_CONFIG_COMPLAINT_H

#include "base/text.h"

#define COMPLAINTS_MAX 50 /* further ones are counted, not kept */

struct complaints {
    struct text text; /* one line each: FILE:LINE:COL: what; what to do */
    size_t count;
};

/* line and column count from 1; 0: the file as a whole (then neither is printed). */
void complain(struct complaints *complaints, const char *file, size_t line, size_t column,
              const char *format, ...) __attribute__((format(printf, 5, 6)));

void complaints_free(struct complaints *complaints);

#endif
