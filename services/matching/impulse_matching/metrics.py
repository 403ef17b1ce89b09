"""What matching counts of its own."""

from prometheus_client import Counter, Gauge

LEFT_OUT = Counter(
    "impulse_matching_left_out_total",
    "Open listings that can't be matched because they say what cannot be, by fault.",
    ["fault"],
)
NOT_LOCATED = Counter(
    "impulse_matching_not_located_total",
    "Open listings whose place is not known; they are matched online only.",
)
INDEXED = Gauge("impulse_matching_indexed_listings", "Listings in this replica's index.")
INDEX_BYTES = Gauge("impulse_matching_index_bytes", "Bytes of the columns of the index.")
