"""The mail sink: what is sent can be read."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage

import httpx
import pytest

from impulse_local.mail import Mailbox, serve_smtp
from impulse_local.mailbox import create_app, language, link
from impulse_local.ports import free_port


def mail(subject: str = "Grüße aus Herne") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Impulse <impulse@impulse.example>"
    message["To"] = "kontakt@verein.example"
    message["Subject"] = subject
    message["Message-ID"] = "<1@impulse.example>"
    message.set_content("Bitte bestätigen: http://127.0.0.1:8080/sign-in?token=a&b=1.\n<Danke>")
    message.add_alternative("<h1>Bitte bestätigen</h1>", subtype="html")
    message.add_attachment(b"BEGIN:VCALENDAR", "text", "calendar", filename="termin.ics")
    return message


@pytest.fixture
async def smtp() -> AsyncIterator[tuple[int, Mailbox]]:
    mailbox, port = Mailbox(), free_port()
    server = await serve_smtp(mailbox, port)
    yield port, mailbox
    server.close()


@pytest.fixture
async def page(smtp: tuple[int, Mailbox]) -> AsyncIterator[httpx.AsyncClient]:
    port, mailbox = smtp

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.send_message(mail(), to_addrs=["kontakt@verein.example", "zwei@verein.example"])

    await asyncio.to_thread(send)
    transport = httpx.ASGITransport(app=create_app(mailbox))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


async def test_the_list_as_json(page: httpx.AsyncClient) -> None:
    [message] = (await page.get("/api/messages")).json()
    assert message.pop("received_at").endswith("+00:00")
    assert message.pop("text").startswith("Bitte bestätigen: http://127.0.0.1:8080/")
    assert message == {
        "message_id": "<1@impulse.example>",
        "from": "Impulse <impulse@impulse.example>",
        "to": ["kontakt@verein.example", "zwei@verein.example"],
        "subject": "Grüße aus Herne",
    }


async def test_the_pages_in_both_languages(page: httpx.AsyncClient) -> None:
    german = await page.get("/", headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"})
    assert '<html lang="de">' in german.text
    assert "Grüße aus Herne" in german.text
    assert "Alle löschen" in german.text
    english = await page.get("/", headers={"Accept-Language": "fr, en;q=0.8"})
    assert "Delete all" in english.text
    assert "default-src 'none'" in english.headers["Content-Security-Policy"]


async def test_one_mail_with_its_parts(page: httpx.AsyncClient) -> None:
    shown = await page.get("/messages/1")
    address = "http://127.0.0.1:8080/sign-in?token=a&amp;b=1"
    assert f'<a href="{address}">{address}</a>.' in shown.text
    assert "&lt;Danke&gt;" in shown.text
    assert "termin.ics" in shown.text
    html = await page.get("/messages/1/html")
    assert "<h1>Bitte bestätigen</h1>" in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]
    calendar = await page.get("/messages/1/attachments/0")
    assert calendar.content == b"BEGIN:VCALENDAR"
    assert (await page.get("/messages/1/attachments/1")).status_code == 404
    missing = await page.get("/messages/2", headers={"Accept-Language": "de"})
    assert (missing.status_code, "gibt es nicht" in missing.text) == (404, True)


async def test_clearing(page: httpx.AsyncClient) -> None:
    assert (await page.post("/clear")).status_code == 303
    assert (await page.get("/api/messages")).json() == []
    assert (await page.delete("/api/messages")).status_code == 204


async def test_only_this_machines_names_are_served(page: httpx.AsyncClient) -> None:
    assert (await page.get("/", headers={"Host": "rebound.example"})).status_code == 400


def test_language_and_links_of_odd_input() -> None:
    assert language("") == "en"
    assert language("de;q=x, ;;,") == "de"
    assert language("en;q=0.1,de;q=0.2") == "de"
    assert str(link('<script>"')) == "&lt;script&gt;&#34;"
