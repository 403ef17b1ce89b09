"""Every template in every language: complete, without leftovers, with what it must mention."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_contracts.booking.cooperation_codes import (
    ActionKind,
    DeliveryOutcome,
    NotRedeemedReason,
    PreparationItem,
)
from impulse_contracts.booking.programme import Meeting
from impulse_contracts.codes import CooperationState, Direction, Language
from impulse_contracts.purposes import TERMS, Purpose
from impulse_contracts.reasons import Reason
from impulse_notifications import wording
from impulse_notifications.domain.message import Concern, Matter, Template, purpose_of
from impulse_notifications.domain.programme import Appointment, Help
from impulse_notifications.domain.progress import Found, Progress

LEFTOVER = re.compile(r"[{}]|None|Undefined|\bunknown\b")
ALL = list(product(Template, Language, Direction))
STEPS = {
    *(Template.CLAIM_MADE, Template.CLAIM_CONFIRMED, Template.CLAIM_REFUSED),
    *(Template.CLAIM_EXPIRED, Template.INVITED, Template.OFFICE_TAKEN_OVER),
}
OF_ACTORS = {
    *(Template.ACTOR_UNCONFIRMED, Template.ACTOR_STALE),
    *(Template.EVIDENCE_ENDS, Template.ACTOR_HANDED_OVER),
}
ALONE = {
    Template.SIGN_IN_LINK,
    Template.CONTACT_REPORTED,
    Template.LISTING_UNCONFIRMED,
    Template.LISTING_NOT_LOCATED,
    Template.DISCLOSURE_ENDED,
    Template.DIGEST,
    *STEPS,
    *OF_ACTORS,
    *(
        each
        for each in Template
        if each.startswith(("booking_", "session_", "support_", "projects_", "edition_"))
    ),
    Template.PLACE_OFFERED,
}
OF_A_PAIR = [each for each in ALL if each[0] not in ALONE]
TIMES = [datetime(2027, 1, day, 9, 0, tzinfo=UTC) for day in (11, 18)]
APPOINTMENT = Appointment(
    booking_id=uuid4(),
    title="Impulsworkshop",
    starts=TIMES[0],
    ends=TIMES[1] + timedelta(hours=2),
    meetings=tuple(Meeting(starts=each, ends=each + timedelta(hours=2)) for each in TIMES),
    venue="Haus der Vereine, 45127 Essen",
    online_link="https://treffen.beispiel.example/raum-2",
    sequence=1,
    place_in_list=3,
    offered_until=datetime(2027, 1, 8, 8, 0, tzinfo=UTC),
    reason=Reason.FULL,
    note="Die Leitung ist erkrankt.",
    certificates=("2027-AB-001",),
    until=datetime(2027, 1, 9, 8, 0, tzinfo=UTC),
)
HELP = Help(
    title="Moderation",
    wish="Ein Runder Tisch\nmit Bürgern",
    helper_id=uuid4(),
    until=date(2027, 1, 15),
    hours=2.5,
    result="Er tagt.",
    reason="Der Monat ist ausgebucht.",
)
PROGRESS = Progress(
    state=CooperationState.ON_HOLD,
    number="2026-17",
    action=ActionKind.FIND_DATE,
    due=date(2027, 1, 20),
    reason=NotRedeemedReason.STAFF_CHANGE,
    until=date(2027, 2, 1),
    starts=datetime(2027, 1, 20, 8, 0, tzinfo=UTC),
    items=(PreparationItem.SITE_VISIT, PreparationItem.RAIN_PLAN),
    months=3,
    decided=Found(outcome=DeliveryOutcome.DONE, persons=1, hours=2.5),
    reported=Found(outcome=DeliveryOutcome.DONE, persons=8, hours=56),
)
DEMONSTRATION = {
    Language.DE: "Demonstration, kein Angebot des Landes oder von UPJ",
    Language.EN: "Demonstration, not an offer of the State or of UPJ",
}


def matter(side=Direction.NEED, **changes):
    values = {
        "side": side,
        "actor_id": uuid4(),
        "partner_id": uuid4(),
        "need_title": "Streichaktion",
        "offer_title": "Malerteam für einen Tag",
        "answer_until": datetime(2026, 12, 7, 22, 30, tzinfo=UTC),
        "redeem_by": date(2027, 3, 1),
        "confirm_by": datetime(2027, 2, 22, 9, 0, tzinfo=UTC),
        "appointment": APPOINTMENT,
        "support": HELP,
        "progress": PROGRESS,
        "path": "/cooperations/1",
    }
    return Matter(**{**values, **changes})


def mail(template, language, side=Direction.NEED, **changes):
    values = {
        "name": "Beispielperson",
        "organisation": "Beispiel e. V.",
        "partner": "Beispiel GmbH",
        "link": "https://impulse.example/anmelden?token=abc",
        "expires_at": datetime(2026, 11, 24, 9, 15, tzinfo=UTC),
        "home": "https://impulse.example",
        "operator": None,
        "objection": "https://impulse.example/objection/abc",
    }
    about = None if template is Template.SIGN_IN_LINK else matter(side)
    return wording.mail(template, language, about, **{**values, **changes})


@pytest.mark.parametrize(("template", "language", "side"), ALL)
def test_every_mail_is_complete(template, language, side):
    for bare in (False, True):
        names = {"organisation": None, "partner": None} if bare else {}
        words = mail(template, language, side, **names)
        assert words.subject
        assert "\n" not in words.subject
        assert not LEFTOVER.search(words.subject + words.body)
        assert "  \n" not in words.body
        assert "\n\n\n" not in words.body
        assert "Beispielperson" in words.body
        assert "https://impulse.example" in words.body
        assert DEMONSTRATION[language] in words.body
        signature = words.body.split("\n-- \n")
        assert len(signature) == 2, "one footer, which mail programs recognise"


@pytest.mark.parametrize(("template", "language", "side"), OF_A_PAIR)
def test_what_a_message_on_a_pair_mentions(template, language, side):
    words = mail(template, language, side)
    inbox = wording.entry(template, language, matter(side))
    own = "Streichaktion" if side is Direction.NEED else "Malerteam für einen Tag"
    assert own in words.subject
    assert inbox.title == words.subject
    for text in (words.body, inbox.text):
        assert "Streichaktion" in text
        assert "Malerteam für einen Tag" in text
    assert "Beispiel GmbH" in words.body
    assert "Beispiel e. V." in words.body
    for name in ("Beispiel", "@"):
        assert name not in inbox.title + inbox.text, "the inbox has no name and no address"
    assert not LEFTOVER.search(inbox.title + inbox.text)
    day = {
        Template.PROPOSAL_ACCEPTED: ("7. Dezember 2026", "7 December 2026"),
        Template.PROPOSAL_UNANSWERED: ("7. Dezember 2026", "7 December 2026"),
        Template.COOPERATION_OPENED: ("1. März 2027", "1 March 2027"),
        Template.COOPERATION_DUE_SOON: ("1. März 2027", "1 March 2027"),
        Template.COOPERATION_OVERDUE: ("1. März 2027", "1 March 2027"),
        Template.COOPERATION_AGREED: ("1. März 2027", "1 March 2027"),
        Template.COOPERATION_ACTION_DUE: ("20. Januar 2027", "20 January 2027"),
        Template.COOPERATION_PLANNED: ("20. Januar 2027, 09:00 Uhr", "20 January 2027, 09:00"),
        Template.COOPERATION_DAY_SOON: ("20. Januar 2027, 09:00 Uhr", "20 January 2027, 09:00"),
        Template.COOPERATION_ITEMS_DUE: ("Begehung", "visit to the site"),
        Template.COOPERATION_UNREDEEMED: ("3 Monate", "3 months"),
        Template.COOPERATION_ESCALATED: ("20. Januar 2027", "20 January 2027"),
        Template.COOPERATION_DECIDED: (
            "Es gilt: umgesetzt, 1 Person, 2,5 Stunden.",
            "This stands: done, 1 person, 2.5 hours.",
        ),
    }.get(template)
    if day:
        assert day[language is Language.EN] in words.body
        assert day[language is Language.EN] in inbox.text


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("template", [each for each in Template if each.startswith("cooperation")])
def test_a_mail_on_a_cooperation_links_to_its_page(template, language):
    assert "https://impulse.example/cooperations/1\n" in mail(template, language).body


@pytest.mark.parametrize(
    ("action", "asked"), [(ActionKind.FIND_DATE, True), (ActionKind.PREPARE, False)]
)
def test_who_has_a_date_is_not_asked_to_find_one_when_it_is_agreed_anew(action, asked):
    about = matter(progress=PROGRESS.model_copy(update={"action": action}))
    home: dict[str, Any] = {
        "name": "Beispielperson",
        "home": "https://impulse.example",
        "operator": None,
    }
    for language, words in ((Language.DE, "Ohne Termin"), (Language.EN, "settle on a date")):
        body = wording.mail(Template.COOPERATION_AGREED, language, about, **home).body
        assert (words in body) == asked


@pytest.mark.parametrize(
    ("state", "changes"), [(CooperationState.EVALUATING, True), (CooperationState.AGREED, False)]
)
def test_that_a_decision_can_be_corrected_is_said_where_it_can(state, changes):
    about = matter(progress=PROGRESS.model_copy(update={"state": state}))
    home: dict[str, Any] = {
        "name": "Beispielperson",
        "home": "https://impulse.example",
        "operator": None,
    }
    for language, words in ((Language.DE, "berichtigen"), (Language.EN, "corrected")):
        body = wording.mail(Template.COOPERATION_DECIDED, language, about, **home).body
        assert (words in body) == changes
        assert not LEFTOVER.search(body)


def test_an_acceptance_without_a_last_day_for_the_answer():
    for language in Language:
        for template in (Template.PROPOSAL_ACCEPTED, Template.PROPOSAL_UNANSWERED):
            inbox = wording.entry(template, language, matter(answer_until=None))
            assert not LEFTOVER.search(inbox.text)


@pytest.mark.parametrize("side", list(Direction))
def test_the_reminder_names_the_own_listing_the_day_and_the_page_to_confirm_it(side):
    own = {"need_title": "", "offer_title": ""} | {f"{side}_title": "Gartentag"}
    about = matter(side, partner_id=None, path="/listings/1/confirm", **own)
    days = {Language.DE: "22. Februar 2027", Language.EN: "22 February 2027"}
    for language, day in days.items():
        words = wording.mail(
            Template.LISTING_UNCONFIRMED,
            language,
            about,
            name="Beispielperson",
            home="https://impulse.example",
            operator=None,
        )
        inbox = wording.entry(Template.LISTING_UNCONFIRMED, language, about)
        assert "“Gartentag”" in words.subject or "„Gartentag“" in words.subject
        assert "Gartentag" in inbox.text
        for text in (words.body, inbox.text):
            assert day in text
        assert "https://impulse.example/listings/1/confirm\n" in words.body
        assert not LEFTOVER.search(words.body + inbox.text)
        later = wording.entry(
            Template.LISTING_UNCONFIRMED, language, about.model_copy(update={"confirm_by": None})
        )
        assert not LEFTOVER.search(later.text)


@pytest.mark.parametrize("side", list(Direction))
def test_that_a_place_is_not_known_names_the_listing_and_what_to_do(side):
    own = {"need_title": "", "offer_title": ""} | {f"{side}_title": "Gartentag"}
    about = matter(side, partner_id=None, path="/listings/1/edit", **own)
    for language, what in ((Language.DE, "gültige Postleitzahl"), (Language.EN, "valid postcode")):
        words = wording.mail(
            Template.LISTING_NOT_LOCATED,
            language,
            about,
            name="Beispielperson",
            home="https://impulse.example",
            operator=None,
        )
        inbox = wording.entry(Template.LISTING_NOT_LOCATED, language, about)
        for text in (words.body, inbox.text):
            assert "Gartentag" in text
            assert what in text
            assert not LEFTOVER.search(text)
        assert "https://impulse.example/listings/1/edit\n" in words.body


def test_the_sign_in_mail_has_the_link_and_its_end():
    german, english = (mail(Template.SIGN_IN_LINK, language) for language in Language)
    for words in (german, english):
        assert "\nhttps://impulse.example/anmelden?token=abc\n" in words.body
    assert "24. November 2026, 10:15 Uhr" in german.body
    assert "24 November 2026, 10:15 " in english.body
    assert "Waren Sie das nicht" in german.body
    assert "If it was not you" in english.body


@pytest.mark.parametrize("language", list(Language))
def test_an_operator_stands_in_the_footer_instead_of_the_demonstration(language):
    words = mail(Template.COOPERATION_OPENED, language, operator="Beispiel Agentur")
    assert "Beispiel Agentur" in words.body
    assert "Demonstration" not in words.body


def test_german_has_real_umlauts():
    texts = " ".join(mail(template, Language.DE).body for template in Template)
    assert {"ä", "ö", "ü", "ß"} <= set(texts)
    assert not re.search(r"\b(fuer|koennen|muessen|Gruesse|gemeinnuetzig\w*)\b", texts)


@given(st.text(max_size=300))
def test_no_title_and_no_name_breaks_a_line(text):
    inbox = wording.entry(Template.COOPERATION_OPENED, Language.DE, matter(need_title=text))
    assert "\n" not in inbox.title + inbox.text
    assert inbox.title.isprintable()
    words = wording.mail(
        Template.COOPERATION_OPENED,
        Language.DE,
        matter(need_title=text),
        name=text,
        home="https://impulse.example",
        operator=None,
    )
    assert words.subject.isprintable()
    plain = mail(Template.COOPERATION_OPENED, Language.DE, organisation=None, partner=None)
    assert words.body.count("\n") == plain.body.count("\n")


@pytest.mark.parametrize(("template", "language"), list(product(sorted(STEPS), Language)))
def test_a_step_towards_an_organisation_names_it_and_the_page(template, language):
    about = matter(partner_id=None, need_title="", offer_title="", path="/organisations/1")

    def mail_to(organisation):
        return wording.mail(
            template,
            language,
            about,
            name="Beispielperson",
            organisation=organisation,
            home="https://impulse.example",
            operator=None,
        )

    words, bare = mail_to("Beispiel e. V."), mail_to(None)
    assert "Beispiel e. V." in words.body
    assert "https://impulse.example/organisations/1" in words.body
    inbox = wording.entry(template, language, about)
    for text in (words.subject, bare.body, inbox.title, inbox.text):
        assert not LEFTOVER.search(text)
    assert "  " not in bare.body.replace("\n-- \n", "")


HEADINGS = {
    (Template.ACTOR_STALE, Language.DE): "nicht mehr gezeigt, weil",
    (Template.ACTOR_STALE, Language.EN): "Not shown any more since",
    (Template.ACTOR_UNCONFIRMED, Language.DE): "wenn niemand bestätigt",
    (Template.ACTOR_UNCONFIRMED, Language.EN): "unless somebody confirms",
    (Template.EVIDENCE_ENDS, Language.DE): "Nachweis läuft",
    (Template.EVIDENCE_ENDS, Language.EN): "Evidence ends",
}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("more", [0, 7])
def test_a_digest_lists_each_organisation_with_its_page_under_what_it_needs(language, more):
    since = datetime(2026, 12, 7, tzinfo=UTC)
    concerns = {
        template: Concern(
            actor_id=uuid4(), name=f"Beispiel {template}\nMühle", template=template, since=since
        )
        for template, of in HEADINGS
        if of is language
    }
    about = matter(concerns=tuple(concerns.values()), more=more, need_title="", offer_title="")
    words = wording.mail(
        Template.DIGEST,
        language,
        about,
        name="Beispielperson",
        home="https://impulse.example",
        operator=None,
    )
    inbox = wording.entry(Template.DIGEST, language, about)
    sections = words.body.split("\n\n")
    for template, concern in concerns.items():
        [section] = [each for each in sections if f"Beispiel {template} Mühle" in each]
        heading, entry = section.split("\n")
        assert HEADINGS[template, language] in heading
        page = f"https://impulse.example/organisations/{concern.actor_id}/care"
        assert entry == f"    Beispiel {template} Mühle: {page}"
        assert HEADINGS[template, language] in inbox.text
    assert str(3 + more) in words.subject
    for text in (words.body, inbox.text):
        assert (f" {more} " in text.replace(".", " ")) == bool(more)
        assert not LEFTOVER.search(text)
    assert "Beispiel" not in inbox.text
    assert "\n\n\n" not in words.body


@pytest.mark.parametrize("language", list(Language))
def test_what_a_reported_contact_must_learn(language):
    """Art. 14 GDPR: who, from where, what, what for, on which basis, how long, which rights."""
    about = matter(reported_by="https://ehrenamt.essen.example/api")
    body = wording.mail(
        Template.CONTACT_REPORTED,
        language,
        about,
        name="Beispielperson",
        home="https://impulse.example",
        operator="Beispiel Agentur",
        objection="https://impulse.example/objection/abc",
    ).body
    terms = TERMS[Purpose.REPORTED_CONTACT]
    for said in (
        "Beispiel Agentur",
        "https://ehrenamt.essen.example/api",
        terms.data(language),
        Purpose.REPORTED_CONTACT.label(language),
        terms.basis.label(language),
        terms.kept(language),
        "\nhttps://impulse.example/objection/abc\n",
        "https://impulse.example/privacy",
        "Aufsichtsbehörde" if language is Language.DE else "data protection authority",
    ):
        assert said in body


@pytest.mark.parametrize("template", list(Template))
def test_every_message_has_a_purpose_that_has_terms(template):
    assert purpose_of(template) in TERMS
