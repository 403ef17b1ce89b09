"""The main job on the sample: a proposal is released and accepted by both sides, a cooperation
opens, and the people concerned get mail."""

from collections.abc import Mapping

from impulse_sample.board import Cooperation, Proposal, SentMessage, asked
from impulse_sample.broker import Missing
from impulse_sample.commands import MATCHING_TOPIC, accept, release
from impulse_sample.envelope import Record
from impulse_sample.publisher import Publisher

SIDES = ("need", "offer")
TRIES = 5
"""How many proposals are tried; another one may be answered by somebody else meanwhile."""

QUIET_SECONDS = 2.0


def open_cooperation(publisher: Publisher, titles: Mapping[str, str]) -> Cooperation:
    """Releases the best suggested proposal between the example listings (`titles` by listing id),
    accepts it on both sides and waits for the cooperation.

    One that an earlier run opened is found again and nothing is accepted. Raises Missing when a
    step stays away.
    """
    known = publisher.board.cooperation_between(titles)
    if known:
        publisher.console.print(f"cooperation opened before: {_pair(known, titles)}", markup=False)
        return known
    publisher.wait_for(
        "A suggested proposal on impulse.proposals",
        lambda: publisher.board.suggested(titles) or None,
    )
    publisher.settle(QUIET_SECONDS)
    for _ in range(TRIES):
        proposal = _best(publisher, titles)
        publisher.console.print(
            f"proposal: {_pair(proposal, titles)}, score {proposal.score:.2f}. {proposal.reason}",
            markup=False,
        )
        if _said(publisher, "released", release(proposal.proposal_id, proposal.need_id)) and all(
            _accepted(publisher, proposal, side) for side in SIDES
        ):
            cooperation = publisher.wait_for(
                "impulse.booking.cooperation.opened.v1",
                lambda: publisher.board.cooperation_between(titles),
            )
            publisher.console.print(
                f"cooperation opened: {cooperation.cooperation_id}", markup=False
            )
            return cooperation
    raise Missing(f"None of {TRIES} proposals could be accepted on both sides.")


def await_mail(publisher: Publisher, cooperation: Cooperation) -> list[SentMessage]:
    """Waits for the messages about a cooperation; raises Missing when there is none."""
    publisher.wait_for(
        "impulse.notifications.message.sent.v1 about the cooperation",
        lambda: publisher.board.messages_about(cooperation) or None,
    )
    publisher.settle(QUIET_SECONDS)
    messages = publisher.board.messages_about(cooperation)
    mails = sum(one.channel == "email" for one in messages)
    publisher.console.print(f"messages sent about it: {mails} e-mails, {len(messages)} in all")
    return messages


def _best(publisher: Publisher, titles: Mapping[str, str]) -> Proposal:
    for proposal in publisher.board.suggested(titles):
        pair = (proposal.proposal_id, proposal.need_id)
        commands = [release(*pair), *(accept(*pair, side) for side in SIDES)]
        answers = publisher.board.answered(commands)
        if all(answer.accepted for answer in answers):
            return proposal
    raise Missing("No suggested proposal is left that could be accepted.")


def _accepted(publisher: Publisher, proposal: Proposal, side: str) -> bool:
    command = accept(proposal.proposal_id, proposal.need_id, side)
    return _said(publisher, f"accepted by the {side}", command)


def _said(publisher: Publisher, what: str, command: Record) -> bool:
    """Whether the command took effect."""
    publisher.publish(what, MATCHING_TOPIC, [command])
    return publisher.board.answers[asked(command)].accepted


def _pair(pair: Proposal | Cooperation, titles: Mapping[str, str]) -> str:
    return f"“{titles[pair.need_id]}” with “{titles[pair.offer_id]}”"
