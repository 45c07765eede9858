"""Debian's real Prometheus on a loopback port, with data of its own."""

import http.client
import json
import os
import re
import signal
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from . import debian
from .process import Child, Failure, free_port, last_lines, wait_until

READY_S = 60.0  # on a busy Raspberry Pi; half a second elsewhere
PORT_TRIES = 5
OTHER_DEBIAN = "other-debian"
ANSWER_S = 2.0  # one request; who does not answer on a loopback is asked again
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever http_proxy says
PORT_TAKEN = re.compile("address already in use|unable to start web listener", re.I)


class RealPrometheus:
    """Scrapes `targets` ("127.0.0.1:8080", ...). `directory` takes its configuration, data and log,
    and is the caller's to remove. AMBERBAR_PROMETHEUS in the environment names another program, or
    `other-debian`: that of the supported Debian that this machine is not.
    `sections` are more of prometheus.yml, or replace what is written there; `flags` are more of its
    command."""

    name = "Prometheus"

    def __init__(
        self,
        directory: Path,
        targets: list[str],
        scrape_interval: str = "1s",
        flags: Sequence[str] = (),
        **sections,
    ):
        self.directory = Path(directory)
        self.log = self.directory / "prometheus.log"
        self.port: int | None = None
        self.child: Child | None = None
        self._targets = targets
        self._scrape_interval = scrape_interval
        self._flags = flags
        self._sections = sections

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it answers. A second start() takes the same port and the same data."""
        self._write_config()
        if self.port:
            self._start_on(self.port)
            return
        for tries_left in reversed(range(PORT_TRIES)):
            try:
                self._start_on(free_port())
                return
            except Failure:
                if not tries_left or not PORT_TAKEN.search(last_lines(self.log)):
                    raise

    def stop(self) -> None:
        if self.child:
            self.child.stop()
            self.child = None

    def kill(self) -> None:
        """SIGKILL: as when its machine dies."""
        if self.child:
            self.child.kill()
            self.child = None

    def reload(self, **sections) -> None:
        """Replaces these sections of its configuration while it runs."""
        self._sections |= sections
        self._write_config()
        self.child.process.send_signal(signal.SIGHUP)

    def query(self, promql: str) -> list[dict]:
        """The result of an instant query."""
        return self.api("query", query=promql)["result"]

    def remarks(self, promql: str) -> list[str]:
        """What comes beside the result of an instant query."""
        answer = self._answer("/api/v1/query?" + urllib.parse.urlencode({"query": promql}))
        return answer.get("warnings", []) + answer.get("infos", [])

    def api(self, what: str, **parameters: str):
        """The data of another answer: api("rules")."""
        return self._get(f"/api/v1/{what}?" + urllib.parse.urlencode(parameters))

    def wait_for(self, promql: str, patience_s: float = 30.0) -> None:
        """Waits until an instant query has a result."""
        wait_until(f"able to answer {promql}", lambda: self._has(promql), patience_s, self.child)

    def _has(self, promql: str) -> bool:
        """False too while it is too busy to answer in time."""
        try:
            return bool(self.query(promql))
        except (OSError, ValueError, http.client.HTTPException):
            return False

    def _start_on(self, port: int) -> None:
        self.log.unlink(missing_ok=True)
        self.child = Child(self.name, self._command(port), self.log)
        self.port = port
        try:
            wait_until("ready", self._is_ours_and_ready, READY_S, self.child)
        except Failure:
            self.kill()
            raise

    def _command(self, port: int) -> list[str | Path]:
        return [
            program(),
            f"--config.file={self._config}",
            f"--storage.tsdb.path={self._data}",
            f"--web.listen-address=127.0.0.1:{port}",
            *self._flags,
        ]

    def _is_ours_and_ready(self) -> bool:
        """Whoever took the port in between may be a Prometheus too: ours has our data."""
        try:
            with DIRECTLY.open(f"{self.url}/-/ready", timeout=ANSWER_S):
                flags = self._get("/api/v1/status/flags")
        except (OSError, ValueError, http.client.HTTPException):
            return False
        return flags.get("storage.tsdb.path") == str(self._data)

    def _get(self, path: str):
        return self._answer(path)["data"]

    def _answer(self, path: str) -> dict:
        with DIRECTLY.open(self.url + path, timeout=ANSWER_S) as answer:
            return json.load(answer)

    @property
    def _config(self) -> Path:
        return self.directory / "prometheus.yml"

    @property
    def _data(self) -> Path:
        return self.directory / "prometheus-data"

    def _write_config(self) -> None:
        """JSON is YAML too."""
        scrape = {
            "job_name": "kube-state-metrics",
            "honor_labels": True,
            "static_configs": [{"targets": self._targets}],
        }
        interval = self._scrape_interval
        everything = {
            "global": {
                "scrape_interval": interval,
                "scrape_timeout": interval,
                "evaluation_interval": interval,
            },
            "scrape_configs": [scrape],
        }
        everything |= self._sections
        self.directory.mkdir(parents=True, exist_ok=True)
        self._config.write_text(json.dumps(everything, indent=2) + "\n")


def program() -> Path:
    """Debian's, from the cache; fetched the first time."""
    chosen = os.environ.get("AMBERBAR_PROMETHEUS")
    if chosen and chosen != OTHER_DEBIAN:
        return Path(chosen)
    suite = debian.other_suite() if chosen else ""
    return debian.unpacked("prometheus", "usr/bin/prometheus", suite)


def promtool() -> Path:
    """Debian's, likewise."""
    return debian.unpacked("prometheus", "usr/bin/promtool")
