/*
 * Writing a text to what is open. How a file gets its name is its writer's matter.
 */
#ifndef AMBERBAR_BASE_WRITE_H
#define AMBERBAR_BASE_WRITE_H

#include "base/text.h"

/* All of it, whatever interrupts; false with errno. */
bool write_text(int fd, const struct text *text);

#endif
