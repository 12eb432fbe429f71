"""Writes the texts that were kept aside, as files for `python -m readstone eval text`.

Usage: aside.py --data DIR --to DIR
"""

import argparse
from pathlib import Path

from corpora import CORPORA, read_all


def main() -> None:
    """Write a file for each corpus: the lines of its texts that are for testing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    tested = {(each.corpus, each.text) for each in read_all(options.data) if each.part == "test"}
    for corpus in CORPORA:
        lines = (options.data / corpus.path).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if (corpus.name, line.split("\t", 1)[1]) in tested]
        (options.to / f"{corpus.name}.tsv").write_text("\n".join(kept) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
