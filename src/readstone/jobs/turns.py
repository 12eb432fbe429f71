"""Callers take turns in the line of jobs: in the order of their names, one job of each."""

from collections.abc import Mapping


def place(queues: Mapping[str, int], served: str, caller: str, turn: int) -> int:
    """Return the place in the line, from 1, of the job that a caller has done in so many turns.

    Args:
        queues: how many jobs of each caller wait.
        served: the caller who had the last turn.
    """

    def order(name: str) -> tuple[bool, str]:
        return name <= served, name

    earlier = sum(min(length, turn - 1) for length in queues.values())
    in_turn = [name for name, length in queues.items() if length >= turn]
    return earlier + 1 + sum(order(name) < order(caller) for name in in_turn)
