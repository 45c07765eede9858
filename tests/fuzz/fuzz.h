/* What fuzz targets have in common. */
#ifndef AMBERBAR_TESTS_FUZZ_FUZZ_H
#define AMBERBAR_TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What holds for every input. */
static inline void must(bool holds)
{
    if (!holds)
        abort();
}

#endif
