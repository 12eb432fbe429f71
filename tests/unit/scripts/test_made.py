"""The sentences that are made for training."""

from collections import Counter

from scripts.train.made import sentences

TRIED_BY_HAND = {
    "this is a beautiful day",
    "i had a very bad day",
    "the meeting is at 3 pm",
    "the food was not bad at all",
    "oh great, another delay. just what i needed.",
    "he is gay and proud of it",
}


def test_sentences_are_the_same_every_time() -> None:
    """The same seed gives the same sentences, and every label has hundreds of them."""
    made = list(sentences(40, seed=7))
    assert made == list(sentences(40, seed=7))
    assert made != list(sentences(40, seed=8))
    counts = Counter(label for label, _ in made)
    assert counts.keys() == {"neutral", "positive", "negative", "harmless", "threat", "contempt"}
    assert min(counts.values()) > 200


def test_every_place_in_a_pattern_is_filled() -> None:
    """No bracket is left, and each sentence begins with a capital or a digit."""
    for _, sentence in sentences(40, seed=7):
        assert not set("{}") & set(sentence)
        assert not sentence[0].islower()


def test_what_is_tried_by_hand_is_not_learned() -> None:
    """The sentences by which the model is tried are none of those it was trained on."""
    made = {sentence.lower() for _, sentence in sentences(1_000, seed=7)}
    assert not made & TRIED_BY_HAND
