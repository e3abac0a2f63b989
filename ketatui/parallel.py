"""Work on many things, on all processors where there are enough of them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

MANY = 200
"""Up to here, starting further processes takes longer than the work."""
_CHUNK = 25

_About = TypeVar("_About")
_State = TypeVar("_State")
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def map_in_parallel(
    prepare: Callable[[_About], _State],
    about: _About,
    work: Callable[[_State, _Item], _Result],
    items: Sequence[_Item],
) -> Generator[_Result, None, None]:
    """Do the same with each of many things.

    Args:
        prepare: Makes what the work needs; called once in each process, and in this one for
            few things. A function of a module.
        about: What `prepare` is told; another process gets a copy.
        work: Does it with one thing. A function of a module.
        items: The things.

    Yields:
        What became of each, in their order. An iterator that is closed early ends the work.
    """
    workers = min(_processors(), len(items) // _CHUNK)
    if len(items) <= MANY or workers < 2:
        state = prepare(about)
        for item in items:
            yield work(state, item)
        return
    # Imported only for many things: the app reads its list of cases through here.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    _begin_tracking()
    # "spawn" on every system: a fork would take along whatever the caller had open.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        workers, context, initializer=_begin, initargs=(prepare, about, work)
    )
    try:
        yield from pool.map(_work, items, chunksize=_CHUNK)
    finally:
        pool.shutdown(cancel_futures=True)


def _begin_tracking() -> None:
    """Start what multiprocessing keeps its locks with, while stderr is a file.

    The app puts something in its place that is none, and the start fails on that.
    """
    from multiprocessing import resource_tracker

    with contextlib.redirect_stderr(sys.__stderr__):
        resource_tracker.ensure_running()


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


_state: tuple[Callable[[Any, Any], Any], Any] | None = None
"""What a process of the pool works with."""


def _begin(
    prepare: Callable[[_About], _State], about: _About, work: Callable[[_State, Any], Any]
) -> None:
    # Imported by further processes alone: commands read their one file through here.
    import signal

    # A pool hands something to its processes once in no other way.
    global _state
    # Ctrl+C is the parent's to answer; it then ends its processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    _state = work, prepare(about)


def end_with_parent() -> None:
    """End this process when its program is gone: one that was killed cannot end its processes."""
    import threading

    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(item: Any) -> Any:
    assert _state is not None
    work, state = _state
    return work(state, item)
