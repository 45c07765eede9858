"""Debian's real VictoriaMetrics on a loopback port, which scrapes as Prometheus does."""

import http.client
from pathlib import Path

from lib import debian
from lib.prometheus import ANSWER_S, DIRECTLY, RealPrometheus


class VictoriaMetrics(RealPrometheus):
    name = "VictoriaMetrics"

    def _command(self, port: int) -> list[str | Path]:
        return [
            program(),
            f"-promscrape.config={self._config}",
            "-promscrape.config.strictParse=false",  # prometheus.yml has more than it knows
            f"-storageDataPath={self._data}",
            f"-httpListenAddr=127.0.0.1:{port}",
        ]

    def _is_ours_and_ready(self) -> bool:
        try:
            with DIRECTLY.open(f"{self.url}/flags", timeout=ANSWER_S) as answer:
                return str(self._data) in answer.read().decode()
        except (OSError, http.client.HTTPException):
            return False


def program() -> Path:
    """From the cache; fetched the first time."""
    return debian.unpacked("victoria-metrics", "usr/bin/victoria-metrics")
