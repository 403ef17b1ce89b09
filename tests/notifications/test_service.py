"""Booking and notifications as processes: from two acceptances to the mails."""

import httpx

from impulse_contracts import topics
from impulse_contracts.matching import ProposalMutuallyAccepted
from tests.fixtures.stack import Stack, eventually
from tests.notifications.given import accepted, both_sides


def test_mails_arrive_once_after_the_mail_server_was_away(kafka, postgres, tmp_path):
    stack = Stack(kafka, postgres, tmp_path, kafka.unique("notifications-") + ".")
    try:
        stack.start_all(["booking", "notifications"])
        for message in both_sides():
            stack.say(message)
        for _ in range(10):
            values = {**accepted().model_dump(), "state": "mutually_accepted"}
            stack.say(ProposalMutuallyAccepted(**values))
        stack.flush()
        queued = "SELECT count(*) FROM message WHERE state = 'queued'"
        eventually(lambda: stack.query("notifications", queued) == [(20,)])
        stack.processes["notifications"].ready()
        stack.start_mail()
        sent = "SELECT count(*) FROM message WHERE channel = 'email' AND state = 'sent'"
        eventually(lambda: stack.query("notifications", sent) == [(20,)])
        mails = httpx.get(f"{stack.mailbox_url}/api/messages").json()
        assert len({mail["message_id"] for mail in mails}) == len(mails) == 20
        # Queued and sent by mail, and sent to the inbox.
        eventually(lambda: len(stack.read(topics.MESSAGES.name)) == 20 + 20 + 20)
        assert stack.processes["notifications"].stop() == 0
        assert stack.processes["booking"].stop() == 0
    finally:
        stack.close()
