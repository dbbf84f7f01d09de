"""Writes what a package brings beside the program: a man page for each command, from the words of its --help,
and the completion of bash, zsh and fish, from click.

    python packaging/pages.py FOLDER    the folder that becomes /usr/share; English, or the language of LC_ALL

click-man writes no page here: it knows no command that is imported late, no epilog and no argument."""

import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from factorypos_tui import __version__
from factorypos_tui.core.language import current_language, language_of_environment, use_language

PROGRAM = "factorypos-tui"
COMPLETIONS = {
    BashComplete: f"bash-completion/completions/{PROGRAM}",
    ZshComplete: f"zsh/vendor-completions/_{PROGRAM}",
    FishComplete: f"fish/vendor_completions.d/{PROGRAM}.fish",
}
TITLES = {
    "en": ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "SEE ALSO"),
    "es": ("NOMBRE", "SINOPSIS", "DESCRIPCIÓN", "OPCIONES", "ÓRDENES", "VÉASE TAMBIÉN"),
}


def escaped(text: str) -> str:
    """Text that troff prints as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.MULTILINE)


def paragraphs(text: str) -> str:
    """A help text as click lays it out: blank lines part paragraphs, and \\b keeps the lines of one."""
    laid_out = []
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        kept = paragraph.removeprefix("\b\n")
        words = escaped(kept)
        laid_out.append(f".nf\n{words}\n.fi" if kept != paragraph else words)
    return "\n.PP\n".join(laid_out)


def page(command: click.Command, context: click.Context) -> str:
    """The man page of one command."""
    name, synopsis, description, options, commands, see_also = TITLES[current_language()]
    whole = context.command_path
    dashed = whole.replace(" ", "-")
    records = [record for it in command.get_params(context) if (record := it.get_help_record(context))]
    lines = [
        f'.TH "{dashed.upper()}" 1 "" "{PROGRAM} {__version__}" "FactoryPOS"',
        f".SH {name}",
        f"{escaped(dashed)} \\- {escaped(command.get_short_help_str(limit=1000))}",
        f".SH {synopsis}",
        f".B {escaped(whole)}",
        escaped(" ".join(command.collect_usage_pieces(context))),
        f".SH {description}",
        paragraphs(command.help or ""),
        f".SH {options}",
        *(f".TP\n.B {escaped(switches)}\n{escaped(words)}" for switches, words in records),
    ]
    if isinstance(command, click.Group):
        lines.append(f".SH {commands}")
        for called, below in subcommands(command, context):
            words = escaped(below.get_short_help_str(limit=1000))
            lines.append(f".TP\n.BR {escaped(dashed)}\\-{escaped(called)} (1)\n{words}")
    if command.epilog:
        lines.append(f".PP\n{paragraphs(command.epilog)}")
    if context.parent:
        lines.append(f".SH {see_also}\n.BR {escaped(context.parent.command_path.replace(' ', '-'))} (1)")
    return "\n".join(lines) + "\n"


def subcommands(group: click.Group, context: click.Context) -> list[tuple[str, click.Command]]:
    """The commands of a group that people see, by name."""
    found = [(name, group.get_command(context, name)) for name in group.list_commands(context)]
    return [(name, command) for name, command in found if command and not command.hidden]


def pages(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    """The page of this command and of all below it, each with the name of its file."""
    yield f"{context.command_path.replace(' ', '-')}.1", page(command, context)
    if isinstance(command, click.Group):
        for name, below in subcommands(command, context):
            yield from pages(below, click.Context(below, parent=context, info_name=name))


def write(share: Path) -> None:
    """All pages of the current language; with those in English, the completions."""
    from factorypos_tui.cli.program import program  # once the language is chosen: it makes its help texts

    language = current_language()
    files = {
        f"man/{'' if language == 'en' else language + '/'}man1/{name}": text
        for name, text in pages(program, click.Context(program, info_name=PROGRAM))
    }
    for shell, name in COMPLETIONS.items() if language == "en" else ():
        files[name] = shell(program, {}, PROGRAM, "_FACTORYPOS_TUI_COMPLETE").source()
    for name, text in files.items():
        (share / name).parent.mkdir(parents=True, exist_ok=True)
        (share / name).write_text(text, "utf-8")


if __name__ == "__main__":
    use_language(language_of_environment())
    write(Path(sys.argv[1]))
