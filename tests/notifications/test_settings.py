"""The settings: their names in the environment, and what a wrong one says."""

import pytest

from impulse_notifications.settings import Settings
from tests.notifications.office import KEY


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("IMPULSE_DATABASE_URL", "postgresql://127.0.0.1:5432/postgres")
    monkeypatch.setenv("IMPULSE_PRIVACY_KEY", KEY)
    return monkeypatch


def test_defaults():
    settings = Settings.from_environment()
    assert (settings.smtp_host, settings.smtp_port) == ("127.0.0.1", 1025)
    assert settings.home == "http://127.0.0.1:8080"
    assert settings.operator_name is None
    assert settings.metrics_port == 9104


def test_names(environment):
    environment.setenv("IMPULSE_SMTP_HOST", "mail.example")
    environment.setenv("IMPULSE_SMTP_PORT", "587")
    environment.setenv("IMPULSE_NOTIFICATIONS_SMTP_SECURITY", "starttls")
    environment.setenv("IMPULSE_SMTP_USERNAME", "impulse")
    environment.setenv("IMPULSE_SMTP_PASSWORD", "secret")
    environment.setenv("IMPULSE_PUBLIC_URL", "https://impulse.example/")
    environment.setenv("IMPULSE_MAIL_FROM", "Beispiel Agentur <post@agentur.example>")
    settings = Settings.from_environment()
    assert (settings.smtp_host, settings.smtp_port) == ("mail.example", 587)
    assert settings.smtp_security == "starttls"
    assert settings.home == "https://impulse.example"
    assert settings.smtp_password is not None
    assert settings.smtp_password.get_secret_value() == "secret"
    assert "secret" not in repr(settings)
    assert settings.sender.domain == "agentur.example"


def test_the_pages_are_where_the_gateway_is(environment):
    environment.setenv("IMPULSE_GATEWAY_PORT", "9999")
    assert Settings.from_environment().home == "http://127.0.0.1:9999"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("IMPULSE_SMTP_PORT", "0", "a whole number from 1 to 65535"),
        ("IMPULSE_SMTP_SECURITY", "ssl", "one of none, starttls, tls"),
        ("IMPULSE_MAIL_FROM", "Impulse", "like Impulse <impulse@impulse.example>"),
        ("IMPULSE_PUBLIC_URL", "impulse.example", "like https://impulse.example"),
        ("IMPULSE_RETRY_SECONDS", "0", "a number, greater than 0, at most 3600"),
        ("IMPULSE_OPERATOR_NAME", "", "a text, 1 characters or more, at most 200 characters"),
    ],
)
def test_a_wrong_setting_is_named(environment, capsys, name, value, says):
    environment.setenv(name, value)
    with pytest.raises(SystemExit):
        Settings.from_environment()
    said = capsys.readouterr().err
    assert name in said
    assert f"; allowed: {says}" in said


def test_a_password_is_not_sent_in_clear(environment, capsys):
    environment.setenv("IMPULSE_SMTP_USERNAME", "impulse")
    environment.setenv("IMPULSE_SMTP_PASSWORD", "secret")
    with pytest.raises(SystemExit):
        Settings.from_environment()
    assert "IMPULSE_SMTP_SECURITY: starttls or tls" in capsys.readouterr().err


def test_without_a_privacy_key_it_does_not_start(environment, capsys):
    environment.setenv("IMPULSE_PRIVACY_KEY", "short")
    with pytest.raises(SystemExit):
        Settings.from_environment()
    assert "openssl rand -hex 32" in capsys.readouterr().err
