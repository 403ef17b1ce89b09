"""When two e-mail addresses are one, however they are written."""

from contextlib import suppress


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
    """How an address may be written in a message, but for capitals of ASCII: as it is given, in
    small letters, and with its domain in ASCII or in letters."""
    written, found = address.strip(), normal(address)
    mailbox, at, domain = found.rpartition("@")
    several = {written, written.lower(), found}
    with suppress(UnicodeError):
        several.add(f"{mailbox}{at}{domain.encode().decode('idna')}")
    return frozenset(several)
