#include "commands/common/load_config.h"
#include "base/say.h"

#include <stdio.h>
#include <string.h>

struct config *load_config(const char *path)
{
    struct complaints complaints = {0};
    struct config *config = config_read(path != NULL ? path : CONFIG_FILE_DEFAULT, &complaints);
    if (config == NULL)
        say_lines(stderr, complaints.text.data);
    complaints_free(&complaints);
    return config;
}

void add_bare_config(struct text *text, const char *url, const char *more)
{
    text_add(text, "board: terminal\nrollouts: [{name: all, namespace: .*}]\nprometheus: {url: ");
    text_add_json(text, url);
    text_addf(text, "%s}\n", more);
}

struct config *load_made_config(const struct text *text, struct error *error)
{
    struct complaints complaints = {0};
    struct config *config = text->failed ? NULL : config_read_text("made", text, &complaints);
    if (config == NULL) {
        char *said = complaints.text.data; /* "made:3:19: ..." */
        const char *first = strsep(&said, "\n");
        const char *why = first != NULL ? strstr(first, ": ") : NULL;
        error_set(error, "%s", why != NULL ? why + strlen(": ") : "not enough memory");
    }
    complaints_free(&complaints);
    return config;
}
