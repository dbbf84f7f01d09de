"""Where the program starts: it sets the operator's language and turns errors into exit codes."""

import codecs
import gc
import sys
from io import TextIOWrapper

import click

from factorypos_tui.cli.output import refuse, say
from factorypos_tui.core.errors import CloudRefused, FactoryPosError
from factorypos_tui.core.language import (
    _,
    has_told_a_time,
    language_of_environment,
    use_language,
    zone_to_name,
)
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.language.text import plain

_MOST_FIELDS = 20


def main() -> None:
    """Run the program and end the process with one of the promised exit codes."""
    gc.disable()  # what is imported leaves no garbage; the search took a tenth. The command enables it
    _spare_what_the_terminal_cannot_write()
    use_language(language_of_environment())
    try:
        from factorypos_tui.cli.program import program

        code = program.main(prog_name="factorypos-tui", standalone_mode=False)
        _name_the_zone()
        sys.exit(code)
    except click.ClickException as error:
        refuse(error)
        sys.exit(error.exit_code)
    except FactoryPosError as error:
        say(str(error))
        _name_the_fields(error)
        _name_the_zone()
        sys.exit(error.exit_code)
    except click.Abort:
        say(_("Aborted!"))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - no traceback ever reaches an operator
        kind = type(error).__name__
        say(_("Something unexpected went wrong ({kind}: {error}).").format(kind=kind, error=error))
        sys.exit(1)


def _name_the_fields(error: FactoryPosError) -> None:
    """Say what FactoryCLOUD found wrong with each field; screens show that beside the fields."""
    for problem in error.fields[:_MOST_FIELDS] if isinstance(error, CloudRefused) else ():
        say(f"{plain(problem.field, 40)}: {plain(problem.message, 120)}")


def _name_the_zone() -> None:
    """Where a command has told a time, say in which time zone, unless it is this machine's. The app ends the
    process by itself; it names the zone in its title."""
    zone = zone_to_name(utc_now())
    if zone and has_told_a_time():
        say(_("Times are those of the till, in {zone}.").format(zone=zone))


def _spare_what_the_terminal_cannot_write() -> None:
    """Print what a Latin-1 console lacks, in a help text or a name, as something that it has, in place of a
    traceback."""
    codecs.register_error("spared", _spared)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # None where a service closed it
            stream.reconfigure(errors="spared")


def _spared(error: UnicodeError) -> tuple[str, int]:
    """The arrow between two values must stay one; any other character becomes ?."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join("->" if letter == "→" else "?" for letter in lacking), error.end
