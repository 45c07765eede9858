/*
 * Hashes: their published values, and what they tell apart.
 */
#include "base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void hashes_are_those_of_the_standard(void **unused)
{
    (void)unused;
    /* Test values of FNV-1a, 64 bits, from its authors' table (isthe.com/chongo/tech/comp/fnv). */
    assert_true(hash_of("") == UINT64_C(0xcbf29ce484222325));
    assert_true(hash_of("a") == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(hash_of("foobar") == UINT64_C(0x85944171f73967e8));
    assert_true(hash_of("\xFF") != hash_of("\x7F"));
}

static void where_a_text_ends_is_part_of_a_longer_hash(void **state)
{
    (void)state;
    assert_true(hash_text(hash_text(HASH_START, "ab"), "c") !=
                hash_text(hash_text(HASH_START, "a"), "bc"));
    assert_true(hash_text(HASH_START, "") != HASH_START);
}

/* Texts that FNV-1a makes equal in their last 16 bits: a table would put them all in one slot. */
static void chosen_texts_are_spread_by_the_secret(void **state)
{
    (void)state;
    const uint64_t secret = hash_secret();
    size_t alike = 0, together = 0;
    assert_true(secret != 0 && secret == hash_secret());
    for (unsigned i = 0; alike < 64; i++) {
        char text[16];
        snprintf(text, sizeof text, "%u", i);
        if ((hash_text(HASH_START, text) & 0xFFFF) != 0x1234)
            continue;
        alike++;
        together += (hash_mix(hash_text(HASH_START ^ secret, text)) & 0xFFFF) == 0x1234;
    }
    assert_true(together < 8);
    assert_true(hash_mix(1) != hash_mix(2) && hash_mix(1) != 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_the_standard),
        cmocka_unit_test(chosen_texts_are_spread_by_the_secret),
        cmocka_unit_test(where_a_text_ends_is_part_of_a_longer_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
