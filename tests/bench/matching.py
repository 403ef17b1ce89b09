"""One listing against many: how fast, how big, how right, and against the same in PostgreSQL.

IMPULSE_BENCH_LISTINGS is the largest index (a million unless said otherwise). What is measured in
processor time of the thread says so: on a busy machine it is what the same work costs.
"""

import gc
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
import psutil
import psycopg
from sqlalchemy import Engine, make_url

from impulse_chassis.database import connect, migrate
from impulse_chassis.transaction import Transaction
from impulse_matching.app import service
from impulse_matching.domain import criteria, rules, text
from impulse_matching.domain.features import ENTRY, GRAMS, Entries
from impulse_matching.domain.index import Index
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.pairs import Pairs
from impulse_matching.domain.pool import ids_of
from impulse_matching.domain.rules import Criterion
from impulse_matching.view import View
from tests.bench import crowd, in_sql
from tests.bench.crowd import NOW, TODAY
from tests.bench.figures import Figure, figure
from tests.bench.ground import durable

LARGEST = int(os.environ.get("IMPULSE_BENCH_LISTINGS", "1_000_000"))
SIZES = [size for size in (10_000, 100_000, 1_000_000) if size <= LARGEST]
COMPARED = 100_000
"""So many stand in PostgreSQL beside the index; each is made whole."""
QUERIES = 300
ROUNDS = 5
BEST = 20
RULES = rules.shipped()


def measure() -> Iterator[Figure]:
    """The index at each size; then the comparisons at 100,000; then the largest from a database."""
    queries = list(crowd.listings(QUERIES, seed=9))
    listings = list(crowd.listings(min(COMPARED, LARGEST)))
    entries = np.concatenate([listing.entry for listing in listings])
    for size in SIZES:
        many = crowd.copies(entries, size) if size > len(entries) else entries[:size]
        yield from _of_size(many, queries, size)
    yield from _agreement(entries, listings, queries[:100])
    with durable() as postgres, postgres.database("bench") as name:
        url = name.replace("+psycopg", "", 1)
        yield from _against_sql(url, listings, entries, queries[:100])
        yield from _rebuild(url, crowd.copies(entries, LARGEST))


def _of_size(entries: Entries, queries: Sequence[Listing], size: int) -> Iterator[Figure]:
    gc.collect()
    before = psutil.Process().memory_info().rss
    index = Index(RULES)
    for start in range(0, size, 5_000):
        index.extend(entries[start : start + 5_000])
    gc.collect()
    grown = (psutil.Process().memory_info().rss - before) / size
    name = f"matching.{size // 1000}k"
    clocks = {"": time.perf_counter, "_cpu": time.thread_time}
    for suffix, clock in clocks.items():
        rounds = [_times(index, queries, clock) for _ in range(ROUNDS)]
        goals = _GOALS.get(size, {}) if not suffix else {}
        for quantile in (50, 99):
            yield figure(
                f"{name}_ms{suffix}_p{quantile}",
                [float(np.percentile(each, quantile)) for each in rounds],
                "ms",
                at_most=goals.get(quantile),
                note=f"{len(queries)} listings, the best {BEST}, {ROUNDS} rounds",
            )
    left = [
        len(of.many.party) if (of := index.eligible(each.features, TODAY)) else 0
        for each in queries
    ]
    share = 100 * statistics.mean(left) / size
    yield figure(f"{name}_rows_left", left, "rows", note=f"mean {share:.2f} % of all listings")
    texts = 5 * GRAMS + ENTRY["length"].itemsize
    yield figure(
        f"{name}_bytes_a_listing",
        [grown],
        "bytes",
        at_most=1024,
        note="resident memory, texts included",
    )
    yield figure(f"{name}_bytes_without_texts", [grown - texts], "bytes", at_most=400)
    yield from _changes(index, entries, name)


_GOALS = {100_000: {50: 1.0, 99: 3.0}, 1_000_000: {50: 5.0}}


def _times(index: Index, queries: Sequence[Listing], clock: object) -> list[float]:
    assert callable(clock)
    took = []
    for query in queries:
        features = query.features
        start = clock()
        index.best(features, TODAY, BEST)
        took.append(1000 * (clock() - start))
    return took


def _changes(index: Index, entries: Entries, name: str) -> Iterator[Figure]:
    """A new state of listings that are there, one after the other."""
    samples = []
    for number in range(ROUNDS):
        some = [entries[at : at + 1] for at in range(number, 20_000, 20) if at < len(entries)]
        start = time.perf_counter()
        for each in some:
            index.put(each)
        samples.append(1e6 * (time.perf_counter() - start) / len(some))
    yield figure(f"{name}_change_us", samples, "us", at_most=50, note="the record made apart")


def _agreement(
    entries: Entries, listings: Sequence[Listing], queries: Sequence[Listing]
) -> Iterator[Figure]:
    """Against scoring every pair; and against that with whole texts, to see what the cut does."""
    index = Index(RULES)
    index.extend(entries)
    whole = {listing.listing_id: listing.vector for listing in listings}
    same, uncut, first = [], [], []
    for query in queries:
        of = index.eligible(query.features, TODAY)
        if of is None:
            continue
        ids = ids_of(of.many)
        found = [each.listing_id for each in index.best(query.features, TODAY, BEST)]
        scores = _scores(of, None)
        best = sorted(range(len(ids)), key=lambda i: (-scores[i], ids[i].int))[:BEST]
        same.append(_shared(found, [ids[place] for place in best]))
        similarity = text.similarity(query.vector, [whole[each] for each in ids])
        scores = _scores(of, similarity)
        best = sorted(range(len(ids)), key=lambda i: (-scores[i], ids[i].int))[:BEST]
        uncut.append(_shared(found, [ids[place] for place in best]))
        first.append(float(ids[best[0]] in found[:3]))
    yield figure(
        "matching.agreement",
        [statistics.mean(same)],
        "share",
        at_least=0.95,
        note=f"of the best {BEST}, with scoring all that is left; {len(same)} listings",
    )
    yield figure(
        "matching.agreement_with_whole_texts",
        [statistics.mean(uncut)],
        "share",
        note=f"of the best {BEST}; {GRAMS} n-grams of a text are kept",
    )
    yield figure(
        "matching.first_with_whole_texts",
        [statistics.mean(first)],
        "share",
        note="whose first choice by whole texts is among the first three",
    )


def _scores(of: Pairs, similarity: object) -> list[int]:
    """The scores of all pairs; with these similarities of their texts, if any."""
    weights = RULES.hundredths
    with np.errstate(divide="ignore", invalid="ignore"):
        values = dict(zip(weights, criteria.values(of, list(weights)), strict=True))
    if similarity is not None:
        raw = np.asarray(similarity) / RULES.text.full_similarity
        values[Criterion.TEXT] = np.rint(np.clip(raw, 0, 1) * criteria.ONE).astype(np.int32)
    weighed = [weights[each] * found for each, found in values.items()]
    scores: list[int] = np.sum(weighed, axis=0).tolist()
    return scores


def _shared(one: Sequence[object], other: Sequence[object]) -> float:
    return len(set(one) & set(other)) / max(1, len(other))


def _against_sql(
    url: str, listings: Sequence[Listing], entries: Entries, queries: Sequence[Listing]
) -> Iterator[Figure]:
    """Both in turns, a listing at a time."""
    index = Index(RULES)
    index.extend(entries)
    with psycopg.connect(url) as connection:
        in_sql.fill(connection, listings)
        ours, theirs = [], []
        for number in range(ROUNDS + 1):
            took = [(_time_ours(index, each), _time_sql(connection, each)) for each in queries]
            if number:
                ours.append(statistics.median(each for each, _ in took))
                theirs.append(statistics.median(each for _, each in took))
    yield figure("matching.sql_ms_p50", theirs, "ms", note=f"{len(listings)} listings")
    yield figure(
        "matching.ratio_to_sql",
        [sql / own for own, sql in zip(ours, theirs, strict=True)],
        "ratio",
        at_least=15,
        baseline=statistics.median(theirs),
        note="the same listings and conditions, in turns",
    )


def _time_ours(index: Index, query: Listing) -> float:
    start = time.perf_counter()
    index.best(query.features, TODAY, BEST)
    return 1000 * (time.perf_counter() - start)


def _time_sql(connection: "psycopg.Connection[object]", query: Listing) -> float:
    start = time.perf_counter()
    in_sql.search(connection, query, NOW)
    return 1000 * (time.perf_counter() - start)


def _rebuild(url: str, entries: Entries) -> Iterator[Figure]:
    """From the service's own tables, as a replica does when it starts."""
    server = make_url(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE matching")
    engine = connect(server.set(drivername="postgresql+psycopg", database="matching"))
    migrate(engine, service.migrations)
    _store(engine, entries)
    samples = []
    for _ in range(3):
        view = View()
        with engine.begin() as connection:
            tx = Transaction(connection, "matching", datetime.now(UTC))
            start = time.perf_counter()
            view.catch_up(tx)
            samples.append(time.perf_counter() - start)
        assert len(view.index) == len(entries)
        del view
    engine.dispose()
    yield figure(
        f"matching.rebuild_{len(entries) // 1000}k_s",
        samples,
        "s",
        at_most=60 * len(entries) / 1_000_000,
    )


def _store(engine: Engine, entries: Entries) -> None:
    fact = '{"description": "' + 300 * "Wort " + '"}'
    with engine.begin() as connection:
        cursor = connection.connection.cursor()
        with cursor.copy(
            "COPY listing (listing_id, version, fact, actor_id, entry) FROM STDIN"
        ) as copy:
            for record in entries:
                key = f"{int(record['high']):016x}{int(record['low']):016x}"
                row = (key, 1, fact, key, record.tobytes())
                copy.write_row(row)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE listing")
