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
from factorypos_tui.server.mail.carriers import Files, MailAddressError, Smtp, carrier
from factorypos_tui.server.security.throttle import caller_network, first_untrusted, networks
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


def test_one_caller_is_one_network() -> None:
    assert caller_network("192.0.2.7") == "192.0.2.7"
    assert caller_network("2001:db8::1") == caller_network("2001:db8::2") != caller_network("2001:db8:0:1::1")
    assert caller_network("::ffff:192.0.2.7") == "192.0.2.7"


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("192.0.2.1", ["198.51.100.1"], "192.0.2.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["203.0.113.9", "198.51.100.1", " 10.1.2.3 "], "198.51.100.1"),
        ("127.0.0.1", ["203.0.113.9", "nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["10.0.0.9", "10.0.0.8"], "10.0.0.9"),
        ("::ffff:127.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        ("::ffff:192.0.2.1", ["198.51.100.1"], "192.0.2.1"),
        ("127.0.0.1", ["203.0.113.9", "198.51.100.1:4711"], "198.51.100.1"),
        ("127.0.0.1", ["198.51.100.1", "10.1.2.3:80"], "198.51.100.1"),
        ("127.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("127.0.0.1", ["[2001:db8::1]"], "2001:db8::1"),
        ("127.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", ["[::ffff:198.51.100.1]:4711"], "198.51.100.1"),
        ("127.0.0.1", ["unknown:4711"], "127.0.0.1"),
        ("/run/cloud.sock", ["198.51.100.1"], "/run/cloud.sock"),
    ],
)
def test_only_a_trusted_proxy_is_believed(peer: str, forwarded: list[str], caller: str) -> None:
    assert first_untrusted(peer, forwarded, networks("127.0.0.1, 10.0.0.0/8")) == caller


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
        letters.password_reset("a@b", "$name", language, "code", "https://c/recover?token=token"),
        letters.password_changed("a@b", "Ana", language, "mail"),
        letters.password_changed("a@b", "Ana", language, "session"),
        letters.password_changed("a@b", "Ana", language, "host"),
        letters.report_conflict(
            "a@b",
            "Ana",
            language,
            dict.fromkeys(["terminal", "store", "report", "date", "report_id", "content_hash"], "v"),
        ),
        letters.report_conflicts("a@b", "Ana", language, [(f"Till\n{n}", "Centro", 1) for n in range(12)]),
    ]
    for letter in written:
        assert "\x1b" not in letter.text
        assert "\nBcc" not in letter.text
        assert not re.search(r"\$[a-z]", letter.text.replace("$name", "", 1))
        assert ("Hola" in letter.text) == language.startswith("es")


def test_the_mail_url_says_how_letters_leave(tmp_path: Path) -> None:
    assert carrier(None, tmp_path) == (Files(tmp_path), "factorycloud@localhost")
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
    assert sum(day["totals"]["net"] for day in days) == sum(net for _, net in closes)
    assert [day["date"] for day in days] == sorted({date for date, _ in closes})
    for day in days:
        totals = day["totals"]
        assert sum(row["gross"] for row in day["taxes"]) == totals["net"]
        assert sum(row["amount"] for row in day["hours"]) == totals["net"]
        assert sum(row["amount"] for row in day["payments"]) == totals["net"] + totals["tips"]
