"""The program's front door: speaks the operator's language, turns errors into exit codes."""

import sys

import click

from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import language_of_environment, use_language


def main() -> None:
    """Run the program and end the process with one of the promised exit codes."""
    use_language(language_of_environment())
    from factorypos_tui.cli.program import program

    try:
        program(prog_name="factorypos-tui", standalone_mode=True)
    except FactoryPosError as error:
        click.echo(error, err=True)
        sys.exit(error.exit_code)
