"""The jars of Apache Kafka: fetched from Maven coordinates, checked against the committed lock.

`jgo.toml` names what we want, `jgo.lock.toml` every jar that comes with it and its sha256. The
lock is flat, so nothing is resolved at run time, and no jar reaches Java that the lock does not
name: jgo itself does not compare the sums.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from impulse_local.errors import StackError

if TYPE_CHECKING:  # jgo takes a second to load, and most starts only check what is there
    from jgo.maven import MavenContext

HERE = Path(__file__).parents[1]
SPEC = HERE / "jgo.toml"
LOCK = HERE / "jgo.lock.toml"
ATTEMPTS = 4


@dataclass(frozen=True)
class Jar:
    """One jar that the lock names."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file(self) -> str:
        """The name of its file; the group is in it because two groups may share a name."""
        return f"{self.group}.{self.artifact}-{self.version}.jar"


class JarMismatch(StackError):
    """A jar is not the one that the lock names."""


def store() -> Path:
    """Where the jars are kept: in the virtual environment, beside Java and PostgreSQL."""
    return Path(sys.prefix) / "share" / "impulse" / "jars"


def class_path(
    lock: Path = LOCK,
    folder: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> str:
    """Java's class path of Kafka: each jar of `lock`, fetched when missing, its sha256 checked.

    Raises JarMismatch when a jar is not what the lock says, StackError when one can't be had.
    """
    folder = folder or store()
    folder.mkdir(parents=True, exist_ok=True)
    locked = read_lock(lock)
    missing = [jar for jar in locked if not (folder / jar.file).exists()]
    if missing:
        say(f"fetching Apache Kafka ({len(missing)} jars) …")
        _fetch(missing, folder)
    for jar in locked:
        _check(folder / jar.file, jar)
    return os.pathsep.join(str(folder / jar.file) for jar in locked)


def read_lock(lock: Path = LOCK) -> list[Jar]:
    """Every jar that Kafka needs, with its checksum."""
    entries = tomllib.loads(lock.read_text())["dependencies"]
    return [
        Jar(entry["groupId"], entry["artifactId"], entry["version"], entry["sha256"])
        for entry in entries
    ]


def write_lock(spec: Path = SPEC, lock: Path = LOCK) -> int:
    """Resolves `spec` anew and writes `lock`; how many jars it names."""
    from jgo.env import EnvironmentSpec, LockFile, compute_spec_hash
    from jgo.maven import MavenContext

    trust_the_same_authorities()
    wanted = EnvironmentSpec.load(spec)
    with tempfile.TemporaryDirectory() as cache:
        context = MavenContext(repo_cache=Path(cache), timeout=60)
        inputs, rest = context.resolver.resolve(
            [context.create_dependency(coordinate) for coordinate in wanted.coordinates]
        )
        locked = LockFile.from_resolved_dependencies(
            [*inputs, *rest], environment_name=wanted.name, spec_hash=compute_spec_hash(spec)
        )
    locked.save(lock)
    return len(locked.dependencies)


def trust_the_same_authorities() -> None:
    """jgo asks through requests, which does not read SSL_CERT_FILE: hands it on."""
    authorities = os.environ.get("SSL_CERT_FILE")
    if authorities:
        os.environ.setdefault("REQUESTS_CA_BUNDLE", authorities)


def _fetch(jars: list[Jar], folder: Path) -> None:
    from jgo.maven import MavenContext

    trust_the_same_authorities()
    # A download that breaks off stays in the temporary folder: the store holds whole jars only.
    with tempfile.TemporaryDirectory(dir=folder.parent) as unchecked:
        context = MavenContext(repo_cache=Path(unchecked), timeout=60)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda jar: _fetch_one(context, jar, folder), jars))


def _fetch_one(context: MavenContext, jar: Jar, folder: Path) -> None:
    import requests

    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            path: Path = artifact.resolve()
            break
        except (requests.RequestException, RuntimeError, OSError) as error:
            if artifact.cached_path:
                artifact.cached_path.unlink(missing_ok=True)
            if attempt == ATTEMPTS:
                raise StackError(
                    f"can't fetch {artifact} for Apache Kafka: {error}. "
                    "Check the network (a proxy or an own certificate authority is read from "
                    "HTTPS_PROXY, REQUESTS_CA_BUNDLE and SSL_CERT_FILE) and start again."
                ) from error
            time.sleep(2**attempt)
    _check(path, jar)
    path.replace(folder / jar.file)


def _check(path: Path, jar: Jar) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != jar.sha256:
        raise JarMismatch(
            f"{path.name} is not the jar that the lock names ({LOCK.name}): "
            f"sha256 {found} instead of {jar.sha256}. Nothing was started. Delete {path} to fetch "
            "it again; if that fails too, somebody on the way changes it."
        )
