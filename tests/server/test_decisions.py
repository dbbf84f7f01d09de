"""The decisions that need no database: canonical form, patience, durability, letters."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.server.documents import canonical
from factorypos_tui.server.domain.figures import summarise
from factorypos_tui.server.mail import letters
from factorypos_tui.server.mail.postman import MailAddressError, Outbox, Smtp, carrier
from factorypos_tui.server.security.throttle import Throttle, caller_network
from factorypos_tui.server.storage.database import keeps_rows_in_wal, sqlite_pragmas
from tests.server.shop import Till

texts = st.text(st.characters(exclude_categories=["Cs"]))
exact = st.integers(-canonical.MAX_INTEGER, canonical.MAX_INTEGER)
values = st.recursive(
    st.none() | st.booleans() | exact | texts,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(texts, children, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(texts, values))
def test_the_canonical_form_does_not_depend_on_how_a_document_was_written(
    document: dict[str, object],
) -> None:
    spelled = json.dumps(dict(reversed(document.items())), indent=2, ensure_ascii=True).encode()
    assert canonical.encode(canonical.parse(spelled)) == canonical.encode(document)
    assert list(canonical.without_canonical_form(document)) == []


def test_the_canonical_form_is_this_one() -> None:
    document = {"ñ": "\u00e9\n", "Z": [1, None, True], "a": {"b": -1, "": "𝄞"}, "\ue000": 1, "𝄞": 2}
    written = '{"Z":[1,null,true],"a":{"":"𝄞","b":-1},"ñ":"é\\n","\ue000":1,"𝄞":2}'
    assert canonical.encode(document) == written.encode("utf-8")


@given(st.lists(st.floats(0, 100), max_size=60))
def test_a_throttle_never_lets_more_through_than_it_says(pauses: list[float]) -> None:
    now = [0.0]
    throttle = Throttle(3, 60, clock=lambda: now[0])
    passed: list[float] = []
    for pause in pauses:
        now[0] += pause
        wait = throttle.take("caller")
        if wait == 0:
            passed.append(now[0])
            assert len([moment for moment in passed if moment > now[0] - 60]) <= 3
        else:
            assert 1 <= wait <= 60


def test_a_throttle_remembers_callers_apart_and_forgets_on_request() -> None:
    throttle = Throttle(1, 60)
    assert throttle.take("a") == 0
    assert throttle.take("b") == 0
    assert throttle.take("a") > 0
    throttle.forget("a")
    assert throttle.take("a") == 0


def test_one_caller_is_one_network() -> None:
    assert caller_network("192.0.2.7") == "192.0.2.7"
    assert caller_network("2001:db8::1") == caller_network("2001:db8::2") != caller_network("2001:db8:0:1::1")


@pytest.mark.parametrize(
    ("version", "fixed"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 54, 0), True),
    ],
)
def test_wal_is_used_only_where_it_keeps_every_row(version: tuple[int, ...], fixed: bool) -> None:
    assert keeps_rows_in_wal(version) is fixed
    mode = sqlite_pragmas(version)
    assert (mode["journal_mode"], mode["synchronous"]) == (("wal", "full") if fixed else ("delete", "extra"))


@pytest.mark.parametrize("language", ["en", "es", "es-MX", "fr"])
def test_a_letter_is_whole_and_repeats_no_control_character(language: str) -> None:
    written = [
        letters.password_reset("a@b", "Ana\x1b[2J\nBcc: x", language, "code", None),
        letters.password_reset("a@b", "$name", language, "code", "https://c/reset#token"),
        letters.password_changed("a@b", "Ana", language),
        letters.report_conflict(
            "a@b",
            language,
            dict.fromkeys(["name", "terminal", "store", "report", "date", "report_id", "content_hash"], "v"),
        ),
    ]
    for letter in written:
        assert "\x1b" not in letter.text
        assert "\nBcc" not in letter.text
        assert not re.search(r"\$[a-z]", letter.text.replace("$name", "", 1))
        assert ("Hola" in letter.text) == language.startswith("es")


def test_the_mail_url_says_how_letters_leave(tmp_path: Path) -> None:
    assert carrier(None, tmp_path) == (Outbox(tmp_path), "factorycloud@localhost")
    deliver, sender = carrier("smtp://ana%40a.example:p%3Aw@mail.example", tmp_path)
    assert (deliver, sender) == (Smtp("mail.example", 587, False, "ana@a.example", "p:w"), "ana@a.example")
    deliver, sender = carrier("smtps://mail.example:1465?from=cloud@b.example", tmp_path)
    assert (deliver, sender) == (Smtp("mail.example", 1465, True, None, None), "cloud@b.example")
    for url in ("http://mail.example", "smtp://", "smtp://u:secret@mail:99999"):
        with pytest.raises(MailAddressError) as refused:
            carrier(url, tmp_path)
        assert "secret" not in str(refused.value)


@given(st.lists(st.tuples(st.sampled_from(["2026-03-01", "2026-03-02"]), st.integers(1, 10**6)), max_size=8))
def test_figures_lose_nothing(closes: list[tuple[str, int]]) -> None:
    till = Till(None, "5f1f0c7e-5d3c-4d0e-8f43-2f7d6a1a0b11", "", "")  # type: ignore[arg-type]
    days = summarise(till.z(1, net=net, business_date=date) for date, net in closes)
    assert sum(day.totals.net for day in days) == sum(net for _, net in closes)
    assert [day.date for day in days] == sorted({date for date, _ in closes})
    for day in days:
        assert sum(row.gross for row in day.taxes) == day.totals.net
        assert sum(row.amount for row in day.hours) == day.totals.net
        assert sum(row.amount for row in day.payments) == day.totals.net + day.totals.tips
