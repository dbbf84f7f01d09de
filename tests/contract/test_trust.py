"""Whom the client talks to, whom it believes, and what it never lets out."""

import logging
import os
import shutil
import socket
import ssl
import subprocess
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.errors import CloudUnreachable, FactoryPosError, UsageError
from factorypos_tui.core.language import use_language
from tests.support.certificate import CERTIFICATE
from tests.support.misbehaving_http import MISBEHAVIOURS
from tests.support.tiny_cloud import TinyCloud
from tests.support.tunnel import tunnel

PASSWORD = "a long enough secret of Ana's"


@pytest.fixture
def secure() -> Iterator[str]:
    """The address of a cloud that speaks TLS as `localhost`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with TinyCloud(tls=context) as cloud:
        yield cloud.address.replace("127.0.0.1", "localhost")


def log_in_fails(client: FactoryCloud) -> CloudUnreachable:
    with client, pytest.raises(CloudUnreachable) as failure:
        client.log_in("ana@example.com", PASSWORD)
    return failure.value


@pytest.mark.parametrize(
    "address",
    [
        "http://cloud.example.com",
        "http://192.168.1.10:8080",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://0.0.0.0:80",
        "ftp://cloud.example.com",
        "file:///etc/passwd",
        "cloud.example.com",
        "https://",
        "",
        "https://ana:secret@cloud.example.com",
        "https://secret@cloud.example.com",
        "https://ana:secret@cloud.example.com:port",
        "https://cloud.example.com/v1",
        "https://cloud.example.com/v1/",
        "https://cloud.example.com/?a=b",
        "https://cloud.example.com/#top",
    ],
)
def test_an_address_that_cannot_be_trusted_is_refused_at_once(address: str) -> None:
    with pytest.raises(UsageError) as refused:
        FactoryCloud(address)
    assert "secret" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("https://cloud.example.com", "https://cloud.example.com"),
        ("https://cloud.example.com:8443/shop/", "https://cloud.example.com:8443/shop"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://127.1.2.3:8080", "http://127.1.2.3:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
    ],
)
def test_a_proper_address_is_taken(address: str, base: str) -> None:
    with FactoryCloud(address) as client:
        assert repr(client) == f"FactoryCloud('{base}')"


def test_a_private_ca_is_believed_only_where_it_is_named(secure: str) -> None:
    with FactoryCloud(secure, ca_file=str(CERTIFICATE)) as client:
        client.register("ana@example.com", PASSWORD, "Ana", "en")
        assert client.log_in("ana@example.com", PASSWORD).email == "ana@example.com"
    assert log_in_fails(FactoryCloud(secure)).reason == "tls"


def test_the_authorities_of_the_system_are_believed_beside_a_private_one(
    secure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("certifi.where")  # httpcore brings its list, which nobody here administrates
    another = str(Path(__file__).parents[1] / "faults" / "until_2001.pem")
    for system, ca_file in (
        (str(CERTIFICATE), None),
        (str(CERTIFICATE), another),
        (another, str(CERTIFICATE)),
    ):
        monkeypatch.setenv("SSL_CERT_FILE", system)
        with FactoryCloud(secure, ca_file=ca_file) as client:
            assert client.registration()
    monkeypatch.setenv("SSL_CERT_FILE", another)
    failure = log_in_fails(FactoryCloud(secure))
    assert failure.cause == "certificate_untrusted"
    assert "installed in the system" in str(failure)


def test_an_authority_that_an_administrator_installed_is_believed(
    secure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install = shutil.which("update-ca-certificates", path=f"{os.environ['PATH']}:/usr/sbin")
    if install is None:
        pytest.skip("there is no update-ca-certificates, which Debian has")
    theirs, store = tmp_path / "theirs", tmp_path / "certs"
    hooks = tmp_path / "hooks"
    for folder in (theirs, store, hooks):
        folder.mkdir()
    own = CERTIFICATE.read_text().partition("-----BEGIN CERTIFICATE-----")
    (theirs / "ours.crt").write_text(own[1] + own[2].partition("-----BEGIN PRIVATE")[0])
    folders = f"--localcertsdir {theirs} --etccertsdir {store} --hooksdir {hooks}".split()
    subprocess.run([install, *folders], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(store / "ca-certificates.crt"))
    with FactoryCloud(secure) as client:
        assert client.registration()
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", str(store))
    with FactoryCloud(secure) as client:
        assert client.registration()


def test_a_ca_file_may_have_remarks_and_a_key(secure: str, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(f"# Autoridad de la tienda, válida\n{CERTIFICATE.read_text()}", "utf-8")
    with FactoryCloud(secure, ca_file=str(file)) as client:
        assert client.registration()


def test_a_pipe_as_a_ca_file_is_said_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ca.pem")
    with pytest.raises(UsageError, match="pipe"):
        FactoryCloud("https://cloud.example.com", ca_file=str(tmp_path / "ca.pem"))


def test_a_certificate_for_another_name_is_not_believed(secure: str) -> None:
    client = FactoryCloud(secure.replace("localhost", "127.0.0.1"), ca_file=str(CERTIFICATE))
    assert log_in_fails(client).reason == "tls"


def test_what_the_system_says_is_told_in_the_operators_language(secure: str) -> None:
    use_language("es")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    assert ": la conexión fue rechazada. Los informes" in str(log_in_fails(FactoryCloud(nobody)))
    assert ": el certificado está firmado por sí mismo. No" in str(log_in_fails(FactoryCloud(secure)))
    elsewhere = FactoryCloud(secure.replace("localhost", "127.0.0.1"), ca_file=str(CERTIFICATE))
    assert ": el certificado es de otra dirección. No" in str(log_in_fails(elsewhere))


def test_https_to_a_server_without_tls_fails_safely() -> None:
    with TinyCloud() as cloud:
        failure = log_in_fails(FactoryCloud(cloud.address.replace("http:", "https:")))
        assert failure.reason == "tls"
        assert cloud.calls == []


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_file_that_is_none_is_said_at_once(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    with pytest.raises(UsageError, match=r"ca\.pem"):
        FactoryCloud("https://cloud.example.com", ca_file=str(file))


def test_nobody_listening_is_said_with_what_is_safe_and_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    failure = log_in_fails(FactoryCloud(address))
    assert failure.reason == "connection"
    assert address in str(failure)
    assert "Reports stay in the queue" in str(failure)


def test_an_unknown_name_is_said() -> None:
    host = "x" * 64 + ".example"  # longer than any name can be, so no name server is asked
    failure = log_in_fails(FactoryCloud(f"https://{host}"))
    assert failure.reason == "dns"
    assert host in str(failure)


def test_a_redirect_is_not_followed() -> None:
    with TinyCloud() as cloud:
        cloud.misbehave("302", times=1)
        assert log_in_fails(FactoryCloud(cloud.address)).reason == "not_factorycloud"
        assert cloud.calls == []


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:1")
    with TinyCloud() as cloud, FactoryCloud(cloud.address) as client:
        client.register("ana@example.com", PASSWORD, "Ana", "en")
        assert len(cloud.calls) == 1


def test_a_proxy_carries_https_and_may_want_a_log_in(secure: str) -> None:
    port = secure.rpartition(":")[2]
    cloud = f"https://cloud.example.com:{port}"
    with tunnel("ana:s3cret word") as proxy:
        for wrong in ("", "ana:wrong@"):
            by = f"http://{wrong}{proxy.address}"
            refused = log_in_fails(FactoryCloud(cloud, proxy=by, ca_file=str(CERTIFICATE)))
            assert (refused.reason, refused.cause) == ("connection", "proxy_authentication")
            assert "407" in str(refused)
        by = f"http://ana:s3cret%20word@{proxy.address}"
        with FactoryCloud(cloud, proxy=by, ca_file=str(CERTIFICATE)) as through:
            through.register("ana@example.com", PASSWORD, "Ana", "en")
            assert through.log_in("ana@example.com", PASSWORD).email == "ana@example.com"
        assert {*proxy.asked} == {f"cloud.example.com:{port}"}


def test_a_proxy_may_speak_tls_itself(secure: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    cloud = f"https://cloud.example.com:{secure.rpartition(':')[2]}"
    with tunnel("ana:s3cret", context) as proxy:
        by = f"https://ana:s3cret@{proxy.address.replace('127.0.0.1', 'localhost')}"
        with FactoryCloud(cloud, proxy=by, ca_file=str(CERTIFICATE)) as client:
            assert client.registration()


@pytest.mark.parametrize("address", ["socks5://127.0.0.1:1080", "proxy", "http://ana:secret@:port"])
def test_a_proxy_that_is_none_is_refused_at_once(address: str) -> None:
    with pytest.raises(UsageError) as refused:
        FactoryCloud("https://cloud.example.com", proxy=address)
    assert "secret" not in "".join(traceback.format_exception(refused.value))


def test_this_very_machine_is_never_reached_through_a_proxy() -> None:
    with TinyCloud() as cloud, FactoryCloud(cloud.address, proxy="http://127.0.0.1:1") as client:
        client.register("ana@example.com", PASSWORD, "Ana", "en")
        assert len(cloud.calls) == 1


@pytest.mark.parametrize("how", sorted(MISBEHAVIOURS.keys() - {"wrong_count", "reject"}))  # of batches
def test_no_error_and_no_log_repeats_a_secret(how: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = "tok3n-of-ana"
    with TinyCloud() as cloud, FactoryCloud(cloud.address, deadline_s=0.3) as client:
        cloud.misbehave(how)
        for call in (lambda: client.log_in("ana@example.com", PASSWORD), lambda: client.companies(token)):
            with pytest.raises(FactoryPosError) as failure:
                call()
            said = "".join(traceback.format_exception(failure.value)) + caplog.text
            causes = [failure.value, failure.value.__cause__, failure.value.__context__]
            said += "".join(f"{cause!r} {vars(cause)}" for cause in causes if cause)
            assert PASSWORD not in said
            assert token not in said
    assert not [record for record in caplog.records if record.name.startswith("http")]


def test_the_cloud_is_asked_to_speak_the_operators_language() -> None:
    with TinyCloud() as cloud, FactoryCloud(cloud.address) as client:
        client.register("ana@example.com", PASSWORD, "Ana", "es")
        use_language("es")
        client.log_in("ana@example.com", PASSWORD)
        assert [call.headers["accept-language"] for call in cloud.calls] == ["en", "es"]
