#include "prometheus/promql/labels.h"

#include "prometheus/promql/kind.h"

const char *labels_namespace(const struct labels *labels, enum workload_kind kind,
                             const char *usual)
{
    return labels->of[kind].namespace_ != NULL ? labels->of[kind].namespace_ : usual;
}

const char *labels_name(const struct labels *labels, enum workload_kind kind)
{
    return labels->of[kind].name != NULL ? labels->of[kind].name : kind_query(kind)->name_label;
}
