"""The program's front door: finds the home, speaks the operator's language, turns errors into exit codes.

Each command lives in a module of its own that is imported when it is called, so that `worker` never loads
Textual and `till` never loads httpx.
"""

import importlib
import os
import sys
from pathlib import Path

import click

from factorypos_tui import __version__
from factorypos_tui.cli.home import Home
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import language_of_environment, use_language

# Command -> module of cli/ that holds a click command or group of the same name.
COMMANDS = {
    "demo": "demo",
    "register": "accounts",
    "login": "accounts",
    "companies": "companies",
    "stores": "companies",
    "assign": "assign",
    "settings": "settings",
    "status": "status",
    "queue": "queue",
    "worker": "worker",
    "resend": "queue",
    "till": "till",
    "cloud": "cloud",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, in the order of a terminal's life."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module and take the command from it."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"factorypos_tui.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=LazyGroup, invoke_without_command=True)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of this terminal's data (default: FACTORYPOS_HOME, or the platform's data folder).",
)
@click.version_option(__version__, prog_name="factorypos-tui")
@click.pass_context
def program(ctx: click.Context, home: Path | None) -> None:
    """Send every daily close of this till to FactoryCLOUD, once each.

    Without a command, the full-screen app opens.
    """
    ctx.obj = Home(home or _default_home())
    if ctx.invoked_subcommand is None:
        from factorypos_tui.cli.app import run_app

        run_app(ctx.obj)


def main() -> None:
    """Run the program and end the process with one of the promised exit codes."""
    use_language(language_of_environment())
    try:
        program(prog_name="factorypos-tui", standalone_mode=True)
    except FactoryPosError as error:
        click.echo(error, err=True)
        sys.exit(error.exit_code)


def _default_home() -> Path:
    if from_environment := os.environ.get("FACTORYPOS_HOME"):
        return Path(from_environment)
    from platformdirs import user_data_path

    return user_data_path("factorypos-tui")
