"""Norwegian SAF-T Cash Register 1.00 in our own words: which elements stand in which order, how often, and
what fits into them.

The schema itself is the Norwegian Tax Administration's (github.com/Skatteetaten/saf-t). It names a copyright
and no licence, so it is not kept here; `test_saft` also asks it where FACTORYPOS_SAFT_XSD names the file."""

import re
from collections.abc import Iterator
from decimal import Decimal
from xml.etree.ElementTree import Element

_NAMESPACE = "{urn:StandardAuditFile-Taxation-CashRegister:NO}"
_ACCOUNT = ["accID? id", "accDesc? text999"]
Rules = list["str | tuple[str, Rules]"]


def _correction(name: str, kind: str = "Type") -> "Rules":
    return [f"{name}{kind} id", f"{name}Num count", f"{name}Amnt money"]


def _paid(name: str) -> "Rules":
    return [f"{name}Type id", f"{name}Num count", f"{name}Amnt money", *_ACCOUNT]


_REPORT: Rules = [
    *("reportID id", "reportType kind", "companyIdent id", "companyName text100", "reportDate date"),
    *("reportTime time", "registerID text100"),
    ("reportTotalCashSales", ["totalCashSaleAmnt money", *_ACCOUNT]),
    (
        "reportArtGroups",
        [("reportArtGroup+", ["artGroupID id", "artGroupNum decimal6", "artGroupAmnt money", *_ACCOUNT])],
    ),
    (
        "reportPayments",
        [("reportPayment+", ["paymentType id", "paymentNum count", "paymentAmnt money", *_ACCOUNT])],
    ),
    ("reportTip?", ["tipNum count", "tipAmnt money", *_ACCOUNT]),
    (
        "reportCashSalesVat",
        [
            (
                "reportCashSaleVat+",
                [
                    *("vatCode? text20", "vatPerc rate", "cashSaleAmnt money", "vatAmnt money"),
                    *("vatAmntTp? side", *_ACCOUNT),
                ],
            )
        ],
    ),
    *("reportOpeningChangeFloat money", "reportReceiptNum count", "reportOpenCashBoxNum count"),
    *("reportReceiptCopyNum count", "reportReceiptCopyAmnt money", "reportReceiptProformaNum count"),
    *("reportReceiptProformaAmnt money", "reportReturnNum count", "reportReturnAmnt money"),
    *("reportDiscountNum count", "reportDiscountAmnt money", "reportVoidTransNum count"),
    "reportVoidTransAmnt money",
    ("reportCorrLines", [("reportCorrLine+", _correction("corrLine"))]),
    ("reportPriceInquiries", [("reportPriceInquiry+", _correction("priceInquiry", "Group"))]),
    ("reportOtherCorrs", [("reportOtherCorr+", _correction("otherCorr"))]),
    *("reportReceiptDeliveryNum count", "reportReceiptDeliveryAmnt money"),
    *("reportTrainingNum count", "reportTrainingAmnt money"),
    ("reportCreditSales?", ["creditSalesNum count", "creditSalesAmnt money", *_ACCOUNT]),
    ("reportCreditMemos?", ["creditMemosNum count", "creditMemosAmnt money", *_ACCOUNT]),
    ("reportPayIns?", [("reportPayIn+", _paid("payIn"))]),
    ("reportPayOuts?", [("reportPayOut+", _paid("payOut"))]),
    *("reportGrandTotalSales money", "reportGrandTotalReturn money", "reportGrandTotalSalesNet money"),
]
_EVENT: Rules = [
    *("eventID id", "eventType id", "eventDate date", "eventTime time"),
    ("eventReport", _REPORT),
]
_HEADER: Rules = [
    *("fiscalYear text9", "startDate date", "endDate date", "curCode currency", "dateCreated date"),
    *("timeCreated time", "softwareDesc text100", "softwareVersion text20", "softwareCompanyName text100"),
    *("auditfileVersion id", "headerComment? text999"),
]
_BASIC: Rules = ["basicType text9", "basicID id", "predefinedBasicID? text9", "basicDesc text999"]
_FILE: Rules = [
    ("header", _HEADER),
    (
        "company",
        [
            *("companyIdent id", "companyName text100"),
            ("basics?", [("basic*", _BASIC)]),
            (
                "location*",
                [
                    "name? text100",
                    ("cashregister*", ["registerID text100", "regDesc? text999", ("event*", _EVENT)]),
                ],
            ),
        ],
    ),
]
_VALUES = {
    "kind": "Z report|X report",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "time": r"[0-2][0-9]:[0-5][0-9]:[0-5][0-9]",
    "side": "[CD]",
    "currency": "[A-Z]{3}",
    "count": "[0-9]{1,10}",
    "money": r"-?[0-9]+(\.[0-9]{1,2})?",
    "decimal6": r"-?[0-9]+(\.[0-9]{1,6})?",
    "rate": r"[0-9]{1,5}(\.[0-9]{1,3})?",
    "id": "(?s:.{0,35})",
}
_MOST_DIGITS = 20


def faults_of(root: Element) -> list[str]:
    """What in a file is against the format, with its path."""
    if root.tag != f"{_NAMESPACE}auditfile":
        return [f"the root is {root.tag}"]
    return [*_faults(root, _FILE, "auditfile"), *_doubles(root), *_unnamed(root)]


def _faults(parent: Element, rules: Rules, path: str) -> Iterator[str]:
    children = list(parent)
    for rule in rules:
        name, _space, kind = rule.partition(" ") if isinstance(rule, str) else (rule[0], "", "")
        often = name[-1] if name[-1] in "?*+" else ""
        plain = name.rstrip("?*+")
        count = 0
        while children and children[0].tag == f"{_NAMESPACE}{plain}":
            child, count = children.pop(0), count + 1
            here = f"{path}/{plain}"
            if isinstance(rule, str):
                yield from _wrong_value(child, kind, here)
            else:
                yield from _faults(child, rule[1], here)
        if count == 0 and often not in ("?", "*"):
            yield f"{path}: {plain} is missing"
        if count > 1 and often not in ("*", "+"):
            yield f"{path}: {plain} is there {count} times"
    yield from (f"{path}: {child.tag} does not belong here" for child in children)


def _wrong_value(element: Element, kind: str, path: str) -> Iterator[str]:
    text = element.text or ""
    shape = _VALUES.get(kind, f"(?s:.{{0,{kind[4:]}}})")
    if not re.fullmatch(shape, text):
        yield f"{path}: {text[:60]!r} is no {kind}"
    elif kind in ("money", "decimal6") and len(Decimal(text).as_tuple().digits) > _MOST_DIGITS:
        yield f"{path}: {text} is too long"


def _doubles(root: Element) -> Iterator[str]:
    for name in ("reportID", "basicID"):
        there = [it.text for it in root.iter(f"{_NAMESPACE}{name}")]
        if len(there) != len(set(there)):
            yield f"{name} is there twice"


def sums_that_differ(root: Element) -> list[tuple[Decimal, ...]]:
    """Where an event of a report that adds up does not do so as in the administration's example file: its
    groups of articles, its rates with their tax, and its sales for cash and on account are the same sum."""
    sums = []
    for report in root.iter(f"{_NAMESPACE}eventReport"):
        groups = _sum(report, "artGroupAmnt")
        rates = _sum(report, "cashSaleAmnt") + _sum(report, "vatAmnt")
        sold = (
            _sum(report, "totalCashSaleAmnt")
            + _sum(report, "creditSalesAmnt")
            - _sum(report, "creditMemosAmnt")
        )
        sums.append((groups, rates, sold))
    return [it for it in sums if len(set(it)) > 1]


def _sum(report: Element, name: str) -> Decimal:
    return sum((Decimal(it.text or "") for it in report.iter(f"{_NAMESPACE}{name}")), Decimal())


def _unnamed(root: Element) -> Iterator[str]:
    named = {it.text for it in root.iter(f"{_NAMESPACE}basicID")}
    for name in ("eventType", "paymentType"):
        yield from (
            f"{it.text} is no basic" for it in root.iter(f"{_NAMESPACE}{name}") if it.text not in named
        )
