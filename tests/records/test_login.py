"""Logging in to a record system: SMART App Launch with PKCE against a small server of its own."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest

from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.cases.writing import write_checked
from ketatui.cli import main
from ketatui.criteria.loading import load_pack
from ketatui.criteria.records import load_records
from ketatui.engine import compile_pack
from ketatui.records import Proposer, RecordError, group_by_patient, login, with_proposals
from ketatui.records.login import Access, log_in
from ketatui.records.searches import searches
from ketatui.records.server import Server
from tests.records.authority import RECORD, Authority, authorizing
from tests.records.support import ON, hold


@pytest.fixture
def authority() -> Iterator[Authority]:
    with authorizing() as held:
        yield held


@pytest.fixture
def browser() -> Iterator[Callable[[str], None]]:
    """Somebody who opens an address in a browser and does what it says."""
    opened: list[threading.Thread] = []

    def visit(page: str) -> None:
        try:
            urlopen(page, timeout=60).read()
        except HTTPError as error:
            error.close()

    def open_page(page: str) -> None:
        opened.append(threading.Thread(target=visit, args=(page,)))
        opened[-1].start()

    yield open_page
    for thread in opened:
        thread.join(60)


Browser = Callable[[str], None]


def test_a_login_leads_to_the_record_of_the_patient_chosen_there(
    authority: Authority, browser: Browser
) -> None:
    access = log_in(authority.address, "ketatui", browser, launch="handed-over")
    assert access == Access("secret", "p1")
    asked = authority.query
    assert (asked["client_id"], asked["launch"]) == ("ketatui", "handed-over")
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert "write" not in asked["scope"]
    knowledge = compile_pack(load_pack())
    mapping = load_records(knowledge.pack)
    wanted = searches(knowledge.pack, mapping, access.patient)
    found, missing = Server(authority.address, access.token).record(access.patient, wanted)
    (subject,), _ = group_by_patient(found, Proposer(knowledge, mapping).kinds)
    said = Proposer(knowledge, mapping).propose(subject, ON).to_data()
    assert {item["question"] for item in said["proposed"]} == {"patient.age", "patient.weight_kg"}
    hold(said, RECORD)
    assert missing == []


def test_a_connection_that_a_browser_opens_ahead_and_says_nothing_on_holds_nothing_up(
    authority: Authority, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ketatui.records.login._Handler.timeout", 0.05)
    ahead: list[socket.socket] = []

    def open_page(page: str) -> None:
        back = urlsplit(parse_qs(urlsplit(page).query)["redirect_uri"][0])
        ahead.append(socket.create_connection((str(back.hostname), back.port or 0)))
        browser(page)

    assert log_in(authority.address, "ketatui", open_page) == Access("secret", "p1")
    ahead.pop().close()


def test_each_login_proves_itself_anew(authority: Authority, browser: Browser) -> None:
    log_in(authority.address, "ketatui", browser)
    first = dict(authority.query)
    authority.used = False
    log_in(authority.address, "ketatui", browser)
    for name in ("state", "code_challenge"):
        assert authority.query[name] != first[name]


def test_what_a_record_system_launches_ends_as_a_draft_of_its_patient(
    authority: Authority, browser: Browser
) -> None:
    def launch(page: str) -> None:
        assert page.startswith("http://127.0.0.1:")
        browser(f"{page}?{urlencode({'iss': f'{authority.address}/', 'launch': 'handed-over'})}")

    access = log_in(authority.address, "ketatui", launch, port=0)
    asked = authority.query
    assert (access, asked["launch"], asked["aud"]) == (
        Access("secret", "p1"),
        "handed-over",
        authority.address,
    )
    assert "launch" in asked["scope"].split()
    assert asked["code_challenge_method"] == "S256"
    knowledge = compile_pack(load_pack())
    mapping = load_records(knowledge.pack)
    wanted = searches(knowledge.pack, mapping, access.patient)
    found, _ = Server(authority.address, access.token).record(access.patient, wanted)
    proposer = Proposer(knowledge, mapping)
    (subject,), _ = group_by_patient(found, proposer.kinds, proposer.matters)
    case = with_proposals(Case(id="x"), proposer.propose(subject, ON), ON)
    data = write_checked(case, knowledge.pack, "draft.toml").decode()
    rows = read_case(data, path="draft.toml", pack=knowledge.pack).extra["proposals"]
    assert [(row["question"], row["value"]) for row in rows] == [
        ("patient.age", 46),
        ("patient.weight_kg", Decimal("81.5")),
    ]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"iss": "https://evil.example/fhir", "launch": "x"}, "launched from another server"),
        ({"launch": "x"}, "launched from another server"),
        ({"iss": "OURS"}, "launched without a launch"),
    ],
)
def test_a_launch_from_elsewhere_is_refused_and_the_right_one_still_taken(
    query: dict[str, str], said: str, authority: Authority
) -> None:
    query = {key: authority.address if value == "OURS" else value for key, value in query.items()}
    answers: list[str] = []
    right = urlencode({"iss": authority.address, "launch": "x"})

    def visit(page: str) -> None:
        for address in (f"{page}?{urlencode(query)}", page.replace("/launch", "/callback?code=1")):
            try:
                urlopen(address, timeout=10).read()
            except HTTPError as error:
                answers.append(f"{error.code} {error.read().decode()}")
                error.close()
        urlopen(f"{page}?{right}", timeout=10).read()

    visitors: list[threading.Thread] = []

    def say(page: str) -> None:
        visitors.append(threading.Thread(target=visit, args=(page,), daemon=True))
        visitors[-1].start()

    assert log_in(authority.address, "ketatui", say, port=0) == Access("secret", "p1")
    visitors[0].join(timeout=10)
    assert said in answers[0]
    assert [answer[:4] for answer in answers] == ["400 ", "404 "]
    assert authority.query["launch"] == "x"


def test_leave_to_write_is_asked_for_only_to_send(authority: Authority, browser: Browser) -> None:
    log_in(authority.address, "ketatui", browser, write=True)
    assert "patient/DocumentReference.write" in authority.query["scope"]


@pytest.mark.parametrize(
    ("says", "state", "said"),
    [
        ({"error": "access_denied"}, None, "the login was refused: access_denied"),
        ({"code": "another"}, None, "after the login"),
        ({"code": "once"}, "of somebody else", "after the login"),
        ({}, None, "after the login"),
    ],
)
def test_a_login_that_went_otherwise_gives_nothing(
    says: dict[str, str], state: str | None, said: str, authority: Authority, browser: Browser
) -> None:
    authority.says, authority.state = says, state
    with pytest.raises(RecordError, match=said):
        log_in(authority.address, "ketatui", browser)


def test_nobody_is_sent_to_a_page_without_encryption(
    authority: Authority, browser: Browser
) -> None:
    own = authority.capability

    def away() -> dict[str, Any]:
        return json.loads(  # type: ignore[no-any-return]
            json.dumps(own()).replace(f"{authority.address}/token", "http://evil.example/token")
        )

    authority.capability = away  # type: ignore[method-assign]
    with pytest.raises(RecordError, match="not encrypted"):
        log_in(authority.address, "ketatui", browser)


def test_a_server_that_never_answers_is_given_up(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/fhir"
        with pytest.raises(RecordError, match="Timeout before the login"):
            log_in(address, "ketatui", browser)


def test_who_gives_up_is_not_waited_for(authority: Authority) -> None:
    told: list[str] = []
    with pytest.raises(RecordError, match="nobody waits for the login any more"):
        log_in(authority.address, "ketatui", told.append, given_up=lambda: bool(told))
    # A short address of this machine, which leads to the login while it is waited for.
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", told[0])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["http://ehr.example.org/fhir", "--login", "x"], "not encrypted"),
        (["http://127.0.0.1:1/fhir", "--login", "x"], "before the login"),
        (["http://127.0.0.1:1/fhir", "--login", "x", "--patient", "p"], "chooses the patient"),
        (["a.json", "--launch", "x"], "go with a server"),
    ],
)
def test_a_login_that_cannot_be_is_told_in_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prefill", *arguments]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1
