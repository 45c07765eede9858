"""Checks a signature of AWS Signature Version 4 by the published algorithm (AWS General Reference,
"Create a signed AWS API request"): canonical request, string to sign, derived key. It reads what was
sent and nothing of what the program knows."""

import datetime
import hashlib
import hmac
import re
import urllib.parse

ALGORITHM = "AWS4-HMAC-SHA256"
SKEW_S = 300
HEADER = re.compile(ALGORITHM + r" Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
                    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$")

# What Amazon says.
MISSING = "Missing Authentication Token"
UNKNOWN_KEY = "The security token included in the request is invalid."
WRONG = ("The request signature we calculated does not match the signature you provided. Check your "
         "AWS Secret Access Key and signing method. Consult the service documentation for details.")


def encode(text: str) -> str:
    """RFC 3986: all but the unreserved characters."""
    return urllib.parse.quote(text, safe="-_.~")


def canonical_query(query: str) -> str:
    """Names and values decoded, encoded anew and sorted. A plus sign is a plus sign."""
    pairs = [part.partition("=") for part in query.split("&") if part]
    decoded = [(encode(urllib.parse.unquote(name)), encode(urllib.parse.unquote(value)))
               for name, _, value in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(decoded))


def canonical_path(path: str) -> str:
    """Of every service but S3: each part encoded once more as it stands."""
    return "/".join(encode(part) for part in path.split("/")) or "/"


def canonical_headers(headers: dict[str, list[str]], signed: list[str]) -> str:
    lines = []
    for name in sorted(signed):
        values = [" ".join(value.split()) for value in headers[name]]
        lines.append(f"{name}:{','.join(values)}\n")
    return "".join(lines)


def canonical_request(method: str, target: str, headers: dict[str, list[str]], signed: list[str],
                      body: str) -> str:
    path, _, query = target.partition("?")
    return "\n".join([method, canonical_path(path), canonical_query(query),
                      canonical_headers(headers, signed), ";".join(sorted(signed)),
                      hashlib.sha256(body.encode()).hexdigest()])


def signature(secret: str, date: str, region: str, service: str, time: str, request: str) -> str:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    scope = f"{date}/{region}/{service}/aws4_request"
    words = "\n".join([ALGORITHM, time, scope, hashlib.sha256(request.encode()).hexdigest()])
    return hmac.new(key, words.encode(), "sha256").hexdigest()


def fault_of(request, access_key: str, secret_key: str, region: str, service: str) -> str | None:
    """Of an Asked (fronts.py): what Amazon would say; None: the signature is good."""
    given = request.header("Authorization")
    if given is None:
        return MISSING
    found = HEADER.match(given)
    if not found:
        return "Authorization header requires 'Credential' parameter."
    key, date, its_region, its_service, names, its_signature = found.groups()
    signed = names.split(";")
    if key != access_key:
        return UNKNOWN_KEY
    if (its_region, its_service) != (region, service):
        return f"Credential should be scoped to a valid region, not '{its_region}'."
    if "host" not in signed or not set(signed) <= set(request.headers) or signed != sorted(signed):
        return WRONG
    time = request.header("X-Amz-Date") or ""
    if not time.startswith(date) or "x-amz-date" not in signed:
        return WRONG
    then = datetime.datetime.strptime(time, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    if abs((datetime.datetime.now(datetime.timezone.utc) - then).total_seconds()) > SKEW_S:
        return f"Signature expired: {time} is now earlier than what is allowed"
    text = canonical_request(request.method, request.target, request.headers, signed, request.body)
    good = signature(secret_key, date, region, service, time, text)
    return None if hmac.compare_digest(good, its_signature) else WRONG
