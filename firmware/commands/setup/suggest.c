#include "commands/setup/suggest.h"

#include <math.h>
#include <string.h>

/* What clusters measure of themselves: names of Kubernetes's components, Prometheus's, and of what
   is installed beside them. */
static const char *const machinery[] = {
    "aggregator_",
    "alertmanager_",
    "apiextensions_",
    "apiserver_",
    "argocd_",
    "attachdetach_",
    "authentication_",
    "authorization_",
    "cadvisor_",
    "calico_",
    "certmanager_",
    "cilium_",
    "cloudprovider_",
    "container_",
    "coredns_",
    "cortex_",
    "csi_",
    "etcd_",
    "externaldns_",
    "field_validation_",
    "fluentbit_",
    "go_",
    "grafana_",
    "job_controller_",
    "kube_",
    "kubelet_",
    "kubeproxy_",
    "loki_",
    "machine_",
    "net_conntrack_",
    "node_",
    "plugin_manager_",
    "prober_",
    "process_",
    "prometheus_",
    "promhttp_",
    "promtail_",
    "rest_client_",
    "root_ca_",
    "scheduler_",
    "storage_",
    "tempo_",
    "thanos_",
    "volume_",
    "vm_",
    "watch_cache_",
    "workqueue_",
    "controller_runtime_",
};

/* Words of a name, and what each is worth. */
static const struct {
    const char *word;
    int worth;
} words[] = {
    {"ttfb", 6},     {"http", 4},    {"request", 3}, {"latency", 3}, {"response", 3},
    {"duration", 2}, {"ingress", 2}, {"server", 2},  {"grpc", 1},    {"client", -2},
    {"connect", -2}, {"header", -2}, {"db_", -1},    {"queue", -1},
};

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:"

bool suggest_takes(const char *metric)
{
    return strspn(metric, LETTERS) > 0 && metric[strspn(metric, LETTERS "0123456789")] == '\0';
}

int suggest_rank(const char *metric)
{
    int rank = 1;
    for (size_t i = 0; i < sizeof machinery / sizeof machinery[0]; i++)
        if (strncmp(metric, machinery[i], strlen(machinery[i])) == 0)
            return 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(metric, words[i].word) != NULL)
            rank += words[i].worth;
    return rank > 0 ? rank : 0;
}

/* The next of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 and their tenfolds. */
static double round_up(double value)
{
    static const double steps[] = {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    double power = 1;
    while (power * 10 <= value && power < 1e300)
        power *= 10;
    while (power > value && power > 0)
        power /= 10;
    size_t i = 0;
    while (steps[i] * power < value * (1 - 1e-9) && i + 1 < sizeof steps / sizeof steps[0])
        i++;
    return steps[i] * power;
}

struct thresholds suggest_thresholds(double high, double least, double most)
{
    const double above = isfinite(high) && high * 1.5 > least ? high * 1.5 : least;
    struct thresholds found = {.warning = round_up(above), .critical = round_up(2 * above)};
    if (most > 0 && found.critical > most) {
        found.critical = most;
        found.warning = found.warning < most ? found.warning : most / 2;
    }
    return found;
}
