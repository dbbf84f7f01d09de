"""The commands of the program, as lists name them without loading them."""

from collections.abc import Mapping

from factorypos_tui.core.language import N_

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("demo", N_("Try it out: a bar, its own FactoryCLOUD, and the app.")),
    "register": ("accounts", N_("Create a FactoryCLOUD account and log in with it.")),
    "login": ("accounts", N_("Log in to FactoryCLOUD.")),
    "logout": ("accounts", N_("Log out of FactoryCLOUD.")),
    "recover": ("accounts", N_("Recover a lost password.")),
    "companies": ("companies", N_("List the companies of your account, or create one.")),
    "stores": ("companies", N_("List the stores of a company, or create one.")),
    "assign": ("assign", N_("Choose the store that this till's reports go to.")),
    "enrol": ("assign", N_("Assign this till to a store with a code of its owner.")),
    "settings": ("settings", N_("Show or change the settings of this terminal.")),
    "status": ("status", N_("Show account, store, queue, link and till at a glance.")),
    "check": ("check", N_("Judge this terminal in one line, for a monitor.")),
    "doctor": ("doctor", N_("Examine this terminal, and say what to do.")),
    "queue": ("queue", N_("Look at the reports on their way to FactoryCLOUD.")),
    "log": ("log", N_("Show the log in words, the oldest line first.")),
    "worker": ("worker", N_("Send reports without a screen, until stopped.")),
    "resend": ("queue", N_("Send all Z reports to FactoryCLOUD again.")),
    "verify": ("verify", N_("Compare all closed days here with FactoryCLOUD.")),
    "archive": ("archive", N_("Keep and check the Z reports of years.")),
    "figures": ("figures", N_("Show what the store took, by day, week or month.")),
    "config": ("configuration", N_("Synchronize items, prices and the rest with FactoryCLOUD.")),
    "disconnect": ("accounts", N_("Disconnect this terminal from FactoryCLOUD.")),
    "credentials": ("credentials", N_("Show where the tokens of this terminal rest, and move them.")),
    "till": ("till", N_("The bundled till: sell, close the day, import receipts.")),
    "cloud": ("cloud", N_("Host a FactoryCLOUD of your own.")),
}
"""Command -> the module of `cli/` that holds a click command or group of the same name, and the first
sentence of its help; in the order in which an operator needs them."""
