"""Staff cut a report, read it with its definitions, and take it away; the same bytes every time."""

import csv
import io
from datetime import date
from uuid import UUID, uuid4

import pytest

from impulse_contracts.booking.codes import FigureUnit
from impulse_contracts.booking.reports import (
    Behind,
    CutReport,
    Figure,
    FigureRow,
    ReportCut,
    ReportEvidence,
    ReportRequested,
    ReportSubmitted,
    SubmitReport,
    digest,
)
from tests.gateway import given
from tests.gateway.driving import tell

REPORT = UUID("5d0f6c1e-8a37-4b92-9e64-1c7b3f0a8d25")
COUNTED = ReportRequested(
    version=1,
    report_id=UUID("0b9c5d1e-7a26-4f83-8d53-2c6a4e9b7f14"),
    begins=date(2026, 1, 1),
    cut_off=date(2026, 3, 31),
    requested_at=given.NOW,
)
OPENED = Figure(
    name="cooperations_opened",
    de="Begonnene Kooperationen",
    en="Cooperations begun",
    definition_de="Beide Seiten haben zugesagt.",
    definition_en="Both sides have accepted.",
    unit=FigureUnit.COOPERATIONS,
    dimensions=("ags", "quarter"),
    total=1204,
    rows=(FigureRow(key=("05113000", "2026-Q4"), value=1204, facts=3),),
)
PARTICIPANTS = Figure(
    name="participants",
    de="Teilnehmende",
    en="Participants",
    definition_de="Wer da war.",
    definition_en="Who was there.",
    unit=FigureUnit.PERSONS,
    dimensions=("programme_category",),
    of_persons=True,
    hidden=True,
)
RATE = Figure(
    name="acceptance_rate",
    de="Annahmequote",
    en="Acceptance rate",
    definition_de="Anteil der angenommenen.",
    definition_en="Share of those accepted.",
    unit=FigureUnit.SHARE,
    total=0.7143,
)


def cut(report_id: UUID = REPORT, **fields: object) -> ReportCut:
    """A report of a quarter."""
    values = {
        "version": 1,
        "report_id": report_id,
        "begins": date(2026, 10, 1),
        "cut_off": date(2026, 12, 31),
        "preliminary": False,
        "cut_at": given.NOW,
        "figures": (OPENED, PARTICIPANTS, RATE),
        "parts": 2,
        "digest": "9f" * 32,
        **fields,
    }
    return ReportCut.model_validate(values)


def parts(report_id: UUID = REPORT) -> list[ReportEvidence]:
    """What is behind it: a row in two parts."""
    key = ("05113000", "2026-Q4")
    return [
        ReportEvidence(
            version=1,
            part_id=uuid4(),
            report_id=report_id,
            number=number,
            behind=(Behind(figure="cooperations_opened", key=key, facts=facts),),
        )
        for number, facts in ((2, ("c-3",)), (1, ("a-1", "b-2")))
    ]


@pytest.fixture
async def broker(town, signed_in):
    """Somebody of the staff, and a report that was cut."""
    tell(town, cut(), *parts())
    return await signed_in(given.BROKER)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "de",
            ("1.204", "Beide Seiten haben zugesagt.", "Essen", "4. Quartal 2026", "71,4 %", "fünf"),
        ),
        ("en", ("1,204", "Both sides have accepted.", "Essen", "Q4 2026", "71.4%", "five")),
    ],
)
async def test_a_report_is_read_with_its_definitions(broker, language, texts):
    page = (await broker.get(f"/reports/{REPORT}", headers={"accept-language": language})).text
    assert [text for text in texts if text not in page] == []
    assert '<th scope="col">' in page
    assert "orläufig" not in page
    assert "9f9f" in page
    # What has no rows but a total is something.
    assert "nothing" not in page


async def test_a_preliminary_report_says_so_wherever_it_is_seen(town, broker):
    other = uuid4()
    tell(town, cut(other, preliminary=True, parts=0))
    assert "<strong>Vorläufig:</strong>" in (await broker.get(f"/reports/{other}")).text
    assert "vorläufig" in (await broker.get("/reports")).text
    table = (await broker.get(f"/reports/{other}/report.csv")).text
    assert "vorläufig" in table
    assert (await broker.get(f"/reports/{other}/report.json")).json()["preliminary"] is True


async def test_what_is_taken_away_is_the_same_for_the_same_facts(town, broker):
    """Another report of the same evidence, cut at another time."""
    other = uuid4()
    tell(town, cut(other, cut_at="2028-01-01T00:00:00Z"), *parts(other))
    for ending in ("csv", "json"):
        one, two = [
            (await broker.get(f"/reports/{each}/report.{ending}")).content
            for each in (REPORT, other)
        ]
        assert one == two
        assert b"Begonnene Kooperationen" in one


async def test_the_table_holds_every_value_and_the_rest_is_with_the_evidence(broker):
    table = list(
        csv.DictReader(io.StringIO((await broker.get(f"/reports/{REPORT}/report.csv")).text))
    )
    assert [(row["figure"], row["label"], row["value"], row["facts"]) for row in table] == [
        ("cooperations_opened", "", "1204", ""),
        ("cooperations_opened", "Essen | 4. Quartal 2026", "1204", "3"),
        ("participants", "", "", ""),
        ("acceptance_rate", "", "0.7143", ""),
    ]
    assert "weniger als fünf Personen" in table[2]["note"]
    whole = (await broker.get(f"/reports/{REPORT}/report.json")).json()
    assert [each["facts"] for each in whole["behind"]] == [["a-1", "b-2"], ["c-3"]]
    assert whole["figures"][0] == OPENED.model_dump(mode="json")


async def test_evidence_that_ended_is_gone_and_the_figures_stay(town, broker):
    for part in [each.data for each in town.heard(ReportEvidence)]:
        town.say_raw("impulse.reports", str(part.part_id).encode(), None, [])
    town.settle()
    whole = (await broker.get(f"/reports/{REPORT}/report.json")).json()
    assert (whole["behind"], whole["figures"][0]["total"]) == ([], 1204)


async def test_who_has_the_file_can_check_it(town, broker):
    """Its digest is made of what stands in it; a value that is another one is noticed."""
    rows = [row for part in parts()[::-1] for row in part.behind]
    days = (date(2026, 10, 1), date(2026, 12, 31))
    tell(town, cut(version=2, digest=digest(*days, cut().figures, rows)))
    whole = (await broker.get(f"/reports/{REPORT}/report.json")).json()

    def made_of(figures) -> str:
        read = [Figure.model_validate(each) for each in figures]
        return digest(*days, read, map(Behind.model_validate, whole["behind"]))

    assert made_of(whole["figures"]) == whole["digest"]
    whole["figures"][0]["total"] += 1
    assert made_of(whole["figures"]) != whole["digest"]


async def test_a_report_is_cut_by_two_days(broker, published):
    fields = {"operation": str(uuid4()), "begins": "2026-01-01", "cut_off": "2026-12-31"}
    answer = await broker.send_form("/reports", on="/reports", **fields)
    assert answer.status_code == 303
    [command] = published(CutReport)
    assert (command.begins, command.cut_off) == (date(2026, 1, 1), date(2026, 12, 31))
    page = (await broker.get(answer.headers["location"])).text
    assert "Einen Bericht erstellen" in page
    # It is not there yet: the list shows that it is being counted.
    assert '<a href="/reports">Zu den Berichten' in page


async def test_a_report_that_is_being_counted_says_so_until_it_is_there(town, broker):
    tell(town, COUNTED)
    other = COUNTED.report_id
    page = (await broker.get(f"/reports/{other}")).text
    assert "wird gerade gezählt" in page
    assert "/static/htmx/htmx.min.js" in page, "the page looks again by itself"
    assert 'role="status"' in page
    listed = (await broker.get("/reports")).text
    assert "Werden gerade gezählt" in listed
    assert f'href="/reports/{other}"' in listed
    assert (await broker.get(f"/reports/{other}/report.csv")).status_code == 404
    tell(town, cut(other, version=2, parts=0))
    assert "wird gerade gezählt" not in (await broker.get(f"/reports/{other}")).text
    assert "Werden gerade gezählt" not in (await broker.get("/reports")).text


@pytest.mark.parametrize(
    ("begins", "cut_off", "text"),
    [
        ("", "2026-12-31", "bitte einen Tag angeben"),
        ("2027-01-01", "2026-12-31", "liegt vor"),
        ("1999-01-01", "2026-12-31", "zehn Jahre"),
    ],
)
async def test_what_is_wrong_with_the_days_is_said(broker, published, begins, cut_off, text):
    fields = {"operation": str(uuid4()), "begins": begins, "cut_off": cut_off}
    answer = await broker.send_form("/reports", on="/reports", **fields)
    assert answer.status_code == 422
    assert text in answer.text
    assert "Fehler: " in answer.text
    assert not published(CutReport)


async def test_that_a_report_was_submitted_is_noted_and_shown(town, broker, published):
    where = f"/reports/{REPORT}"
    fields = {"operation": str(uuid4()), "submitted_on": "bald"}
    answer = await broker.send_form(f"{where}/submission", on=where, **fields)
    assert (answer.status_code, "bitte einen Tag angeben" in answer.text) == (422, True)
    fields["submitted_on"] = "2027-03-01"
    answer = await broker.send_form(f"{where}/submission", on=where, **fields)
    assert answer.status_code == 303
    [command] = published(SubmitReport)
    assert (command.report_id, command.submitted_on) == (REPORT, date(2027, 3, 1))
    days = {"submitted_on": date(2027, 3, 1), "evidence_until": date(2032, 3, 1)}
    period = {"begins": date(2026, 10, 1), "cut_off": date(2026, 12, 31)}
    said = {"version": 3, "report_id": REPORT, **period, **days}
    tell(town, ReportSubmitted.model_validate(said))
    assert "werden bis 1. März 2032 aufbewahrt" in " ".join((await broker.get(where)).text.split())


async def test_programs_cut_reports_and_read_them(town, broker, published):
    body = {"begins": "2026-10-01", "cut_off": "2026-12-31"}
    key = uuid4()
    answer = await broker.command("POST", "/api/reports", body, key=key)
    assert answer.status_code == 202
    [command] = published(CutReport)
    assert command.report_id == key
    asked = {"version": 1, "report_id": key, **body, "requested_at": given.NOW}
    tell(town, ReportRequested.model_validate(asked))
    answer = await broker.get(f"/api/reports/{key}")
    assert (answer.status_code, answer.json()["report_id"]) == (202, str(key))
    answer = await broker.get(f"/api/reports/{REPORT}")
    assert answer.status_code == 200
    assert ReportCut.model_validate(answer.json()) == cut()
    listed = (await broker.get("/api/reports")).json()
    assert [each["report_id"] for each in listed["items"]] == [str(REPORT)]
    for ending in ("csv", "json"):
        found = await broker.get(f"/api/reports/{REPORT}/report.{ending}")
        page = await broker.get(f"/reports/{REPORT}/report.{ending}")
        assert found.content == page.content
    assert (await broker.get(f"/api/reports/{uuid4()}")).status_code == 404
    day = {"submitted_on": "2027-03-01"}
    answer = await broker.command("PUT", f"/api/reports/{REPORT}/submission", day)
    assert answer.status_code == 202
    [submit] = published(SubmitReport)
    assert submit.submitted_on == date(2027, 3, 1)


async def test_only_staff_see_reports(broker, signed_in, visitor):
    member = await signed_in(given.MEMBER)
    for path in ("/reports", f"/reports/{REPORT}", f"/reports/{REPORT}/report.json"):
        assert (await member.get(path)).status_code == 403
        assert (await visitor.get(path)).status_code in (303, 401, 403)
    assert "/reports" not in (await member.get("/")).text
    assert (await broker.get(f"/reports/{uuid4()}")).status_code == 404
