"""What the home screen says of the configuration without being asked. Pure."""

from datetime import datetime

from factorypos_tui.core.configuration.accepted import Accepted
from factorypos_tui.core.configuration.news import News
from factorypos_tui.core.language import _, counted
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.status.answer import Answer, Tone


def configuration_answer(news: News, now: datetime) -> Answer | None:
    """What FactoryCLOUD holds for this till, and what becomes of it; None where there is nothing to say."""
    if news.accepted:
        return _of_accepted(news.accepted, is_there_newer=bool(news.offer and news.offer.changes))
    if news.offer is None:
        return None
    if news.offer.refusal is not None:  # it names FactoryCLOUD, and says what to do there
        return Answer(Tone.WRONG, news.offer.refusal)
    words = counted(
        "FactoryCLOUD holds {n} change for this till, seen {when}. Option 6 shows it.",
        "FactoryCLOUD holds {n} changes for this till, seen {when}. Option 6 shows them.",
        news.offer.changes,
        when=when_words(news.offer.seen_at, now),
    )
    return Answer(Tone.STEP, words)


def accepted_words(accepted: Accepted) -> str:
    """What becomes of what was accepted for after the close, or why the till did not take it."""
    if accepted.refusal is not None:
        words = counted(
            "The till did not take {n} change of the configuration after the close.",
            "The till did not take {n} changes of the configuration after the close.",
            accepted.changes,
        )
        return f"{words} {accepted.refusal}"
    return counted(
        "{n} change of the configuration will be taken after the close of the day.",
        "{n} changes of the configuration will be taken after the close of the day.",
        accepted.changes,
    )


def _of_accepted(accepted: Accepted, *, is_there_newer: bool) -> Answer:
    words = accepted_words(accepted)
    if accepted.refusal is not None:
        return Answer(Tone.WRONG, words)
    if is_there_newer:
        words += " " + _("FactoryCLOUD holds newer ones. Option 6 shows them.")
    return Answer(Tone.WAITING, words)
