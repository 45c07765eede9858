#include "prometheus/promql/kind.h"

#include "base/table.h"

#define QUERY_ROW(kind, word, name, plural, phased, prefix, heartbeat, metrics, ...) \
    ROW_OF(kind, __VA_ARGS__);

const struct kind_query *kind_query(enum workload_kind kind)
{
    TABLE_OF(struct kind_query);
    switch (kind) {
        KINDS(QUERY_ROW)
        ROW_COUNT(KIND_COUNT);
    }
    NO_OTHER_ROW;
}
