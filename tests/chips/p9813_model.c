/*
 * P9813: 32 zeros, then each LED takes the first 32 bits that begin with 11, if their next six are
 * the inverse of the top bits of the three bytes that follow, and passes the others on. 32 zeros
 * show what was taken.
 */
#include "strip_model.h"

#include <string.h>

static bool is_zero(const uint8_t *bytes)
{
    static const uint8_t zeros[4] = {0};
    return memcmp(bytes, zeros, 4) == 0;
}

void p9813_receive(struct strip_model *strip, const uint8_t *bytes, size_t length)
{
    size_t words = length / 4;
    if (length % 4 != 0 || words < 2 || !is_zero(bytes) || !is_zero(bytes + length - 4)) {
        strip_fault(strip, "no frame between two times 32 zeros");
        return;
    }
    if (words - 2 != strip->count)
        strip_fault(strip, "%zu words for %zu LEDs", words - 2, strip->count);
    for (size_t i = 0; i < words - 2 && i < strip->count; i++) {
        const uint8_t *word = bytes + 4 * (i + 1);
        for (unsigned c = 0; c < 3; c++) {
            unsigned flag = word[0] >> (4 - 2 * c) & 3u, top = word[1 + c] >> 6 & 3u;
            if (word[0] >> 6 != 3 || (flag ^ top) != 3)
                strip_fault(strip, "LED %zu: the flag %02x does not agree", i, word[0]);
            strip->shown[i][c] = word[1 + c];
        }
    }
}
