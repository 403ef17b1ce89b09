"""The publisher: waits for every outcome, drives the main job, changes nothing the second time."""

import io
import json
import time
from uuid import NAMESPACE_URL, uuid5

import pytest
from rich.console import Console

from impulse_contracts.booking.cooperations import CooperationOpened
from impulse_contracts.matching import AcceptProposal, ProposalMutuallyAccepted, ProposalSuggested
from impulse_contracts.notifications import MessageSent
from impulse_contracts.outcomes import OutcomeAccepted, OutcomeRefused
from impulse_contracts.partner import ListingReported
from impulse_sample import publisher as publishing
from impulse_sample.__main__ import run
from impulse_sample.broker import Broker, Missing
from impulse_sample.envelope import Headers, Record, header
from impulse_sample.publisher import Publisher
from impulse_sample.reports import real_reports

SEED = 2026


def an_id(text: str) -> str:
    return str(uuid5(NAMESPACE_URL, text))


class AnsweringLog:
    """A log in memory that answers as the services do: outcomes, one proposal, a cooperation
    once both sides accepted, and a message about it."""

    def __init__(self, refuse: tuple[str, ...] = (), silent: tuple[str, ...] = ()) -> None:
        self.published: list[tuple[str, Record]] = []
        self.refuse, self.silent = refuse, silent
        self.waiting: list[tuple[str, Headers, bytes]] = []
        self.listings: dict[str, str] = {}
        self.sides: set[str] = set()

    def publish(self, topic: str, record: Record) -> None:
        self.published.append((topic, record))
        ce_type = header(record.headers, "ce_type")
        if ce_type in self.silent:
            return
        data = json.loads(record.value)
        aggregate_id = an_id(data.get("external_id", data.get("person_id", "proposal")))
        refused = ce_type in self.refuse
        self._say(
            "impulse.outcomes",
            OutcomeRefused.ce_type if refused else OutcomeAccepted.ce_type,
            command_id=header(record.headers, "ce_id"),
            source=header(record.headers, "ce_source"),
            aggregate_id=None if refused else aggregate_id,
            reason="offer_taken" if refused else None,
            message={"de": "…", "en": "The offer is taken." if refused else "Accepted."},
            attempt=1,
        )
        if ce_type == ListingReported.ce_type:
            self.listings.setdefault(data["direction"], aggregate_id)
            if len(self.listings) == 2 and "proposal" not in self.silent:
                self._propose(ProposalSuggested.ce_type, "suggested", 1)
        if ce_type == AcceptProposal.ce_type and not refused:
            self.sides.add(data["side"])
            if len(self.sides) == 2:
                self._propose(ProposalMutuallyAccepted.ce_type, "mutually_accepted", 3)
                self._open()

    def flush(self, timeout: float) -> None:
        pass

    def take(self, seen, seconds: float) -> int:
        taken, self.waiting = self.waiting, []
        for record in taken:
            seen(*record)
        if not taken:
            time.sleep(min(seconds, 0.01))
        return len(taken)

    def _propose(self, ce_type: str, state: str, version: int) -> None:
        self._say(
            "impulse.proposals",
            ce_type,
            proposal_id=an_id("proposal"),
            need_id=self.listings["need"],
            offer_id=self.listings["offer"],
            score=0.8,
            reasons=[{"criterion": "topics", "de": "Passt zum Thema.", "en": "Fits the topic."}],
            state=state,
            version=version,
        )

    def _open(self) -> None:
        self._say(
            "impulse.cooperations",
            CooperationOpened.ce_type,
            cooperation_id=an_id("cooperation"),
            need_id=self.listings["need"],
            offer_id=self.listings["offer"],
            state="introduced",
        )
        if MessageSent.ce_type not in self.silent:
            self._say(
                "impulse.messages",
                MessageSent.ce_type,
                message_id=an_id("message"),
                template="cooperation_opened",
                channel="email",
                state="sent",
            )

    def _say(self, topic: str, ce_type: str, **data: object) -> None:
        headers = [("ce_type", ce_type.encode()), ("ce_correlationid", b"c-1")]
        self.waiting.append((topic, headers, json.dumps(data).encode()))


@pytest.fixture(autouse=True)
def no_pause(monkeypatch) -> None:
    monkeypatch.setattr("impulse_sample.main_job.QUIET_SECONDS", 0.0)


def publisher_on(log: AnsweringLog, **settings) -> tuple[Publisher, io.StringIO]:
    said = io.StringIO()
    settings = {"timeout": 0.3} | settings
    console = Console(file=said, soft_wrap=True, highlight=False)
    return Publisher(log, console, **settings), said  # type: ignore[arg-type]


def test_everything_is_published_answered_and_driven_to_a_message() -> None:
    log = AnsweringLog()
    publisher, said = publisher_on(log)
    run(publisher, 25, SEED)
    topics = [topic for topic, _ in log.published]
    assert topics.count("impulse.actor-reports") == 25 + 83 + 360
    assert topics.count("impulse.people.commands") == 2
    assert topics.count("impulse.matching.commands") == 3
    # Offers, sessions, an edition, and what is asked for at the end.
    assert topics.count("impulse.booking.commands") == 5 + 4 + 1 + 1
    for line in (
        "real organisations: 25 accepted, 0 refused",
        "example organisations: 83 accepted, 0 refused",
        "example offers and needs: 360 accepted, 0 refused",
        "score 0.80. Passt zum Thema.",
        f"cooperation opened: {an_id('cooperation')}",
        "messages sent about it: 1 e-mails, 1 in all",
    ):
        assert line in said.getvalue()


def test_a_second_run_publishes_nothing() -> None:
    log = AnsweringLog()
    first, _ = publisher_on(log)
    run(first, 5, SEED)
    before = len(log.published)
    second, said = publisher_on(log)
    second.board = first.board
    run(second, 5, SEED)
    assert len(log.published) == before
    assert "cooperation opened before" in said.getvalue()
    assert "360 of them known from before" in said.getvalue()


@pytest.mark.parametrize(
    ("silent", "complaint"),
    [
        (ListingReported.ce_type, "360 of 360 got no outcome"),
        ("proposal", "A suggested proposal on impulse.proposals did not come"),
        (MessageSent.ce_type, "message.sent.v1 about the cooperation did not come"),
    ],
)
def test_what_stays_away_is_named(silent: str, complaint: str) -> None:
    publisher, _ = publisher_on(AnsweringLog(silent=(silent,)))
    with pytest.raises(Missing, match=complaint):
        run(publisher, 1, SEED)


def test_refusals_are_counted_with_their_reason_and_the_next_proposal_is_tried() -> None:
    publisher, said = publisher_on(AnsweringLog(refuse=(AcceptProposal.ce_type,)))
    with pytest.raises(Missing, match="No suggested proposal is left"):
        run(publisher, 1, SEED)
    assert "refused 1: offer_taken: The offer is taken." in said.getvalue()


class Clock:
    """In place of the module `time`: only who sleeps lets time pass."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_speed_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(publishing, "time", clock)
    monkeypatch.setitem(globals(), "time", clock)
    publisher, _ = publisher_on(AnsweringLog(), speed=100)
    publisher.publish("paced", "impulse.actor-reports", list(real_reports(limit=21)))
    assert 0.2 <= clock.now - 100 < 0.3


def test_a_broker_that_is_not_there_is_named_with_the_setting() -> None:
    broker = Broker("127.0.0.1:1")
    with pytest.raises(Missing, match=r"127\.0\.0\.1:1.*IMPULSE_KAFKA_BOOTSTRAP_SERVERS"):
        broker.watch(("impulse.outcomes",), (), timeout=0.1)
    broker.close()
