"""`factorypos-tui cloud`: host a FactoryCLOUD yourself, and look after it."""

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from factorypos_tui.cli import service_manager
from factorypos_tui.cli.cloud_archive import archive
from factorypos_tui.cli.cloud_audit import audit
from factorypos_tui.cli.cloud_backup import backup, restore
from factorypos_tui.cli.cloud_check import check
from factorypos_tui.cli.cloud_company import company
from factorypos_tui.cli.cloud_configuration import configuration
from factorypos_tui.cli.cloud_conflict import conflict
from factorypos_tui.cli.cloud_database import (
    Home,
    Secret,
    check_public_url,
    database_option,
    opened,
    public_url_option,
    sentences_for_people,
)
from factorypos_tui.cli.cloud_documents import drop_documents
from factorypos_tui.cli.cloud_enrolment import enrolment_code
from factorypos_tui.cli.cloud_key import key
from factorypos_tui.cli.cloud_terminal import terminal
from factorypos_tui.cli.cloud_user import user
from factorypos_tui.cli.output import tell, whole_number
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words

if TYPE_CHECKING:
    from socket import socket

    from factorypos_tui.server.security.throttle import Networks


@click.group(
    help=_(
        "Host a FactoryCLOUD of your own.\n\n"
        "It keeps the reports of all your terminals. Before other computers use it, put a web server with "
        "HTTPS, such as Caddy or nginx, in front of it."
    )
)
def cloud() -> None:
    pass


cloud.add_command(configuration)
cloud.add_command(check)
cloud.add_command(company)
cloud.add_command(terminal)
cloud.add_command(enrolment_code)
cloud.add_command(conflict)
cloud.add_command(key)
cloud.add_command(user)
cloud.add_command(audit)
cloud.add_command(archive)
cloud.add_command(backup)
cloud.add_command(restore)
cloud.add_command(drop_documents)


def _networks(_context: click.Context, option: click.Parameter, text: str) -> "Networks":
    from factorypos_tui.server.security.throttle import networks

    try:
        return networks(text)
    except ValueError as error:
        words = _("{option} takes addresses and networks, such as 127.0.0.1,10.0.0.0/8.")
        raise click.UsageError(words.format(option=option.opts[0])) from error


@cloud.command(
    help=_(
        "Run the server until Ctrl+C or SIGTERM.\n\n"
        "Once it takes calls it prints its address on standard output. Errors go to standard error, one JSON "
        "object a line."
    )
)
@click.option(
    "--host",
    envvar="FACTORYPOS_HOST",
    metavar=_("ADDRESS"),
    default="127.0.0.1",
    show_default=True,
    help=_("The address to listen on."),
)
@click.option(
    "--port",
    envvar="FACTORYPOS_PORT",
    type=whole_number(0, 65535),
    metavar="N",
    default=8080,
    show_default=True,
    help=_("The port to listen on; 0 takes a free one."),
)
@database_option
@click.option(
    "--mail",
    "mail_url",
    cls=Secret,
    envvar="FACTORYPOS_MAIL_URL",
    metavar="URL",
    help=_(
        "The mail server: smtp://user:password@host:587 or smtps://…, with ?from=ADDRESS if the sender is "
        "another (default: each mail becomes a file in the folder outbox). Better put it in the variable "
        "FACTORYPOS_MAIL_URL, or in a file that FACTORYPOS_MAIL_URL_FILE names: other users cannot read the "
        "password there."
    ),
)
@public_url_option(
    _(
        "How people reach this server, https://…, for the links in mails (default: the address it listens "
        "on, where that is this machine's own; else no links)."
    )
)
@click.option(
    "--trusted-proxies",
    envvar="FACTORYPOS_TRUSTED_PROXIES",
    metavar=_("NETWORKS"),
    default="",
    callback=_networks,
    help=_(
        "The proxies in front of this server, such as 127.0.0.1 or 10.0.0.0/8, with commas between: only "
        "they are believed about who calls. Without it all callers behind a proxy count as one."
    ),
)
@click.option(
    "--registration",
    type=click.Choice(["open", "invite"]),
    envvar="FACTORYPOS_REGISTRATION",
    help=_(
        "Who may make an account: anybody (open), or only you, by cloud user (invite). Without it: open "
        "while the server listens on this machine alone and has no public address."
    ),
)
@click.option(
    "--contact",
    metavar=_("TEXT"),
    envvar="FACTORYPOS_CONTACT",
    help=_("Whom to ask for an account, such as a name and a telephone number."),
)
@click.option(
    "--metrics",
    metavar=_("NETWORKS"),
    envvar="FACTORYPOS_METRICS",
    default="",
    callback=_networks,
    help=_(
        "Who may read /metrics, in Prometheus' text format, such as 127.0.0.1. Without it, and for anybody "
        "else, nothing is there."
    ),
)
@click.option(
    "--listen-url",
    cls=Secret,
    envvar="FACTORYPOS_LISTEN_URL",
    metavar="URL",
    help=_(
        "A way to the same PostgreSQL past a pooler such as pgbouncer, so that live pages hear of a report "
        "at once. Without it the server asks once a second where there is a pooler."
    ),
)
@click.option(
    "--workers",
    type=whole_number(1, 64),
    metavar="N",
    envvar="FACTORYPOS_WORKERS",
    default=1,
    show_default=True,
    help=_("How many processes serve. More than one needs PostgreSQL; one for each core is right."),
)
@click.pass_obj
def serve(
    home: Home,
    host: str,
    port: int,
    database_url: str | None,
    mail_url: str | None,
    public_url: str | None,
    trusted_proxies: "Networks",
    registration: str | None,
    contact: str | None,
    metrics: "Networks",
    listen_url: str | None,
    workers: int,
) -> None:
    if not database_url:
        _refuse_what_needs_postgresql(workers, listen_url)
    with sentences_for_people():  # what is wrong usage is found before the database is brought up to date
        from factorypos_tui.server import serving
        from factorypos_tui.server.mail.carriers import carrier

        check_public_url(public_url)
        carrier(mail_url, home.path / "outbox")
        with _listening(host, port, public_url) as listener, opened(home, database_url) as database:
            is_private = not public_url and serving.is_own(listener)
            is_open = registration == "open" or (registration is None and is_private)
            state = serving.new_cloud(
                home.path,
                database,
                mail_url,
                public_url,
                trusted_proxies,
                is_open,
                contact,
                metrics,
                listen_url,
            )
            serving.log_to_stderr()
            say_it_is_ready = partial(_say_it_is_ready, serving.address_of(listener))
            say_it_is_alive = partial(service_manager.notify, "WATCHDOG=1")
            serving.serve(state, listener, workers, say_it_is_ready, say_it_is_alive)


def _refuse_what_needs_postgresql(workers: int, listen_url: str | None) -> None:
    if listen_url:
        raise click.UsageError(_("--listen-url needs a database on PostgreSQL."))
    if workers > 1:
        raise click.UsageError(_("--workers needs a database on PostgreSQL: SQLite has one writer."))


def _say_it_is_ready(address: str) -> None:
    tell(_("FactoryCLOUD is listening on {address}").format(address=address))
    service_manager.notify("READY=1")


def _listening(host: str, port: int, public_url: str | None) -> "socket":
    from factorypos_tui.server import serving

    try:
        listener = serving.listen(host, port)
    except OSError as error:
        raise click.ClickException(
            _("Cannot listen on {host} port {port}: {detail}. Choose another with --port.").format(
                host=host, port=port, detail=system_words(error.strerror)
            )
        ) from error
    if not serving.is_own(listener) and urlsplit(public_url or "").scheme != "https":
        listener.close()
        raise click.UsageError(_others_reach(host))
    return listener


def _others_reach(host: str) -> str:
    return _(
        "Other machines can reach {host}, and passwords need TLS. Put a proxy that has it in front, and say "
        "with --public-url https://... how people reach the server."
    ).format(host=host)
