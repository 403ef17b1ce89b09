"""A partner's own topic: like the common one, for one source."""

import pytest

from impulse_contracts.partner_topics import partner_topics
from impulse_contracts.topics import ACTOR_REPORTS, OUTCOMES

ESSEN = "https://ehrenamt.essen.example/api"


def test_it_is_kept_as_the_common_one_is():
    [topic] = partner_topics(f"essen={ESSEN}")
    assert (topic.name, topic.source) == ("impulse.actor-reports.essen", ESSEN)
    assert topic.carries is ACTOR_REPORTS
    assert topic.config(60) == ACTOR_REPORTS.config(60)
    assert (topic.personal, topic.incoming, topic.partitions) == (True, True, 6)
    assert ACTOR_REPORTS.carries is ACTOR_REPORTS
    assert OUTCOMES.carries is OUTCOMES


def test_several_are_separated_by_commas_or_spaces():
    found = partner_topics(f" essen={ESSEN}, unna=https://unna.example/api?a=b\nhamm=urn:hamm:1 ")
    assert [topic.name.rpartition(".")[2] for topic in found] == ["essen", "unna", "hamm"]
    assert found[1].source == "https://unna.example/api?a=b"
    assert partner_topics("") == partner_topics("  ") == ()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("essen", "name=source"),
        (f"Essen={ESSEN}", "short name"),
        (f"essen.süd={ESSEN}", "short name"),
        (f"-essen={ESSEN}", "short name"),
        (f"{'e' * 41}={ESSEN}", "short name"),
        (f"={ESSEN}", "short name"),
        ("essen=", "URI"),
        ("essen=ehrenamt", "URI"),
        (f"essen={ESSEN} essen=https://other.example", "the name or the source of essen"),
        (f"essen={ESSEN} other={ESSEN}", "the name or the source of other"),
    ],
)
def test_what_names_no_partner_is_said(setting, said):
    with pytest.raises(ValueError, match=said):
        partner_topics(setting)
