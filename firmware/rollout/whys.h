/*
 * Why a state is what it is, each with all that is said of it but its look (picture/look.c, where
 * this machine is at fault): the columns are those of struct why_traits in verdict.c. Where
 * Kubernetes has a word of its own for a reason, the name is that word.
 */
#ifndef AMBERBAR_ROLLOUT_WHYS_H
#define AMBERBAR_ROLLOUT_WHYS_H

#define PLAIN_WHY 0, OWN_FAULT_ELSEWHERE

#define WHYS(X)                                                                                    \
    /* unknown: no answer yet since the start */                                                   \
    X(WHY_NOT_ASKED, "not_asked", PLAIN_WHY, "Prometheus has not answered yet")                    \
    /* unknown: nothing proves yet that the answer is new */                                       \
    X(WHY_UNPROVEN, "unproven", PLAIN_WHY, "nothing proves yet that the answer is new")            \
    /* unknown: the request failed */                                                              \
    X(WHY_FETCH, "fetch", WHYS_UNANSWERED, OWN_FAULT_ELSEWHERE,                                    \
      "no usable answer from Prometheus")                                                          \
    /* unknown: the same, and this machine has no network */                                       \
    X(WHY_NO_NETWORK, "no_network", WHYS_UNANSWERED, OWN_FAULT_NETWORK,                            \
      "this machine has no network")                                                               \
    /* unknown: the same, as by this machine's clock no certificate counts yet */                  \
    X(WHY_CLOCK_UNSET, "clock_unset", WHYS_UNANSWERED, OWN_FAULT_CLOCK,                            \
      "this machine's clock is not set, and no certificate can be checked")                        \
    /* unknown: nothing is asked, for the files on the card are wrong */                           \
    X(WHY_CARD_WRONG, "card_wrong", 0, OWN_FAULT_CARD, "the files on the card are wrong")          \
    /* unknown: nothing new was read of it for too long */                                         \
    X(WHY_LATE, "late", PLAIN_WHY, "nothing new was heard of it for too long")                     \
    /* unknown: nothing of this kind is visible: is kube-state-metrics down? */                    \
    X(WHY_NO_DATA, "no_data", WHYS_MISSED, OWN_FAULT_ELSEWHERE,                                    \
      "nothing of its kind is visible in Prometheus: is its exporter (kube-state-metrics) "        \
      "down? If the last one was deleted, restart amberbar")                                       \
    /* unknown: others are visible, this one is not */                                             \
    X(WHY_ABSENT, "absent", WHYS_MISSED, OWN_FAULT_ELSEWHERE,                                      \
      "not in Prometheus, while others of its kind are")                                           \
    /* unknown: absent for forget_after; its memory is dropped */                                  \
    X(WHY_GONE, "gone", WHYS_MISSED, OWN_FAULT_ELSEWHERE,                                          \
      "gone from Prometheus, while others of its kind are there")                                  \
    /* unknown: what exported it is not there any more */                                          \
    X(WHY_SOURCE_GONE, "source_gone", WHYS_SOURCE, OWN_FAULT_ELSEWHERE,                            \
      "what exported it is gone from Prometheus")                                                  \
    /* unknown: the answer's own times do not add up */                                            \
    X(WHY_CLOCK, "clock", PLAIN_WHY,                                                               \
      "the answer is older than it looks: Prometheus's clock went back, or a cache "               \
      "repeats it")                                                                                \
    /* unknown: counts do not add up */                                                            \
    X(WHY_COUNTS, "counts", PLAIN_WHY, "the counts of workloads do not add up")                    \
    /* unknown: the newest sample is older than max_age */                                         \
    X(WHY_STALE, "stale", WHYS_SOURCE, OWN_FAULT_ELSEWHERE,                                        \
      "the newest sample is too old: is its exporter still scraped?")                              \
    /* unknown: a required series is missing or no count, or the answer is partial */              \
    X(WHY_PARTIAL, "partial", PLAIN_WHY, "a part of the data is missing or no number")             \
    /* unknown: two different objects of the same name are visible */                              \
    X(WHY_AMBIGUOUS, "ambiguous", PLAIN_WHY,                                                       \
      "its sources contradict each other: two objects of one name (is a cluster label missing?), " \
      "or an exporter that stands still")                                                          \
    /* unknown: a deletion timestamp is set */                                                     \
    X(WHY_DELETING, "deleting", PLAIN_WHY, "it is being deleted")                                  \
    /* stable */                                                                                   \
    X(WHY_COMPLETE, "complete", PLAIN_WHY, "done")                                                 \
    /* scaled to zero */                                                                           \
    X(WHY_ZERO, "zero", PLAIN_WHY, "scaled to zero")                                               \
    /* progressing: the controller has not seen the newest spec yet */                             \
    X(WHY_UNOBSERVED, "unobserved", PLAIN_WHY,                                                     \
      "the controller has not seen the newest change yet")                                         \
    /* progressing or stalled: pods of the new template are coming */                              \
    X(WHY_ROLLOUT, "rollout", PLAIN_WHY, "new pods are coming")                                    \
    /* progressing or stalled: the replica count changes, the template does not */                 \
    X(WHY_SCALING, "scaling", WHYS_RESIZING, OWN_FAULT_ELSEWHERE,                                  \
      "the number of pods is changing")                                                            \
    /* progressing, however long: pods terminate, and are ready until they end */                  \
    X(WHY_DRAINING, "draining", WHYS_RESIZING | WHYS_PATIENT, OWN_FAULT_ELSEWHERE,                 \
      "old pods are terminating")                                                                  \
    /* the previous verdict stands until a second, newer sample agrees */                          \
    X(WHY_CONFIRMING, "confirming", WHYS_STANDING, OWN_FAULT_ELSEWHERE,                            \
      "waiting for a second sample that says the same")                                            \
    /* the previous verdict stands: this source is behind what was seen already */                 \
    X(WHY_LAGGING, "lagging", WHYS_STANDING, OWN_FAULT_ELSEWHERE,                                  \
      "this source is behind what was seen already")                                               \
    /* failed: the controller reports ProgressDeadlineExceeded */                                  \
    X(WHY_DEADLINE, "ProgressDeadlineExceeded", PLAIN_WHY,                                         \
      "the controller gave up: progress deadline exceeded")                                        \
    /* failed: the controller cannot create the ReplicaSet */                                      \
    X(WHY_CREATE_ERROR, "ReplicaSetCreateError", PLAIN_WHY,                                        \
      "the controller cannot create the ReplicaSet")                                               \
    /* failed: Progressing is false for another or an unexported reason */                         \
    X(WHY_NOT_PROGRESSING, "progressing_false", PLAIN_WHY,                                         \
      "the controller says that it is not progressing")                                            \
    /* failed, as the next three: an Argo Rollout's phase says so */                               \
    X(WHY_INVALID_SPEC, "invalid_spec", PLAIN_WHY, "its spec is invalid")                          \
    X(WHY_TIMEOUT, "timeout", PLAIN_WHY, "the controller gave up: progress deadline exceeded")     \
    X(WHY_ERROR, "error", PLAIN_WHY, "the controller reports an error")                            \
    X(WHY_ABORT, "abort", PLAIN_WHY, "the rollout was aborted")                                    \
    /* paused: spec.paused, or an Argo Rollout's phase */                                          \
    X(WHY_PAUSED, "paused", PLAIN_WHY, "paused")                                                   \
    /* paused: healthy, but nothing moves on: a partition, OnDelete */                             \
    X(WHY_HELD, "held", PLAIN_WHY, "healthy, but held back: by a partition, or OnDelete")          \
    /* degraded: pods lost with the rollout done */                                                \
    X(WHY_LOST_PODS, "degraded", PLAIN_WHY, "pods were lost after the rollout was done")           \
    /* the user's own query says so */                                                             \
    X(WHY_RATIO, "ratio", PLAIN_WHY, "the query says so")                                          \
    /* unknown, or progressing where it shrinks: the user's own query is outside 0..1 */           \
    X(WHY_RATIO_RANGE, "ratio_range", PLAIN_WHY, "the query yields no ratio from 0 to 1")

#endif
