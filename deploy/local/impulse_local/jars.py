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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from jgo.env import EnvironmentSpec, LockedDependency, LockFile, compute_spec_hash
from jgo.maven import MavenContext

from impulse_local.errors import StackError

HERE = Path(__file__).parents[1]
SPEC = HERE / "jgo.toml"
LOCK = HERE / "jgo.lock.toml"
ATTEMPTS = 4


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
    locked = LockFile.load(lock).dependencies
    missing = [jar for jar in locked if not (folder / filename(jar)).exists()]
    if missing:
        say(f"fetching Apache Kafka ({len(missing)} jars) …")
        trust_the_same_authorities()
        # A download that breaks off stays in the temporary folder: the store holds whole jars only.
        with tempfile.TemporaryDirectory(dir=folder.parent) as unchecked:
            context = MavenContext(repo_cache=Path(unchecked), timeout=60)
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(lambda jar: _fetch(context, jar, folder), missing))
    for jar in locked:
        _check(folder / filename(jar), jar)
    return os.pathsep.join(str(folder / filename(jar)) for jar in locked)


def filename(jar: LockedDependency) -> str:
    """The name of a jar's file; the group is in it because two groups may share a name."""
    return f"{jar.groupId}.{jar.artifactId}-{jar.version}.jar"


def write_lock(spec: Path = SPEC, lock: Path = LOCK) -> int:
    """Resolves `spec` anew and writes `lock`; how many jars it names."""
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


def _fetch(context: MavenContext, jar: LockedDependency, folder: Path) -> None:
    component = context.project(jar.groupId, jar.artifactId).at_version(jar.version)
    artifact = component.artifact(jar.classifier or "", jar.packaging)
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
    path.replace(folder / filename(jar))


def _check(path: Path, jar: LockedDependency) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != jar.sha256:
        raise JarMismatch(
            f"{path.name} is not the jar that the lock names ({LOCK.name}): "
            f"sha256 {found} instead of {jar.sha256}. Nothing was started. Delete {path} to fetch "
            "it again; if that fails too, somebody on the way changes it."
        )
