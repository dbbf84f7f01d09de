"""The mail about a terminal that a person assigned with a phone."""

from collections.abc import Mapping
from string import Template

from factorypos_tui.server.mail.letters import Letter, harmless, written
from factorypos_tui.server.words import marked, told_in

_ASSIGNED = (
    marked("A till was assigned: $terminal"),
    marked(
        "Hello $name,\n\nthe till $terminal sends its reports to $store now. $approver approved it with the "
        "code that the till showed. It had asked from the network address $address.\n\n"
        "If you know of it, do nothing. If not, revoke the till at once, and ask $approver who sent the "
        "code: somebody may have been talked into approving a till of a stranger.\n$way"
    ),
)
_WITH_LINK = marked("\nRevoke it here:\n\n$link")
_WITHOUT_LINK = marked("\nIt stands under Terminals on the page of FactoryCLOUD.")


def terminal_assigned(
    to: str, name: str, language: str, values: Mapping[str, str], link: str | None
) -> Letter:
    """`values`: terminal, store, approver, address. `link` leads to the page that revokes the terminal."""
    shown = {named: harmless(value) for named, value in {**values, "name": name}.items()}
    shown["address"] = values["address"]  # as it is: one reads it, compares it, and may look it up
    way = Template(told_in(language, _WITH_LINK if link else _WITHOUT_LINK)).substitute(link=link)
    return written("terminal_assigned", to, language, _ASSIGNED, {**shown, "way": way})
