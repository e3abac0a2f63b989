"""The service on a socket, beside its framework alone: latency, calls a second, and memory.

A framework for such services (HealthChain) is measured too where ``--healthchain`` names a Python
that has it; it reads the call into its models and answers with a constant.

``python -m benchmarks.service [--calls N] [--at-once N] [--workers N]``: every call is
``order-sign`` for a patient with 400 resources. The framework alone reads the same body and answers
with a constant. Both run as processes of their own; the caller shares the machine with them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.records import call

_PARTS = 10
"""Parts of the calls at once, after each of which the memory is looked at."""
_ADDRESS = "/cds-services/ketatui-order-sign"
_BARE = """
import socket, sys, uvicorn
from fastapi import FastAPI, Request
app = FastAPI(openapi_url=None)
@app.post({address!r})
async def bare(request: Request):
    await request.body()
    return {{"cards": []}}
# Of another protocol number asyncio leaves Nagle's algorithm on, which costs 40 ms a call.
with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
    listener.bind(("127.0.0.1", 0))
    print("answers at http://127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_config=None, access_log=False, http="httptools")
    uvicorn.Server(config).run(sockets=[listener])
"""
_HEALTHCHAIN = """
import logging, socket, uvicorn
logging.disable()
from healthchain.gateway import CDSHooksService, HealthChainAPI
from healthchain.models import CDSRequest, CDSResponse
hooks = CDSHooksService()
@hooks.hook("order-sign", id="ketatui-order-sign")
def bare(request: CDSRequest) -> CDSResponse:
    return CDSResponse(cards=[])
app = HealthChainAPI()
app.register_service(hooks)
# Of another protocol number asyncio leaves Nagle's algorithm on, which costs 40 ms a call.
with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
    listener.bind(("127.0.0.1", 0))
    print("answers at http://127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_config=None, access_log=False, http="httptools")
    uvicorn.Server(config).run(sockets=[listener])
"""


@contextmanager
def running(command: list[str], until: str) -> Iterator[tuple[int, int, str]]:
    """Run a server; yield its process, its port, and what it said."""
    with tempfile.TemporaryDirectory() as home:
        place = Path(__file__).resolve().parents[1]
        environment = {**os.environ, "HOME": home, "PYTHONPATH": str(place)}
        process = subprocess.Popen(
            command,
            cwd=home,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        said = ""
        try:
            for line in process.stdout:
                said += line
                if until in line:
                    break
            port = int(re.findall(r"answers at http://[\d.]+:(\d+)", said)[0])
            yield process.pid, port, said
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def request(body: bytes, token: str, before: str = "") -> bytes:
    """Return a call as bytes; ``before`` begins its address."""
    head = (
        f"POST {before}{_ADDRESS} HTTP/1.1\r\nHost: localhost:{{port}}\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _caller(port: int, requests: list[bytes], count: int, taken: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in range(count):
        begun = time.perf_counter()
        writer.write(requests[number % len(requests)])
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode("ascii", "replace").splitlines()[0])
        length = int(re.findall(rb"content-length: (\d+)", head, re.IGNORECASE)[0])
        await reader.readexactly(length)
        taken.append((time.perf_counter() - begun) * 1000)
    writer.close()


async def _all(port: int, requests: list[bytes], calls: int, at_once: int) -> list[float]:
    taken: list[float] = []
    each = max(calls // at_once, 1)
    await asyncio.gather(*(_caller(port, requests, each, taken) for _ in range(at_once)))
    return taken


def _family(pid: int) -> list[int]:
    """Return a process and its children."""
    pids = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            if parent == pid:
                pids.append(int(entry.name))
    return pids


def memory(pid: int) -> float:
    """Return the memory of a process and its children, in MB."""
    sizes = [
        re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{item}/status").read_text())
        for item in _family(pid)
    ]
    return sum(int(found[0]) for found in sizes if found) / 1024


def processor(pid: int) -> float:
    """Return the processor time of a process and its children, in seconds."""
    ticks = 0
    for item in _family(pid):
        fields = Path(f"/proc/{item}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(
    name: str, pid: int, port: int, token: str, args: argparse.Namespace, before: str = ""
) -> None:
    """Call a server, and print what came out; ``before`` begins its address."""
    bodies = [call(400, seed) for seed in range(10)]
    requests = [
        request(body, token, before).replace(b"{port}", str(port).encode()) for body in bodies
    ]
    asyncio.run(_all(port, requests, 50, 2))
    first = memory(pid)
    alone = sorted(asyncio.run(_all(port, requests, min(args.calls, 500), 1)))
    begun, busy = time.perf_counter(), processor(pid)
    taken, sizes = 0, []
    for _ in range(_PARTS):
        taken += len(asyncio.run(_all(port, requests, max(args.calls // _PARTS, 1), args.at_once)))
        sizes.append(f"{memory(pid):.0f}")
        print(f"  {taken} calls: {sizes[-1]} MB", file=sys.stderr, flush=True)
    each = (processor(pid) - busy) / taken * 1000
    seconds = time.perf_counter() - begun
    p95 = alone[len(alone) * 95 // 100]
    print(
        f"{name}: one after the other median {median(alone):.1f} ms, p95 {p95:.1f} ms; "
        f"{args.at_once} at once {taken / seconds:.0f} a second, {each:.1f} ms of processor time a "
        f"call; memory {first:.0f} MB, "
        f"in {_PARTS} equal parts of {taken} calls {' '.join(sizes)} MB",
        flush=True,
    )


def main() -> int:
    """Measure both."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--healthchain", metavar="PYTHON", help="a Python that has HealthChain")
    args = parser.parse_args()
    ours = [sys.executable, "-m", "ketatui", "serve", "--port", "0", "--no-browser"]
    with running([*ours, "--workers", str(args.workers)], "services:") as (pid, port, said):
        token = re.findall(r"token: +(\S+)", said)[0]
        measure(f"ketatui serve --workers {args.workers}", pid, port, token, args)
    bare = [sys.executable, "-c", _BARE.format(address=_ADDRESS)]
    with running(bare, "answers at") as (pid, port, _):
        measure("FastAPI alone, one process", pid, port, "none", args)
    if args.healthchain:
        command = [args.healthchain, "-c", _HEALTHCHAIN]
        with running(command, "answers at") as (pid, port, _):
            measure("HealthChain, a constant", pid, port, "none", args, "/cds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
