/*
 * Kin: may two sources be one exporter, before and after its pod was replaced, or seen by another
 * way? By their labels, as matchers of PromQL (source.h). A new pod changes what names a pod, its
 * node, its address or its version (instance, pod, k8s_node_name, helm_sh_chart ...) and nothing
 * else: another job, region or shard is another exporter.
 */
#ifndef AMBERBAR_EVIDENCE_KIN_H
#define AMBERBAR_EVIDENCE_KIN_H

#include <stdbool.h>

/* No label that both have has two values, but those that a new pod changes. "": not known, and kin
   of none. */
bool kin_is_heir(const char *a, const char *b);

/* No label that both have has two values. */
bool kin_is_same(const char *a, const char *b);

#endif
