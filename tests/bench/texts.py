"""How well texts of offers and needs are compared, and what a text costs."""

from collections.abc import Iterator
from functools import partial
from time import perf_counter

from impulse_matching.domain import german, reading, text
from tests.bench import pairs
from tests.bench.figures import Figure, figure

CLASSES = {"O": "shared_words", "C": "compounds", "S": "other_words"}
CUTS = (32, 64, 96, 128)
ROUNDS = 5


def measure() -> Iterator[Figure]:
    """Quality on the frozen pairs against the usual ways, by class and by cut; then time."""
    frozen = pairs.pairs("frozen")
    size = f"{len(frozen.offers)} pairs among {len(frozen.needs)} needs"
    rivals = {
        "tf_idf": pairs.tf_idf(pairs.words),
        "bm25": pairs.bm25,
        "char_ngrams": pairs.tf_idf(pairs.grams),
    }
    found = {name: pairs.ranks(compare, frozen) for name, compare in rivals.items()}
    words = pairs.by_kind(found["tf_idf"], frozen)
    letters = pairs.by_kind(found["char_ngrams"], frozen)
    ours = pairs.by_kind(pairs.ranks(pairs.by_vectors, frozen), frozen)
    note = f"frozen, {size}; baseline: words TF-IDF"
    yield figure(
        "matching.text_mrr",
        [ours["all"].mrr],
        "MRR",
        at_least=0.85,
        baseline=words["all"].mrr,
        note=note,
    )
    for name, value, against in zip(
        ("hit1", "hit5"), ours["all"][1:], words["all"][1:], strict=True
    ):
        yield figure(f"matching.text_{name}", [value], "share", baseline=against, note=note)
    for name, ranks in found.items():
        quality = pairs.quality(ranks)
        note = f"hit@1 {quality.hit1:.2f}, hit@5 {quality.hit5:.2f}"
        yield figure(f"matching.text_mrr_of_{name}", [quality.mrr], "MRR", note=note)
    for kind, name in CLASSES.items():
        quality = ours[kind]
        note = f"hit@1 {quality.hit1:.2f}, hit@5 {quality.hit5:.2f}; baseline: char n-grams"
        yield figure(
            f"matching.text_mrr_{name}", [quality.mrr], "MRR", baseline=letters[kind].mrr, note=note
        )
    for cut in CUTS:
        quality = pairs.quality(pairs.ranks(partial(pairs.by_vectors, cut=cut), frozen))
        yield figure(f"matching.text_mrr_cut_to_{cut}", [quality.mrr], "MRR")
    tuned = pairs.pairs("development")
    quality = pairs.quality(pairs.ranks(pairs.by_vectors, tuned))
    note = f"{len(tuned.offers)} pairs among {len(tuned.needs)} needs, tuned on"
    yield figure("matching.text_mrr_development", [quality.mrr], "MRR", note=note)
    yield from _costs(frozen.offers + frozen.needs)


def _costs(texts: list[str]) -> Iterator[Figure]:
    cold, warm = [], []
    for _ in range(ROUNDS):
        for cached in (
            german.fold,
            german.forms,
            reading.of_word,
            reading.is_everyday,
            reading._forms,
            reading._phrases_from,
            text._hashed_grams,
        ):
            cached.cache_clear()
        cold.append(_milliseconds(texts))
        warm.append(_milliseconds(texts))
    note = "25 words on average, the title twice"
    yield figure("matching.text_vector_ms", warm, "ms", at_most=1, note=note)
    yield figure("matching.text_vector_ms_cold", cold, "ms", note="no word met before")


def _milliseconds(texts: list[str]) -> float:
    start = perf_counter()
    for each in texts:
        text.vector(each)
    return (perf_counter() - start) / len(texts) * 1000
