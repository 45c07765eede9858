"""Certificates made on the spot with the openssl command, and the nginx that shows them."""

import shutil
import subprocess
from pathlib import Path

from lib import debian
from lib.process import Child, Failure, free_port, wait_until

# `openssl ca` alone can date a certificate back.
CA_CONFIG = """
[ca]
default_ca = here
[here]
new_certs_dir = {folder}
database = {folder}/index
serial = {folder}/serial
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
"""
PAST = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"]


def find_openssl() -> None:
    if not shutil.which("openssl"):
        raise Failure("there is no openssl to make certificates with")


def openssl(*arguments) -> None:
    result = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"openssl {arguments[0]}: {result.stderr}")


class Authority:
    """Signs certificates in a folder of its own; its own is `certificate`."""

    def __init__(self, folder: Path, name: str):
        self.folder = folder / name
        self.folder.mkdir()
        self.certificate = self.folder / "ca.pem"
        self._key = self.folder / "ca.key"
        self._config = self.folder / "ca.cnf"
        self._config.write_text(CA_CONFIG.format(folder=self.folder))
        (self.folder / "index").touch()
        (self.folder / "serial").write_text("1000\n")
        openssl("req", "-config", self._config, *_new_key(self._key), "-x509", "-days", 2,
                "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE",
                "-out", self.certificate)

    def sign(self, name: str, alternatives: str = "", days=("-days", "1")) -> tuple[Path, Path]:
        """The files of a certificate and its key."""
        key, request, certificate = (self.folder / f"{name}.{end}" for end in ("key", "req", "pem"))
        extension = ["-addext", f"subjectAltName={alternatives}"] if alternatives else []
        openssl("req", "-config", self._config, *_new_key(key), "-subj", f"/CN={name}",
                *extension, "-out", request)
        openssl("ca", "-batch", "-notext", "-config", self._config, "-md", "sha256", *days,
                "-cert", self.certificate, "-keyfile", self._key,
                "-in", request, "-out", certificate)
        return certificate, key


def _new_key(path: Path) -> list:
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-new",
            "-keyout", path]


class Nginx:
    """Debian's, unpacked privately. Each site is a server block without its `listen`; it gets a port
    of its own, known as {port:NAME} in every block. `more`: directives for all of them."""

    def __init__(self, folder: Path, more: str = ""):
        self.folder = folder
        self._more = more
        self.sites: dict[str, str] = {}
        self.ports: dict[str, int] = {}
        self._listen: dict[str, str] = {}
        self.child: Child | None = None

    def site(self, name: str, block: str, listen: str = "ssl") -> str:
        """host:port of a new site."""
        port = free_port()
        while port in self.ports.values():  # nothing holds it yet: the kernel may name it again
            port = free_port()
        self.ports[name] = port
        self.sites[name], self._listen[name] = block, listen
        return f"127.0.0.1:{self.ports[name]}"

    def start(self) -> None:
        config = self.folder / "nginx.conf"
        config.write_text(self._config())
        log = self.folder / "nginx.log"
        command = [program(), "-p", self.folder, "-c", config, "-e", log]
        self.child = Child("nginx", command, log)
        wait_until("listening", lambda: (self.folder / "nginx.pid").exists(), 20, self.child)

    def stop(self) -> None:
        if self.child:
            self.child.stop()
            self.child = None

    def _config(self) -> str:
        # One process: it keeps our user, and so can read what we wrote.
        lines = ["daemon off; master_process off; pid nginx.pid;", "events {}", "http {",
                 "access_log off; keepalive_requests 100000; ssl_protocols TLSv1.2 TLSv1.3;",
                 self._more]
        for place in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
            lines.append(f"{place}_temp_path {place};")
        for name, block in self.sites.items():
            for other, port in self.ports.items():
                block = block.replace("{port:" + other + "}", str(port))
            listen = f"listen 127.0.0.1:{self.ports[name]} {self._listen[name]};"
            lines += ["server {", listen, block, "}"]
        return "\n".join([*lines, "}"])


def program() -> Path:
    return debian.unpacked("nginx", "usr/sbin/nginx")
