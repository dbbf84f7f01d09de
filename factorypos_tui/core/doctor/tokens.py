"""Where the token that sends rests, whether it can be read, and what else lies about."""

from factorypos_tui.core.account.assignment import TERMINAL, Assignment, terminal_token
from factorypos_tui.core.credentials import Held, is_encrypted
from factorypos_tui.core.doctor.findings import Facts, Finding, Verdict
from factorypos_tui.core.errors import KeyringLocked, TokenMissing, TokenWithService
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.text import as_sentence
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.settings_wording import place_words, resting_words


def look_at_tokens(station: Station, assignment: Assignment) -> Finding:
    """The token of this terminal. Raises `StorageError` where the place of the tokens cannot be trusted."""
    credentials = station.credentials()
    why_not: TokenMissing | KeyringLocked | None = None
    try:
        terminal_token(station, assignment)
    except TokenWithService:
        pass
    except (TokenMissing, KeyringLocked) as error:
        why_not = error
    rests = credentials.look(TERMINAL)
    place = credentials.place(TERMINAL)
    odd = [rest for rest in rests if rest.held in (Held.COPY, Held.OLDER, Held.NOT_CHOSEN)]
    facts: Facts = {
        "place": place,
        "encrypted": is_encrypted(place),
        "has_token": why_not is None,
        **{rest.place: rest.held.value for rest in rests},
    }
    words = [str(why_not) if why_not else as_sentence(place_words(place)), *map(resting_words, odd)]
    to_be_moved = any(rest.held is Held.NOT_CHOSEN for rest in odd)
    remedy = command(f"credentials move {credentials.backend if to_be_moved else place}") if odd else ""
    if not why_not:
        return Finding(Verdict.PARTIAL if odd else Verdict.FINE, " ".join(words), remedy, facts)
    if isinstance(why_not, TokenMissing) and not to_be_moved:
        remedy = command("assign")
    return Finding(Verdict.MISSING, " ".join(words), remedy, facts)
