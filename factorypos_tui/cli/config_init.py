"""`config init`: a `config.toml` to fill in."""

import click

from factorypos_tui.cli.config_writing import template
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import say
from factorypos_tui.core.errors import FactoryPosError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.storage.files import disk_errors_in_words, new_private_file


@click.command(
    help=_(
        "Write the file of settings, each explained in it.\n\n"
        "It sets nothing until you take the # before a line away. Where there is a config.toml already, "
        "nothing is written, and the exit code is 1."
    )
)
@click.pass_obj
def init(home: Home) -> None:
    path = home.path / "config.toml"
    with disk_errors_in_words(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with new_private_file(path) as file:
            file.write(template())
    except UsageError as error:
        raise FactoryPosError(str(error)) from error
    say(_("Written: {file}. It sets nothing yet: take the # before a line away.").format(file=path))
