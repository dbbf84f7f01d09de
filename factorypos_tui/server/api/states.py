"""What a terminal says of itself."""

from fastapi import APIRouter

from factorypos_tui.server.domain.states import StateForm, note_state
from factorypos_tui.server.http.calls import TerminalCall

router = APIRouter(tags=["terminals"])


@router.put("/terminals/current/state", status_code=204)
def put_state(form: StateForm, call: TerminalCall) -> None:
    """Say how this terminal is, every 5 minutes; only the newest is kept. Each field may be left out."""
    with call.as_terminal() as terminal:
        note_state(call.database, call.cloud.now(), terminal, form)
