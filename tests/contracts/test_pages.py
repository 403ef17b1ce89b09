"""The generated page of topics."""

import re

from impulse_contracts import pages


def test_topics_that_carry_nothing_yet_are_marked():
    planned = set(re.findall(r"^\| `([a-z.-]+)` \(planned\)", pages.topics_page(), re.MULTILINE))
    carrying = set(re.findall(r"^\| `([a-z.-]+)` \| `impulse\.", pages.topics_page(), re.MULTILINE))
    every = set(re.findall(r"^\| `(impulse\.[a-z.-]+)`", pages.topics_page(), re.MULTILINE))
    assert "impulse.preferences" in planned
    assert not planned & carrying
    assert every - planned - carrying == {"impulse.dead-letters"}
