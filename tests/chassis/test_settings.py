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
        ("LOG_LEVEL", "loud", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("LOG_FORMAT", "xml", "'json' or 'console'"),
        ("KAFKA_SECURITY_PROTOCOL", "TLS", "'PLAINTEXT', 'SASL_PLAINTEXT', 'SASL_SSL' or 'SSL'"),
        ("METRICS_PORT", "0", "greater than or equal to 1"),
        ("METRICS_PORT", "eighty", "valid integer"),
        ("BATCH_SIZE", "10000", "less than or equal to 5000"),
        ("WAITING_SECONDS", "-1", "greater than 0"),
        ("DATABASE_URL", "sqlite://", "postgresql://user:password@host:5432/database"),
        ("DATABASE_URL", "nonsense", "postgresql://user:password@host:5432/database"),
        ("TOPIC_PREFIX", "Grün ", "pattern"),
        ("INSTANCE", "a b", "pattern"),
    ],
)
@pytest.mark.parametrize("prefix", ["IMPULSE_", "IMPULSE_LENDING_"])
def test_a_wrong_one_is_named_with_what_is_allowed(monkeypatch, capsys, prefix, name, value, says):
    monkeypatch.setenv(prefix + name, value)
    said = refused(capsys)
    assert f"IMPULSE_{name} (or IMPULSE_LENDING_{name})" in said
    assert says in said
    assert "Traceback" not in said


def test_a_missing_one_is_named(monkeypatch, capsys):
    monkeypatch.delenv("IMPULSE_DATABASE_URL")
    assert "IMPULSE_DATABASE_URL (or IMPULSE_LENDING_DATABASE_URL)" in refused(capsys)


def test_every_wrong_one_is_named_at_once(monkeypatch, capsys):
    monkeypatch.setenv("IMPULSE_BATCH_SIZE", "0")
    monkeypatch.setenv("IMPULSE_LENDING_LOAN_DAYS", "many")
    said = refused(capsys)
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
