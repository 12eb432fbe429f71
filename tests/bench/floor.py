"""The floor: bare tesserocr, warm, one process a core, no HTTP, files handed over in advance."""

import io
import multiprocessing
import os
import re
import subprocess
import time
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized

from PIL import Image
from tesserocr import PyTessBaseAPI

from tests.bench.service import cpu_s_of


class Floor:
    """Worker processes that read lists of files; what they need is all that reading can cost."""

    name = "floor"

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.next = context.Value("i", 0)
        self.workers: list[Connection] = []
        self.pids: list[int] = []
        tessdata = _tessdata()
        for _ in os.sched_getaffinity(0):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, self.next, tessdata), daemon=True)
            process.start()
            self.workers.append(ours)
            self.pids.append(process.pid)

    def block(self, files: list[bytes]) -> float:
        """Return the seconds in which all workers together read the files."""
        return self._read(files, self.workers)[0]

    def ask(self, data: bytes) -> tuple[float, str]:
        """Return the seconds of one engine call, decoding included, and the text it read."""
        _, [answer] = self._read([data], self.workers[:1])
        return answer

    def cpu_s(self) -> float:
        """Return the CPU seconds that all workers have used up to now."""
        return sum(cpu_s_of(pid) for pid in self.pids)

    def stop(self) -> None:
        """End the workers."""
        for worker in self.workers:
            worker.send([])

    def _read(
        self, files: list[bytes], workers: list[Connection]
    ) -> tuple[float, list[tuple[float, str]]]:
        self.next.value = 0
        for worker in workers:
            worker.send(files)
        for worker in workers:
            worker.recv()
        start = time.perf_counter()
        for worker in workers:
            worker.send("go")
        answers = [worker.recv() for worker in workers]
        return time.perf_counter() - start, answers


def _tessdata() -> str:
    """Return the folder of models that the `tesseract` command uses, and with it the others."""
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True)
    return re.findall(r'"(.+)"', listed.stdout)[0]


def _work(orders: Connection, number: "Synchronized[int]", tessdata: str) -> None:
    os.setsid()  # as Readstone's workers do: Linux shares a busy machine out by session (autogroup)
    with PyTessBaseAPI(path=tessdata, lang="eng") as engine:
        while files := orders.recv():
            orders.send("loaded")
            orders.recv()
            text, start = "", time.perf_counter()
            while (index := _take(number)) < len(files):
                text = _read(engine, files[index])
            orders.send((time.perf_counter() - start, text))


def _take(number: "Synchronized[int]") -> int:
    with number.get_lock():
        number.value += 1
        return number.value - 1


def _read(engine: PyTessBaseAPI, data: bytes) -> str:
    with Image.open(io.BytesIO(data)) as image:
        gray, dpi = image.convert("L"), image.info.get("dpi")
    engine.SetImageBytes(gray.tobytes(), gray.width, gray.height, 1, gray.width)
    if dpi:
        engine.SetSourceResolution(round(dpi[0]))
    return engine.GetUTF8Text()
