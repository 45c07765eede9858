/*
 * Memory of an answer: what is handed out, how much of it, and what is given back.
 */
#include "prometheus/answer/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BLOCK ((size_t)16 * 1024)
#define PLENTY ((size_t)1024 * 1024)

/* What the system was asked for, without what a block needs for itself; `blocks` of them. */
static size_t room_of(const struct arena *arena, size_t blocks)
{
    static size_t own; /* bytes of a block that are not handed out */
    if (own == 0) {
        struct arena one = {0};
        arena_reset(&one, PLENTY);
        assert_non_null(arena_take(&one, 1));
        own = arena_held(&one) - BLOCK;
        arena_free(&one);
        assert_in_range(own, 1, 64);
    }
    return arena_held(arena) - blocks * own;
}

static void pieces_are_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena = {0};
    unsigned char *pieces[2000];
    arena_reset(&arena, PLENTY);
    for (size_t i = 0; i < 2000; i++) {
        const size_t size = 1 + i % 40;
        pieces[i] = arena_take(&arena, size);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % sizeof(uint64_t), 0);
        memset(pieces[i], (int)(i % 251), size);
    }
    for (size_t i = 0; i < 2000; i++)
        for (size_t k = 0; k < 1 + i % 40; k++)
            assert_int_equal(pieces[i][k], i % 251);
    arena_free(&arena);
    assert_int_equal(arena_held(&arena), 0);
}

/* Sizes are of eights: the limit is the largest of them below what was said. */
static void the_limit_is_kept_to_the_byte(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        size_t limit, first, second;
        bool fine;
    } rows[] = {
        {"all of it", 64, 64, 0, true},
        {"all of it in two pieces", 64, 40, 24, true},
        {"one byte more", 64, 65, 0, false},
        {"one byte more behind a first piece", 64, 40, 25, false},
        {"a piece takes eights", 64, 1, 56, true},
        {"... and leaves no more", 64, 1, 57, false},
        {"nine bytes are two eights", 64, 9, 49, false},
        {"a limit that is no multiple is the one below", 71, 64, 0, true},
        {"... and no more", 71, 65, 0, false},
        {"no limit at all", 0, 1, 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = {0};
        arena_reset(&arena, PLENTY);
        assert_non_null(arena_take(&arena, 8)); /* does not count */
        arena_limit(&arena, rows[i].limit);
        bool fine = arena_take(&arena, rows[i].first) != NULL;
        if (rows[i].second > 0)
            fine = fine && arena_take(&arena, rows[i].second) != NULL;
        if (fine != rows[i].fine || arena.exceeded == rows[i].fine)
            fail_msg("%s: %s", rows[i].sentence, fine ? "there is room" : "there is no room");
        arena_limit(&arena, rows[i].limit);
        assert_false(arena.exceeded);
        arena_free(&arena);
    }
}

/* The first of 16 KiB, each further one twice as large as the one before, or as what it is for. */
static void blocks_grow_with_what_is_held(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        size_t sizes[3]; /* that are taken, in order */
        size_t blocks, room;
    } rows[] = {
        {"a small piece", {1}, 1, BLOCK},
        {"a block to its last byte", {BLOCK - 8, 8}, 1, BLOCK},
        {"a first piece as large as a block", {BLOCK}, 1, BLOCK},
        {"a first piece that is larger", {BLOCK + 8}, 1, BLOCK + 8},
        {"one eighth more than a block", {BLOCK, 8}, 2, 3 * BLOCK},
        {"a piece that does not fit behind another", {BLOCK - 8, 9}, 2, 3 * BLOCK},
        {"a second piece as large as the second block", {8, 2 * BLOCK}, 2, 3 * BLOCK},
        {"a second piece that is larger", {8, 2 * BLOCK + 8}, 2, 3 * BLOCK + 8},
        {"three blocks", {BLOCK, 2 * BLOCK, 8}, 3, 7 * BLOCK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = {0};
        size_t room[2]; /* the second time in what the first has left */
        for (size_t poll = 0; poll < 2; poll++) {
            arena_reset(&arena, PLENTY);
            for (size_t k = 0; k < 3 && rows[i].sizes[k] > 0; k++) {
                void *taken = arena_take(&arena, rows[i].sizes[k]);
                assert_non_null(taken);
                memset(taken, 'x', rows[i].sizes[k]); /* is it there? */
            }
            room[poll] = room_of(&arena, rows[i].blocks);
        }
        arena_free(&arena);
        if (room[0] != rows[i].room || room[1] != rows[i].room)
            fail_msg("%s: %zu bytes, then %zu", rows[i].sentence, room[0], room[1]);
    }
}

/* Where the next block is too small for a piece, one is put before it, and it serves again later.
 */
static void a_block_that_is_too_small_is_kept(void **state)
{
    (void)state;
    struct arena arena = {0};
    arena_reset(&arena, PLENTY);
    assert_non_null(arena_take(&arena, BLOCK));
    assert_non_null(arena_take(&arena, 8));
    arena_reset(&arena, PLENTY);
    assert_non_null(arena_take(&arena, BLOCK));
    assert_non_null(arena_take(&arena, 5 * BLOCK));
    assert_int_equal(room_of(&arena, 3), 8 * BLOCK);
    assert_non_null(arena_take(&arena, 2 * BLOCK));
    assert_int_equal(room_of(&arena, 3), 8 * BLOCK);
    arena_free(&arena);
}

static void at_rest_a_small_block_stays(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        size_t sizes[3];
        size_t blocks, room;
    } rows[] = {
        {"nothing was taken", {0}, 0, 0},
        {"one block", {8}, 1, BLOCK},
        {"three blocks", {BLOCK, 2 * BLOCK, 8}, 1, BLOCK},
        {"a first one that is large", {BLOCK + 8, 8}, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena = {0};
        arena_reset(&arena, PLENTY);
        for (size_t k = 0; k < 3 && rows[i].sizes[k] > 0; k++)
            assert_non_null(arena_take(&arena, rows[i].sizes[k]));
        arena_rest(&arena);
        if (room_of(&arena, rows[i].blocks) != rows[i].room)
            fail_msg("%s: %zu bytes are held", rows[i].sentence, arena_held(&arena));
        assert_null(arena_take(&arena, 1)); /* until it is reset */
        arena_reset(&arena, PLENTY);
        for (size_t k = 0; k < 3; k++) {
            void *taken = arena_take(&arena, BLOCK);
            assert_non_null(taken);
            memset(taken, 'x', BLOCK);
        }
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_aligned_and_apart),
        cmocka_unit_test(the_limit_is_kept_to_the_byte),
        cmocka_unit_test(blocks_grow_with_what_is_held),
        cmocka_unit_test(a_block_that_is_too_small_is_kept),
        cmocka_unit_test(at_rest_a_small_block_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
