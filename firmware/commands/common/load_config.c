#include "commands/common/load_config.h"
#include "base/say.h"

#include "commands/commands.h"

#include <stdio.h>

struct config *load_config(const char *path)
{
    struct complaints complaints = {0};
    struct config *config = config_read(path != NULL ? path : CONFIG_FILE_DEFAULT, &complaints);
    if (config == NULL)
        say_lines(stderr, complaints.text.data);
    complaints_free(&complaints);
    return config;
}

int options_status(enum options_result result)
{
    return result == OPTIONS_WRONG ? EXIT_STATUS_USAGE : EXIT_STATUS_OK;
}
