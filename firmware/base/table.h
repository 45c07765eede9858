/*
 * Tables over an enum, as a switch of rows: the compiler names the enumerator whose row is
 * forgotten, and does not go on (-Werror=switch in CMakeLists.txt; a `default` would hide it). Rows
 * of several columns are written in the order of the columns: one that is forgotten is noticed too
 * (-Werror=missing-field-initializers).
 *
 *     const char *size_name(enum size size)      const struct size_traits *size_of(enum size size)
 *     {                                          {
 *         switch (size) {                            TABLE_OF(struct size_traits);
 *             ROW(SIZE_LARGE, "large");              switch (size) {
 *             ROW(SIZE_SMALL, "small");                  ROW_OF(SIZE_LARGE, "large", 100);
 *         }                                              ROW_OF(SIZE_SMALL, "small", 1);
 *         NO_OTHER_ROW;                              }
 *     }                                              NO_OTHER_ROW;
 *                                                }
 *
 * tests/house/tables.py adds an enumerator to each enum that has such a table, and looks whether
 * the compiler says so.
 */
#ifndef AMBERBAR_BASE_TABLE_H
#define AMBERBAR_BASE_TABLE_H

#include <assert.h>

/* The function returns `value`. */
#define ROW(enumerator, value) \
    case enumerator:           \
        return value

/* The function returns the address of a `type` that has these members. */
#define TABLE_OF(type) typedef type row_of_table
#define ROW_OF(enumerator, ...)                        \
    case enumerator: {                                 \
        static const row_of_table row = {__VA_ARGS__}; \
        return &row;                                   \
    }

/* The last enumerator of an enum that is counted, which is no value of it. */
#define ROW_COUNT(enumerator) \
    case enumerator:          \
        break

/* An enum has no other values than its enumerators. */
#define NO_OTHER_ROW __builtin_unreachable()

/*
 * A table that must be an array (it is looked through for each label of an answer, or somebody
 * changes a copy) counts its rows: each is written once (-Woverride-init), so it has no gap when
 * they are as many as the enum has values.
 *
 *     ROWS_BEGIN(names);
 *     static const char *const names[] = {
 *         ROW_AT(SIZE_LARGE) = "large",
 *         ROW_AT(SIZE_SMALL) = "small",
 *     };
 *     ROWS_END(names, SIZE_COUNT);
 */
#define ROWS_BEGIN(table) enum { table##_begins = __COUNTER__ }
#define ROW_AT(enumerator) [(enumerator) + 0 * __COUNTER__]
#define ROWS_END(table, count)                               \
    static_assert(__COUNTER__ - table##_begins - 1 == count, \
                  "a row of " #table " is forgotten, or is no value of the enum")

#endif
