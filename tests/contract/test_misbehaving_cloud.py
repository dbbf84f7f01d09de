"""What the client makes of a FactoryCLOUD, or something that is none, on a bad day."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import httpcore
import pytest

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.cloud.headers import retry_after_s
from factorypos_tui.cloud.transport import Deadline
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, OfAnotherAccount, TokenRefused
from factorypos_tui.core.models import Acknowledgement, Report, Terminal
from tests.contract.documents import z_report
from tests.support.tiny_cloud import TinyCloud

# What goes wrong -> the reason that the worker is told.
REASONS = {
    "500": "server_error",
    "503": "server_error",
    "429": "overloaded",
    "425": "overloaded",
    "408": "timeout",
    "302": "not_factorycloud",
    "404": "not_factorycloud",
    "html": "not_factorycloud",
    "html_as_json": "not_factorycloud",
    "list": "not_factorycloud",
    "nan": "not_factorycloud",
    "invalid_json": "not_factorycloud",
    "deep_json": "not_factorycloud",
    "not_gzip": "not_factorycloud",
    "cut_gzip": "not_factorycloud",
    "bomb": "not_factorycloud",
    "br": "not_factorycloud",
    "receipt_as_html": "not_factorycloud",
    "huge": "not_factorycloud",
    "close": "connection",
    "drop_answer": "connection",
    "truncate": "connection",
    "stall": "timeout",
    "trickle": "timeout",
    "trickle_head": "timeout",
    "wrong_id": "wrong_receipt",
    "wrong_hash": "wrong_receipt",
    "wrong_result": "wrong_receipt",
}
WITHOUT_END = {"stall", "trickle", "trickle_head"}
PASSWORD = "a long enough secret of Ana's"


@dataclass(frozen=True)
class Till:
    """An enrolled terminal, and its client on which no request was sent yet."""

    tiny: TinyCloud
    client: FactoryCloud
    user_token: str
    token: str
    id: str


@pytest.fixture
def tiny() -> Iterator[TinyCloud]:
    with TinyCloud(page_size=2) as cloud:
        yield cloud


@pytest.fixture
def till(tiny: TinyCloud) -> Iterator[Till]:
    terminal = Terminal(str(uuid4()), "Till 1")
    with FactoryCloud(tiny.address) as setup:
        setup.register("ana@example.com", PASSWORD, "Ana", "en")
        user = setup.log_in("ana@example.com", PASSWORD).token
        company = setup.create_company(user, "Café", "ES", "EUR", None)
        store = setup.create_store(user, company.id, "Calle Mayor", "Europe/Madrid", None)
        token = setup.enrol(user, store.id, terminal, "test", move=False).terminal_token
    tiny.calls.clear()
    with FactoryCloud(tiny.address) as client:
        yield Till(tiny, client, user, token, terminal.id)


def three(terminal_id: str) -> list[Report]:
    reports = [z_report(terminal_id, 1)]
    reports.append(z_report(terminal_id, 2, previous=reports[0]))
    return [*reports, z_report(terminal_id, 3, previous=reports[1])]


@pytest.mark.parametrize("in_a_batch", [False, True], ids=["alone", "batch"])
@pytest.mark.parametrize(("how", "reason"), REASONS.items())
def test_nothing_but_a_receipt_delivers_a_report(till: Till, how: str, reason: str, in_a_batch: bool) -> None:
    reports = three(till.id) if in_a_batch else [z_report(till.id, 1)]

    def send(client: FactoryCloud) -> Sequence[Acknowledgement | CloudRefused]:
        return client.send_batch(till.token, reports) if in_a_batch else [client.send(till.token, reports[0])]

    till.tiny.misbehave(how)
    deadline_s = 0.3 if how in WITHOUT_END else 60
    with (
        FactoryCloud(till.tiny.address, deadline_s=deadline_s) as client,
        pytest.raises(CloudUnreachable) as failure,
    ):
        send(client)
    assert failure.value.reason == reason
    assert str(failure.value).isprintable()

    till.tiny.behave()
    receipts = send(till.client)
    assert [r.report_id for r in receipts if isinstance(r, Acknowledgement)] == [r.id for r in reports]
    assert sorted(till.tiny.reports) == sorted(report.id for report in reports)


def test_a_batch_with_too_few_receipts_delivers_nothing(till: Till) -> None:
    till.tiny.misbehave("wrong_count", times=1)
    with pytest.raises(CloudUnreachable) as failure:
        till.client.send_batch(till.token, three(till.id))
    assert failure.value.reason == "wrong_receipt"
    results = till.client.send_batch(till.token, three(till.id))
    assert len(results) == 3


def test_one_refused_report_of_a_batch_is_refused_alone(till: Till) -> None:
    till.tiny.misbehave("reject", times=1, value={"status": 422, "code": "invalid"})
    first, second, third = till.client.send_batch(till.token, three(till.id))
    assert isinstance(first, Acknowledgement)
    assert isinstance(second, CloudRefused)
    assert (second.status, second.code) == (422, "invalid")
    assert isinstance(third, Acknowledgement)


def test_a_report_that_the_cloud_could_not_take_just_now_is_not_refused(till: Till) -> None:
    till.tiny.misbehave("reject", times=1, value={"status": 503, "code": "unavailable"})
    with pytest.raises(CloudUnreachable) as failure:
        till.client.send_batch(till.token, three(till.id))
    assert failure.value.reason == "server_error"


@pytest.mark.parametrize(
    ("how", "kind", "code"),
    [
        ("401", TokenRefused, "unauthorized"),
        ("403", CloudRefused, "forbidden"),
        ("422", CloudRefused, "invalid"),
        ("413", CloudRefused, "too_large"),
    ],
)
def test_a_refusal_says_so_in_words_that_harm_no_screen(
    till: Till, how: str, kind: type[CloudRefused], code: str
) -> None:
    till.tiny.misbehave(how)
    with pytest.raises(CloudRefused) as refused:
        till.client.send(till.token, z_report(till.id, 1))
    assert type(refused.value) is kind
    assert (refused.value.status, refused.value.code) == (int(how), code)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 1000


def test_a_terminal_that_an_older_cloud_does_not_move_is_another_accounts(till: Till) -> None:
    """It says `terminal_elsewhere` and no more; `--move` was given already."""
    till.tiny.misbehave("elsewhere", times=2)
    terminal = Terminal(till.id, "Till 1")
    with pytest.raises(CloudRefused, match="--move"):
        till.client.enrol("a-user-token", str(uuid4()), terminal, "test", move=False)
    with pytest.raises(OfAnotherAccount, match=f"cloud terminal release {till.id}"):
        till.client.enrol("a-user-token", str(uuid4()), terminal, "test", move=True)


def test_a_closed_idle_connection_is_replaced_unnoticed(till: Till) -> None:
    first, second, third = three(till.id)
    assert till.client.send(till.token, first).result == "created"
    till.tiny.misbehave("close", times=1)
    assert till.client.send(till.token, second).result == "created"
    till.tiny.misbehave("drop_answer", times=1)
    assert till.client.send(till.token, third).result == "unchanged"
    assert len(till.tiny.reports) == 3


def test_a_log_in_is_never_sent_twice_for_one_key_press(till: Till) -> None:
    till.client.companies(till.user_token)
    till.tiny.misbehave("drop_answer", times=1)
    with pytest.raises(CloudUnreachable):
        till.client.log_in("ana@example.com", PASSWORD)
    assert [call.path for call in till.tiny.calls].count("/v1/sessions") == 1


@pytest.mark.parametrize("how", ["drop_answer", "503", "truncate"])
def test_a_form_sent_again_after_a_lost_answer_creates_one_thing(till: Till, how: str) -> None:
    till.tiny.misbehave(how, times=1)
    with pytest.raises(CloudUnreachable):
        till.client.create_company(till.user_token, "Bar", "ES", "EUR", None)
    bar = till.client.create_company(till.user_token, "Bar", "ES", "EUR", None)
    assert [company.name for company in till.client.companies(till.user_token)] == ["Café", "Bar"]
    # Another one of the same name, once that is answered, is meant.
    assert till.client.create_company(till.user_token, "Bar", "ES", "EUR", None) != bar


def test_a_list_is_read_to_its_end_in_order(till: Till) -> None:
    names = [f"Company {n}" for n in range(5)]
    for name in names:
        till.client.create_company(till.user_token, name, "ES", "EUR", None)
    assert [company.name for company in till.client.companies(till.user_token)] == ["Café", *names]


def test_a_list_without_an_end_is_no_list(till: Till) -> None:
    till.tiny.misbehave("same_cursor")
    with pytest.raises(CloudUnreachable) as failure:
        till.client.companies(till.user_token)
    assert failure.value.reason == "not_factorycloud"


@pytest.mark.parametrize(
    "name",
    ["\x1b[2Jname", "na\x9b31mme", "\u202ename", "na\u2066me", "na\ud800me", "na\nme", "name" * 1000],
    ids=ascii,
)
def test_a_hostile_name_reaches_no_screen(till: Till, name: str) -> None:
    made = till.client.create_company(till.user_token, name, "ES", "EUR", None)
    listed = till.client.companies(till.user_token)[-1]
    assert made.name == listed.name
    assert made.name.isprintable()
    assert 0 < len(made.name) <= 500


def test_a_token_that_could_break_out_of_its_header_is_never_used(till: Till) -> None:
    till.tiny.misbehave("bad_token", times=1)
    with pytest.raises(CloudUnreachable) as failure:
        till.client.log_in("ana@example.com", PASSWORD)
    assert failure.value.reason == "not_factorycloud"
    till.tiny.calls.clear()
    with pytest.raises(TokenRefused) as refused:
        till.client.companies("top\r\nsecret")
    assert "secret" not in f"{refused.value!r}"
    assert till.tiny.calls == []


def test_the_very_bytes_of_a_report_travel(till: Till) -> None:
    first, second, _third = three(till.id)
    till.client.send(till.token, first)
    till.client.send_batch(till.token, [first, second])
    alone, batch = till.tiny.calls
    assert alone.body == first.body
    assert batch.body == b'{"reports":[' + first.body + b"," + second.body + b"]}"
    assert {alone.headers["content-encoding"], batch.headers["content-encoding"]} == {"gzip"}
    assert alone.headers["user-agent"].startswith("factorypos-tui/")


def test_one_client_serves_many_threads(till: Till) -> None:
    reports = [z_report(till.id, number) for number in range(1, 41)]
    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(lambda report: till.client.send(till.token, report), reports))
    assert [receipt.report_id for receipt in receipts] == [report.id for report in reports]
    assert {receipt.result for receipt in receipts} == {"created"}


def test_no_single_wait_outlasts_the_whole_call() -> None:
    assert 0 < Deadline(30).remaining(60) <= 30
    assert Deadline(30).remaining(10) == 10
    with pytest.raises(httpcore.ReadTimeout):
        Deadline(0).remaining(10)


@pytest.mark.parametrize("how", ["429", "503"])
def test_a_wished_wait_is_passed_on(till: Till, how: str) -> None:
    till.tiny.misbehave(how, value=7)
    with pytest.raises(CloudUnreachable) as failure:
        till.client.companies(till.user_token)
    assert failure.value.retry_after_s == 7.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Sun, 22 Nov 2026 22:01:30 GMT", 90.0),
        ("Sun, 22 Nov 2020 22:00:00 GMT", 0.0),
        ("99999999999999999999999", 999999999999.0),
        ("Sun, 99 Nov 2026 22:01:30 GMT", None),
        ("-5", None),
        ("nan", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_wait_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    now = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
    assert retry_after_s({"retry-after": value}, now) == seconds
    # The cloud's own clock counts, where it says what time it is.
    headers = {"retry-after": value, "date": "Sun, 22 Nov 2026 22:00:00 GMT"}
    assert retry_after_s(headers, datetime(1970, 1, 1, tzinfo=UTC)) == seconds
