"""German offers and needs as people write them, with the expected first choice and its reason."""

from typing import Any

import pytest

from impulse_contracts.codes import ResourceCategory, SocietalTopic, Unit
from impulse_contracts.parts import CounterOffer, Quantity, TeamSize
from impulse_matching.domain import rules
from impulse_matching.domain.index import Index
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.scoring import told
from tests.matching.given import BOCHUM, ESSEN, ESSEN_WEST, ONLINE, TODAY, need, offer

MINDS, MEANS, CONTACTS = (
    ResourceCategory.MINDS,
    ResourceCategory.MEANS,
    ResourceCategory.CONTACTS,
)


def _offers() -> list[Listing]:
    def of(title: str, description: str = "", **fields: Any) -> Listing:
        return offer(title, description=description, **fields)

    return [
        of(
            "Unser Team streicht und tapeziert",
            "Acht Auszubildende renovieren einen Tag lang Räume, Farbe bringen wir mit.",
            team_size=TeamSize(min=6, max=8),
            skills=["renovation"],
            place=BOCHUM,
        ),
        of(
            "Ein Tag im Grünen",
            "Wir legen Beete an, schneiden Hecken und pflanzen Bäume.",
            team_size=TeamSize(min=8, max=15),
            topics=[SocietalTopic.CLIMATE_IMPACT],
            skills=["gardening"],
            place=ESSEN_WEST,
        ),
        of(
            "Vorlesestunde in der Mittagspause",
            "Unsere Mitarbeitenden lesen Kindern vor, einmal im Monat.",
            topics=[SocietalTopic.EDUCATION_EQUITY],
            skills=["reading_aloud"],
        ),
        of(
            "Webagentur baut Internetauftritte",
            "Gestaltung und Technik für die Webseite eines Vereins.",
            resource_category=MINDS,
            skills=["it_web"],
            place=ONLINE,
        ),
        of(
            "Steuerberatung für Vereine",
            "Fragen zu Gemeinnützigkeit, Spendenquittungen und Jahresabschluss.",
            resource_category=MINDS,
            skills=["finance_tax"],
        ),
        of(
            "Bewerbungen üben mit unserer Personalabteilung",
            "Mappen durchsehen und Gespräche proben.",
            resource_category=MINDS,
            topics=[SocietalTopic.LABOUR_MARKET_ACCESS],
            skills=["application_coaching"],
        ),
        of(
            "25 gebrauchte Notebooks",
            "Drei Jahre alt, gelöscht und neu aufgesetzt.",
            resource_category=MEANS,
            quantity=Quantity(value=25, unit=Unit.PIECE),
            skills=["it_equipment"],
        ),
        of(
            "Transporter am Wochenende",
            "Unser Lieferwagen steht samstags leer.",
            resource_category=MEANS,
            skills=["vehicles"],
        ),
        of(
            "Praktikumsplätze in der Werkstatt",
            "Zwei Wochen Einblick in die Ausbildung.",
            resource_category=CONTACTS,
            topics=[SocietalTopic.LABOUR_MARKET_ACCESS],
            skills=["internships"],
        ),
        of(
            "Bühne auf unserem Sommerfest",
            "Ihr Verein stellt sich 400 Gästen vor.",
            resource_category=CONTACTS,
            skills=["stage_visibility"],
        ),
        of(
            "Essen für Obdachlose austeilen",
            "Vier Kolleginnen geben abends warme Mahlzeiten aus.",
        ),
        of(
            "Wenn es im Team knirscht",
            "Unsere Mediatorin hilft Gruppen, einen Konflikt zu lösen.",
            resource_category=MINDS,
        ),
        of(
            "Couch und Esstisch abzugeben",
            "Gut erhalten, aus unserem Gästehaus.",
            resource_category=MEANS,
        ),
        of(
            "Wir bilden Elektroniker aus",
            "Im Sommer sind bei uns noch zwei Ausbildungsplätze frei.",
            resource_category=CONTACTS,
        ),
    ]


CASES: list[tuple[str, dict[str, Any], str, str, str]] = [
    (
        "Streichaktion im Jugendzentrum",
        {
            "description": "Zwei Gruppenräume sollen neu gestrichen werden.",
            "team_size": TeamSize(min=6, max=12),
            "skills": ["renovation"],
        },
        "Unser Team streicht und tapeziert",
        "text",
        "Renovierung",
    ),
    (
        "Schulgarten anlegen",
        {
            "description": "Hochbeete bauen und Sträucher pflanzen, damit der Hof kühler wird.",
            "topics": [SocietalTopic.CLIMATE_IMPACT],
            "team_size": TeamSize(min=5, max=10),
        },
        "Ein Tag im Grünen",
        "topics",
        "Folgen des Klimawandels mildern",
    ),
    (
        "Vorlesepatinnen und Vorlesepaten für die Kita",
        {"topics": [SocietalTopic.EDUCATION_EQUITY], "place": ESSEN_WEST},
        "Vorlesestunde in der Mittagspause",
        "distance",
        "2,6 km entfernt",
    ),
    (
        "Neue Website für den Förderverein",
        {"resource_category": MINDS, "skills": ["it_web"], "place": ONLINE},
        "Webagentur baut Internetauftritte",
        "distance",
        "Beide arbeiten online",
    ),
    (
        "Hilfe beim Jahresabschluss",
        {
            "resource_category": MINDS,
            "description": "Unsere Kassenwartin braucht Rat zu Spendenquittungen.",
        },
        "Steuerberatung für Vereine",
        "distance",
        "0 km entfernt",
    ),
    (
        "Bewerbungstraining für Jugendliche",
        {
            "resource_category": MINDS,
            "topics": [SocietalTopic.LABOUR_MARKET_ACCESS],
            "place": BOCHUM,
        },
        "Bewerbungen üben mit unserer Personalabteilung",
        "topics",
        "Zugang zum Arbeitsmarkt",
    ),
    (
        "Notebooks für Hausaufgabenhilfe",
        {"resource_category": MEANS, "quantity": Quantity(value=10, unit=Unit.PIECE)},
        "25 gebrauchte Notebooks",
        "text",
        "„Notebooks“",
    ),
    (
        "Praktika für junge Zugewanderte",
        {
            "resource_category": CONTACTS,
            "topics": [SocietalTopic.LABOUR_MARKET_ACCESS, SocietalTopic.INTEGRATION_NEWCOMERS],
            "counter_offers": [
                CounterOffer(title="Bericht im Newsletter", resource_category=CONTACTS)
            ],
        },
        "Praktikumsplätze in der Werkstatt",
        "topics",
        "Zugang zum Arbeitsmarkt",
    ),
    # The sides use other words for the same.
    (
        "Verstärkung am Suppentopf",
        {"description": "Jeden Abend kommen sechzig Wohnungslose zu uns."},
        "Essen für Obdachlose austeilen",
        "text",
        "„Wohnungslose“ und „Obdachlose“: Wohnungslosenhilfe",
    ),
    (
        "Streit zwischen Alt und Neu im Vorstand",
        {
            "resource_category": MINDS,
            "description": "Wir wünschen uns eine neutrale Person, die schlichtet.",
        },
        "Wenn es im Team knirscht",
        "text",
        "Konfliktlösung",
    ),
    (
        "Mobiliar für die erste eigene Wohnung",
        {"resource_category": MEANS, "description": "Die Familie hat bisher nur zwei Betten."},
        "Couch und Esstisch abzugeben",
        "text",
        "„Betten“ und „Couch“: Sofas und Betten",
    ),
    (
        "Lehrstellen für drei junge Leute",
        {"resource_category": CONTACTS, "description": "Sie löten und basteln gern."},
        "Wir bilden Elektroniker aus",
        "text",
        "„Lehrstellen“ und „Ausbildungsplätze“: Ausbildungsplätze",
    ),
]


@pytest.mark.parametrize(("title", "fields", "first", "criterion", "words"), CASES)
def test_first_choice_and_reason(
    title: str, fields: dict[str, Any], first: str, criterion: str, words: str
) -> None:
    index, offers = Index(rules.shipped()), {each.listing_id: each for each in _offers()}
    for each in offers.values():
        index.put(each.entry)
    wanted = need(title, **{"place": ESSEN, **fields})
    first_choice = index.best(wanted.features, TODAY)[0]
    chosen = offers[first_choice.listing_id]
    best = told(first_choice, wanted, chosen, index.rules, TODAY)
    assert best.offer.state.title == first
    reasons = {reason.criterion: reason.de for reason in best.reasons}
    assert words in reasons[criterion]


def test_an_offer_finds_its_need_as_well() -> None:
    index = Index(rules.shipped())
    needs = {}
    for title, fields, *_ in CASES:
        wanted = need(title, **{"place": ESSEN, **fields})
        index.put(wanted.entry)
        needs[title] = wanted.listing_id
    found = {each.state.title: index.best(each.features, TODAY, 1) for each in _offers()}
    for title, _, first, *_ in CASES:
        assert found[first][0].listing_id == needs[title]
