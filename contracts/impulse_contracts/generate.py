"""What is made from the contracts and committed: schemas, AsyncAPI, tables in the documentation."""

from pathlib import Path

from impulse_contracts import asyncapi, pages
from impulse_contracts.compatibility import Incompatibility, incompatibilities
from impulse_contracts.schemas import SCHEMAS, as_text, committed, messages, schema_of
from impulse_contracts.upcast import UPCASTERS

ROOT = Path(__file__).parents[2]
"""The checkout that this package is part of."""


def refusals() -> list[Incompatibility]:
    """What of today's messages breaks somebody who relies on the committed schemas."""
    found: list[Incompatibility] = []
    for ce_type, schema in committed().items():
        message = messages().get(ce_type)
        if message is not None:
            found += incompatibilities(schema, schema_of(message))
        elif ce_type not in UPCASTERS:
            found.append(Incompatibility(ce_type, "", "the type is gone, and has no upcaster"))
    return found


def outputs() -> dict[Path, str]:
    """Every generated file of the checkout, and what it should hold."""
    docs = ROOT / "docs"
    publishing = docs / "publishing-actor-events.md"
    return {
        **{
            SCHEMAS / f"{ce_type}.json": as_text(schema_of(message))
            for ce_type, message in messages().items()
        },
        docs / "asyncapi.json": as_text(asyncapi.document()),
        docs / "topics.md": pages.topics_page(),
        docs / "reasons.md": pages.reasons_page(),
        docs / "processing-record.md": pages.processing_page(),
        publishing: pages.filled(publishing.read_text("utf-8")),
    }


def drifted() -> dict[Path, str]:
    """The generated files that differ from what they should hold, and that."""
    return {
        path: text
        for path, text in outputs().items()
        if not path.exists() or path.read_text("utf-8") != text
    }


def write() -> list[Path]:
    """Writes the generated files that differ; returns them."""
    changed = drifted()
    for path, text in changed.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return list(changed)
