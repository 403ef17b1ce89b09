"""Signing in by e-mail link: signed, good for a quarter of an hour, used once."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from itsdangerous import BadData, URLSafeSerializer
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection

from impulse_chassis import SYSTEM, Transaction, Unavailable
from impulse_contracts.codes import Language
from impulse_contracts.message import Command
from impulse_contracts.notifications import SendSignInLink
from impulse_contracts.registry.joining import IntroducePerson
from impulse_contracts.types import EmailAddress
from impulse_gateway.store import people
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.sessions import hashed, new_token
from impulse_gateway.web.site import Site

log = structlog.get_logger(__name__)

WINDOW = timedelta(minutes=15)
LINKS_FOR_ADDRESS = 5
LINKS_FOR_CLIENT = 30
"""How many links may be asked for within `WINDOW`: for one address, and from one IP address (an
office shares one). Counted in the database, so for all replicas together. Of a proxy on the same
host, or one that FORWARDED_ALLOW_IPS names, the address that it forwards counts."""

_ADDRESS: TypeAdapter[str] = TypeAdapter(EmailAddress)


@dataclass(frozen=True)
class Link:
    """What a sign-in link says."""

    person_id: UUID
    address: str
    """A digest of the address to which it was sent."""
    nonce: str
    next: str


def normal(address: str) -> str | None:
    """The address as it is looked up; None if it is none."""
    try:
        return _ADDRESS.validate_python(address.strip()).lower()
    except ValidationError:
        return None


async def count_attempt(site: Site, address: str, client: str) -> None:
    """Notes that a link is asked for. Raises `Problem` (429) when it is too often."""
    buckets = {
        bytes.fromhex(site.sign("address", address)): LINKS_FOR_ADDRESS,
        bytes.fromhex(site.sign("client", client)): LINKS_FOR_CLIENT,
    }
    now = site.now()
    if not await site.db(lambda connection: people.attempt(connection, buckets, now, WINDOW)):
        raise Problem(
            429,
            "too_many_links",
            ("Zu viele Versuche", "Too many attempts"),
            (
                "Bitte warten Sie eine Viertelstunde, bevor Sie einen weiteren Link anfordern.",
                "Please wait a quarter of an hour before you ask for another link.",
            ),
            headers={"Retry-After": str(int(WINDOW.total_seconds()))},
        )


async def send_link(site: Site, address: str, next_path: str) -> None:
    """Has a link sent to the person with this address, if there is one."""
    try:
        person_id = await site.db(lambda connection: people.person_of(connection, address))
        if person_id is not None:
            await site.transact(_publishing(_link(site, person_id, address, next_path)))
    except Unavailable as error:
        log.warning("a sign-in link was not sent", error=str(error))


async def introduce(
    site: Site, name: str, address: str, language: Language, next_path: str
) -> None:
    """Has a link sent to a visitor; one whom nobody knew is introduced to the registry first.

    Whoever has the address shows by the link that it is theirs.
    """
    try:
        known = await site.db(lambda connection: people.person_of(connection, address))
        person_id = known or uuid4()
        commands: list[Command] = [_link(site, person_id, address, next_path)]
        if known is None:
            person = IntroducePerson(
                person_id=person_id, name=name, email=address, language=language
            )
            commands.insert(0, person)
        await site.transact(_publishing(*commands))
    except Unavailable as error:
        log.warning("a sign-in link was not sent", error=str(error))


def _link(site: Site, person_id: UUID, address: str, next_path: str) -> SendSignInLink:
    expires = site.now() + timedelta(seconds=site.settings.sign_in_seconds)
    sent_to = site.sign("address", address.lower())
    token = write(site, Link(person_id, sent_to, secrets.token_urlsafe(16), next_path), expires)
    return SendSignInLink(
        person_id=person_id,
        link=f"{site.settings.base_url}/sign-in/{token}",
        expires_at=expires,
    )


def _publishing(*commands: Command) -> Callable[[Transaction], None]:
    def publish(tx: Transaction) -> None:
        for command in commands:
            tx.publish(command, principal=SYSTEM)

    return publish


def _serializer(site: Site) -> URLSafeSerializer:
    return URLSafeSerializer(
        site.settings.secret_key.get_secret_value(),
        salt="sign-in",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


def write(site: Site, link: Link, expires: datetime) -> str:
    """A link's token."""
    return str(
        _serializer(site).dumps(
            [str(link.person_id), link.address, link.nonce, link.next, int(expires.timestamp())]
        )
    )


def read(site: Site, token: str) -> Link | None:
    """What a token says; None if it was not made here, or has expired."""
    try:
        person, address, nonce, next_path, expires = _serializer(site).loads(token)
    except (BadData, ValueError):
        return None
    if site.now().timestamp() >= expires:
        return None
    return Link(UUID(person), address, nonce, next_path)


async def begin_session(site: Site, link: Link) -> str | None:
    """Uses a link up and begins a session; its token, or None if that can't be (any more)."""
    token = new_token()
    now = site.now()

    def work(connection: Connection) -> bool:
        address = people.address_of(connection, link.person_id)
        if address is None or site.sign("address", address.lower()) != link.address:
            return False
        return people.use_token(connection, link.nonce, now) and people.begin_session(
            connection, hashed(token), link.person_id, now
        )

    return token if await site.db(work) else None
