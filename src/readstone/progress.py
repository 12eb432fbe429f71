"""How far work on a document has come."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class PageDone:
    """A page that was read, and how sure the engine is of it, 0 to 1."""

    number: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Progress:
    """The pages that are done, in the order in which they were, of so many in all."""

    total: int | None = None
    done: tuple[PageDone, ...] = ()


@dataclass(slots=True, weakref_slot=True)
class Course:
    """The progress of work that goes on; the same one for all who wait for that work."""

    progress: Progress = field(default_factory=Progress)

    def begin(self, total: int) -> None:
        """Note how many pages there are."""
        self.progress = Progress(total)

    def page_done(self, number: int, confidence: float) -> None:
        """Note that a page is done."""
        done = (*self.progress.done, PageDone(number, confidence))
        self.progress = replace(self.progress, done=done)


Follow = Callable[[Course], None]


def unfollowed(_: Course) -> None:
    """Let work go on unseen."""
