"""What stands before a Prometheus that people can reach, as each is documented to behave: the
Kubernetes API server's service proxy, OpenShift's tenancy port, Grafana's data source proxy, Amazon's
managed Prometheus, proxies that know no POST, or no long addresses. Behind each is one stable
Deployment."""

import urllib.parse

from peers import sigv4
from peers.question import vector
from peers.servers import Noting, Request, Server, stable_answer

SERVICE = "/api/v1/namespaces/monitoring/services/prometheus:9090/proxy"
DATA_SOURCE = "/api/datasources/proxy/uid/P1809F7CD0C75ACF3"
WORKSPACE = "/workspaces/ws-0a1b2c3d-1234"
QUERY = "/api/v1/query"
LINE_MAX = 8192  # bytes of nginx's and Apache's longest request line


class Front(Server):
    """`path`: where its Prometheus is. `methods`: those that it lets through."""

    path = ""
    methods = ("GET", "POST")
    token: str | None = None
    line_max = 1 << 20

    def __init__(self, *methods: str):
        super().__init__(FrontHandler)
        self.methods = methods or self.methods

    @property
    def url(self) -> str:
        return f"http://{self.place}{self.path}"

    @property
    def asked_by(self) -> list[str]:
        return [request.line.split()[0] for request in self.requests]

    def judge(self, request: "Asked") -> tuple[int, object] | None:
        """Status and body of a refusal; None: it is let through. Text is sent as such."""
        if len(request.line) > self.line_max:
            return 414, "<html>414 Request-URI Too Large</html>"
        if self.token and request.header("Authorization") != f"Bearer {self.token}":
            return self.unknown()
        return None if request.method in self.methods else self.forbidden(request)

    def unknown(self) -> tuple[int, object]:
        return 401, "Unauthorized"

    def forbidden(self, request: "Asked") -> tuple[int, object]:
        return 405, "<html>405 Not Allowed</html>"


class Asked(Request):
    """A request with what its address holds."""

    def __init__(self, request: Request, body: str):
        super().__init__(request.line, request.headers, request.form)
        self.method, target = request.line.split()[:2]
        self.body = body
        self.target = target
        parts = urllib.parse.urlsplit(target)
        self.path = parts.path
        self.parameters = urllib.parse.parse_qs(parts.query)

    def value(self, name: str) -> str:
        """As Prometheus reads it: of the body, and of the address."""
        return [*self.form.get(name, []), *self.parameters.get(name, []), ""][0]


class FrontHandler(Noting):
    def note(self) -> Asked:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        headers: dict[str, list[str]] = {}
        for name, value in self.headers.items():
            headers.setdefault(name.lower(), []).append(value)
        asked = Asked(Request(self.requestline, headers, urllib.parse.parse_qs(body)), body)
        self.server.requests.append(asked)
        return asked

    def do_POST(self):
        asked = self.note()
        if asked.path != self.server.path + QUERY:
            self.send(404, "404 page not found")
            return
        refusal = self.server.judge(asked)
        query = asked.value("query")
        answer = stable_answer(query) if "kube_" in query else vector(query, [({}, 1)])
        self.send(*(refusal or (200, answer)))

    do_GET = do_POST

    def send(self, status: int, body: object) -> None:
        if not isinstance(body, str):
            self.answer(status, body)
            return
        content = body.encode()
        self.send_response(status)
        kind = "text/html" if body.startswith("<") else "text/plain; charset=utf-8"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class ApiServer(Front):
    """Kubernetes's, to who may `get` services/proxy. RBAC takes POST for `create`."""

    path = SERVICE
    methods = ("GET",)
    token = "kubernetes-t0ken"

    def unknown(self):
        return 401, status_of("Unauthorized", "Unauthorized", 401)

    def forbidden(self, request):
        verb = {"POST": "create", "GET": "get"}[request.method]
        return 403, status_of(
            'services "prometheus:9090" is forbidden: User "system:serviceaccount:it:wall" cannot '
            f'{verb} resource "services/proxy" in API group "" in the namespace "monitoring"',
            "Forbidden", 403)


def status_of(message: str, reason: str, code: int) -> dict:
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message, "reason": reason, "code": code}


class TenancyPort(Front):
    """kube-rbac-proxy before prom-label-proxy: the namespace is read from the address, by POST too,
    and a role `view` may get and not create."""

    methods = ("GET",)
    token = "openshift-t0ken"
    namespace = "shop"

    def judge(self, request):
        wanted = request.parameters.get("namespace", [])
        if not wanted:
            return 400, "Bad Request. The request or configuration is malformed."
        return super().judge(request) or (None if wanted == [self.namespace] else
                                          self.forbidden(request))

    def forbidden(self, request):
        verb = {"POST": "create", "GET": "get"}[request.method]
        return 403, (f"Forbidden (user=system:serviceaccount:it:wall, verb={verb}, resource=pods, "
                     "subresource=)\n")


class Grafana(Front):
    """Its data source proxy, with a service account's token; one of before 2018 takes GET alone."""

    path = DATA_SOURCE
    token = "glsa_s3rviceacc0unt"

    def unknown(self):
        return 401, {"message": "Invalid API key", "statusCode": 401}

    def forbidden(self, request):
        return 403, {"message": "GET is only allowed on proxied Prometheus datasource"}


class Amazon(Front):
    """Amazon Managed Service for Prometheus: each request is signed."""

    path = WORKSPACE
    access_key = "AKIDEXAMPLE"
    secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    region = "eu-central-1"
    also: str | None = None  # the secret that is to come

    def __init__(self, *methods: str):
        super().__init__(*methods)
        self.signed_with: list[str] = []

    def judge(self, request):
        for secret in (self.also, self.secret_key):
            fault = secret and sigv4.fault_of(request, self.access_key, secret, self.region, "aps")
            if secret and not fault:
                self.signed_with.append(secret)
                return None
        return 403, {"message": fault}


class Short(Front):
    """nginx in front, that lets GET through: its longest line is what a page of memory holds."""

    methods = ("GET",)
    line_max = LINE_MAX


