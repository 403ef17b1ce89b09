"""Files in, directory out, on a real broker: the registry as a process, the command as people run
it."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from impulse_chassis import cli
from impulse_chassis.testing import START
from impulse_contracts.directory import guarded
from impulse_contracts.partner import ActorReported
from impulse_registry.exchange.checking import check
from impulse_registry.exchange.mapping import read_mapping
from impulse_registry.exchange.table import read_table
from tests.fixtures.pair import Kafka, Postgres
from tests.fixtures.stack import Stack, eventually

SOURCE = "https://freiwillige.beispielkreis.example/api"
HEADER = (
    "ID;Organisation;Kurzname;Straße;PLZ;Ort;Registergericht;Registernummer;Internet;Geändert am;"
    "Vorname;Nachname;E-Mail;Telefon;Rechtsform;Themen\r\n"
)
# Whoever was not heard of for 90 days is in no directory.
RECENT = f"{datetime.now(UTC) - timedelta(days=2):%d.%m.%Y}"


def row(number: int, name: str, **cells: str) -> str:
    told = {"PLZ": "45144", "Ort": "Essen", "Rechtsform": "e.V.", "Geändert am": RECENT}
    told |= {"ID": str(number), "Organisation": name} | cells
    return ";".join(told.get(column, "") for column in HEADER.strip().split(";")) + "\r\n"


@dataclass
class Command:
    """`impulse` on the stack of this test."""

    stack: Stack
    folder: Path

    def run(self, *arguments: str, status: int = 0) -> str:
        """What it says; AssertionError when it ends otherwise than with `status`.

        In this process: starting another takes ten times as long as what it does.
        """
        with chdir(self.folder):
            found = CliRunner().invoke(cli.app, arguments, env=self._environment)
        assert found.exit_code == status, found.output
        return found.output

    def alone(self, *arguments: str, status: int = 0, **environment: str) -> str:
        """As `run`, as people run it: a process of its own."""
        found = subprocess.run(
            [sys.executable, "-m", "impulse_chassis.cli", *arguments],
            env={**os.environ, **self._environment, **environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert found.returncode == status, found.stdout + found.stderr
        return found.stdout + found.stderr

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "IMPULSE_KAFKA_BOOTSTRAP_SERVERS": self.stack.bootstrap,
            "IMPULSE_TOPIC_PREFIX": self.stack.prefix,
            "LANG": "de_DE.UTF-8",
            "LC_ALL": "",
        }

    def bring_in(self, file: str, *more: str, status: int = 0) -> str:
        """`impulse import actors` with the mapping for freinet."""
        return self.run(
            "import", "actors", file, "--mapping", "freinet", "--source", SOURCE, *more,
            status=status,
        )  # fmt: skip

    def rejected(self, file: str) -> list[dict[str, str]]:
        """The rows of a file of rejected rows."""
        with (self.folder / file).open(encoding="utf-8-sig", newline="") as lines:
            return list(csv.DictReader(lines, delimiter=";"))


@pytest.fixture(scope="module")
def stack(
    kafka: Kafka, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stack]:
    found = Stack(
        kafka,
        postgres,
        tmp_path_factory.mktemp("exchange"),
        kafka.unique("exchange") + ".",
        registry_partners=f"kreis={SOURCE}",
    )
    try:
        found.start_all(["registry"])
        yield found
    finally:
        found.close()


@pytest.fixture
def command(stack: Stack, tmp_path: Path) -> Command:
    return Command(stack, tmp_path)


def said_by(stack: Stack, source: str) -> list[str]:
    """The ids of the reports that a source made so far."""
    reports = stack.read(ActorReported.topic.name)
    return sorted(each.id for each in reports if each.headers["ce_source"] == source.encode())


def test_a_file_is_checked_sent_answered_and_what_fails_is_said(
    stack: Stack, command: Command
) -> None:
    text = (
        HEADER
        + row(1, "Beispiel-Bürgerhaus Süd e.V.")
        + row(2, "")
        + row(3, "Beispiel-Förderkreis Nord e.V.", **{"Geändert am": "20.07.2199"})
    )
    (command.folder / "liste.csv").write_bytes(text.encode("cp1252"))

    said = command.bring_in("liste.csv", "--dry-run", status=1)
    assert "Probelauf: 2 Zeilen würden gesendet" in said
    assert "cp1252, Trennzeichen ;" in said
    assert said_by(stack, SOURCE) == []

    said = command.bring_in("liste.csv", status=1)
    assert "Angenommen: 1" in said and "Abgelehnt: 2, siehe liste.rejected.csv" in said
    [empty, ahead] = command.rejected("liste.rejected.csv")
    assert empty["Zeile / row"] == "3"
    assert (empty["Grund"], empty["reason"]) == ("Organisation fehlt", "Organisation is missing")
    assert (ahead["Zeile / row"], ahead["Organisation"]) == ("4", "Beispiel-Förderkreis Nord e.V.")
    assert "24 Stunden" in ahead["Grund"] and "24 hours" in ahead["reason"]
    assert (command.folder / "liste.rejected.csv").stat().st_mode & 0o077 == 0

    # The same file again: the same messages, one actor, the same answers.
    ids = set(said_by(stack, SOURCE))
    assert len(ids) == 2
    assert "Angenommen: 1" in command.bring_in("liste.csv", status=1)
    assert set(said_by(stack, SOURCE)) == ids
    names = stack.query("registry", "SELECT legal_name FROM actor")
    assert names.count(("Beispiel-Bürgerhaus Süd e.V.",)) == 1

    # The file of rejected rows, mended, is a file like any other.
    (command.folder / "rest.csv").write_bytes((command.folder / "liste.rejected.csv").read_bytes())
    command.bring_in("rest.csv", status=1)
    again = command.rejected("rest.rejected.csv")
    assert list(again[0]) == list(empty)
    mended = (command.folder / "liste.rejected.csv").read_text("utf-8-sig")
    mended = mended.replace(";2;;", ";2;Beispiel-Hilfe;").replace("2199", "2025")
    (command.folder / "liste.csv").write_text(mended, "utf-8-sig")
    assert "Angenommen: 2" in command.bring_in("liste.csv")
    assert not (command.folder / "liste.rejected.csv").exists()


def test_a_file_that_can_not_be_trusted_sends_nothing(stack: Stack, command: Command) -> None:
    whole = HEADER + row(11, "Beispiel-Verein elf") + row(12, "Beispiel-Verein zwölf")
    (command.folder / "halb.csv").write_text(whole[: whole.index("zwölf")], "utf-8")
    before = said_by(stack, SOURCE)
    said = command.bring_in("halb.csv", status=2)
    assert "hört mitten in Zeile 3 auf" in said
    said = command.bring_in("halb.csv", "--language", "en", status=2)
    assert "ends in the middle of row 3" in said
    assert "nicht lesbar" in command.bring_in("fehlt.csv", status=2)
    (command.folder / "ganz.csv").write_text(whole, "utf-8")
    (command.folder / "ganz.rejected.csv").mkdir()
    assert "nicht zu schreiben" in command.bring_in("ganz.csv", status=2)
    assert "keine URI" in command.bring_in("ganz.csv", "--source", "wir", status=2)
    assert "kein Kurzname" in command.bring_in("halb.csv", "--partner", "A B", status=2)
    assert "keine Zeit" in command.bring_in("halb.csv", "--observed-at", "gestern", status=2)
    assert said_by(stack, SOURCE) == before


def test_a_partner_with_a_topic_of_its_own_reports_under_its_own_name_alone(
    stack: Stack, command: Command
) -> None:
    (command.folder / "liste.csv").write_text(HEADER + row(51, "Beispiel-Kreis e.V."), "utf-8")
    assert "Angenommen: 1" in command.bring_in("liste.csv", "--partner", "kreis")
    own = stack.read("impulse.actor-reports.kreis")
    assert [each.key for each in own] == [f"{SOURCE}|51"]
    assert "fehlt" in command.bring_in("liste.csv", "--partner", "niemand", status=1)
    foreign = "https://other.example/api"
    arguments = ("--mapping", "freinet", "--source", foreign, "--partner", "kreis")
    command.run("import", "actors", "liste.csv", *arguments, "--timeout", "20", status=1)
    [rejected] = command.rejected("liste.rejected.csv")
    assert f"ce_source muss {SOURCE} sein" in rejected["Grund"]


def test_listings_are_imported_for_actors_of_the_same_source(
    stack: Stack, command: Command
) -> None:
    (command.folder / "liste.csv").write_text(HEADER + row(41, "Beispiel-Garten e.V."), "utf-8")
    command.bring_in("liste.csv")
    (command.folder / "gesuche.csv").write_text(
        "Nr.,Organisation,Richtung,Titel,Beschreibung,Kategorie,Fähigkeiten,Menge,Einheit,PLZ,"
        "Gültig bis\nA-1,41,Bedarf,Zaun streichen,,Hände,renovation,8,Personen,45144,28.02.2099\n",
        "utf-8",
    )
    said = command.alone(
        "import", "listings", "gesuche.csv", "--mapping", "listings", "--source", SOURCE
    )
    assert "Angenommen: 1" in said
    eventually(
        lambda: ("Zaun streichen",) in stack.query("registry", "SELECT title FROM listing"), 20
    )


def test_the_directory_goes_out_and_comes_in_again(stack: Stack, command: Command) -> None:
    (command.folder / "liste.csv").write_text(
        HEADER
        + row(61, "=Beispiel-Verein eins", Themen="Bildung,Klima")
        + row(
            62,
            "Beispiel-Verein „zwei“, mit Komma",
            Registergericht="Essen",
            Registernummer="VR 6262",
        ),
        "utf-8",
    )
    command.bring_in("liste.csv")
    out = command.alone("export", "actors", "--output", "directory.csv")
    assert "Mitwirkende von OpenStreetMap" in out
    assert (command.folder / "directory.csv-metadata.json").exists()
    with (command.folder / "directory.csv").open(encoding="utf-8", newline="") as lines:
        before = {each["legal_name"]: each for each in csv.DictReader(lines)}
    assert "'=Beispiel-Verein eins" in before

    # What another Impulse would be told of them is what stands there.
    rules = read_mapping("directory", ActorReported)
    content = (command.folder / "directory.csv").read_bytes()
    good, bad = check(
        read_table(content), rules, source="urn:impulse:elsewhere", topic="", observed_at=START
    )
    assert not bad
    assert len(good) == len(before)
    for sent in good:
        again = ActorReported.model_validate_json(sent.record.value or b"")
        told = before[guarded(again.legal_name)]
        assert again.external_id == told["actor_id"]
        assert (again.kind, again.actor_type) == (told["kind"], told["actor_type"])
        assert (again.carrier, again.legal_form) == (told["carrier"], told["legal_form"])
        assert (again.seat.postcode, again.seat.ags) == (told["postcode"], told["ags"])
        assert "|".join(again.topics) == told["topics"]
        register = again.register_entry
        assert (register.number if register else "") == told["register_number"]


def test_listings_go_out_as_lines_and_as_linked_data(stack: Stack, command: Command) -> None:
    said = command.run("export", "listings", "--output", "listings.jsonl", "--language", "en")
    assert "OpenStreetMap contributors" in said
    titles = [
        json.loads(line)["title"]
        for line in (command.folder / "listings.jsonl").read_text("utf-8").splitlines()
    ]
    assert titles == ["Zaun streichen"]
    command.run("export", "listings", "--format", "volunteering-data", "--output", "needs.json")
    [organisation] = json.loads((command.folder / "needs.json").read_text("utf-8"))["graph"]
    assert organisation["name"] == "Beispiel-Garten e.V."
    assert [each["title"] for each in organisation["activity"]] == titles
    # Without a file it goes to standard output.
    actors = command.run("export", "actors", "--format", "jsonl", "--language", "en")
    names = [json.loads(line)["legal_name"] for line in actors.splitlines() if line[0] == "{"]
    assert "Beispiel-Garten e.V." in names


def test_a_broker_that_is_not_there_is_named(command: Command) -> None:
    (command.folder / "liste.csv").write_text(HEADER + row(21, "Beispiel"), "utf-8")
    said = command.alone(
        "import", "actors", "liste.csv", "--mapping", "freinet", "--source", SOURCE,
        status=1, IMPULSE_KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:9",
    )  # fmt: skip
    assert "Kafka (127.0.0.1:9) antwortet nicht" in said


def test_rows_without_an_answer_are_rejected_as_open(stack: Stack, command: Command) -> None:
    stack.processes["registry"].stop()
    try:
        (command.folder / "offen.csv").write_text(HEADER + row(31, "Beispiel-Offen"), "utf-8")
        assert "Angenommen: 0" in command.bring_in("offen.csv", "--timeout", "1", status=1)
        [open_] = command.rejected("offen.rejected.csv")
        assert "noch keine Antwort" in open_["Grund"]
    finally:
        stack.processes["registry"].start()
        stack.processes["registry"].ready()
    # Its message was there all the time; the same import hears what became of it.
    assert "Angenommen: 1" in command.bring_in("offen.csv")
