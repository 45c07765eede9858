"""What was asked of a Prometheus, and answers that prove themselves as a real one's do: with the row
of the question's nonce (firmware/prometheus/promql/query.h), evaluated now."""

import re
import time
import urllib.parse

NONCE = re.compile(r'(?: or )?label_replace\(vector\(1\),"amberbar_ask","([0-9a-f]{16})","",""\)')


def query_of(request: bytes) -> str:
    """Of a whole HTTP request, by POST or GET; "" when it asks nothing."""
    head, _, body = request.partition(b"\r\n\r\n")
    form = body or urllib.parse.urlsplit(head.split(b" ", 2)[1]).query
    return dict(urllib.parse.parse_qsl(form.decode())).get("query", "")


def nonce_of(query: str) -> str | None:
    found = NONCE.search(query)
    return found and found[1]


def without_nonce(query: str) -> str:
    """The rest of the query; "" when the nonce is all that it asks for."""
    return NONCE.sub("", query)


def with_nonce(query: str, nonce: str) -> str:
    """The same question by another nonce, if it has one."""
    own = nonce_of(query)
    return query if own is None else query.replace(own, nonce)


def vector(query: str, rows: list[tuple[dict, object]], now: float | None = None) -> dict:
    """The answer to the query that finds these rows: (labels, value)."""
    now = time.time() if now is None else now
    nonce = nonce_of(query)
    rows = rows if nonce is None or without_nonce(query) else []
    proof = [] if nonce is None else [({"amberbar_ask": nonce}, 1)]
    return {"status": "success", "data": {"resultType": "vector", "result": [
        {"metric": labels, "value": [now, str(value)]} for labels, value in [*rows, *proof]]}}
