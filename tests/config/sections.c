#include "config/sections.h"

#include "config/expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

struct config *read_text(const char *text)
{
    struct complaints complaints = {0};
    const char *path = scratch_write("c.yaml", text, strlen(text));
    struct config *config = config_read(path, &complaints);
    expect_complaints(text, &complaints, "");
    assert_non_null(config);
    complaints_free(&complaints);
    return config;
}
