"""What may stand before a real Prometheus on its way to a newcomer: who wants to know who asks, a
certificate that nobody knows, an address that has moved. All else is passed on."""

import http.client
import ssl
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MOVED_TO = "/prom"


class Gate(ThreadingHTTPServer):
    """`admitted`: values of the header Authorization, one of which is wanted; none: all are let in.
    `certificate`: the files of one and its key, for https. `get_only`: POST is forbidden.
    `refuses`: a word that no query may have."""

    daemon_threads = True

    def __init__(self, port: int, admitted=(), certificate=None, moved=False, get_only=False,
                 refuses=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind = port
        self.admitted = set(admitted)
        self.moved = moved
        self.get_only = get_only
        self.refuses = refuses
        self.seen: list[str | None] = []  # of each request its Authorization
        self.place = f"127.0.0.1:{self.server_address[1]}"
        self.url = f"{'https' if certificate else 'http'}://{self.place}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, *_):
        pass  # a client that went away, or does not like the certificate

    def close(self):
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.get_only and self.command == "POST":
            self.answer(403, "text/plain", b"cannot create\n")
            return
        query = urllib.parse.parse_qs(body.decode()).get("query", [""])[0]
        if self.server.refuses and self.server.refuses in query:
            self.answer(422, "application/json", b'{"status":"error","errorType":"execution",'
                                                 b'"error":"not allowed"}')
            return
        known = self.headers.get("Authorization")
        self.server.seen.append(known)
        if self.server.moved and not self.path.startswith(MOVED_TO):
            self.answer(307, "text/html", b"moved", {"Location": MOVED_TO + self.path})
        elif self.server.admitted and known not in self.server.admitted:
            self.answer(401, "text/plain", b"who are you?\n")
        else:
            self.pass_on(body)

    do_GET = do_POST

    def pass_on(self, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=30)
        kind = {"Content-Type": self.headers.get("Content-Type", "")}
        connection.request(self.command, self.path.removeprefix(MOVED_TO), body, kind)
        answer = connection.getresponse()
        self.answer(answer.status, answer.headers.get("Content-Type"), answer.read(), {})
        connection.close()

    def answer(self, status, kind, content, more=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in dict(more).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class LoginPage(Gate):
    """An address that shows everybody the same page."""

    def __init__(self):
        super().__init__(0)
        self.RequestHandlerClass = LoginHandler


class LoginHandler(Handler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer(200, "text/html; charset=utf-8", b"<html><form>Log in</form></html>")
