"""No jar reaches Java that the committed lock does not name."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
import requests
from jgo.env import LockFile, compute_spec_hash

from impulse_local import jars
from impulse_local.errors import StackError
from impulse_local.jars import LOCK, SPEC, JarMismatch, class_path, read_lock


def lock_of(folder: Path, *, sha256: str | None = None) -> Path:
    """A lock that names the smallest jar only."""
    whole = LockFile.load(LOCK)
    [jar] = [jar for jar in whole.dependencies if jar.artifactId == "slf4j-simple"]
    jar.sha256 = sha256 or jar.sha256
    LockFile([jar]).save(folder / "jgo.lock.toml")
    return folder / "jgo.lock.toml"


def test_the_lock_belongs_to_the_coordinates_and_names_no_address() -> None:
    assert LockFile.load(LOCK).spec_hash == compute_spec_hash(SPEC)
    assert "://" not in LOCK.read_text()
    assert {len(jar.sha256) for jar in read_lock()} == {64}


def test_a_jar_that_was_changed_is_refused_by_name(tmp_path: Path) -> None:
    jar = read_lock(lock_of(tmp_path))[0].file
    class_path()
    store = tmp_path / "store"
    store.mkdir()
    (store / jar).write_bytes((jars.store() / jar).read_bytes())
    assert class_path(lock_of(tmp_path), store) == str(store / jar)
    with (store / jar).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(JarMismatch, match=jar):
        class_path(lock_of(tmp_path), store)


def test_a_download_that_is_not_what_the_lock_says_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(method: str, url: str, **_: object) -> requests.Response:
        response = requests.Response()
        response.status_code = 200 if url.endswith(".jar") else 404
        response.raw = io.BytesIO(b"something else")
        return response

    monkeypatch.setattr("jgo.util.http.request", answer)
    with pytest.raises(JarMismatch, match="slf4j-simple"):
        class_path(lock_of(tmp_path), tmp_path / "store")
    assert list((tmp_path / "store").iterdir()) == []


def test_no_network_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> requests.Response:
        raise requests.ConnectionError("no route")

    monkeypatch.setattr("jgo.util.http.request", unreachable)
    monkeypatch.setattr(jars, "ATTEMPTS", 1)
    with pytest.raises(StackError, match=r"can't fetch .*slf4j-simple.*no route"):
        class_path(lock_of(tmp_path), tmp_path / "store")


def test_the_certificate_authorities_are_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/ours.pem")
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    jars.trust_the_same_authorities()
    assert os.environ["REQUESTS_CA_BUNDLE"] == "/etc/ours.pem"
