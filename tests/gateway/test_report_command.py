"""`impulse report`: what operators see of reports, and how the command ends."""

import asyncio
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from impulse_chassis import client
from impulse_contracts.booking.reports import CutReport, ReportRequested
from impulse_contracts.outcomes import OutcomeAccepted, OutcomeRefused
from impulse_contracts.reasons import Reason
from impulse_gateway.exchange.commands import reports
from tests.gateway import given
from tests.gateway.driving import tell
from tests.gateway.test_reports import REPORT, cut, parts

DAYS = ("--begins", "2026-10-01", "--cut-off", "2026-12-31")


@pytest.fixture
def run(town, engine, monkeypatch):
    """The command on the town's database, in which a report was cut."""
    tell(town, cut(), *parts())
    url = engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("IMPULSE_GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")

    def call(*arguments: str) -> tuple[int, str, bytes]:
        result = CliRunner().invoke(reports, [*arguments])
        return result.exit_code, result.output, result.stdout_bytes

    return call


def test_reports_are_listed_and_shown_with_their_definitions(town, run):
    other = uuid4()
    asked = {"version": 1, "report_id": other, "begins": "2026-01-01", "cut_off": "2026-03-31"}
    tell(town, ReportRequested.model_validate({**asked, "requested_at": given.NOW}))
    status, said, _ = run("list")
    assert (status, str(REPORT) in said, str(other) in said) == (0, True, True)
    assert "wird gezählt" in said
    status, said, _ = run("show", str(REPORT))
    assert status == 0
    for text in ("Begonnene Kooperationen: 1204", "Beide Seiten haben zugesagt.", "Essen", "fünf"):
        assert text in said
    status, said, _ = run("show", str(other))
    assert (status, "wird noch gezählt" in said) == (1, True)
    status, said, _ = run("show", str(uuid4()))
    assert (status, "nicht bekannt" in said) == (1, True)


async def test_what_is_exported_is_what_the_page_gives(run, signed_in, tmp_path):
    broker = await signed_in(given.BROKER)

    async def exported(*arguments: str) -> tuple[int, str, bytes]:
        told: tuple[int, str, bytes] = await asyncio.to_thread(
            lambda: run("export", str(REPORT), "--format", *arguments)
        )
        return told

    for ending in ("csv", "json"):
        page = (await broker.get(f"/reports/{REPORT}/report.{ending}")).content
        file = tmp_path / f"report.{ending}"
        assert (await exported(ending, "--output", str(file)))[:2] == (0, "")
        assert file.read_bytes() == page
        assert (await exported(ending))[2] == page
    assert (await exported("csv", "--output", str(tmp_path / "none" / "x.csv")))[0] == 1


def answer(command: CutReport, text: str) -> dict[str, object]:
    """What an outcome says."""
    known = {"command_id": "1", "command_type": command.ce_type, "source": "urn:impulse:cli"}
    return {**known, "message": {"de": text, "en": text}}


def test_a_report_that_is_cut_is_waited_for(town, run, monkeypatch):
    asked: list[CutReport] = []

    def accepted(command: CutReport, *, patience: float) -> OutcomeAccepted:
        asked.append(command)
        tell(town, cut(command.report_id, version=2, parts=0))
        return OutcomeAccepted.model_validate(answer(command, "Angenommen."))

    monkeypatch.setattr(client, "send", accepted)
    status, said, _ = run("cut", *DAYS)
    assert (status, said.strip()) == (0, str(asked[0].report_id))

    def refused(command: CutReport, *, patience: float) -> OutcomeRefused:
        said = answer(command, "Gelöscht.")
        return OutcomeRefused.model_validate({**said, "reason": Reason.EVIDENCE_DELETED})

    monkeypatch.setattr(client, "send", refused)
    assert run("cut", *DAYS)[:2] == (1, "Gelöscht.\n")
    monkeypatch.setattr(client, "send", lambda *_, patience: None)
    status, said, _ = run("cut", *DAYS)
    assert (status, "der Auftrag gilt trotzdem" in said) == (1, True)
    status, said, _ = run("cut", "--begins", "2027-01-01", "--cut-off", "2026-01-01")
    assert (status, "liegt vor begins" in said) == (2, True)


def test_a_database_that_is_away_is_said(run, monkeypatch):
    monkeypatch.setenv("IMPULSE_GATEWAY_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert run("list")[:2] == (1, "Die Datenbank ist nicht erreichbar.\n")
