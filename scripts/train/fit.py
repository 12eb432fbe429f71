"""Trains the classifier; about twenty minutes on one core that multiplies bfloat16.

Usage: fit.py --data DIR --out DIR
"""

import argparse
import math
import random
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from corpora import SEED, Example, read_all
from figures import table
from network import Classifier, encoded, load_tokenizer, windowed
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from readstone.engine.nlp.windows import padded

EPOCHS = 2
# Of the texts without a sentiment, so many are learned in an epoch: their labels are noisy, and
# what is learned more often than twice is learned by heart.
MODERATED_SHARE = 0.5
BATCH = 32
# Batches are cut from so many texts by their length, so that little is padded.
SORTED = 50 * BATCH
RATE, HEAD_RATE = 1e-4, 5e-4
# A layer learns more slowly than the one above it.
DECAY = 0.9
WARM_UP = 0.06
WEIGHT_DECAY = 0.01
SMOOTHING = 0.05
LONGEST_STEP = 1.0
DETACHED = re.compile(r" (?=n't\b|'(?:s|re|ve|ll|d|m)\b|[,.!?;:%)])|(?<=\() ")

Batch = Sequence[tuple[list[int], Example]]


def natural(text: str) -> str:
    """Return a text of the Stanford treebank as people write: `it 's` is `it's`."""
    return DETACHED.sub("", text).replace("`` ", '"').replace(" ''", '"')


def batches(
    examples: Sequence[Example], tokenizer: Tokenizer, chance: random.Random
) -> list[Batch]:
    """Return the batches of an epoch: mixed corpora, similar lengths."""
    rows = []
    for example in chance.sample(examples, len(examples)):
        if example.sentiment is None and chance.random() > MODERATED_SHARE:
            continue
        is_treebank = example.corpus.startswith("sst2")
        text = natural(example.text) if is_treebank and chance.random() < 0.5 else example.text
        rows.append((encoded(tokenizer, text), example))
    found: list[Batch] = []
    for start in range(0, len(rows), SORTED):
        near = sorted(rows[start : start + SORTED], key=lambda row: len(row[0]))
        found += [near[place : place + BATCH] for place in range(0, len(near), BATCH)]
    chance.shuffle(found)
    return found


def loss_of(network: Classifier, batch: Batch) -> Tensor:
    """Return the loss of a batch; an example counts for those heads of which its corpus tells."""
    ids, mask = map(torch.from_numpy, padded([ids for ids, _ in batch]))
    with torch.autocast("cpu", torch.bfloat16):
        sentiment, moderation = network(ids, mask)
    rows = [row for row, (_, each) in enumerate(batch) if each.sentiment is not None]
    wanted = torch.tensor([each.sentiment for _, each in batch if each.sentiment is not None])
    loss = torch.zeros(())
    if rows:
        loss = cross_entropy(
            sentiment[rows].float(), wanted, label_smoothing=SMOOTHING, reduction="sum"
        )
    said = torch.tensor(
        [[math.nan if label is None else label for label in each.moderation] for _, each in batch]
    )
    known = ~said.isnan()
    target = said[known] * (1 - SMOOTHING) + SMOOTHING / 2
    loss = loss + binary_cross_entropy_with_logits(
        moderation.float()[known], target, reduction="sum"
    )
    return loss / len(batch)


def optimizer_of(network: Classifier) -> torch.optim.Optimizer:
    """Return the optimizer, with a rate for each layer.

    Words stay as they are: those of the texts that are learned would move away from all others.
    """
    network.encoder.embeddings.requires_grad_(False)
    heads = [*network.sentiment.parameters(), *network.moderation.parameters()]
    groups = [{"params": heads, "rate": HEAD_RATE}]
    rate = RATE
    for layer in reversed(network.encoder.encoder.layer):
        groups.append({"params": list(layer.parameters()), "rate": rate})
        rate *= DECAY
    return torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)


def set_pace(optimizer: torch.optim.Optimizer, done: float) -> None:
    """Set the rates for the share of the work that is done: up at first, then down to nothing."""
    share = min(1, done / WARM_UP) * (1 - done)
    for group in optimizer.param_groups:
        group["lr"] = share * group["rate"]


def train(network: Classifier, examples: Sequence[Example]) -> Iterator[int]:
    """Train the network; yield the number of each epoch that has ended."""
    chance, tokenizer, optimizer = random.Random(SEED), load_tokenizer(), optimizer_of(network)
    began = time.process_time()
    for epoch in range(EPOCHS):
        network.train()
        todo = batches(examples, tokenizer, chance)
        for step, batch in enumerate(todo):
            set_pace(optimizer, (epoch + step / len(todo)) / EPOCHS)
            optimizer.zero_grad()
            loss_of(network, batch).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), LONGEST_STEP)
            optimizer.step()
            if step % 200 == 0:
                spent_s = time.process_time() - began
                print(f"epoch {epoch}, step {step} of {len(todo)}, {spent_s:.0f} s", flush=True)
        yield epoch


def main() -> None:
    """Train, say after each epoch how good it is on the texts for tuning, and save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    network = Classifier()
    examples = read_all(options.data)
    options.out.mkdir(parents=True, exist_ok=True)
    learned = [each for each in examples if each.part == "train"]
    tuned = [each for each in examples if each.part == "tune"]
    for epoch in train(network, learned):
        torch.save(network.state_dict(), options.out / "network.pt")
        print(f"after epoch {epoch}\n{table(windowed(network).judge, tuned)}", flush=True)


if __name__ == "__main__":
    main()
