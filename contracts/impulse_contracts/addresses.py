"""When two e-mail addresses are one, however they are written."""


def normal(address: str) -> str:
    """An address as it is compared with others.

    Capitals and blanks at the ends don't matter, nor whether a domain with umlauts is written in
    letters or in ASCII (RFC 3490). A plus and what follows it does: another mailbox.
    """
    mailbox, at, domain = address.strip().casefold().rpartition("@")
    try:
        return f"{mailbox}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{mailbox}{at}{domain}"


def spellings(address: str) -> frozenset[str]:
    """The spellings of an address in small letters: its domain in ASCII, and in letters."""
    found = normal(address)
    mailbox, at, domain = found.rpartition("@")
    try:
        return frozenset({found, f"{mailbox}{at}{domain.encode().decode('idna')}"})
    except UnicodeError:
        return frozenset({found, address.strip().casefold()})
