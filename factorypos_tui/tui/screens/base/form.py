"""What all forms share: labelled fields, what is wrong with them said where it is, and an honest wait."""

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
from factorypos_tui.tui.screens.base.dialog import Dialog
from factorypos_tui.tui.widgets.field import Field

R = TypeVar("R")

_REFUSALS = {
    "too_long": N_("This is too long."),
    "too_common": N_("One of the first that anybody tries."),
    "control_characters": N_("Some character cannot be used here."),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A field of a form, its words translated. `missing`: what is said of an empty one; empty where it may
    stay so. `wrong`: what is said where the answer does not `fit`. `repeats`: the field whose answer must be
    typed twice, as long as nobody can see it. All that is said has to fit the frame: 55 columns."""

    name: str
    label: str
    value: str = ""
    missing: str = ""
    wrong: str = ""
    fits: Callable[[str], object] = bool
    longest: int = 200
    secret: bool = False
    repeats: str = ""


class FormScreen(Dialog[R], Generic[R]):
    """Ends with what `send` gives. Subclasses give `questions` and `send`, and the words below.

    `ACCEPT`: what the last line is called. `BUSY`: what is said while FactoryCLOUD thinks. `LEFT`: said where
    the operator leaves before it has answered. `BLAMED`: problem code -> the field at fault and what is said
    on its frame."""

    CSS_PATH = Path(__file__).with_name("form.tcss")  # forms lie in other folders

    def _has_a_secret(self) -> bool:
        return any(question.secret for question in self._questions.values())

    BINDINGS = [
        bind(
            "enter",
            "next",
            N_("Next"),
            N_("To the next field; from the last one on, send it."),
            "form.next",
            priority=True,
        ),
        Binding("down,tab", "move(1)", show=False, priority=True),
        Binding("up,shift+tab", "move(-1)", show=False, priority=True),
        bind(
            "f7",
            "show",
            N_("Show"),
            N_("Show the password, or hide it again."),
            "form.show",
            priority=True,
            is_there=_has_a_secret,
        ),
    ]
    ACCEPT: ClassVar[str]
    BUSY: ClassVar[str]
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
        """What it is for, the fields, the line that sends, and what there is to say."""
        yield Static(self.introduction(), id="introduction", markup=False)
        self._questions = {question.name: question for question in self.questions()}
        *_others, last = self._questions.values()
        for question in self._questions.values():
            field = Field(
                plain(question.value, question.longest),
                id=question.name,
                password=question.secret,
                max_length=question.longest,
                select_on_focus=False,
            )
            field.border_title = question.label
            # A password manager presses Enter behind a password, and means it.
            field.commits = question is last and not question.secret
            yield field
        yield AcceptLine(_(self.ACCEPT))
        yield Static("", id="problem", markup=False)

    def on_mount(self) -> None:
        """Start at the first field that waits for an answer."""
        fields = self._fields()
        self.set_focus(next((field for field in fields if not field.value), fields[0]))

    def action_move(self, direction: int) -> None:
        """To the next place, or the one before."""
        if direction > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_next(self) -> None:
        """Go on where the field in focus is good; from the last one on, send the form."""
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
        """Send the form, once; or lead to the first field that is not good yet."""
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
        self.tell(_(self.BUSY))
        try:
            done = await in_background(lambda: self.send(answers))
        except FactoryPosError as error:
            self.tell(self.explain(error))
        else:
            self.finish(done)
        finally:
            self._trying = False

    def explain(self, error: FactoryPosError) -> str:
        """Mark the fields at fault; gives the words for the whole."""
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
        """Help while it is typed; what was said about the last try does not stand over the next one."""
        if isinstance(event.input, Field):
            event.input.object(self._objection(event.input) if event.value else "", typing=True)
        if not self._trying:
            self.tell("")

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """What was left as it cannot stay is marked; what was not begun is not."""
        if isinstance(event.widget, Field) and event.widget.value:
            event.widget.object(self._objection(event.widget))

    def action_show(self) -> None:
        """Show what was typed unseen, or hide it again; what can be seen need not be typed twice."""
        for field in self.query(Field):
            question = self._questions[field.id or ""]
            if question.secret:
                field.password = not field.password
            if question.repeats:
                if self.focused is field:
                    self.set_focus(self.query_one(f"#{question.repeats}"))
                field.display = field.password

    def action_back(self) -> None:
        """Leave at once; FactoryCLOUD may have heard the question already."""
        if self._trying:
            self.app.tell(_(self.LEFT))
        super().action_back()

    def tell(self, words: str) -> None:
        """Say something below the form."""
        self.query_one("#problem", Static).update(words)

    def typed(self, name: str) -> str:
        """What stands in a field."""
        return self._answer(self.query_one(f"#{name}", Field))

    def _fields(self) -> list[Field]:
        return [field for field in self.query(Field) if field.display]

    def _answer(self, field: Field) -> str:
        return field.value if self._questions[field.id or ""].secret else field.value.strip()

    def _objection(self, field: Field) -> str:
        """What keeps a field from being sent; empty where nothing does."""
        question, answer = self._questions[field.id or ""], self._answer(field)
        if not answer:
            return question.missing
        if question.repeats:
            return "" if answer == self.typed(question.repeats) else question.wrong
        return "" if question.fits(answer) else question.wrong

    def _refusal(self, problem: FieldProblem) -> str:
        return self._words_for(problem) or _("FactoryCLOUD does not accept this.")

    def _words_for(self, problem: FieldProblem) -> str:
        """The operator's own words for what the cloud says of a field, as far as there are some."""
        question = self._questions.get(problem.field)
        if problem.code in _REFUSALS:
            return _(_REFUSALS[problem.code])
        if question and problem.code in ("required", "too_short", "invalid", "unknown_timezone"):
            return question.wrong or question.missing
        return ""
