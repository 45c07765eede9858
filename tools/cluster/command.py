"""The cluster's verbs as text: `rollout cms/web image=v2 start=5`, from a person or a URL."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from .cluster import Cluster, Fault, Refused, Spec


def _fault(text: str) -> Fault:
    if text not in {fault.value for fault in Fault}:
        known = ", ".join(fault.value for fault in Fault)
        raise Refused(f"fault={text}: must be one of {known}")
    return Fault(text)


def _yes(text: str) -> bool:
    return text in ("1", "yes", "true")


TEMPLATE = {
    "image": ("image", str),
    "start": ("start_s", float),
    "stop": ("stop_s", float),
    "drain": ("drain_s", float),
    "fault": ("fault", _fault),
    "crash_after": ("crash_after_s", float),
}
SPEC = {
    "replicas": ("replicas", int),
    "strategy": ("strategy", str),
    "surge": ("max_surge", str),
    "unavailable": ("max_unavailable", str),
    "min_ready": ("min_ready_s", float),
    "deadline": ("progress_deadline_s", lambda text: None if text == "none" else float(text)),
}


@dataclass(frozen=True)
class Verb:
    help: str
    run: Callable[..., object]  # (cluster, key, **options)
    options: dict = field(default_factory=dict)  # word: (keyword argument, how to read it)
    required: tuple[str, ...] = ()


def _break(cluster: Cluster, key: str, fault: Fault = Fault.IMAGE_PULL, **template) -> None:
    cluster.rollout(key, fault=fault, **template)


def _create(cluster: Cluster, key: str, running: bool = False, **spec) -> None:
    cluster.create(key, Spec(**spec), running)


VERBS = {
    "create": Verb("a new Deployment", _create, SPEC | {"running": ("running", _yes)}),
    "rollout": Verb("a new pod template", Cluster.rollout, TEMPLATE),
    "break": Verb("a new pod template that cannot work", _break, TEMPLATE),
    "undo": Verb("back to the revision before", Cluster.undo),
    "scale": Verb("another size", Cluster.scale, {"replicas": SPEC["replicas"]}, ("replicas",)),
    "change": Verb("other fields of the spec", Cluster.change, SPEC),
    "pause": Verb("pause the rollout", Cluster.pause),
    "resume": Verb("resume the rollout", Cluster.resume),
    "delete": Verb("delete it", Cluster.delete, {"foreground": ("foreground", _yes)}),
    "lose": Verb(
        "serving pods stop being ready for a while",
        Cluster.lose,
        {"pods": ("pods", int), "seconds": ("seconds", float)},
    ),
    "hinder": Verb(
        "befalls every new pod", Cluster.hinder, {"fault": ("fault", _fault)}, ("fault",)
    ),
    "heal": Verb("ends hinder", Cluster.heal),
    "serve": Verb(
        "requests come, and are answered",
        Cluster.serve,
        {"rate": ("rate", float), "median": ("median_s", float), "cold": ("cold", float)},
    ),
    "burden": Verb(
        "answers take so many times as long",
        Cluster.burden,
        {"factor": ("factor", float)},
        ("factor",),
    ),
}


def run_line(cluster: Cluster, line: str) -> None:
    """`verb namespace/name option=value ...`; raises Refused, in words."""
    verb, key, options = ([*line.split(maxsplit=2), "", "", ""])[:3]
    words = [word.partition("=") for word in options.split()]
    run(cluster, verb, key, {name: value for name, _, value in words})


def run_query(cluster: Cluster, query: str) -> None:
    """`do=verb&deployment=namespace/name&option=value...`, as in a URL."""
    options = dict(parse_qsl(query, keep_blank_values=True))
    run(cluster, options.pop("do", ""), options.pop("deployment", ""), options)


def run(cluster: Cluster, name: str, key: str, options: dict[str, str]) -> None:
    if name not in VERBS:
        raise Refused(f"{name or 'no verb'}: must be one of {', '.join(VERBS)}")
    verb = VERBS[name]
    for word in verb.required:
        if word not in options:
            raise Refused(f"{name} needs {word}=")
    arguments = {}
    for word, text in options.items():
        if word not in verb.options:
            known = ", ".join(verb.options) or "no options"
            raise Refused(f"{name} {word}=: {name} takes {known}")
        argument, read = verb.options[word]
        try:
            arguments[argument] = read(text)
        except ValueError as error:
            raise Refused(f"{name} {word}={text}: {error}") from error
    try:
        verb.run(cluster, key, **arguments)
    except ValueError as error:
        raise Refused(f"{name} {key}: {error}") from error
