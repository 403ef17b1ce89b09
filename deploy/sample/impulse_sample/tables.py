"""The files of the sample."""

import csv
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

Row = dict[str, str]


@lru_cache
def rows(file: str) -> tuple[Row, ...]:
    """Rows of a CSV file of the sample, by column."""
    text = files("impulse_sample.data").joinpath(file).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@lru_cache
def table(file: str, name: str) -> tuple[dict[str, Any], ...]:
    """The tables called `name` of a TOML file of the sample."""
    text = files("impulse_sample.data").joinpath(file).read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)[name])
