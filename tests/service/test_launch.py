"""A record system launches the app: to its login and back, to a draft of its patient."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from ketatui.cli import main
from ketatui.service.calls import Calls
from tests.each import each
from tests.processes import running
from tests.records.authority import Authority
from tests.service.support import BASE, begun, client, drafts, launch, launching, logged_in, service
from tests.terminal.program import ESCAPE, Program

F9 = "\x1b[20~"
ROOT = Path(__file__).resolve().parents[2]
ANSWERS = {"patient.age": 46, "patient.weight_kg": 81.5}


async def test_a_launch_ends_as_a_draft_of_its_patient_and_in_the_app(
    calls: Calls, authority: Authority, tmp_path: Path
) -> None:
    async with client(launching(calls, authority, tmp_path), None) as http:
        await begun(http)
        page = (await http.get(launch(authority))).headers["Location"]
        asked = {key: values[0] for key, values in parse_qs(urlsplit(page).query).items()}
        assert (asked["launch"], asked["aud"]) == ("handed-over", authority.address)
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == f"{BASE}/callback"
        assert "write" not in asked["scope"]
        back = await logged_in(page)
        came = await http.get(back)
        (path,) = drafts(tmp_path)
        assert (came.status_code, came.headers["Location"]) == (303, f"/app?case={path.stem}")
        assert came.headers["Referrer-Policy"] == "no-referrer"
        text = path.read_text("utf-8")
        case = tomllib.loads(text)
        proposed = {row["question"]: row["value"] for row in case["proposals"]}
        assert (case["state"], proposed) == ("draft", ANSWERS)
        # Nothing is an answer before somebody confirms it, and the token is kept nowhere.
        assert not case.get("answers")
        assert "secret" not in text
        # The same address a second time is nobody's login.
        assert (await http.get(back)).status_code == 403
        assert len(drafts(tmp_path)) == 1


async def test_nobody_launches_without_a_session_or_ends_the_login_of_another(
    calls: Calls, authority: Authority, tmp_path: Path
) -> None:
    app = launching(calls, authority, tmp_path)
    async with client(app, None) as http, client(app, None) as other:
        assert (await http.get(launch(authority))).status_code == 403
        assert (await http.get("/callback?code=once&state=x")).status_code == 403
        await begun(http)
        await begun(other)
        away = await http.get(launch(authority), headers={"Host": "evil.example"})
        assert away.status_code == 403
        page = (await http.get(launch(authority))).headers["Location"]
        back = await logged_in(page)
        assert (await other.get(back)).status_code == 403
        assert (await http.get(back)).status_code == 303
    assert len(drafts(tmp_path)) == 1


async def test_a_launch_from_elsewhere_is_refused_and_a_login_that_is_leaves_nothing(
    calls: Calls, authority: Authority, tmp_path: Path
) -> None:
    authority.says = {"error": "access_denied"}
    async with client(launching(calls, authority, tmp_path), None) as http:
        await begun(http)
        for more, said in (
            ({"iss": "https://evil.example/fhir"}, "launched from another server"),
            ({"launch": ""}, "launched without a launch"),
        ):
            answer = await http.get(launch(authority, **more))
            assert (answer.status_code, said in answer.json()["detail"]) == (400, True)
        assert authority.query == {}
        page = (await http.get(launch(authority))).headers["Location"]
        answer = await http.get(await logged_in(page))
        assert answer.status_code == 502
        assert "the login was refused: access_denied" in answer.json()["detail"]
    assert drafts(tmp_path) == []


async def test_without_a_record_system_there_is_no_such_address(
    calls: Calls, authority: Authority, tmp_path: Path
) -> None:
    async with client(service(calls, browser=True, cases=tmp_path), None) as http:
        await begun(http)
        assert (await http.get(launch(authority))).status_code == 404


@each(
    ("arguments", "said"),
    [
        (["--record-server", "http://127.0.0.1:1/fhir"], "go together"),
        (["--login", "ketatui"], "go together"),
        (["--record-server", "http://ehr.example.org/fhir", "--login", "x"], "not encrypted"),
        (["--record-server", "https://e.example", "--login", "x", "--no-browser"], "in a browser"),
    ],
)
def test_a_record_system_that_cannot_launch_is_told_in_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", *arguments]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert (shown.err.count("\n"), shown.out) == (1, "")


# --- in processes of their own --------------------------------------------------------------------


@pytest.mark.long
def test_from_a_launch_to_a_case_through_the_service(authority: Authority, tmp_path: Path) -> None:
    command = [
        *(sys.executable, "-m", "ketatui", "--cases", tmp_path / "cases", "serve", "--port", "0"),
        *("--record-server", authority.address, "--login", "ketatui"),
    ]
    with running(command, env=environ(tmp_path), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "app:" in line:
                break
        (address,) = re.findall(r"launch: +(\S+)/launch,", said)
        (link,) = re.findall(r"app: +(\S+)", said)
        with httpx.Client(
            base_url=address, follow_redirects=True, timeout=60, verify=False
        ) as browser:
            assert browser.get(link).status_code == 200
            shown = browser.get(launch(authority))
        assert (shown.status_code, shown.url.path) == (200, "/app")
        process.terminate()
        process.wait(60)
    confirm(tmp_path)


def test_from_a_launch_to_a_case_through_the_command(authority: Authority, tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    cases.mkdir(mode=0o700)
    command = [
        *(sys.executable, "-m", "ketatui", "prefill", authority.address, "--login", "ketatui"),
        *("--launch-port", "0", "--out", cases / "draft.toml"),
    ]
    with running(
        command, env=environ(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("http"):
                break
        with httpx.Client(follow_redirects=True, timeout=60, verify=False) as browser:
            shown = browser.get(f"{line.strip().removesuffix('/launch')}{launch(authority)}")
        assert "Logged in" in shown.text
        assert process.wait(60) == 0
    rows = tomllib.loads((cases / "draft.toml").read_text("utf-8"))["proposals"]
    assert {row["question"]: row["value"] for row in rows} == ANSWERS


def environ(home: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home)}


def confirm(home: Path) -> None:
    """Confirm in the app, at 80 by 24, what waits in its one draft; and save."""
    with Program(home, size=(80, 24)) as program:
        program.wait_for("asked only where they matter")
        program.press("c")
        program.wait_for("Saved cases")
        program.press("\r")
        program.wait_for("2 answers wait: F9, then p")
        program.press(F9)
        program.wait_for("Amending: saving makes a new revision")
        program.press("p")
        program.wait_for("y confirms all 2")
        program.press("y")
        program.wait_for("Confirmed by:")
        program.press("Dr Q", "\r")
        program.wait_for("2 answers taken, confirmed by Dr Q")
        program.press(ESCAPE)
        program.wait_for("draft, on disk")
        program.press("s")
        program.wait_for("Saved:")
        program.press("q")
        program.ended()
    (path,) = drafts(home / "cases")
    case = tomllib.loads(path.read_text("utf-8"))
    assert case["answers"]["patient"] == {"age": 46, "weight_kg": 81.5}
    assert {row["confirmed_by"] for row in case["proposals"]} == {"Dr Q"}
