"""`python -m tests.bench [--only PART]`."""

import argparse
import importlib
import sys

from tests.bench.figures import Figure, keep

MODULES = {
    "tests.bench.loop": ("chassis.", "registry.reports", "registry.ratio"),
    "tests.bench.identity": ("registry.identity",),
    "tests.bench.erasure": ("registry.erasure",),
    "tests.bench.market": ("matching.market",),
    "tests.bench.texts": ("matching.text",),
    "tests.bench.fairness": ("matching.fairness",),
    "tests.bench.flow": ("matching.flow",),
    "tests.bench.matching": ("matching.",),
    "tests.bench.report": ("booking.report",),
    "tests.bench.year": ("booking.year",),
    "tests.bench.booking": ("booking.",),
    "tests.bench.whole": ("stack.",),
}
"""What measures figures whose names begin how."""


def main() -> int:
    """Measures, prints and keeps; 1 when nothing is called so."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", default="", help="part of a figure's name")
    only: str = parser.parse_args().only
    chosen = _modules(only)
    if not chosen:
        print(f"no figure is called {only}: there are {', '.join(sum(MODULES.values(), ()))}")
        return 1
    figures: list[Figure] = []
    for module in chosen:
        for each in importlib.import_module(module).measure():
            print(f"{each.name}: {each.value:g} {each.unit}", flush=True)
            figures.append(each)
    keep(figures)
    return 0


def _modules(only: str) -> list[str]:
    """What measures figures called so; else what measures the narrowest kind that they are of."""
    named = [(name, module) for module, names in MODULES.items() for name in names]
    found = [module for name, module in named if name.startswith(only)]
    wider = [(len(name), module) for name, module in named if only.startswith(name)]
    return list(dict.fromkeys(found)) or [module for _, module in sorted(wider)[-1:]]


if __name__ == "__main__":
    sys.exit(main())
