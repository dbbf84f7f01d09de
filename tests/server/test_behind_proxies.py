"""The proxies that we hand out settings for, as Debian has them, in front of a real server."""

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.server.attacks.victim import Victim, a_till, attacked, read_answer, request
from tests.server.shop import Shop
from tests.server.watching import watching_by
from tests.support.certificate import CERTIFICATE
from tests.support.waiting import eventually

PACKAGING = Path(__file__).parents[2] / "packaging"
_PATIENCE_S = 60


@dataclass(frozen=True)
class Site:
    """A server and the proxy in front of it."""

    victim: Victim
    address: str
    plain: str
    """Where nginx takes calls without TLS."""

    def client(self, of: str = "127.0.0.1") -> httpx.Client:
        """A caller from one of this machine's own addresses."""
        trust = ssl.create_default_context(cafile=CERTIFICATE)
        way = httpx.HTTPTransport(verify=trust, local_address=of)
        return httpx.Client(base_url=self.address, transport=way, timeout=_PATIENCE_S, trust_env=False)

    def send(self, raw: bytes) -> ssl.SSLSocket:
        """A connection over which these bytes have left."""
        port = int(self.address.rpartition(":")[2])
        plain = socket.create_connection(("localhost", port), timeout=_PATIENCE_S)
        connection = ssl.create_default_context(cafile=CERTIFICATE).wrap_socket(
            plain, server_hostname="localhost"
        )
        connection.sendall(raw)
        return connection


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in held]
    for listener in held:
        listener.close()
    return ports


def settings(name: str, *changes: tuple[str, str]) -> str:
    """Our settings, with the addresses of this test."""
    text = (PACKAGING / name).read_text("utf-8")
    for written, instead in changes:
        assert written in text
        text = text.replace(written, instead)
    return text


def nginx(folder: Path, behind: str, port: int, plain: int) -> list[str]:
    site = settings(
        "nginx.conf",
        ("127.0.0.1:8080", behind),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("server_name cloud.example.com;", "server_name localhost;"),
        ("/etc/ssl/certs/cloud.example.com.pem", str(CERTIFICATE)),
        ("/etc/ssl/private/cloud.example.com.key", str(CERTIFICATE)),
    )
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    whole = f"pid {folder}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}{site}}}\n"
    (folder / "nginx.conf").write_text(whole, "utf-8")
    return ["nginx", "-e", "stderr", "-p", str(folder), "-c", "nginx.conf", "-g", "daemon off;"]


def caddy(folder: Path, behind: str, port: int, plain: int) -> list[str]:
    text = settings(
        "Caddyfile",
        ("127.0.0.1:8080", behind),
        ("{\n\tauto_https", "{\n\tadmin off\n\tauto_https"),
        (":80 {", f"http://:{plain} {{\n\tbind 127.0.0.1"),
        ("redir https://cloud.example.com{", "redir https://localhost{"),
        ("\ncloud.example.com {", f"\nhttps://localhost:{port} {{\n\ttls {CERTIFICATE} {CERTIFICATE}"),
    )
    (folder / "Caddyfile").write_text(text, "utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"], scope="module")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    start: Callable[[Path, str, int, int], list[str]] = request.param
    if not shutil.which(start.__name__):
        pytest.skip(f"{start.__name__} is not installed (apt-get install {start.__name__})")
    folder = tmp_path_factory.mktemp(start.__name__)
    port, plain = free_ports(2)
    address = f"https://localhost:{port}"
    options = ("--public-url", address, "--trusted-proxies", "127.0.0.1", "--registration", "open")
    with attacked(folder / "cloud", None, *options) as victim:
        behind = victim.address.removeprefix("http://")
        with running(start(folder, behind, port, plain), folder):
            yield Site(victim, address, f"http://localhost:{plain}")


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[None]:
    home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, env={**os.environ, **home}, stdout=log, stderr=log) as proxy,
    ):
        try:
            yield
        finally:
            proxy.terminate()


@pytest.fixture(autouse=True)
def up(site: Site) -> None:
    def answers() -> bool:
        with suppress(httpx.ConnectError), site.client() as http:
            return http.get("/v1/health").status_code == 200
        return False

    eventually(answers)


def put_of(size: int) -> bytes:
    """The header of a document of so many bytes, and a token that is not good."""
    return request(
        "PUT",
        "/v1/configuration",
        Host="localhost",
        Content_Length=str(size),
        Authorization="Bearer wrong",
    )


def test_a_till_sends_through_it_and_browsers_keep_to_https(site: Site) -> None:
    with site.client() as http:
        till = a_till(http)
        answer = till.send(till.z())
        assert answer.status_code == 201
        assert "max-age" in answer.headers["strict-transport-security"]


def test_the_server_knows_who_calls_and_believes_no_forged_address(site: Site) -> None:
    before = site.victim.log.read_text().count("log-in refused")
    with site.client(of="127.0.0.2") as http:
        form = {"email": "nobody@example.com", "password": "a wrong password"}
        answer = http.post("/v1/sessions", json=form, headers={"X-Forwarded-For": "192.0.2.7"})
        assert answer.status_code == 401
    eventually(lambda: site.victim.log.read_text().count("log-in refused") > before)
    assert '"address": "127.0.0.2"' in site.victim.log.read_text()
    assert "192.0.2.7" not in site.victim.log.read_text()


@pytest.mark.parametrize("site", [nginx], ids=["nginx"], indirect=True)
def test_a_refusal_reaches_a_caller_before_its_body_is_sent(site: Site) -> None:
    """Caddy keeps it until the body is there, or its time is over."""
    with site.send(put_of(1_000_000) + b"x" * 20_000) as connection:
        assert read_answer(connection)[0] == 401


def test_a_body_that_is_too_large_is_refused_before_the_server(site: Site) -> None:
    """Chunked, so that its size shows only when it is there."""
    with site.client() as http:
        till = a_till(http)
        pieces = (b" " * 64 * 1024 for _ in range(144))
        answer = till.call("PUT", "/configuration", content=pieces, headers={"If-None-Match": "*"})
    assert (answer.status_code, "x-request-id" in answer.headers) == (413, False)


@pytest.mark.parametrize("path", ["/metrics", "/%6detrics"])
def test_metrics_are_not_passed_on(site: Site, path: str) -> None:
    with site.client() as http:
        answer = http.get(path)
    assert (answer.status_code, "x-request-id" in answer.headers) == (404, False)


def test_to_https_nobody_is_sent_to_another_name(site: Site) -> None:
    answer = httpx.get(f"{site.plain}/login", headers={"Host": "evil.example.com"}, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "https://localhost/login")


def test_live_events_pass_at_once(site: Site) -> None:
    with site.client() as http, site.client() as viewer:
        owner = Shop.of_another_process(http).owner()
        till = owner.assign(owner.store())
        with watching_by(viewer, owner.token, store=till.store) as stream:
            assert till.send(till.z()).status_code == 201
            assert stream.next_event() == "figures"


def test_a_person_logs_in_on_a_page(site: Site) -> None:
    who = {"email": "ana@pages.example", "password": "a long walk by the sea", "name": "Ana"}
    with site.client() as http:
        http.headers["Accept"] = "text/html"
        assert http.post("/v1/users", json=who).status_code == 201
        page = http.get("/", follow_redirects=True)
        (proof,) = re.findall(r'name="csrf" value="(\w+)"', page.text)
        page = http.post("/login", data={**who, "csrf": proof}, follow_redirects=True)
        assert (page.status_code, page.url.path) == (200, "/")
        (session,) = [cookie for cookie in http.cookies.jar if cookie.name == "__Host-session"]
        assert session.secure
        (style,) = re.findall(r'href="(\./static/style\.\w+\.css)"', page.text)
        assert "immutable" in http.get(style).headers["cache-control"]
        assert http.get("/recover?token=none").status_code == 200
