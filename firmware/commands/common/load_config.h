/*
 * What several commands begin with: the config file, or its complaints on standard error.
 */
#ifndef AMBERBAR_COMMANDS_COMMON_LOAD_CONFIG_H
#define AMBERBAR_COMMANDS_COMMON_LOAD_CONFIG_H

#include "commands/common/options.h"
#include "config/config.h"

/* `--config FILE`, first in the options of every command that reads a config. */
#define CONFIG_OPTION                                                             \
    {                                                                             \
        "--config", "-c", "FILE", "the config file; default " CONFIG_FILE_DEFAULT \
    }

/* `path` NULL: the default. NULL: the complaints were printed. The caller frees it. */
struct config *load_config(const char *path);

/* The exit status for options that were not OPTIONS_FINE. */
int options_status(enum options_result result);

#endif
