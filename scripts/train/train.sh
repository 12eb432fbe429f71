#!/usr/bin/env bash
# Train the text classifier that ships, and write it to src/readstone/engine/nlp/weights.
#
# Usage: scripts/train/train.sh DIR
#   DIR holds the corpora that scripts/train/corpora.py lists, files of lines `label<TAB>text`
# Takes about half an hour of one core that multiplies bfloat16; prints figures after each epoch.
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/../prelude.sh"

(($# == 1)) || die "name the folder with the corpora; see --help"
scripts/setup.sh --with train
export OMP_NUM_THREADS=1
out=build/train
python scripts/train/fit.py --data "$1" --out "$out"
python scripts/train/export.py --data "$1" --network "$out/network.pt"
