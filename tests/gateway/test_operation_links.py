"""What became of a command of booking leads on to a page that there is, whatever it was."""

import re
from uuid import UUID, uuid4

import pytest

from impulse_contracts import topics
from impulse_contracts.message import MESSAGES, Command
from impulse_gateway.domain.operation import Operation, OperationState
from impulse_gateway.store.operations import operations
from tests.gateway import given, programme
from tests.gateway.driving import tell
from tests.gateway.editions import EDITIONS, OPEN, PROJECT
from tests.gateway.test_reports import REPORT, cut, parts

COMMANDS = sorted(
    name
    for name, kind in MESSAGES.items()
    if issubclass(kind, Command) and kind.topic is topics.BOOKING_COMMANDS
)
SUBJECTS = {
    "adviser_id": programme.HOURS.adviser_id,
    "booking_id": programme.CONFIRMED.booking_id,
    "cooperation_id": given.COOPERATION.cooperation_id,
    "edition_id": OPEN.edition_id,
    "programme_offer_id": programme.WORKSHOP.programme_offer_id,
    "project_id": PROJECT.project_id,
    "report_id": REPORT,
    "request_id": programme.WISH.request_id,
    "session_id": programme.SOON.session_id,
}
STEPS_OF_MEMBERS = {"booking_id", "cooperation_id", "project_id", "request_id", "session_id"}
MAKING = {
    "announce_edition",
    "cut_report",
    "enter_cooperation",
    "publish_programme_offer",
    "schedule_session",
    "submit_project",
}


@pytest.fixture
def town(town):
    tell(town, *programme.PROGRAMME, *programme.MORE, *EDITIONS, cut(), *parts())
    return town


async def leads_to(browser, site, address, name, subject, state):
    """The status of each page that the page of an operation links to, by address."""
    operation = Operation(
        version=1,
        operation_id=uuid4(),
        person_id=given.ident(address),
        command_type=name,
        subject_id=str(subject),
        fingerprint="",
        state=state,
        requested_at=given.NOW,
    )

    def keep(tx):
        operations.lock(tx, {operation.operation_id})
        operations.put(tx, operation)

    await site.transact(keep)
    page = (await browser.get(f"/operations/{operation.operation_id}")).text
    status = page[page.index('id="operation"') :]
    links = re.findall(r'<p><a href="([^"]+)">([^<]+)</a></p>\s*<p class="aside"', status)
    return [
        (href, called, (await browser.get(href, follow_redirects=True)).status_code)
        for href, called in links
    ]


@pytest.mark.parametrize("address", [given.BROKER, given.MEMBER])
async def test_what_was_done_leads_to_what_it_was_about(town, site, signed_in, address):
    browser = await signed_in(address)
    wrong = {}
    for name in COMMANDS:
        key = MESSAGES[name].key_field
        if address == given.MEMBER and key not in STEPS_OF_MEMBERS:
            continue
        found = await leads_to(browser, site, address, name, SUBJECTS[key], OperationState.ACCEPTED)
        if [status for _, _, status in found] != [200]:
            wrong[name] = found
        if key in ("cooperation_id", "edition_id", "project_id", "report_id"):
            assert str(SUBJECTS[key]) in found[0][0], name
    assert not wrong


@pytest.mark.parametrize("state", [OperationState.REFUSED, OperationState.PENDING])
async def test_what_did_not_come_about_leads_to_where_it_would_be(town, site, signed_in, state):
    broker = await signed_in(given.BROKER)
    making = [name for name in COMMANDS if name.split(".")[2] in MAKING]
    assert len(making) == len(MAKING)
    for name in making:
        nothing: UUID = uuid4()
        found = await leads_to(broker, site, given.BROKER, name, nothing, state)
        assert [status for _, _, status in found] == [200], (name, found)
