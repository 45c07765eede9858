"""Clusters to begin with, and what happens in them."""

from collections.abc import Callable

from .cluster import Cluster, Spec, Template

ROLLOUT_EVERY_S = 60.0


def quiet(cluster: Cluster) -> None:
    """Several namespaces, and nothing happens."""
    web = Spec(Template(start_s=5.0), replicas=8, progress_deadline_s=10.0)
    cluster.create("cms/web", web, running=True)
    cluster.create("cms/worker", Spec(replicas=2), running=True)
    cluster.create("shop/cart", Spec(replicas=3, strategy="Recreate"), running=True)
    cluster.create("shop/checkout", Spec(replicas=4, max_surge=1, max_unavailable=0), running=True)
    cluster.create("shop/search", Spec(replicas=0), running=True)
    cluster.create("kube-system/coredns", Spec(replicas=2), running=True)


def rollout(cluster: Cluster) -> None:
    """cms/web gets a new version every minute."""
    quiet(cluster)

    def again() -> None:
        if "cms/web" in cluster.deployments:
            cluster.rollout("cms/web")
        cluster.at(cluster.now + ROLLOUT_EVERY_S, again)

    cluster.at(cluster.now + 10.0, again)


STORIES: dict[str, Callable[[Cluster], None]] = {"quiet": quiet, "rollout": rollout}
