"""What the operating system and its libraries say of a failure, in the operator's language.

They speak English in this process, since it does not take over the locale of its environment. A program that
does so gets other words, in whichever languages the machine has."""

from factorypos_tui.core.language import N_, _

_KNOWN = frozenset(
    {
        N_("Address already in use"),
        N_("Broken pipe"),
        N_("Cannot assign requested address"),
        N_("Connection refused"),
        N_("Connection reset by peer"),
        N_("File too large"),
        N_("Input/output error"),
        N_("Is a directory"),
        N_("Network is down"),
        N_("Network is unreachable"),
        N_("No route to host"),
        N_("No space left on device"),
        N_("No such file or directory"),
        N_("Not a directory"),
        N_("Operation not permitted"),
        N_("Permission denied"),
        N_("Read-only file system"),
        N_("Too many open files"),
        N_("Server disconnected without sending a response"),
        N_("it is no file, but a pipe or a device"),
        N_("certificate has expired"),
        N_("certificate is not yet valid"),
        N_("self-signed certificate"),
        N_("self-signed certificate in certificate chain"),
        N_("unable to get local issuer certificate"),
        N_("Hostname mismatch"),
        N_("IP address mismatch"),
    }
)


def system_words(said: str | None) -> str:
    """`said` in the current language; unchanged where there is no translation."""
    return _(said) if said in _KNOWN else said or ""
