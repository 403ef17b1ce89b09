"""A partner's own topic for its reports: only it may write there, and its `ce_source` is fixed.

Which partners there are is a setting, `name=source`, several separated by commas or spaces:
`essen=https://ehrenamt.essen.example/api`.
"""

import re
from dataclasses import replace

from impulse_contracts.topics import ACTOR_REPORTS, Topic

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_SOURCE = re.compile(r"[a-z][a-z0-9+.-]*:[^\s,]{1,190}", re.IGNORECASE)


def partner_topic_name(partner: str) -> str:
    """The name of a partner's own topic; raises ValueError for what can't be part of one."""
    if not _NAME.fullmatch(partner):
        raise ValueError("a partner's short name has a-z, 0-9 and hyphens inside, at most 40")
    return f"{ACTOR_REPORTS.name}.{partner}"


def is_source(source: str) -> bool:
    """Whether this can be a partner's `ce_source`."""
    return _SOURCE.fullmatch(source) is not None


def partner_topic(partner: str, source: str) -> Topic:
    """A partner's own topic: as `ACTOR_REPORTS` is, for one `ce_source` alone.

    Raises ValueError for a name that can't be part of a topic's, or a source that is no URI.
    """
    if not is_source(source):
        raise ValueError("a partner's source is a URI without commas, at most 200 characters")
    name = partner_topic_name(partner)
    return replace(ACTOR_REPORTS, name=name, source=source, common=ACTOR_REPORTS)


def partner_topics(setting: str) -> tuple[Topic, ...]:
    """The topics of all partners that a setting names, in its order.

    Raises ValueError, saying what is wrong; two partners share neither a name nor a source.
    """
    found: list[Topic] = []
    for pair in re.split(r"[,\s]+", setting.strip()):
        if not pair:
            continue
        partner, equals, source = pair.partition("=")
        if not equals:
            raise ValueError("a partner is written name=source")
        topic = partner_topic(partner, source)
        if any(topic.name == other.name or topic.source == other.source for other in found):
            raise ValueError(f"two partners have the name or the source of {partner}")
        found.append(topic)
    return tuple(found)
