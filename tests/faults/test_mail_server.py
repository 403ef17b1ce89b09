"""The mail server goes away for a while: mails arrive once, later."""

import time

import httpx
import pytest

from impulse_contracts import topics
from impulse_contracts.matching import ProposalMutuallyAccepted
from tests.faults.reporter import LONG
from tests.fixtures.stack import Stack, eventually
from tests.notifications.given import accepted, both_sides

pytestmark = pytest.mark.fault
AWAY_SECONDS = 60 if LONG else 3


def test_mails_arrive_once_after_the_mail_server_was_away(stack):
    stack.start_all(["booking", "notifications"])
    stack.start_mail()
    for message in both_sides():
        stack.say(message)
    _agree(stack, 5)
    before = eventually(lambda: _arrived(stack, 10))
    sent = "SELECT count(*) FROM message WHERE channel = 'email' AND state = 'sent'"
    # Else the server might be killed between taking the last one and saying so.
    eventually(lambda: stack.query("notifications", sent) == [(10,)])
    stack.processes["mail"].kill()
    _agree(stack, 10)
    queued = "SELECT count(*) FROM message WHERE channel = 'email' AND state = 'queued'"
    eventually(lambda: stack.query("notifications", queued) == [(20,)])
    time.sleep(AWAY_SECONDS)
    # Without its mail server the service is still of use: it takes what comes.
    stack.processes["notifications"].ready()
    assert stack.query("notifications", queued) == [(20,)]
    stack.start_mail()
    after = eventually(lambda: _arrived(stack, 20), 90)
    time.sleep(2)
    assert len(_arrived(stack, 0)) == 20, "what arrived once must not come again"
    assert len(before | after) == 30
    eventually(lambda: stack.query("notifications", sent) == [(30,)])
    # Queued and sent by mail, and sent to the inbox.
    eventually(lambda: len(stack.read(topics.MESSAGES.name)) == 30 + 30 + 30)
    assert stack.processes["notifications"].stop() == 0
    assert stack.processes["booking"].stop() == 0


def _agree(stack: Stack, times: int) -> None:
    """So many proposals are accepted by both sides: a mail to each of two people."""
    for _ in range(times):
        values = {**accepted().model_dump(), "state": "mutually_accepted"}
        stack.say(ProposalMutuallyAccepted(**values))
    stack.flush()


def _arrived(stack: Stack, at_least: int) -> set[str]:
    """The ids of the mails that the server has now; empty while they are fewer."""
    try:
        mails = httpx.get(f"{stack.mailbox_url}/api/messages").json()
    except httpx.TransportError:
        return set()
    found = [mail["message_id"] for mail in mails]
    assert len(set(found)) == len(found)
    return set(found) if len(found) >= at_least else set()
