"""`cloud user`: the accounts of the people who may log in."""

import sys
from dataclasses import asdict

import click

from factorypos_tui.cli.cloud_database import (
    Home,
    check_public_url,
    database_option,
    opened,
    public_url_option,
)
from factorypos_tui.cli.output import json_option, print_json, say, tell, whole_number
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.moments import moment_words
from factorypos_tui.core.language.text import one_line

_email = click.option(
    "--email",
    metavar=_("EMAIL"),
    required=True,
    help=_("The e-mail address they log in with."),
)


@click.group(help=_("Manage the accounts of the people who may log in."))
def user() -> None:
    pass


@user.command("create", help=_("Create an account; its id is printed."))
@_email
@click.option("--name", metavar=_("NAME"), required=True, help=_("The person's name."))
@click.option(
    "--password-stdin", is_flag=True, required=True, help=_("Read the password from standard input.")
)
@click.option(
    "--if-missing",
    is_flag=True,
    help=_("Change nothing, not even the password, where there is such an account already."),
)
@database_option
@click.pass_obj
def create_user(
    home: Home,
    email: str,
    name: str,
    password_stdin: bool,  # noqa: ARG001  # it says where the password comes from
    if_missing: bool,
    database_url: str | None,
) -> None:
    password = sys.stdin.readline().rstrip("\r\n")
    with opened(home, database_url) as database:
        from factorypos_tui.server.ops import users

        there = users.id_of(database, email) if if_missing else None
        tell(there or users.create_user(database, email, name, password))
    if there:
        say(
            _("There is an account with the e-mail {email} already. Nothing was changed.").format(email=email)
        )


@user.command(
    "disable",
    help=_(
        "End a person's access.\n\n"
        "They can no longer log in. The terminals they assigned go on sending, so no report is lost."
    ),
)
@_email
@database_option
@click.pass_obj
def disable_user(home: Home, email: str, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import users

        users.disable_user(database, email)
        say(_("{email} can no longer log in. Their terminals go on sending.").format(email=email))


@user.command(
    "confirm",
    help=_(
        "Count a person's e-mail as confirmed.\n\n"
        "People confirm it themselves by the link of a mail. Until then FactoryCLOUD mails them nothing else "
        "but the way to a new password."
    ),
)
@_email
@database_option
@click.pass_obj
def confirm_user(home: Home, email: str, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import users

        users.confirm_user(database, email)
        say(_("The e-mail {email} counts as confirmed.").format(email=email))


@user.command("list", help=_("List all accounts."))
@json_option
@database_option
@click.pass_obj
def list_users(home: Home, as_json: bool, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import users

        found = users.list_users(database)
    if as_json:
        print_json({"items": [asdict(user) for user in found]})
        return
    for listed in found:
        words = f"{listed.email}  {listed.name}"
        if listed.disabled_at:
            since = moment_words(instant_of(listed.disabled_at))
            words += "  " + _("(disabled since {instant})").format(instant=since)
        if not listed.confirmed_at:
            words += "  " + _("(e-mail not confirmed)")
        tell(one_line(words))


@user.command(
    "invite",
    help=_(
        "Create an account whose person chooses the password.\n\n"
        "A code and, with --public-url, a link are printed once: send them to that person. Each works once, "
        "until its day; five wrong codes end the code. In the app the code goes into Recover the password."
    ),
)
@_email
@click.option("--name", metavar=_("NAME"), required=True, help=_("The person's name."))
@click.option(
    "--days",
    type=whole_number(1, 30),
    metavar="N",
    default=7,
    show_default=True,
    help=_("How long it is good."),
)
@public_url_option(_("How people reach the server, https://…, for the link."))
@json_option
@database_option
@click.pass_obj
def invite_user(
    home: Home,
    email: str,
    name: str,
    days: int,
    public_url: str | None,
    as_json: bool,
    database_url: str | None,
) -> None:
    with opened(home, database_url) as database:
        from factorypos_tui.server.ops import users

        check_public_url(public_url)
        invitation = users.invite_user(database, email, name, days)
    link = f"{public_url.rstrip('/')}/recover?token={invitation.token}" if public_url else None
    if as_json:
        print_json({"code": invitation.code, "link": link, "expires_at": invitation.expires_at})
        return
    tell(invitation.code)
    if link:
        tell(link)
    until = moment_words(instant_of(invitation.expires_at))
    say(_("{email} chooses a password with this until {instant}.").format(email=email, instant=until))
    say(
        _(
            "The code is typed in the app under Account, Recover Password, and on FactoryCLOUD's page under "
            '"I forgot the password", "I have a code".'
        )
    )


@user.command("enable", help=_("Let a disabled person log in again."))
@_email
@database_option
@click.pass_obj
def enable_user(home: Home, email: str, database_url: str | None) -> None:
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import users

        users.enable_user(database, email)
        say(_("{email} can log in again.").format(email=email))


@user.command(
    "password",
    help=_("Set a person's password.\n\nTheir sessions end. The terminals they assigned go on sending."),
)
@_email
@click.option(
    "--password-stdin", is_flag=True, required=True, help=_("Read the password from standard input.")
)
@database_option
@click.pass_obj
def set_password(home: Home, email: str, password_stdin: bool, database_url: str | None) -> None:  # noqa: ARG001  # the flag says where the password comes from
    password = sys.stdin.readline().rstrip("\r\n")
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import users

        users.set_password(database, email, password)
        say(_("{email} has the new password; their sessions are ended.").format(email=email))


@user.command(
    "second-factor",
    help=_(
        "Take away a second factor that a person has lost.\n\n"
        "The app, the passkeys and the recovery codes of that person do nothing any more, and a mail "
        "says so. A log-in then needs the password alone. Be sure who asks you: this is what somebody wants "
        "who knows the password and lacks the rest."
    ),
)
@_email
@click.option(
    "--take-away", is_flag=True, required=True, help=_("Say that this is meant: nothing brings it back.")
)
@database_option
@click.pass_obj
def second_factor(home: Home, email: str, take_away: bool, database_url: str | None) -> None:  # noqa: ARG001  # the flag says that it is meant
    with opened(home, database_url, must_exist=True) as database:
        from factorypos_tui.server.ops import users

        if users.take_second_factor_away(database, email):
            say(_("{email} has no second factor any more.").format(email=email))
        else:
            say(_("{email} had no second factor. Nothing was changed.").format(email=email))
