#include "rollout/kind.h"

#include "base/table.h"

#define AT(kind, word, ...) ROW_AT(kind) = &kind_##word,

ROWS_BEGIN(kinds);
static const struct kind *const kinds[] = {KINDS(AT)};
ROWS_END(kinds, KIND_COUNT);

const struct kind *kind_of(enum workload_kind kind)
{
    return kinds[kind];
}
