"""The command `factorypos-tui`: the list of its commands, and the home that they work on.

Each command is a module that is imported when it is called, so that `worker` never loads Textual and `till`
never loads httpx. Help texts are made when their module is imported. So `main` chooses the language before it
imports this module."""

import functools
import gc
import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factorypos_tui.cli.commands import COMMANDS
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import tell
from factorypos_tui.cli.owner import MACHINES_HOME, act_as_owner
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import use_home

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for, and listed without that."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, in the order in which an operator needs them."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands in the help."""
        _Listed().format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """What a shell proposes: commands, or options."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        listed = _Listed()
        return listed.shell_complete(click.Context(listed), incomplete)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module and take the command from it."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name != "cloud":
            _spare_the_till_the_drivers_of_servers()
        module = importlib.import_module(f"factorypos_tui.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        translate_usage(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command to run. It makes its files as the home's owner. A demo that is thrown away has a folder
        of its own; the examination tells a wrong owner as one of its findings."""
        name, command, rest = super().resolve_command(ctx, args)
        if command and name != "doctor" and (name != "demo" or ctx.params["home"]):
            _act_as_owner_first(command)
        gc.freeze()  # what was imported stays
        gc.enable()
        return name, command, rest


class _Listed(click.Group):
    """The commands with the first sentence of their help, and nothing else of them."""

    def __init__(self) -> None:
        """What there is to list."""
        super().__init__(
            commands=[click.Command(name, help=_(about)) for name, (_module, about) in COMMANDS.items()]
        )

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All of them, in their order."""
        return list(self.commands)


def _act_as_owner_first(command: click.Command) -> None:
    """Act as the home's owner just before the command runs, so that every user can read its help."""
    if isinstance(command, click.Group):
        for subcommand in command.commands.values():
            _act_as_owner_first(subcommand)
    if run := command.callback:

        @functools.wraps(run)
        def run_as_owner(*args: object, **kwargs: object) -> object:
            context = click.get_current_context()
            if context.invoked_subcommand is None:  # a group may be a command, too
                act_as_owner(context.obj.path)
            return run(*args, **kwargs)

        command.callback = run_as_owner


def translate_usage(command: click.Command) -> None:
    """Translate the words of the usage line, which click does not."""
    command.options_metavar = _("[OPTIONS]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = _("COMMAND [ARGS]...")
        for subcommand in command.commands.values():
            translate_usage(subcommand)


def _tell_version(ctx: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    if is_asked and not ctx.resilient_parsing:
        from factorypos_tui.cli.build import version_of_this_build

        words = _("%(prog)s, version %(version)s")  # click's own
        tell(words % {"prog": "factorypos-tui", "version": version_of_this_build()})
        ctx.exit()


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    options_metavar=_("[OPTIONS]"),
    subcommand_metavar=_("COMMAND [ARGS]..."),
    help=_(
        "Send every daily close of this till to FactoryCLOUD, once each.\n\n"
        "Without a command the full-screen app opens. Every command explains itself: COMMAND --help."
    ),
    # \b keeps click from joining the lines that follow it.
    epilog="\b\n"
    + _(
        "Exit codes:\n"
        "  0  done\n"
        "  1  it failed, or the answer is no\n"
        "  2  wrong usage: an argument, a setting or config.toml\n"
        "  3  log in or assign a store first\n"
        "  4  FactoryCLOUD cannot be reached now; try again later\n"
        "  5  FactoryCLOUD refused\n"
        "  6  another process is already sending the reports\n"
        "  7  this terminal cannot show the app"
    ),
)
@click.option(
    "--home",
    metavar=_("FOLDER"),
    type=click.Path(path_type=Path, readable=False),  # `act_as_owner` checks what it is and whose
    help=_(
        "Folder of this terminal's data (default: the variable FACTORYPOS_HOME, else the machine's own "
        "terminal, else the data folder of this user)."
    ),
)
@click.option(
    "--colours",
    type=click.Choice(["none", "16", "256", "all"]),  # the setting's own choices would load a database
    help=_("How many colours the app uses this time, whatever the terminal says."),
)
@click.option("--ascii", is_flag=True, help=_("Draw the app with plain ASCII characters this time."))
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help=_("Show the version and exit."),
)
@click.pass_context
def program(ctx: click.Context, /, home: Path | None, **_looks: object) -> None:
    use_home(home and home.absolute())
    variable = "FACTORYPOS_HOME" if os.environ.get("FACTORYPOS_HOME") else "default"
    ctx.obj = Home(home or _default_home(), named_by="--home" if home else variable)
    if ctx.invoked_subcommand is None:
        _spare_the_till_the_drivers_of_servers()
        from factorypos_tui.cli.app import looks_asked_for, run_app

        act_as_owner(ctx.obj.path)
        run_app(ctx.obj, looks_asked_for(ctx.params))


def _spare_the_till_the_drivers_of_servers() -> None:
    """Keep peewee from importing every driver: a till uses SQLite only, and has little memory."""
    for driver in ("psycopg", "psycopg2", "pymysql", "MySQLdb"):
        sys.modules.setdefault(driver, None)  # type: ignore[arg-type] # an import then fails at once


def _default_home() -> Path:
    if from_environment := os.environ.get("FACTORYPOS_HOME"):
        return Path(from_environment)
    from platformdirs import user_data_path

    own = user_data_path("factorypos-tui")
    is_the_machines = MACHINES_HOME.exists() and (os.geteuid() == 0 or not own.exists())
    return MACHINES_HOME if is_the_machines else own
