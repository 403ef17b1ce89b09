"""Links by which people object: of one person, and nobody else can make them."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from impulse_contracts.objections import Objection, mark, read, token

KEY = "a key of the tests that is long enough"


@given(st.uuids(), st.text(min_size=1))
def test_a_token_says_whose_it_is_under_its_key_alone(person_id: UUID, key: str):
    made = token(KEY, person_id, "Wer@beispiel.example")
    assert read(KEY, made) == Objection(person_id, mark(KEY, "wer@BEISPIEL.example"))
    assert key == KEY or read(key, made) is None
    assert made != token(KEY, person_id, "andere@beispiel.example")


@given(st.uuids(), st.integers(0, 63), st.sampled_from("AQgw_-9z"))
def test_a_token_that_was_changed_is_none(person_id: UUID, place: int, letter: str):
    made = token(KEY, person_id, "wer@beispiel.example")
    changed = made[:place] + letter + made[place + 1 :]
    assert changed == made or read(KEY, changed) is None


@given(st.text(max_size=60))
def test_no_text_is_taken_for_a_token(text: str):
    assert read(KEY, text) is None
