/*
 * The kinds of workloads, each with all that is known of it in Prometheus: how its series are named
 * and read, what it costs that one is missing, how it is asked for. A kind more is its metrics,
 * what is settled of it and its line in KINDS; and a file rollout/NAME.c with its rules, which the
 * linker asks for.
 *
 * Names and labels are those of kube-state-metrics (its docs/metrics/workload) and of Argo
 * Rollouts' controller (argoproj/argo-rollouts controller/metrics/rollouts.go).
 *
 * Of a Deployment `kube_deployment_status_replicas` cannot be done without: it alone says whether
 * old pods are left. The reason NewReplicaSetAvailable does not: a controller whose write of the
 * status was refused (another one came between) goes on with the reason of the rollout before
 * (kubernetes pkg/controller/deployment/progress.go).
 */
#ifndef AMBERBAR_EVIDENCE_KINDS_H
#define AMBERBAR_EVIDENCE_KINDS_H

/* Of a metric: whether it is needed, and what its lack costs (kind.h). */
#define LACK_UNSEEN true, "nothing says whether its controller has seen the newest change"
#define LACK_UNWANTED true, "nothing says how many pods are wanted"
#define LACK_UNSERVED true, "nothing says how many pods serve"
#define LACK_UNRENEWED true, "nothing says how many pods are new"
#define LACK_UNCOUNTED true, "nothing says whether old pods are still there"
#define LACK_AS_ONE false, "one that is deleted and made again passes for the same for two scrapes"
#define LACK_NOT_READY false, "pods that are ready, but not yet available, do not count as progress"
#define LACK_RARE false, NULL

/*
 * X(name, meaning, member of struct row, is it needed, cost): those of kind.h's struct metric.
 * Neighbours of one word stand together. The member `key` is none: labels say it.
 *
 * ..._SETTLED, with @ for the matchers, is what is certainly settled. All else is not: a workload
 * of which a series is missing, too. Every vector has the same labels, that is, comes of the same
 * exporter: two exporters never mix. tools/manual/rules.c makes amberbar.rules.yml of it.
 */
#define DEPLOYMENT_METRICS(X)                                                                      \
    X("kube_deployment_created", MEANS_COUNT, created, LACK_AS_ONE)                                \
    X("kube_deployment_metadata_generation", MEANS_COUNT, generation, LACK_UNSEEN)                 \
    X("kube_deployment_spec_paused", MEANS_COUNT, paused, false,                                   \
      "a paused rollout is shown as one that stalls")                                              \
    X("kube_deployment_spec_replicas", MEANS_PODS, spec, LACK_UNWANTED)                            \
    X("kube_deployment_status_observed_generation", MEANS_COUNT, observed, LACK_UNSEEN)            \
    X("kube_deployment_status_replicas", MEANS_PODS, replicas, LACK_UNCOUNTED)                     \
    X("kube_deployment_status_replicas_available", MEANS_PODS, available, LACK_UNSERVED)           \
    X("kube_deployment_status_replicas_ready", MEANS_PODS, ready, LACK_NOT_READY)                  \
    X("kube_deployment_status_replicas_updated", MEANS_PODS, updated, LACK_UNRENEWED)              \
    X("kube_deployment_status_terminating_replicas", MEANS_PODS, terminating, LACK_RARE)           \
    X("kube_deployment_deletion_timestamp", MEANS_DELETING, key, LACK_RARE)                        \
    X("kube_deployment_status_condition", MEANS_CONDITION, key, false,                             \
      "a rollout that Kubernetes gave up on is shown as stalled, after stall_after, and never as " \
      "failed")
#define DEPLOYMENT_SETTLED                                                                       \
    "kube_deployment_status_observed_generation{@}>=kube_deployment_metadata_generation{@} and " \
    "kube_deployment_status_replicas_updated{@}==kube_deployment_spec_replicas{@} and "          \
    "kube_deployment_status_replicas{@}==kube_deployment_spec_replicas{@} and "                  \
    "kube_deployment_status_replicas_available{@}>=kube_deployment_spec_replicas{@}"             \
    " unless kube_deployment_spec_paused{@}==1"                                                  \
    " unless kube_deployment_deletion_timestamp{@}"                                              \
    " unless ignoring(condition,status,reason) kube_deployment_status_condition"                 \
    "{condition=\"Progressing\",status=\"false\",@}==1"
#define DEPLOYMENT_CONDITIONS \
    "(kube_deployment_status_condition{condition=~\"Progressing|ReplicaFailure\",@} == 1)"

#define STATEFULSET_METRICS(X)                                                             \
    X("kube_statefulset_created", MEANS_COUNT, created, LACK_AS_ONE)                       \
    X("kube_statefulset_metadata_generation", MEANS_COUNT, generation, LACK_UNSEEN)        \
    X("kube_statefulset_replicas", MEANS_PODS, spec, LACK_UNWANTED)                        \
    X("kube_statefulset_status_observed_generation", MEANS_COUNT, observed, LACK_UNSEEN)   \
    X("kube_statefulset_status_replicas", MEANS_PODS, replicas, LACK_UNCOUNTED)            \
    X("kube_statefulset_status_replicas_available", MEANS_PODS, available,                 \
      LACK_UNSERVED " (kube-state-metrics says it from 2.2 on)")                           \
    X("kube_statefulset_status_replicas_current", MEANS_PODS, current, false,              \
      "pods that drain look like an update that is held back")                             \
    X("kube_statefulset_status_replicas_ready", MEANS_PODS, ready, true,                   \
      "nothing says how many pods are ready")                                              \
    X("kube_statefulset_status_replicas_updated", MEANS_PODS, updated, LACK_UNRENEWED)     \
    X("kube_statefulset_status_current_revision", MEANS_REVISION, current_revision, false, \
      "a partition that the cluster has moved is not noticed")                             \
    X("kube_statefulset_status_update_revision", MEANS_REVISION, update_revision, false,   \
      "a change of the number of pods looks like a rollout")                               \
    X("kube_statefulset_deletion_timestamp", MEANS_DELETING, key, LACK_RARE)
#define STATEFULSET_SETTLED                                                                        \
    "kube_statefulset_status_observed_generation{@}>=kube_statefulset_metadata_generation{@} and " \
    "kube_statefulset_status_replicas_updated{@}>=kube_statefulset_replicas{@} and "               \
    "kube_statefulset_status_replicas{@}==kube_statefulset_replicas{@} and "                       \
    "kube_statefulset_status_replicas_ready{@}>=kube_statefulset_replicas{@} and "                 \
    "kube_statefulset_status_replicas_available{@}>=kube_statefulset_replicas{@}"                  \
    " unless kube_statefulset_deletion_timestamp{@}"

#define DAEMONSET_METRICS(X)                                                                  \
    X("kube_daemonset_created", MEANS_COUNT, created, LACK_AS_ONE)                            \
    X("kube_daemonset_metadata_generation", MEANS_COUNT, generation, LACK_UNSEEN)             \
    X("kube_daemonset_status_observed_generation", MEANS_COUNT, observed, LACK_UNSEEN)        \
    X("kube_daemonset_status_desired_number_scheduled", MEANS_PODS, spec, LACK_UNWANTED)      \
    X("kube_daemonset_status_current_number_scheduled", MEANS_PODS, replicas, LACK_UNCOUNTED) \
    X("kube_daemonset_status_updated_number_scheduled", MEANS_PODS, updated, LACK_UNRENEWED)  \
    X("kube_daemonset_status_number_available", MEANS_PODS, available, LACK_UNSERVED)         \
    X("kube_daemonset_status_number_ready", MEANS_PODS, ready, LACK_NOT_READY)                \
    X("kube_daemonset_deletion_timestamp", MEANS_DELETING, key, LACK_RARE)
#define DAEMONSET_SETTLED                                                                          \
    "kube_daemonset_status_observed_generation{@}>=kube_daemonset_metadata_generation{@} and "     \
    "kube_daemonset_status_updated_number_scheduled{@}>=kube_daemonset_status_desired_number_"     \
    "scheduled{@} and "                                                                            \
    "kube_daemonset_status_current_number_scheduled{@}==kube_daemonset_status_desired_number_"     \
    "scheduled{@} and "                                                                            \
    "kube_daemonset_status_number_available{@}>=kube_daemonset_status_desired_number_scheduled{@}" \
    " unless kube_daemonset_deletion_timestamp{@}"

#define ROLLOUT_METRICS(X)                                                          \
    X("rollout_info_replicas_desired", MEANS_PODS, spec, LACK_UNWANTED)             \
    X("rollout_info_replicas_updated", MEANS_PODS, updated, LACK_UNRENEWED)         \
    X("rollout_info_replicas_available", MEANS_PODS, available, LACK_UNSERVED)      \
    X("rollout_info_replicas_unavailable", MEANS_PODS, unavailable, LACK_UNCOUNTED) \
    X("rollout_info", MEANS_PHASE, phase, true, "nothing says which phase it is in")
#define ROLLOUT_SETTLED                                                              \
    "rollout_info_replicas_updated{@}>=rollout_info_replicas_desired{@} and "        \
    "rollout_info_replicas_available{@}>=rollout_info_replicas_desired{@} and "      \
    "rollout_info_replicas_unavailable{@}>=0 and "                                   \
    "ignoring(phase,strategy,traffic_router) rollout_info{phase=\"Completed\",@}==1" \
    " unless (rollout_info_replicas_desired{@}==0 and "                              \
    "rollout_info_replicas_available{@}+rollout_info_replicas_unavailable{@}>0)"

#define FINE_OR_RESOURCES \
    "fine if there are none; else let kube-state-metrics export them (--resources)"

/*
 * Each with its word as a key and a label have it, its name as Kubernetes has it, and what people
 * call several of them; the columns of struct kind_metrics; and those of struct kind_query
 * (prometheus/promql/kind.h). The enum, keys of the config and all tables are made of this list.
 */
#define KINDS(X)                                                                                   \
    X(KIND_DEPLOYMENT, deployment, "Deployment", "Deployments", false, "kube_deployment_",         \
      "kube_deployment_metadata_generation", DEPLOYMENT_METRICS, "deployment",                     \
      "kube_deployment_status_replicas_available", DEPLOYMENT_CONDITIONS, DEPLOYMENT_SETTLED,      \
      "no Deployments (kube_deployment_metadata_generation): " FINE_OR_RESOURCES)                  \
    X(KIND_STATEFULSET, statefulset, "StatefulSet", "StatefulSets", false, "kube_statefulset_",    \
      "kube_statefulset_metadata_generation", STATEFULSET_METRICS, "statefulset",                  \
      "kube_statefulset_status_replicas_available", NULL, STATEFULSET_SETTLED,                     \
      "no StatefulSets (kube_statefulset_metadata_generation): " FINE_OR_RESOURCES)                \
    X(KIND_DAEMONSET, daemonset, "DaemonSet", "DaemonSets", false, "kube_daemonset_",              \
      "kube_daemonset_metadata_generation", DAEMONSET_METRICS, "daemonset",                        \
      "kube_daemonset_status_number_available", NULL, DAEMONSET_SETTLED,                           \
      "no DaemonSets (kube_daemonset_metadata_generation): " FINE_OR_RESOURCES)                    \
    X(KIND_ROLLOUT, rollout, "Rollout", "Argo Rollouts", true, "rollout_info",                     \
      "rollout_info_replicas_desired", ROLLOUT_METRICS, "name", "rollout_info_replicas_available", \
      NULL, ROLLOUT_SETTLED,                                                                       \
      "no Argo Rollouts (rollout_info): fine if there are none; else scrape port 8090 of "         \
      "their controller")

#endif
