/*
 * What three lamps show of each state, as a table in Markdown: drawn and encoded by the code that
 * lights them.
 */
#ifndef AMBERBAR_TOOLS_MANUAL_FACES_H
#define AMBERBAR_TOOLS_MANUAL_FACES_H

#include "base/text.h"

void faces_add(struct text *out);

#endif
