/*
 * The order of the colours on a strip's wire, found by what somebody sees; and a board's file with
 * other values in it. Pure.
 */
#ifndef AMBERBAR_COMMANDS_SETUP_ORDER_H
#define AMBERBAR_COMMANDS_SETUP_ORDER_H

#include "base/text.h"

/*
 * What is known: lit as red (or green) by the places in `refused` (bits), the lights were another
 * colour. `words` as of a field: NULL-terminated.
 */
struct order_search {
    const char *const *words;
    const char *now; /* the order that is tried */
    unsigned not_red, not_green;
};

/* Somebody does not see that colour, 'r' or 'g', with the order of now: the next one to try, which
   keeps what is known. NULL: none is left, so it is not the order. */
const char *order_next(struct order_search *search, char colour);

/*
 * The text of a board file in which the output `index`, from 0, has `key: value`. False: the file
 * does not list its outputs line by line.
 */
bool order_write(const char *board, size_t index, const char *key, const char *value,
                 struct text *out);

#endif
