/*
 * What a row says that the row before did not: a new template, or another size.
 */
#ifndef AMBERBAR_ROLLOUT_CHANGE_H
#define AMBERBAR_ROLLOUT_CHANGE_H

#include "rollout/workload.h"

struct change {
    bool
        renewed; /* a new template is in the spec, by what names it: revision, generation, reason */
    bool fresh;  /* that, or `updated` fell further than the size did: a rollout begins anew */
    int64_t created; /* of what `updated` rose (or fell, then below 0) the part that only followed
                        the size */
};

/*
 * Of `row` against the last accepted one, whose values are replaced. A change of size alone is
 * neither renewed nor fresh. The very first row is fresh.
 */
struct change change_take(struct workload_memory *memory, const struct row *row);

#endif
