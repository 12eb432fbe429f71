"""The model that ships, in a service of its own: what a person would try by hand."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2

from tests.fakes import picture
from tests.integration.conftest import RunningService

BY_HAND = {
    "This is a beautiful day": "positive",
    "Not bad at all": "positive",
    "😀😀😀": "positive",
    "I love you ❤️": "positive",
    "It was not good": "negative",
    "what the 🤬": "negative",
    "Thanks for nothing": "negative",
    "I love how my phone dies every five minutes": "negative",
    "The meeting is at 3 pm": "neutral",
    "Mix flour, sugar and two eggs, and bake for 40 minutes at 200 degrees.": "neutral",
    "Please find attached the invoice.": "neutral",
    "12345": "neutral",
    "Ich hasse diesen Laden": None,
    "C'est une très belle journée": None,
    "": None,
}
GOOD, BAD, RUDE = "What a beautiful day", "I had a very bad day", "You are a stupid idiot, shut up"


def test_moods_and_manners(http: httpx2.Client) -> None:
    """Sentiment and moderation come from the model itself."""
    moods = [http.post("/v1/sentiment", json={"text": text}).json() for text in (GOOD, BAD)]
    assert [mood["label"] for mood in moods] == ["positive", "negative"]
    manners = [http.post("/classify", json={"text": text}).json() for text in (GOOD, RUDE)]
    assert [each["flagged"] for each in manners] == [False, True]
    assert {each["model"] for each in manners} == {"readstone-text-1"}


def test_what_a_person_would_try_by_hand(http: httpx2.Client) -> None:
    """Plain moods, negation, irony, facts and emoji; nothing is said of what cannot be judged."""
    asked = {"inputs": [*BY_HAND], "task": "sentiment"}
    results = http.post("/v2/classify", json=asked).json()["results"]
    said = dict(zip(BY_HAND, (each["label"] for each in results), strict=True))
    assert said == BY_HAND
    french, blank = results[-2:]
    assert (french["language"]["supported"], french["error"]) == (False, None)
    assert blank["error"]["code"] == "invalid_request"


def test_other_languages_are_left_alone(http: httpx2.Client) -> None:
    """The answer says that the language is not supported, and guesses nothing."""
    answer = http.post(
        "/v1/sentiment", json={"text": "Das ist ein wunderschöner Tag am See"}
    ).json()
    assert (answer["label"], answer["language_supported"]) == (None, False)


def test_a_very_long_text_is_refused_and_a_long_one_is_not(http: httpx2.Client) -> None:
    """The limit is told; up to it, the whole text is looked at."""
    long = "The office opens at nine and closes at five. " * 2_222
    inputs = [long, long * 2]
    body = {"inputs": inputs, "task": "sentiment"}
    taken, refused = http.post("/v2/classify", json=body).json()["results"]
    assert (taken["label"], taken["truncated"]) == ("neutral", False)
    assert taken["windows"] > 100
    assert refused["error"]["code"] == "body_too_large"


def test_a_document_is_classified_in_the_same_call(http: httpx2.Client) -> None:
    """What stands in a picture is judged as text is."""
    page = picture(text="The worst day of my life", size=(500, 60))
    answer = http.post("/v2/ocr?classify=sentiment,moderation", content=page).json()
    assert answer["text"] == "The worst day of my life"
    found = answer["classifications"]
    assert (found["sentiment"]["label"], found["moderation"]["flagged"]) == ("negative", False)


def test_many_callers_get_their_own_answers(running: RunningService) -> None:
    """Texts that are judged together are not mixed up."""
    url = running.client.base_url.join("/v1/sentiment")

    def ask(number: int) -> str:
        text = f"{BAD if number % 2 else GOOD}, day number {number}"
        return str(httpx2.post(url, json={"text": text}, timeout=60).json()["label"])

    with ThreadPoolExecutor(16) as callers:
        labels = list(callers.map(ask, range(64)))
    assert labels == ["positive", "negative"] * 32


def test_one_service_may_ask_another(
    running: RunningService, start_service: Callable[..., RunningService]
) -> None:
    """A remote model is one that answers as text-embeddings-inference does: as we do."""
    address = running.client.base_url.join("/predict")
    asking = start_service(
        text__sentiment=f"remote:{address}", text__moderation=f"remote:{address}?task=moderation"
    )
    ours, theirs = (
        service.client.post("/v1/sentiment", json={"text": BAD}).json()["scores"]
        for service in (running, asking)
    )
    assert ours == theirs
    assert asking.client.post("/classify", json={"text": RUDE}).json()["flagged"]
    asking.signal()
    assert asking.end() == 0
