"""Answers that take as much memory as so many bytes can, and a server that sends them."""

import json
import time

from peers.question import nonce_of, without_nonce
from peers.servers import Noting, Server, stable_rows

DEFAULT = 4 << 20  # max_response_size
WORKLOADS = 1600
OPEN = b'{"status":"success","data":{"resultType":"vector","result":['
CLOSE = b"]}}"


def filled(unit: bytes, size: int, before: bytes, after: bytes) -> bytes:
    """As many of `unit`, with commas between them, as there is room for."""
    count = (size - len(before) - len(after) - 64) // (len(unit) + 1)
    return before + b",".join([unit] * count) + after


def numbered(form: bytes, size: int, before: bytes, after: bytes) -> bytes:
    """The same of a form whose every # is the unit's number."""
    count = (size - len(before) - len(after) - 64) // (len(form) + 6 * form.count(b"#") + 1)
    return before + b",".join(form.replace(b"#", b"%d" % i) for i in range(count)) + after


def series(labels: bytes, value: bytes = b"1") -> bytes:
    return b'{"metric":{' + labels + b'},"value":[' + b"%d" % time.time() + b',"' + value + b'"]}'


def rows(labels: bytes, size: int) -> bytes:
    name = b'"__name__":"kube_deployment_spec_replicas",'
    return numbered(series(name + labels), size, OPEN, CLOSE)


def long_string(size: int) -> bytes:
    return OPEN + series(b'"deployment":"' + b"w" * (size - 200) + b'"') + CLOSE


MODES = {  # what fills an answer of so many bytes
    "nested arrays": lambda size: filled(b"[" * 60 + b"]" * 60, size, b'{"warnings":[', b"]}"),
    "nested arrays for series": lambda size: filled(b"[" * 60 + b"]" * 60, size, OPEN, CLOSE),
    "tiny members": lambda size: filled(b"0", size, b'{"status":"success","data":[', b"]}"),
    "tiny members of one series": lambda size: filled(b"0", size, OPEN + b"[", b"]" + CLOSE),
    "tiny series": lambda size: filled(b"{}", size, OPEN, CLOSE),
    "tiny labels": lambda size: numbered(b'"#":""', size, OPEN + b'{"metric":{', b"}}" + CLOSE),
    "rows": lambda size: rows(b'"namespace":"shop","deployment":"#"', size),
    "rows of as many sources": lambda size: rows(b'"deployment":"#","instance":"#"', size),
    "rows of long names": lambda size: rows(b'"deployment":"' + b"w" * 1000 + b'#"', size),
    "rows of many labels": lambda size: rows(
        b'"deployment":"#"' + b"".join(b',"l%d":"x"' % i for i in range(100)), size),
    "samples": lambda size: numbered(series(b'"a":"#"'), size, OPEN, CLOSE),
    "samples of quotes": lambda size: numbered(
        series(b'"a":"#' + b'\\"' * 500 + b'"'), size, OPEN, CLOSE),
    "one long string": long_string,
    "a long error": lambda size: (b'{"status":"error","errorType":"execution","error":"'
                                  + b"e" * (size - 200) + b'"}'),
    "warnings": lambda size: filled(b'"w"', size, b'{"status":"success","warnings":[',
                                    b'],"data":{"resultType":"vector","result":[]}}'),
    "no end": lambda size: filled(series(b'"a":"b"'), size, OPEN, b""),
    "no JSON": lambda size: b"<" * (size - 1),
    "more than it may": lambda size: filled(series(b'"a":"b"'), size * 2, OPEN, CLOSE),
}


class Sender(Server):
    """Sends `body` to whatever is asked, or below /MODE/ what MODES has of that name; without one,
    what is honest of `workloads`. GET says how often it has sent all of an answer, of an own query
    and else."""

    def __init__(self):
        super().__init__(SenderHandler)
        self.body: bytes | None = None
        self.workloads = 1
        self.sent = {False: 0, True: 0}

    def body_for(self, path: str) -> bytes | None:
        mode = path.split("/")[1].replace("-", " ")
        return MODES[mode](DEFAULT) if mode in MODES else self.body


class SenderHandler(Noting):
    def do_POST(self):
        request = self.note()
        body = self.server.body_for(self.path) or honest(request.query, self.server.workloads)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        finally:  # it may hang up in the middle of what is too long
            self.server.sent[is_own(request.query)] += 1

    def do_GET(self):
        self.answer(200, [self.server.sent[own] for own in (False, True)])


def is_own(query: str) -> bool:
    return "my_own" in query


def honest(query: str, workloads: int) -> bytes:
    now = time.time()
    nonce = nonce_of(query)
    if is_own(query):
        found = [({"instance": "api:80"}, 0)]
    elif nonce and not without_nonce(query):
        found = []
    elif query.startswith("label_replace(count"):
        found = [({"m": "deployment"}, workloads)]
    else:
        found = [row for i in range(workloads)
                 for row in stable_rows(now, "checkout-service-%04d" % i)]
    if nonce:
        found.append(({"amberbar_ask": nonce}, 1))
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": [
        {"metric": labels, "value": [now, str(value)]} for labels, value in found]}}).encode()
