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

/* Adds a config that knows no more than where Prometheus is; `more` stands behind the url: ",
 * timeout: 3s". */
void add_bare_config(struct text *text, const char *url, const char *more);

/* A config that a command has made. NULL: error is its first complaint, without a place, for nobody
   has written that line. */
struct config *load_made_config(const struct text *text, struct error *error);

#endif
