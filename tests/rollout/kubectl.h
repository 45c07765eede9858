/*
 * When `kubectl rollout status` would say "successfully rolled out", written from its source
 * (kubernetes/kubectl pkg/polymorphichelpers/rollout_status.go) and not from ours.
 */
#ifndef AMBERBAR_TESTS_ROLLOUT_KUBECTL_H
#define AMBERBAR_TESTS_ROLLOUT_KUBECTL_H

#include "rollout/workload.h"

bool kubectl_done(const struct row *row, const struct limits *limits);

#endif
