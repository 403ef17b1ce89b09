"""An e-mail as bytes: its headers, and what must not get into them."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_chassis.testing import START
from impulse_contracts import objections
from impulse_contracts.booking.cooperations import CooperationDueSoon
from impulse_contracts.codes import Language
from impulse_contracts.confirmations import read
from impulse_notifications.domain.notice import email, of_contact, sign_in_link
from impulse_notifications.letter import Letter, address, write
from tests.notifications.given import link, notices_on, opened, reminded
from tests.notifications.office import KEY

SENDER = address("Impulse Beispielstadt <post@impulse.example>")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def letter(fact=None, *, name="Beispielperson Müller", to="a@beispiel.example", language=None):
    [_, notice] = notices_on(fact or opened())
    message = email(notice, uuid4(), language or Language.DE, START)
    return Letter(message, name, to, "Beispiel e. V.", "Beispiel GmbH")


def sent(given, operator=None, home="https://impulse.example"):
    _, content = write(given, sender=SENDER, home=home, operator=operator, now=NOW, key=KEY)
    return message_from_bytes(content, policy=policy.default)


def test_headers():
    given = letter()
    mail = sent(given)
    assert mail["From"] == "Impulse Beispielstadt <post@impulse.example>"
    assert mail["To"] == "Beispielperson Müller <a@beispiel.example>"
    assert mail["Subject"] == "Kooperation zu Ihrem Angebot „Malerteam für einen Aktionstag“"
    assert mail["Message-ID"] == f"<{given.message.message_id}@impulse.example>"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "de"
    assert mail.get_content_type() == "text/plain"
    assert "Freundliche Grüße" in mail.get_content()


def test_the_same_message_has_the_same_message_id():
    given = letter()
    assert sent(given)["Message-ID"] == sent(given)["Message-ID"]


def test_only_reminders_can_be_unsubscribed():
    assert sent(letter())["List-Unsubscribe"] is None
    reminder = letter(CooperationDueSoon(**opened().model_dump()))
    assert sent(reminder)["List-Unsubscribe"].startswith("<mailto:post@impulse.example?subject=")
    message = sign_in_link(link(uuid4()), "cause", Language.EN, START)
    assert sent(Letter(message, "Name", "a@b.example", None, None))["List-Unsubscribe"] is None


def test_seven_bits_and_short_lines_whatever_is_written():
    title = "Grün " * 40
    _, content = write(
        letter(opened(need_title=title)),
        sender=SENDER,
        home="https://impulse.example",
        operator="Bürgerstiftung Beispiel",
        now=NOW,
        key=KEY,
    )
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


@given(st.text(max_size=60), st.text(max_size=120))
def test_nothing_is_smuggled_into_the_headers(name, title):
    injected = "x\r\nBcc: all@beispiel.example\r\n\r\n"
    mail = sent(letter(opened(offer_title=injected + title), name=name + injected))
    assert mail["Bcc"] is None
    assert mail["To"].addresses[0].addr_spec == "a@beispiel.example"
    assert sorted(mail.keys()) == sorted(sent(letter()).keys())


@pytest.mark.parametrize(
    "to",
    [
        "",
        "nobody",
        "a b@c.example",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "<a@b.example>",
        "Name <a@b.example>",
        "@b.example",
        "a@",
        "müller@b.example",
    ],
)
def test_an_address_that_is_not_usable(to):
    with pytest.raises(ValueError, match="must be like") as raised:
        sent(letter(to=to))
    assert "example" not in str(raised.value), "it may be a person's"


def test_a_domain_with_umlauts_is_written_as_dns_has_it():
    recipient, _ = write(
        letter(to="a@müller.example"),
        sender=SENDER,
        home="https://x",
        operator=None,
        now=NOW,
        key=KEY,
    )
    assert recipient.addr_spec == "a@xn--mller-kva.example"


@pytest.mark.parametrize("text", ["", "Impulse", "Impulse <impulse>", "a@b@c", "x <a b@c.de>"])
def test_a_sender_that_is_none(text):
    with pytest.raises(ValueError, match="must be like"):
        address(text)


@pytest.mark.parametrize(("home", "one_click"), [("https://x.example", True), ("http://x", False)])
def test_a_reported_contact_objects_with_one_click(home, one_click):
    person_id = uuid4()
    message = email(
        of_contact(person_id, b"mark", uuid4(), "https://a.example", NOW),
        person_id,
        Language.DE,
        NOW,
    )
    given = Letter(message, "Beispielperson", "a@beispiel.example", None, None)
    mail = sent(given, home=home)
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith(f"{home}/objection/")
    assert objections.read(KEY, link.rpartition("/")[2]) == (
        person_id,
        objections.mark(KEY, "a@beispiel.example"),
    )
    _, content = write(given, sender=SENDER, home=home, operator=None, now=NOW, key=KEY)
    assert f"List-Unsubscribe: <{link}>".encode() in content.splitlines(), "in one piece"
    assert link in mail.get_content().splitlines()
    assert mail["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if one_click else None)
    assert "List-Unsubscribe-Post" not in sent(letter())


def test_a_reminder_of_a_listing_has_a_link_that_confirms_it_for_a_time():
    hidden = NOW + timedelta(days=14)
    fact = reminded(confirm_by=hidden)
    [notice] = notices_on(fact)
    message = email(notice, uuid4(), Language.DE, START)
    body = sent(Letter(message, "Name", "a@b.example", "Beispiel", None)).get_content()
    found = re.search(r"https://impulse.example/confirmation/(\S+)", body)
    assert found
    last = hidden + timedelta(days=30)
    good = read(KEY, found[1], last - timedelta(seconds=1))
    assert good is not None
    assert (good.listing_id, good.person_id) == (fact.listing_id, message.person_id)
    assert read(KEY, found[1], last) is None
    assert "/confirmation/" not in sent(letter()).get_content()
