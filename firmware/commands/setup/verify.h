/*
 * Whether a config that was written of others' words says what was meant, by reading it back. Pure
 * but for that.
 */
#ifndef AMBERBAR_COMMANDS_SETUP_VERIFY_H
#define AMBERBAR_COMMANDS_SETUP_VERIFY_H

#include "config/config.h"

/* False: error names the first that is another. All that a config says of each counts. */
bool verify_rollouts(const struct config *config, const struct rollout_settings meant[],
                     size_t count, struct error *error);
bool verify_indicators(const struct config *config, const struct indicator_settings meant[],
                       size_t count, struct error *error);

#endif
