"""The block list: addresses of erased people, as keyed digests that nobody else can make."""

import hashlib
import hmac
from datetime import datetime

from impulse_chassis.aggregate import Aggregate
from impulse_contracts import objections
from impulse_contracts.addresses import normal
from impulse_contracts.parts import ReportedContact
from impulse_contracts.registry.joining import IntroducePerson, InvitePerson
from impulse_contracts.registry.people import AddPerson

Said = ReportedContact | AddPerson | IntroducePerson | InvitePerson
"""What names a person with their address."""


class BlockedAddress(Aggregate, key="digest"):
    """That the person of an address was erased, or objected; the address itself is not kept.

    `digest` is that of the address, or, where only their link was at hand, its mark in the link.
    """

    digest: str
    since: datetime


def digest(key: str, address: str) -> str:
    """The digest of an e-mail address under `key`, the same however it is written."""
    return hmac.new(key.encode(), normal(address).encode(), hashlib.sha256).hexdigest()


def mark(key: str, address: str) -> str:
    """How a link that was sent to an address calls it (`objections.mark`)."""
    return objections.mark(key, address).hex()
