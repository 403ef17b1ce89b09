"""Wrong settings of the local stack are named with what is allowed."""

from __future__ import annotations

import os

import pytest

from impulse_local.errors import StackError
from impulse_local.settings import Settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("IMPULSE_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("IMPULSE_GATEWAY_PORT", "http", r"IMPULSE_GATEWAY_PORT='http': .* number from 1 to 65535"),
        ("IMPULSE_KAFKA_PORT", "abc", r"IMPULSE_KAFKA_PORT='abc': .* number from 1 to 65535"),
        ("IMPULSE_KAFKA_PORT", "70000", r"IMPULSE_KAFKA_PORT='70000': .* from 1 to 65535"),
        ("IMPULSE_ERASURE_SECONDS", "0", r"IMPULSE_ERASURE_SECONDS='0': .* from 1 to 31536000$"),
        ("IMPULSE_ERASURE_SECONDS", "1" * 14, r"IMPULSE_ERASURE_SECONDS='1+': .* to 31536000$"),
        ("IMPULSE_KAFKA_BOOTSTRAP_SERVERS", "foo", r"='foo': names no server .* like host:9092"),
        ("IMPULSE_TOPIC_PREFIX", "Grün", r"IMPULSE_TOPIC_PREFIX='Grün': .* matching \^\[a-z0-9"),
        ("IMPULSE_MAIL_PORT", "8080", r"IMPULSE_MAIL_PORT and IMPULSE_GATEWAY_PORT .* 8080"),
        ("IMPULSE_DATABASE_URL", "sqlite:///x", r"IMPULSE_DATABASE_URL='sqlite:///x' names no"),
        ("IMPULSE_DATABASE_URL", "nonsense", r"IMPULSE_DATABASE_URL='nonsense' names no"),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(StackError, match=message):
        Settings.load()


def test_the_defaults_are_the_contracts() -> None:
    settings = Settings.load()
    assert settings.data_dir.name == ".impulse"
    assert settings.ports() == {
        "IMPULSE_GATEWAY_PORT": 8080,
        "IMPULSE_MAIL_PORT": 1025,
        "IMPULSE_MAILBOX_PORT": 8025,
        "IMPULSE_REGISTRY_METRICS_PORT": 9101,
        "IMPULSE_MATCHING_METRICS_PORT": 9102,
        "IMPULSE_BOOKING_METRICS_PORT": 9103,
        "IMPULSE_NOTIFICATIONS_METRICS_PORT": 9104,
        "IMPULSE_GATEWAY_METRICS_PORT": 9105,
    }
    assert (settings.kafka_port, settings.erasure_seconds) == (9092, 604_800)
