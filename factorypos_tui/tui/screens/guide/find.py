"""Find: every action by its name, in the operator's language."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from factorypos_tui.core.language import N_, _
from factorypos_tui.tui.keys import bind
from factorypos_tui.tui.screens.base.dialog import Dialog
from factorypos_tui.tui.screens.guide.actions import Action
from factorypos_tui.tui.widgets.chooser import Chooser
from factorypos_tui.tui.widgets.explanation import Explanation


class FindScreen(Dialog[Action]):
    """Ends with the action that the operator picked; the caller does it."""

    CSS_PATH = "find.tcss"
    BINDINGS = [
        bind("enter", "pick", N_("Do it"), N_("Do what the arrows point at."), priority=True),
    ]
    HELP = N_(
        "Type a part of what you want to do: only the actions whose names contain it stay. The arrows move,"
        " Enter does the one they point at."
    )

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__(_("Find"))
        self._actions = actions

    def content(self) -> Iterable[Widget]:
        """The list, and what there is to say."""
        yield Chooser()
        yield Explanation("news")

    def on_mount(self) -> None:
        """Offer every action."""
        self.query_one("#filter").focus()
        self.query_one(Chooser).offer([action.name for action in self._actions])

    def on_chooser_pointed(self) -> None:
        """Explain the action that the arrows point at."""
        action = self._chosen()
        self.query_one(Explanation).follow(
            f"{action.explained} {action.why_not}".strip() if action else _("No action has such a name.")
        )

    def action_pick(self) -> None:
        """End with the action that the arrows point at, if it can be done."""
        action = self._chosen()
        if action and not action.why_not:
            self.finish(action)

    def _chosen(self) -> Action | None:
        chosen = self.query_one(Chooser).chosen
        return None if chosen is None else self._actions[chosen]
