"""The judgement as the one line that monitoring plug-ins print."""

from factorypos_tui.core.delivery.link_wording import drainer_words
from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import one_line
from factorypos_tui.core.status.judging import Grade, Limits, Matter, Surroundings, all_is_sent, nothing_waits
from factorypos_tui.core.status.judging_wording import matter_words
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.thresholds import NOTHING_ASKED, Thresholds, figures_of, perfdata
from factorypos_tui.core.status.wording import exception_words, heard_words, last_z_words, sent_words


def plugin_line(
    grade: Grade,
    matters: tuple[Matter, ...],
    status: Status,
    around: Surroundings,
    limits: Limits,
    thresholds: Thresholds = NOTHING_ASKED,
) -> str:
    """`OK - words | perfdata`."""
    figures = figures_of(status, around)
    sentences = [matter_words(matter, status, around) for matter in matters]
    for label, span, _grade in thresholds.crossed(figures):
        words = _("{label} is {value}; the range asked for is {range}.")
        figure = figures[label]
        sentences.append(words.format(label=label, value=f"{figure.value}{figure.unit}", range=span.text))
    words = " ".join(sentences) or _well_words(status)
    return f"{grade} - {plugin_text(words)} | {perfdata(figures, limits, thresholds)}"


def plugin_text(words: str) -> str:
    """The text on one line, without the sign that separates it from the figures."""
    return one_line(words).replace("|", "/")


def _well_words(status: Status) -> str:
    if status.assignment is None:
        return _("No closed day waits. No store is assigned.")
    parts = [*exception_words(status), last_z_words(status)]
    parts += [heard_words(status.contact, status.at), drainer_words(status.holder, 0)]
    if all_is_sent(status):
        sentence = _("All closed days are in FactoryCLOUD: {details}.")
    elif nothing_waits(status):
        sentence = _("No closed day waits: {details}.")
    else:
        sentence, parts = _("Not all is in FactoryCLOUD yet: {details}."), [sent_words(status), *parts]
    return sentence.format(details=", ".join(parts))
