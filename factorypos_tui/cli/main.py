"""The program's front door."""

import click

from factorypos_tui import __version__


@click.group()
@click.version_option(__version__, prog_name="factorypos-tui")
def main() -> None:
    """Send every daily close of this till to FactoryCLOUD."""
