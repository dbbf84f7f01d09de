"""What all forms share: labelled fields, errors shown at the field, and a wait that says what for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.binding import Binding
from textual.events import DescendantBlur
from textual.widget import Widget
from textual.widgets import Input, Static

from factorypos_tui.core.errors import CloudRefused, FactoryPosError, FieldProblem
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.text import plain
from factorypos_tui.tui.background import in_background
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.accept_line import AcceptLine
from factorypos_tui.tui.screens.base.choose import ChooseScreen
from factorypos_tui.tui.screens.base.helped import HelpedDialog
from factorypos_tui.tui.waiting import REPORTS_ARE_SAFE
from factorypos_tui.tui.widgets.field import Field
from factorypos_tui.tui.widgets.pick_field import PickField

R = TypeVar("R")

_REFUSALS = {
    "too_long": N_("This is too long."),
    "too_common": N_("One of the first that anybody tries."),
    "control_characters": N_("Some character cannot be used here."),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A field of a form, its texts translated. Each text but the purpose must fit the frame: 55 columns."""

    name: str
    label: str
    purpose: str
    """What it is for, and what is allowed: help says it."""
    value: str = ""
    missing: str = ""
    """Shown at an empty field; empty where the field may stay empty."""
    wrong: str = ""
    """Shown where the answer does not fit."""
    fits: Callable[[str], object] = bool
    longest: int = 200
    secret: bool = False
    scanned: Callable[[str], bool] | None = None
    """For the last field: which answers send the form, too, where Enter comes in one burst with them."""
    repeats: str = ""
    """The field whose answer must be typed twice, as long as it is hidden."""
    choices: Mapping[str, str] | None = None
    """Each answer and its label, where the answer is picked from a list; `value` is one of them, or empty."""


class FormScreen(HelpedDialog[R], Generic[R]):
    """Ends with what `send` returns. Subclasses give `questions` and `send`, and the texts below.

    `ACCEPT`: the label of the last line. `BUSY`: shown while FactoryCLOUD works; `SO_FAR`: where that takes
    long. `LEFT`: told where the operator leaves before FactoryCLOUD has answered. `BLAMED`: problem code ->
    the field at fault and the text on its frame."""

    CSS_PATH = Path(__file__).with_name("form.tcss")  # the forms are in other folders

    def _has_a_secret(self) -> bool:
        return any(question.secret for question in self._questions.values())

    BINDINGS = [
        bind(
            "enter",
            "next",
            N_("Next"),
            N_("To the next field; from the last one on, send it."),
            priority=True,
        ),
        Binding("down,tab", "move(1)", show=False, priority=True),
        Binding("up,shift+tab", "move(-1)", show=False, priority=True),
        bind(
            "f7",
            "show",
            N_("Show"),
            N_("Show the password, or hide it again."),
            priority=True,
            is_there=_has_a_secret,
        ),
    ]
    ACCEPT: ClassVar[str]
    BUSY: ClassVar[str]
    SO_FAR: ClassVar[str] = REPORTS_ARE_SAFE
    LEFT: ClassVar[str]
    BLAMED: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._questions: dict[str, Question] = {}
        self._trying = False

    def introduction(self) -> str:
        """What the form is for, in a line or two."""
        raise NotImplementedError

    def questions(self) -> Iterable[Question]:
        """The fields, from top to bottom."""
        raise NotImplementedError

    def send(self, answers: Mapping[str, str]) -> R:
        """Do what was asked for, away from the screen; raises `FactoryPosError`."""
        raise NotImplementedError

    def content(self) -> Iterable[Widget]:
        """What the form is for, the fields, a place for messages, and the line that sends."""
        yield Static(self.introduction(), id="introduction", markup=False)
        self._questions = {question.name: question for question in self.questions()}
        *_others, last = self._questions.values()
        for question in self._questions.values():
            field = _field(question)
            field.border_title, field.help_words = question.label, question.purpose
            # A password manager presses Enter after a password on purpose.
            field.commits = question is last and not question.secret
            field.scanned = question.scanned
            yield field
        yield Static("", id="problem", markup=False)
        yield AcceptLine(_(self.ACCEPT))

    def on_mount(self) -> None:
        """Start at the first field that lacks an answer, but at no hidden one: an e-mail that is typed there
        would be sent as a password. Typing replaces a whole answer, and goes on with half of one."""
        fields = self._fields()
        lacking = (field for field in fields if not field.value and self._questions[field.id or ""].missing)
        start = next((field for field in lacking if not field.password), fields[0])
        self.set_focus(start)
        if not self._objection(start):
            start.select_all()

    @on(PickField.Asked)
    def show_the_list(self, message: PickField.Asked) -> None:
        """Let the operator pick the answer of a field, and go on to the next one."""
        if isinstance(self.app.screen, ChooseScreen):
            self.app.screen.type(message.typed)
            return
        field = message.field

        def take(chosen: str | None) -> None:
            if chosen is not None:
                field.choose(chosen)
                self.picked(field.id or "")
                places = [*self._fields(), self.query_one(AcceptLine)]
                self.set_focus(places[places.index(field) + 1])

        self.app.push_screen(
            ChooseScreen(self._questions[field.id or ""].label, field.choices, field.answer, message.typed),
            take,
        )

    def picked(self, name: str) -> None:
        """React to what was picked for a field."""

    def action_move(self, direction: int) -> None:
        """To the next place, or the one before."""
        if direction > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_next(self) -> None:
        """Go on if the answer in focus is right; from the last field on, send the form."""
        at = self.focused
        if self._trying:
            return
        if isinstance(at, Field):
            if words := self._objection(at):
                at.object(words)
                return
            fields = self._fields()
            if at is not fields[-1]:
                self.set_focus(fields[fields.index(at) + 1])
                return
        self.submit()

    def submit(self) -> None:
        """Send the form, once; or go to the first field that is wrong."""
        objections = {field: words for field in self._fields() if (words := self._objection(field))}
        for field, words in objections.items():
            field.object(words)
        if objections:
            self.set_focus(next(iter(objections)))
        elif not self._trying:
            self._trying = True
            self._send({field.id or "": self._answer(field) for field in self._fields()})

    @work(exclusive=True)
    async def _send(self, answers: Mapping[str, str]) -> None:
        try:
            with self.waiting(_(self.BUSY), self.SO_FAR):
                done = await in_background(lambda: self.send(answers))
        except FactoryPosError as error:
            self.tell(self.explain(error))
            self.query_one("#dialog").scroll_end(animate=False)  # all of it in view, above the button
        else:
            self.finish(done)
        finally:
            self._trying = False

    def explain(self, error: FactoryPosError) -> str:
        """Mark the fields at fault; returns the text for the whole form."""
        if not isinstance(error, CloudRefused):
            return str(error)
        if blamed := self.BLAMED.get(error.code):
            name, reproach = blamed
            field = self.query_one(f"#{name}", Field)
            field.object(_(reproach) if reproach else "")
            self.set_focus(field)
            field.select_all()
            return str(error)
        known = [problem for problem in error.fields if problem.field in self._questions]
        if not known:
            return str(error)
        for problem in known:
            self.query_one(f"#{problem.field}", Field).object(self._refusal(problem))
        self.set_focus(self.query_one(f"#{known[0].field}", Field))
        words = [_("FactoryCLOUD does not accept what is marked. Nothing was changed.")]
        words += [plain(problem.message, 120) for problem in error.fields if not self._words_for(problem)]
        return " ".join(words)

    @on(Input.Changed)
    def typing(self, event: Input.Changed) -> None:
        """Check the field while the operator types. Messages about the last try go away."""
        if isinstance(event.input, Field):
            event.input.object(self._objection(event.input) if event.value else "", typing=True)
        if not self._trying:
            self.tell("")

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Mark a field that the operator leaves with a wrong answer; an untouched field is not marked."""
        if isinstance(event.widget, Field) and event.widget.value:
            event.widget.object(self._objection(event.widget))

    def action_show(self) -> None:
        """Show a hidden answer, or hide it again. A shown answer need not be typed twice."""
        for field in self.query(Field):
            question = self._questions[field.id or ""]
            if question.secret:
                field.password = not field.password
            if question.repeats:
                if self.focused is field:
                    self.set_focus(self.query_one(f"#{question.repeats}"))
                field.display = field.password

    def action_back(self) -> None:
        """Leave at once. FactoryCLOUD may have got the request already."""
        if self._trying:
            self.app.tell(_(self.LEFT))
        super().action_back()

    def typed(self, name: str) -> str:
        """The text in a field."""
        return self._answer(self.query_one(f"#{name}", Field))

    def _fields(self) -> list[Field]:
        return [field for field in self.query(Field) if field.display]

    def _answer(self, field: Field) -> str:
        return field.answer if self._questions[field.id or ""].secret else field.answer.strip()

    def _objection(self, field: Field) -> str:
        """Why a field cannot be sent; empty where it can."""
        question, answer = self._questions[field.id or ""], self._answer(field)
        if not answer:
            return question.missing
        if question.repeats:
            return "" if answer == self.typed(question.repeats) else question.wrong
        return "" if question.fits(answer) else question.wrong

    def _refusal(self, problem: FieldProblem) -> str:
        return self._words_for(problem) or _("FactoryCLOUD does not accept this.")

    def _words_for(self, problem: FieldProblem) -> str:
        """Our own text for what the cloud says of a field, where we have one."""
        question = self._questions.get(problem.field)
        if problem.code in _REFUSALS:
            return _(_REFUSALS[problem.code])
        if question and problem.code in ("required", "too_short", "invalid", "unknown_timezone"):
            return question.wrong or question.missing
        return ""


def _field(question: Question) -> Field:
    """The field of a question."""
    if question.choices:
        return PickField(question.choices, question.value, question.name)
    return Field(
        plain(question.value, question.longest),
        id=question.name,
        password=question.secret,
        max_length=question.longest,
        select_on_focus=False,
    )
