"""Where calls are answered: in this process, or in others beside it."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from ketatui.parallel import end_with_parent
from ketatui.service.calls import Asked, Calls, Reply, load_calls
from ketatui.service.refusal import Refusal

_calls: Calls | None = None


def _start(criteria: Path | None, policy: Path | None) -> None:
    global _calls
    end_with_parent()
    _calls = load_calls(criteria, policy)
    # What was loaded stays; to look through it with every call takes longer than the call.
    gc.freeze()


def _answer(asked: Asked) -> Reply:
    assert _calls is not None
    return _calls.answer(asked)


class Workers:
    """Answers calls; several at once where it has processes of its own."""

    def __init__(
        self, calls: Calls, processes: int, criteria: Path | None, policy: Path | None
    ) -> None:
        """Begin.

        Args:
            calls: Answers those that this process takes itself.
            processes: How many others there are; 0 for none.
            criteria: The pack, for them.
            policy: The local policy, for them.
        """
        self._calls, self._processes = calls, processes
        self._arguments = criteria, policy
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor | None:
        if not self._processes:
            return None
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._processes, context, _start, self._arguments)

    async def answer(self, asked: Asked) -> Reply:
        """Answer a call.

        Raises:
            Refusal: It gets no answer, or the process that had it died.
        """
        if self._pool is None:
            return self._calls.answer(asked)
        pool = self._pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, _answer, asked)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = self._new_pool()
            raise Refusal(503, "the call was lost; send it again") from None

    def stop(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
