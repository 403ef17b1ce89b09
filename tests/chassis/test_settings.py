"""Settings: named where they are wrong, with what is allowed; a service's own stand over all's."""

import pytest
from pydantic import TypeAdapter, ValidationError

from impulse_chassis import PublicUrl, ServiceSettings
from impulse_chassis.kafka import for_faststream

SERVER = "postgresql://me@127.0.0.1:5432"


class Settings(ServiceSettings, service="lending"):
    """With one of its own."""

    loan_days: int = 28


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in list(__import__("os").environ):
        if name.startswith("IMPULSE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("IMPULSE_DATABASE_URL", SERVER)


def refused(capsys):
    with pytest.raises(SystemExit) as ended:
        Settings.from_environment()
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_defaults():
    settings = Settings.from_environment()
    assert (settings.database_url, settings.batch_size, settings.instance) == (SERVER, 1000, None)
    assert settings.waiting_seconds == 600
    assert settings.erasure_seconds == 604_800
    assert settings.kafka_bootstrap_servers == "127.0.0.1:9092"
    assert settings.loan_days == 28


def test_a_services_own_stands_over_that_for_all(monkeypatch):
    monkeypatch.setenv("IMPULSE_BATCH_SIZE", "100")
    monkeypatch.setenv("IMPULSE_METRICS_PORT", "9000")
    monkeypatch.setenv("IMPULSE_LENDING_METRICS_PORT", "9001")
    monkeypatch.setenv("IMPULSE_LENDING_LOAN_DAYS", "7")
    monkeypatch.setenv("IMPULSE_REGISTRY_BATCH_SIZE", "1")
    settings = Settings.from_environment()
    assert (settings.batch_size, settings.metrics_port, settings.loan_days) == (100, 9001, 7)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LOG_LEVEL", "loud", "one of DEBUG, INFO, WARNING, ERROR"),
        ("LOG_FORMAT", "xml", "one of json, console"),
        ("KAFKA_SECURITY_PROTOCOL", "TLS", "one of PLAINTEXT, SASL_PLAINTEXT, SASL_SSL, SSL"),
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka", "like host:9092 or one:9092,two:9092"),
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka:ninety", "like host:9092 or one:9092,two:9092"),
        ("KAFKA_BOOTSTRAP_SERVERS", "kafka:70000", "like host:9092 or one:9092,two:9092"),
        ("KAFKA_BOOTSTRAP_SERVERS", "http://kafka:9092", "like host:9092 or one:9092,two:9092"),
        ("METRICS_PORT", "0", "a whole number from 1 to 65535"),
        ("METRICS_PORT", "eighty", "a whole number from 1 to 65535"),
        ("BIND", "nonsense", "like 127.0.0.1 or 0.0.0.0 or ::"),
        ("BATCH_SIZE", "0", "a whole number from 1 to 5000"),
        ("BATCH_SIZE", "10000", "a whole number from 1 to 5000"),
        ("SESSION_TIMEOUT_SECONDS", "5", "a number from 6 to 60"),
        ("ERASURE_SECONDS", "0", "a whole number from 1 to 31536000"),
        ("ERASURE_SECONDS", "99999999999999", "a whole number from 1 to 31536000"),
        ("WAITING_SECONDS", "-1", "a number, greater than 0, at most 604800"),
        ("WAITING_SECONDS", "inf", "a number, greater than 0, at most 604800"),
        ("WAITING_SECONDS", "nan", "a number, greater than 0, at most 604800"),
        ("WAITING_SECONDS", "1e12", "a number, greater than 0, at most 604800"),
        ("STUCK_SECONDS", "nan", "a number, greater than 0, at most 86400"),
        ("DATABASE_URL", "sqlite://", "like postgresql://user:password@host:5432/database"),
        ("DATABASE_URL", "nonsense", "like postgresql://user:password@host:5432/database"),
        ("TOPIC_PREFIX", "Grün ", "a text, at most 40 characters, matching ^[a-z0-9.-]*$"),
        ("INSTANCE", "a b", "a text, at most 100 characters, matching ^[A-Za-z0-9._-]+$"),
    ],
)
@pytest.mark.parametrize("prefix", ["IMPULSE_", "IMPULSE_LENDING_"])
def test_a_wrong_one_is_named_with_what_is_allowed(monkeypatch, capsys, prefix, name, value, says):
    monkeypatch.setenv(prefix + name, value)
    said = refused(capsys)
    assert f"IMPULSE_{name} (or IMPULSE_LENDING_{name})" in said
    assert f"; allowed: {says}\n" in said
    assert "Traceback" not in said


def test_a_missing_one_is_named(monkeypatch, capsys):
    monkeypatch.delenv("IMPULSE_DATABASE_URL")
    said = refused(capsys)
    assert "IMPULSE_DATABASE_URL (or IMPULSE_LENDING_DATABASE_URL)" in said
    assert "allowed: like postgresql://user:password@host:5432/database" in said


def test_what_belongs_together_is_named(monkeypatch, capsys):
    monkeypatch.setenv("IMPULSE_KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("IMPULSE_KAFKA_SASL_USERNAME", "lending")
    assert refused(capsys) == (
        "settings: IMPULSE_KAFKA_SECURITY_PROTOCOL=SASL_SSL needs "
        "IMPULSE_KAFKA_SASL_USERNAME and IMPULSE_KAFKA_SASL_PASSWORD\n"
    )


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("IMPULSE_LENDING_LOAN_DAY", "IMPULSE_LENDING_LOAN_DAYS"),
        ("impulse_lending_batchsize", "IMPULSE_LENDING_BATCH_SIZE"),
        ("IMPULSE_LENDING_", "IMPULSE_LENDING_BIND"),
    ],
)
def test_a_misspelt_one_is_refused_with_the_nearest(monkeypatch, capsys, name, nearest):
    monkeypatch.setenv(name, "3")
    assert refused(capsys) == (
        f"setting {name}: lending has no such setting; the nearest is {nearest}\n"
    )


def test_settings_of_others_are_none_of_its_business(monkeypatch):
    for name in ("IMPULSE_REGISTRY_STALE_DAY", "IMPULSE_LENDINGS", "IMPULSE_TEST_KAFKA"):
        monkeypatch.setenv(name, "3")
    assert Settings.from_environment().loan_days == 28


def test_every_wrong_one_is_named_at_once(monkeypatch, capsys):
    monkeypatch.setenv("IMPULSE_BATCH_SIZE", "0")
    monkeypatch.setenv("IMPULSE_LENDING_LOAN_DAYS", "many")
    monkeypatch.setenv("IMPULSE_LENDING_LOAN", "3")
    said = refused(capsys)
    assert "IMPULSE_LENDING_LOAN:" in said
    assert "IMPULSE_BATCH_SIZE" in said
    assert "IMPULSE_LENDING_LOAN_DAYS" in said


@pytest.mark.parametrize("url", ["https://impulse.example", "http://127.0.0.1:8080"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_public_url_ends_without_a_slash(url, slash):
    assert TypeAdapter(PublicUrl).validate_python(url + slash) == url


@pytest.mark.parametrize(
    "url", ["impulse.example", "ftp://impulse.example", "https://", "https:///", "https://a/b"]
)
def test_a_public_url_is_scheme_and_host(url):
    with pytest.raises(ValidationError):
        TypeAdapter(PublicUrl).validate_python(url)


def test_defaults_need_no_environment_and_know_their_names(monkeypatch):
    monkeypatch.delenv("IMPULSE_DATABASE_URL")
    monkeypatch.setenv("IMPULSE_BATCH_SIZE", "3")
    assert Settings.defaults(loan_days=2).model_dump(include={"loan_days", "batch_size"}) == {
        "loan_days": 2,
        "batch_size": 1000,
    }
    with pytest.raises(TypeError, match="lending has no setting lone_days"):
        Settings.defaults(lone_days=2)


def test_a_password_is_used_and_not_shown(monkeypatch):
    monkeypatch.setenv("IMPULSE_KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
    monkeypatch.setenv("IMPULSE_KAFKA_SASL_USERNAME", "lending")
    monkeypatch.setenv("IMPULSE_KAFKA_SASL_PASSWORD", "geheim")
    settings = Settings.from_environment()
    assert for_faststream(settings)["security"].password == "geheim"
    assert "geheim" not in repr(settings)


def test_a_wrong_value_is_never_repeated(monkeypatch, capsys):
    """It may be a password."""
    monkeypatch.setenv("IMPULSE_DATABASE_URL", "mysql://me:geheim@host/db")
    assert "geheim" not in refused(capsys)
