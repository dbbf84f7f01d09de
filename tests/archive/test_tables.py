"""`verify` on exports that are tables: closed as any other, and their sums must hold."""

from pathlib import Path

import pytest

from factorypos_tui.archive.verify.checking import verify
from factorypos_tui.archive.verify.faults import Fault, Kind
from tests.archive import by_hand
from tests.archive.a_shop import a_shop
from tests.archive.by_hand import BAR, Files

DAYS = (
    "terminal_id,z_number,currency,gross,discounts,refunds,net,tax,rounding,tips\r\n"
    f"{BAR},1,EUR,1210,0,110,1100,100,2,30\r\n{BAR},2,EUR,0,0,0,0,0,0,0\r\n"
)
TABLES: Files = {
    "days.csv": DAYS.encode(),
    "taxes.csv": (
        f'terminal_id,z_number,name,gross,tax\r\n{BAR},1,"a,""b",1000,100\r\n{BAR},1,c,100,0\r\n'
    ).encode(),
    "payments.csv": f"terminal_id,z_number,amount\r\n{BAR},1,1132\r\n".encode(),
    "departments.csv": f"terminal_id,z_number,amount\r\n{BAR},1,1300\r\n{BAR},1,-200\r\n".encode(),
    "hours.csv": f"terminal_id,z_number,amount\r\n{BAR},1,1100\r\n".encode(),
    "dictionary.csv": b"table,column,type,unit,meaning\r\n",
}
JOURNAL: Files = {
    "chart.toml": b'name = "own"\ndelimiter = ";"\ndecimal = ","\nencoding = "windows-1252"\n',
    "journal.csv": (
        "z_number;account_name;debit;credit;currency;terminal_id\r\n"
        f'1;Caja;11,32;;EUR;{BAR}\r\n1;"Café; ñ";;10,00;EUR;{BAR}\r\n1;IVA;;1,32;EUR;{BAR}\r\n'
    ).encode("windows-1252"),
}
EVENT = (
    "<event><eventReport><reportType>Z report</reportType>"
    "<reportGrandTotalSales>12.10</reportGrandTotalSales><reportGrandTotalReturn>1.10</reportGrandTotalReturn>"
    "<reportGrandTotalSalesNet>11.00</reportGrandTotalSalesNet></eventReport></event>"
)
XML = "SAF-T Cash Register_123456789_20260301000000.xml"
SAFT: Files = {XML: f"<auditfile xmlns='urn:x'>{EVENT}{EVENT}</auditfile>".encode()}


def judged(folder: Path, form: str, files: Files) -> Fault | None:
    told = a_shop().announcement()
    terminal = told["terminals"][0] | {"first_z_number": 1, "last_z_number": 2, "count": 2}
    told |= {"format": form, "terminals": [terminal]}
    return verify(by_hand.written(folder, files | {"export.json": by_hand.canonical(told)})).fault


@pytest.mark.parametrize(
    ("form", "files"),
    [("csv", TABLES), ("journal", JOURNAL), ("saft-cash-register", SAFT)],
    ids=lambda it: str(it)[:4],
)
def test_tables_whose_sums_hold_are_well(tmp_path: Path, form: str, files: Files) -> None:
    assert judged(tmp_path / "export", form, files) is None
    fault = judged(tmp_path / "export", form, files | {f"reports/{BAR}/Z00000001.json": b"{}"})
    assert fault
    assert fault.kind is Kind.NOT_AS_ANNOUNCED


@pytest.mark.parametrize(
    ("form", "path", "before", "after", "kind"),
    [
        ("csv", "days.csv", "1210,0,110", "1211,0,110", Kind.DOES_NOT_ADD_UP),
        ("csv", "days.csv", f"{BAR},2,EUR", f"{BAR},3,EUR", Kind.NOT_AS_ANNOUNCED),
        ("csv", "days.csv", f"{BAR},2,EUR", f"{BAR},1,EUR", Kind.UNREADABLE),
        ("csv", "days.csv", "1210", "1210.0", Kind.UNREADABLE),
        ("csv", "taxes.csv", "1000,100", "1000,101", Kind.DOES_NOT_ADD_UP),
        ("csv", "taxes.csv", "1000,100", "1001,100", Kind.DOES_NOT_ADD_UP),
        ("csv", "taxes.csv", '""b"', '"b"', Kind.UNREADABLE),
        ("csv", "payments.csv", "1132", "1100", Kind.DOES_NOT_ADD_UP),
        ("csv", "departments.csv", "1300", "1301", Kind.DOES_NOT_ADD_UP),
        ("csv", "hours.csv", ",1,1100", ",7,1100", Kind.DOES_NOT_ADD_UP),
        ("csv", "hours.csv", "z_number", "number", Kind.UNREADABLE),
        ("journal", "journal.csv", "10,00", "10,01", Kind.DOES_NOT_ADD_UP),
        ("journal", "journal.csv", "10,00", "-10,00", Kind.UNREADABLE),
        ("journal", "journal.csv", ";EUR;", ";EUR", Kind.UNREADABLE),
        ("journal", "chart.toml", "windows-1252", "utf-7", Kind.UNREADABLE),
        ("journal", "chart.toml", "=", "", Kind.UNREADABLE),
        ("saft-cash-register", XML, "1.10", "1.11", Kind.DOES_NOT_ADD_UP),
        ("saft-cash-register", XML, "12.10", "much", Kind.UNREADABLE),
        ("saft-cash-register", XML, "</auditfile>", "", Kind.UNREADABLE),
        ("saft-cash-register", XML, EVENT + EVENT, EVENT, Kind.NOT_AS_ANNOUNCED),
        (
            "saft-cash-register",
            XML,
            "<auditfile",
            '<!DOCTYPE a [<!ENTITY b "c">]><auditfile',
            Kind.UNREADABLE,
        ),
    ],
)
def test_a_table_that_was_changed_is_found(
    tmp_path: Path, form: str, path: str, before: str, after: str, kind: Kind
) -> None:
    files = {"csv": TABLES, "journal": JOURNAL, "saft-cash-register": SAFT}[form]
    changed = files[path].decode("windows-1252").replace(before, after).encode("windows-1252")
    assert changed != files[path]
    fault = judged(tmp_path / "export", form, files | {path: changed})
    assert fault
    assert (fault.kind, fault.path) == (kind, "export.json" if kind is Kind.NOT_AS_ANNOUNCED else path)


def test_a_row_that_never_ends_is_refused(tmp_path: Path) -> None:
    fault = judged(tmp_path / "export", "csv", TABLES | {"hours.csv": b"a," * (1 << 21)})
    assert fault
    assert (fault.kind, fault.path) == (Kind.UNREADABLE, "hours.csv")
