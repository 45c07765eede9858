/*
 * What people type or paste for the address of Prometheus, as the config wants it. Pure.
 */
#ifndef AMBERBAR_COMMANDS_SETUP_TIDY_H
#define AMBERBAR_COMMANDS_SETUP_TIDY_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Takes off what a browser's address line has behind the address: "/graph?g0.expr=up", "/query",
 * "/targets", "/api/v1/query", a slash. False: it does not fit.
 */
bool tidy_address(const char *typed, char *out, size_t size);

/* False for "htp://host": error says what it may have been. */
bool tidy_scheme_is_known(const char *address, struct error *error);

#endif
