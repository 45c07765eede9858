/*
 * Any bytes as a config file: a config, or complaints, and never both. Boards by name come from
 * AMBERBAR_BOARDS.
 */
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every complaint is one line, up to those that are only counted. */
static void check_lines(const struct complaints *complaints)
{
    size_t lines = 0;
    size_t expected = complaints->count;
    for (size_t i = 0; i < complaints->text.length; i++)
        lines += complaints->text.data[i] == '\n';
    if (expected > COMPLAINTS_MAX)
        expected = COMPLAINTS_MAX + 1;
    if (lines != expected || !text_is_utf8(complaints->text.data, complaints->text.length))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct complaints complaints = {0};
    int file = memfd_create("config", MFD_CLOEXEC);
    if (file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    struct config *config = config_read(path, &complaints);
    if ((config != NULL) != (complaints.count == 0))
        abort();
    check_lines(&complaints);
    if (config != NULL) {
        struct text remarks = {0};
        config_remarks(config, &remarks);
        text_free(&remarks);
    }
    config_free(config);
    complaints_free(&complaints);
    close(file);
    return 0;
}
