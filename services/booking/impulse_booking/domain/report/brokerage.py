"""The brokerage before the handshake: listings, and what becomes of proposals."""

from collections.abc import Iterator
from typing import ClassVar

from impulse_booking.domain.report.evidence import Life, Noun
from impulse_booking.domain.report.known import Known
from impulse_booking.domain.report.tally import UNKNOWN, Definition, Tally
from impulse_contracts.booking.codes import FigureUnit
from impulse_contracts.codes import ListingStatus
from impulse_contracts.matching import (
    ProposalDeclined,
    ProposalExpired,
    ProposalMutuallyAccepted,
    ProposalReleased,
)

PUBLISHED = Definition(
    "listings_published",
    "Veröffentlichte Angebote und Bedarfe",
    "Offers and needs published",
    "Angebote und Bedarfe, die im Zeitraum zuerst veröffentlicht wurden.",
    "Offers and needs that were first published in the period.",
    FigureUnit.LISTINGS,
    ("direction",),
)
STANDING = Definition(
    "listings_at_cut_off",
    "Angebote und Bedarfe am Stichtag",
    "Offers and needs at the cut-off",
    "Angebote und Bedarfe, die am Ende des Stichtags offen oder nicht mehr bestätigt waren.",
    "Offers and needs that were open or stale at the end of the cut-off day.",
    FigureUnit.LISTINGS,
    ("listing_status",),
)
STALE_SHARE = Definition(
    "stale_share",
    "Anteil nicht mehr bestätigter Angebote und Bedarfe",
    "Stale share",
    "Anteil der nicht mehr bestätigten an den Angeboten und Bedarfen am Stichtag.",
    "Share of those stale among the offers and needs at the cut-off.",
    FigureUnit.SHARE,
    adds_up=False,
)
RELEASED = Definition(
    "proposals_released",
    "Freigegebene Vorschläge",
    "Proposals released",
    "Vorschläge, die beiden Seiten im Zeitraum gezeigt wurden.",
    "Proposals that were shown to both sides in the period.",
    FigureUnit.PROPOSALS,
)
ENDED = Definition(
    "proposals_answered",
    "Beantwortete Vorschläge",
    "Proposals answered",
    "Wie Vorschläge im Zeitraum ausgingen: beiderseits angenommen, abgelehnt oder ohne Antwort "
    "abgelaufen.",
    "How proposals ended in the period: mutually accepted, declined, or expired without an answer.",
    FigureUnit.PROPOSALS,
    ("proposal_state",),
)
ACCEPTANCE = Definition(
    "acceptance_rate",
    "Annahmequote",
    "Acceptance rate",
    "Anteil der beiderseits angenommenen an den beantworteten Vorschlägen.",
    "Share of those mutually accepted among the proposals answered.",
    FigureUnit.SHARE,
    adds_up=False,
)
DECLINED = Definition(
    "proposals_declined",
    "Abgelehnte Vorschläge nach Grund",
    "Proposals declined by reason",
    "Ablehnungen des Zeitraums nach dem Grund, den die Seite nannte.",
    "What was declined in the period, by the reason that the side gave.",
    FigureUnit.PROPOSALS,
    ("decline_reason",),
)
_ENDS = {
    ProposalMutuallyAccepted.ce_type: "mutually_accepted",
    ProposalDeclined.ce_type: "declined",
    ProposalExpired.ce_type: "expired",
}
_STANDING = frozenset({ListingStatus.OPEN, ListingStatus.STALE})


class Brokerage:
    """Counts listings and proposals."""

    nouns: ClassVar = frozenset({Noun.LISTING, Noun.PROPOSAL})

    def __init__(self, known: Known) -> None:
        self._known = known
        self._published, self._standing = Tally(PUBLISHED), Tally(STANDING)
        self._released, self._ended, self._declined = Tally(RELEASED), Tally(ENDED), Tally(DECLINED)

    def see(self, noun: Noun, life: Life) -> None:
        """Counts a listing or a proposal."""
        if noun is Noun.LISTING:
            self._listing(life)
        else:
            self._proposal(life)

    def tallies(self) -> Iterator[Tally]:
        """The figures."""
        stale, accepted = Tally(STALE_SHARE), Tally(ACCEPTANCE)
        stale.share(self._standing, (ListingStatus.STALE,))
        accepted.share(self._ended, ("mutually_accepted",))
        yield from (self._published, self._standing, stale)
        yield from (self._released, self._ended, accepted, self._declined)

    def _listing(self, life: Life) -> None:
        last = life.known
        if self._known.is_example(last.said["actor"]):
            return
        if first := life.within(life.all[0]):
            self._published.add((first.said["direction"],), first.fact_id)
        if last.said["status"] in _STANDING:
            self._standing.add((last.said["status"],), last.fact_id)

    def _proposal(self, life: Life) -> None:
        need_actor = life.known.said["need_actor"]
        if self._known.is_example(need_actor):
            return
        if released := life.within(life.first(ProposalReleased.ce_type)):
            self._released.add((), released.fact_id)
        for each in life.now:
            if end := _ENDS.get(each.type):
                self._ended.add((end,), each.fact_id)
            if each.type == ProposalDeclined.ce_type:
                self._declined.add((each.said["reason"] or UNKNOWN,), each.fact_id)
