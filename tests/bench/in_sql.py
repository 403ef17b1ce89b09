"""The same search in PostgreSQL: an index on place, the great circle and the conditions in SQL.

What a service would do without an index of its own: the bounding box by an index, then distance,
time, team and requirements, then a score of text rank, distance, skills and topics.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from impulse_contracts.codes import PlaceMode
from impulse_matching.domain import making, rules
from impulse_matching.domain.features import EVER_SINCE, FOR_EVER
from impulse_matching.domain.listing import Listing

TABLE = """
    CREATE TABLE listing (
        listing_id uuid PRIMARY KEY, direction text, category text, party uuid,
        online boolean, latitude float8, longitude float8, reach float8,
        during tstzrange, valid_until date, team_min int, team_max int,
        requirements text[], skills text[], topics text[], words text
    )
"""
INDEXES = (
    "CREATE INDEX ON listing (direction, category, latitude, longitude) WHERE NOT online",
    "CREATE INDEX ON listing (direction, category) WHERE online",
)
_NAMES = (
    *("listing_id", "direction", "category", "party", "online", "latitude", "longitude", "reach"),
    *("during", "valid_until", "team_min", "team_max", "requirements", "skills", "topics", "words"),
)
_BROUGHT = {str(each) for each in rules.shipped().brought_along}
SEARCH = """
    WITH asked AS (
        SELECT replace(plainto_tsquery('german', %(words)s)::text, ' & ', ' | ')::tsquery AS query
    ), near AS (
        SELECT *, 2 * 6371.0088 * asin(sqrt(
            sin(radians(latitude - %(latitude)s) / 2) ^ 2
            + cos(radians(latitude)) * cos(radians(%(latitude)s))
            * sin(radians(longitude - %(longitude)s) / 2) ^ 2)) AS km
        FROM listing
        WHERE direction = %(other)s AND category = %(category)s AND NOT online
          AND latitude BETWEEN %(latitude)s - %(reach)s / 111.0 AND %(latitude)s + %(reach)s / 111.0
          AND longitude BETWEEN %(longitude)s - %(reach)s / 68.0
                            AND %(longitude)s + %(reach)s / 68.0
        UNION ALL
        SELECT *, NULL FROM listing
        WHERE direction = %(other)s AND category = %(category)s AND online
    )
    SELECT listing_id,
        0.4 * ts_rank(said, query)
        + 0.3 * coalesce(0.5 ^ (km / 10), 0.4)
        + 0.2 * (skills && %(skills)s::text[])::int
        + 0.1 * (topics && %(topics)s::text[])::int
        AS score
    FROM near, asked
    WHERE (online OR km <= least(reach, %(reach)s))
      AND party <> %(party)s AND valid_until >= %(today)s
      AND during && %(during)s::tstzrange AND NOT upper(during) < %(now)s
      AND (team_max IS NULL OR %(team_min)s::int IS NULL
           OR (team_max >= %(team_min)s AND team_min <= %(team_max)s))
      AND (cardinality(requirements) = 0 OR requirements @> %(brought)s::text[])
    ORDER BY score DESC, listing_id LIMIT 20
"""


def fill(connection: "psycopg.Connection[Any]", listings: Iterable[Listing]) -> None:
    """Makes the table with its indexes."""
    cursor = connection.cursor()
    cursor.execute(TABLE)
    with cursor.copy("COPY listing FROM STDIN") as copy:
        for listing in listings:
            copy.write_row(_row(listing))
    cursor.execute("ALTER TABLE listing ADD COLUMN said tsvector")
    cursor.execute("UPDATE listing SET said = to_tsvector('german', words)")
    for statement in INDEXES:
        cursor.execute(statement)
    connection.commit()
    connection.autocommit = True
    cursor.execute("VACUUM ANALYZE listing")


def search(connection: "psycopg.Connection[Any]", listing: Listing, now: datetime) -> list[Any]:
    """The best 20 counterparts of a listing."""
    row = dict(zip(_NAMES, _row(listing), strict=True))
    row |= {
        "other": "offer" if listing.is_need else "need",
        "now": now,
        "today": now.date(),
        "reach": row["reach"] or 50,
        "latitude": row["latitude"] or 0,
        "longitude": row["longitude"] or 0,
        "brought": sorted(_BROUGHT.intersection(row["requirements"])),
    }
    return connection.execute(SEARCH, row, prepare=True).fetchall()


def _row(listing: Listing) -> tuple[Any, ...]:
    state, team = listing.state, listing.state.team_size
    earliest, latest, _ = making.bounds(state.time)
    return (
        state.listing_id,
        str(state.direction),
        str(state.resource_category),
        state.actor_id,
        state.place.mode is PlaceMode.ONLINE,
        state.place.latitude,
        state.place.longitude,
        state.place.max_distance_km,
        f"[{_moment(earliest)},{_moment(latest)}]",
        state.valid_until,
        team.min if team else None,
        team.max if team else None,
        [str(each) for each in state.requirements],
        list(state.skills),
        [str(each) for each in state.topics],
        listing.words,
    )


def _moment(minute: int) -> str:
    if minute in (EVER_SINCE, FOR_EVER):
        return ""
    return str(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute))
