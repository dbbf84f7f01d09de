"""The id of a terminal whose till belongs to another program. Pure.

A shop that loses this machine, moves its database or restores it must get the same id again: with another one
FactoryCLOUD would take its ten years of closed days for those of a second till, and count them twice. So the
id follows from what the till's own data say for good: which data they are, and which till in them. Two shops
get the same id only where one began with a copy of the other's data; FactoryCLOUD refuses the second one."""

from uuid import UUID, uuid5

from factorypos_tui.core.connecting.found import FoundHost

_TERMINALS = UUID("6f0d3a52-7c1e-5d0b-9a54-2f3b8c6d4e10")


def terminal_id_of(till: FoundHost) -> str:
    """The id of the terminal that this till is, on whichever machine it is asked."""
    return str(uuid5(_TERMINALS, f"{till.identity}/{till.host}"))
