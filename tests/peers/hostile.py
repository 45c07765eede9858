"""Characters that steer, hide or forge, a Prometheus that puts them everywhere, and the eye that looks
for them in what comes out."""

import json
import re
import sys
import time
import unicodedata

from .servers import Noting, Server

# Prepended concatenation marks and hieroglyphs' joiners are Cf, but are seen.
SEEN = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD,
        *range(0x13430, 0x13460)}
FILLERS = {0x34F, 0x115F, 0x1160, 0x3164, 0xFFA0}


def is_hidden(character: str) -> bool:
    code = ord(character)
    return (unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs") and code not in SEEN
            or code in FILLERS or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF)


HIDDEN = [chr(code) for code in range(1, sys.maxunicode + 1) if is_hidden(chr(code))
          and not 0xD800 <= code <= 0xDFFF]
NOT_TO_BE_SEEN = {"\0", *HIDDEN} - {"\n"}
INVALID = [b"\x80", b"\xff", b"\xc3(", b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf",
           b"\xc2\x9b\xc2", b"\xf0\x9f"]

FORGED = "FORGED"  # what would begin a line of its own
ATTACKS = ["\x1b[2J\x1b[31m", "\x1b]0;title\x07", "\x9b31m", f"\n{FORGED} line", f"\r{FORGED}",
           f"\u2028{FORGED}", f"\u0085{FORGED}", "\u202egnp.exe\u202c", "\u2066x\u2069", "a\u200bb",
           "\U000e0041\U000e0042", "\x07\x08\x7f"]
EVERYTHING = "".join(HIDDEN) + "".join(ATTACKS)

# What the `terminal` board and a picture with colours write themselves.
OWN = re.compile(r"\x1b\[(?:[34]8;[25];[0-9;]+m|0?m|\d*[A-HJKLMST]|\?25[hl]|\?2026[hl]|\?7[hl])|\r")


class Eye:
    """Looks at bytes; counts them."""

    def __init__(self):
        self.bytes = 0
        self.outputs = 0
        self.faults: list[str] = []

    def look(self, where: str, output: bytes, screen: bool = False) -> None:
        self.bytes += len(output)
        self.outputs += 1
        try:
            text = output.decode()
        except UnicodeDecodeError as why:
            self.faults.append(f"{where}: {why}: {output[max(why.start - 40, 0):why.end + 20]!r}")
            return
        text = OWN.sub("", text) if screen else text
        if hidden := NOT_TO_BE_SEEN & set(text):
            at = min(map(text.index, hidden))
            around = ascii(text[max(at - 40, 0):at + 20])
            self.faults.append(f"{where}: U+{ord(text[at]):04X} in {around}")
            return
        if re.search(f"^(?:<.>)?{FORGED}", text, re.M):
            self.faults.append(f"{where}: a forged line")


def names() -> list[str]:
    return [f"w{index}{character}x" for index, character in enumerate(HIDDEN[:160] + HIDDEN[-8:])] + [
        f"v{index}{attack}x" for index, attack in enumerate(ATTACKS)]


def rows(available: int) -> bytes:
    """A vector of Deployments with such names, each in trouble when none of its pods is available;
    invalid bytes stand in some of them."""
    now, result = time.time(), []
    for name in [*names(), *(f"u{index}@{index}@x" for index in range(len(INVALID)))]:
        labels = {"namespace": "shop", "deployment": name, "cluster": name[:60]}
        values = {"metadata_generation": 3, "status_observed_generation": 3, "spec_replicas": 2,
                  "spec_paused": 0, "status_replicas": 2, "status_replicas_updated": 2,
                  "status_replicas_ready": available, "status_replicas_available": available}
        result += [({**labels, "__name__": "kube_deployment_" + key}, value)
                   for key, value in values.items()]
        result.append(({**labels, "m": "sample_ts"}, now))
    body = json.dumps({"status": "success", "data": {"resultType": "vector", "result": [
        {"metric": metric, "value": [now, str(value)]} for metric, value in result]}}).encode()
    for index, invalid in enumerate(INVALID):
        body = body.replace(f"@{index}@".encode(), invalid)
    return body


def survey() -> bytes:
    now = time.time()
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": [
        {"metric": {"namespace": "shop" + name, "m": "Deployment"}, "value": [now, "1"]}
        for name in names()]}}).encode()


def series() -> bytes:
    """For an indicator: labels with hostile names and values."""
    now = time.time()
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": [
        {"metric": {"service" + attack: EVERYTHING[:200]}, "value": [now, "0.9"]}
        for attack in ATTACKS]}}).encode()


def refusal(words: str) -> bytes:
    return json.dumps({"status": "error", "errorType": words[:40], "error": words}).encode()


def partial() -> bytes:
    return json.dumps({"status": "success", "warnings": [EVERYTHING, *ATTACKS], "infos": ATTACKS,
                       "data": {"resultType": "vector", "result": []}}).encode()


JSON = "application/json"

# Of each mode: status, content type, body, more headers.
MODES = {
    "none available": lambda: (200, JSON, rows(0), {}),
    "all available": lambda: (200, JSON, rows(2), {}),
    "partial": lambda: (200, JSON, partial(), {}),
    "bad query": lambda: (400, JSON, refusal(EVERYTHING), {}),
    "escape": lambda: (422, JSON, refusal("\x1b[2J" + ATTACKS[3]), {}),
    "raw bytes": lambda: (503, "text/plain", b"".join(INVALID) + b"\x1b[2J\x9b\n" + b"FORGED", {}),
    "a word": lambda: (500, "text/plain", ATTACKS[7].encode(), {}),
    "a type": lambda: (200, "text/x\u202e".encode().decode("latin-1"), b"<html>", {}),
    "result type": lambda: (200, JSON, json.dumps({"status": "success", "data": {
        "resultType": "a\x1b\u202e\u200b", "result": []}}).encode(), {}),
    "redirect": lambda: (302, JSON, b"", {"Location": "http://127.0.0.1:1/\x1b[2J\x9b"}),
    "series": lambda: (200, JSON, series(), {}),
}


class Hostile(Server):
    """Answers in `mode`; questions of a user's own in "series", surveys of namespaces in theirs."""

    def __init__(self):
        super().__init__(HostileHandler)
        self.mode = "none available"


class HostileHandler(Noting):
    def do_POST(self):
        query = self.note().form.get("query", [""])[0]
        status, kind, body, headers = MODES[self.server.mode]()
        if status == 200 and "my_own" in query:
            body = series()
        elif status == 200 and query.startswith(("count", "sum", "label_replace(count")):
            body = survey()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
