"""`python -m impulse_contracts generate`: writes what is made from the contracts."""

import argparse
import sys

from impulse_contracts import generate


def main() -> int:
    """Writes the generated files, or says why not; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m impulse_contracts", description=__doc__)
    parser.add_argument("command", choices=["generate"])
    parser.parse_args()
    if not (generate.ROOT / "docs").is_dir():
        sys.stderr.write(f"{generate.ROOT} is no checkout of Impulse: it has no docs/\n")
        return 1
    refusals = generate.refusals()
    for refusal in refusals:
        sys.stderr.write(f"{refusal}\n")
    if refusals:
        sys.stderr.write("Nothing was written.\n")
        return 1
    for path in generate.write():
        sys.stdout.write(f"wrote {path.relative_to(generate.ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
