"""What the tiny FactoryCLOUD knows of reports that met another one in their place."""

from operator import itemgetter

from tests.support.conflicts import Conflicts
from tests.support.misbehaving_http import Call, Json, Problem


class TinySettlements:
    """A part of `TinyCloud`; `reports`: report id -> report."""

    def __init__(self) -> None:
        self.reports: dict[str, Json] = {}
        self.conflicts = Conflicts[Json](itemgetter("report_id"), itemgetter("content_hash"))

    def settle(self, call: Call, report_id: str) -> tuple[int, Json]:
        place, wanted = self._place(call, report_id), call.document["content_hash"]
        if not self.conflicts.settle(self.reports, place, wanted):
            raise Problem(404, "not_found")
        return self._settlement(report_id)

    def reopen(self, call: Call, report_id: str) -> tuple[int, Json]:
        self.conflicts.reopen(self.reports, self._place(call, report_id))
        return self._settlement(report_id)

    def _settlement(self, report_id: str) -> tuple[int, Json]:
        place = self.conflicts.place_of(report_id) or ""
        held = {name: self.reports[place][name] for name in ("report_id", "content_hash")}
        return 200, held | {"conflict": self.conflicts.state(place)}

    def _place(self, call: Call, report_id: str) -> str:
        terminal, place = self._terminal(call), self.conflicts.place_of(report_id)
        if place is None or self.reports[place]["terminal_id"] != terminal:
            raise Problem(404, "not_found")
        return place

    def _meet(self, report: Json) -> None:
        taken = (
            place
            for place, held in self.reports.items()
            if place == report["report_id"]
            or (held["terminal_id"] == report["terminal_id"] and held["z_number"] == report["z_number"])
        )
        self.conflicts.meet(next(taken), report)

    def _terminal(self, call: Call) -> str:
        raise NotImplementedError
