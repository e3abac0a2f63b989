"""The decision table of a visit once more, by hand: each rule at, just below and just above.

A row says in which situations a rule applies and in which it does not. A situation is a visit with
nothing against it, changed: answers by their last part, and what else a visit hangs on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from ketatui.cases.courses import Score, Visit
from ketatui.course import VisitAssessment
from tests.course.support import DAY, WATCHED, assessed, earlier, score, screened, visit_of

PATHWAYS = ("spravato", "iv", "im", "oral")
EFFECTS = {
    "C": "contraindicated",
    "NR": "not_recommended",
    "U": "unmet",
    "!": "caution",
    "n": "note",
}


class Situation(NamedTuple):
    """A visit, and what stands around it."""

    answers: Mapping[str, Any] = {}
    course: Mapping[str, Any] = {}
    screening: Mapping[str, Any] = {}
    medications: Sequence[str] = ()
    doses_before: Sequence[int] = ()
    earlier: Mapping[str, Any] = {}
    scores: Sequence[Score] = ()
    watched: Sequence[Mapping[str, Any]] = WATCHED
    events: Sequence[Mapping[str, Any]] = ()
    days_later: int = 0

    def assess(self, pathway: str) -> VisitAssessment:
        """Assess it for a course of a pathway."""
        before: list[Visit] = earlier(pathway, *self.doses_before, **self.earlier)
        visit = visit_of(pathway, watched=self.watched, events=self.events, **self.answers)
        return assessed(
            pathway,
            visit,
            before=before,
            scores=self.scores,
            case=screened(self.screening, self.medications),
            on=DAY + dt.timedelta(self.days_later),
            **self.course,
        )


def s(**answers: Any) -> Situation:
    """A situation that differs in its answers only."""
    return Situation(answers=answers)


class Row(NamedTuple):
    """One rule, by hand."""

    rule: str
    effects: Mapping[str, str]
    true: Sequence[Situation]
    false: Sequence[Situation]


ROWS: list[Row] = []


def row(rule: str, marks: str, true: Sequence[Situation], false: Sequence[Situation]) -> None:
    """Add a rule; one whose situations differ by pathway has several rows."""
    effects = {
        pathway: EFFECTS[mark]
        for pathway, mark in zip(PATHWAYS, marks.split(), strict=True)
        if mark in EFFECTS
    }
    ROWS.append(Row(rule, effects, true, false))


def limit(rule: str, marks: str, key: str, true: Any, false: Any) -> None:
    """A rule that one answer decides, by its values on both sides."""
    row(rule, marks, [s(**{key: true})], [s(**{key: false})])


def seen(minute: int = 175, **parts: Any) -> tuple[Mapping[str, Any], ...]:
    """The usual observations, the last one changed."""
    return (WATCHED[0], {**WATCHED[1], "minute": minute, **parts})


def falling(before: int, after: int) -> tuple[Mapping[str, Any], ...]:
    """The usual observations with two systolic pressures."""
    return ({**WATCHED[0], "systolic": before}, {**WATCHED[1], "systolic": after})


def at_home(**answers: Any) -> Situation:
    return Situation(answers=answers, course={"site": "home_telehealth"})


ALL = "! ! ! !"
HOME = {"site": "home_telehealth"}
WARD = {"site": "inpatient_unit"}
MDSI = {"basis": "mdsi"}

# --- gate ---------------------------------------------------------------------------------------
row(
    "gate-screening-stop",
    "C C C C",
    [Situation(screening={"medical.avm": True})],
    [Situation(), Situation(screening={"medical.stroke_tia": True})],
)
row(
    "gate-screening-against",
    "NR NR NR NR",
    [Situation(screening={"medical.stroke_tia": True})],
    [Situation(), Situation(screening={"medical.avm": True})],
)
row(
    "gate-screening-unmet",
    "U U U U",
    [
        Situation(screening={"indication.confirmed": False}),
        Situation(screening={"medical.avm": None}),
    ],
    [Situation(), Situation(screening={"medical.avm": True})],
)
row("gate-site", "U U U -", [at_home()], [Situation(), Situation(course=WARD)])
limit("gate-setting", "U U U U", "setting_ready", False, True)
row(
    "gate-adult-present",
    "- - - U",
    [at_home(adult_present=False)],
    [at_home(adult_present=True), s(adult_present=False)],
)
row(
    "gate-bp-elevated",
    ALL,
    [s(systolic=141), s(diastolic=91)],
    [s(systolic=140, diastolic=90)],
)
row(
    "gate-bp-hold",
    "U U U U",
    [s(systolic=160), s(diastolic=100)],
    [s(systolic=159, diastolic=99)],
)
row(
    "gate-bp-severe",
    "- C C C",
    [s(systolic=180), s(diastolic=110)],
    [s(systolic=179, diastolic=109)],
)
limit("gate-bp-low", ALL, "systolic", 89, 90)
limit("gate-bp-low-hold", "U U U U", "systolic", 79, 80)
row(
    "gate-heart-rate",
    ALL,
    [s(heart_rate=49), s(heart_rate=121)],
    [s(heart_rate=50), s(heart_rate=120)],
)
row(
    "gate-heart-rate-hold",
    "U U U U",
    [s(heart_rate=39), s(heart_rate=131)],
    [s(heart_rate=40), s(heart_rate=130)],
)
row(
    "gate-respiratory-rate",
    "U U U U",
    [s(respiratory_rate=9), s(respiratory_rate=31)],
    [s(respiratory_rate=10), s(respiratory_rate=30)],
)
limit("gate-spo2-low", ALL, "spo2", 92, 93)
limit("gate-spo2-hold", "U U U U", "spo2", 89, 90)
limit("gate-food", "U U U -", "hours_since_food", Decimal("1.9"), 2)
limit("gate-fasting-short", "- ! ! -", "hours_since_food", Decimal("5.9"), 6)
limit("gate-liquid", "U - - -", "minutes_since_liquid", 29, 30)
limit("gate-nasal-drug", "U - - -", "nasal_drug_within_1h", True, False)
row(
    "gate-cns-depressant",
    ALL,
    [s(cns_depressant=code) for code in ("within_12h", "long_acting", "opioid", "several")],
    [s(cns_depressant="none")],
)
row(
    "gate-cns-several",
    "NR NR NR NR",
    [s(cns_depressant="several"), s(cns_depressant="opioid", spo2=92)],
    [s(cns_depressant="opioid", spo2=93), s(cns_depressant="none", spo2=92)],
)
row(
    "gate-medicines",
    "U U U U",
    [s(medicines="changed_not_reviewed")],
    [s(medicines="unchanged"), s(medicines="changed_reviewed")],
)
row(
    "gate-mdsi-antidepressant",
    "U - - -",
    [Situation({"oral_antidepressant": False}, MDSI)],
    [Situation(course=MDSI), s(oral_antidepressant=False)],
)
limit("gate-intoxicated", "U U U U", "intoxicated", True, False)
WOMAN = {"patient.sex": "female", "patient.can_become_pregnant": True}
for rule, marks, code in (
    ("gate-pregnancy", "NR NR NR NR", "known"),
    ("gate-pregnancy-test", "U U U U", "late_untested"),
    ("gate-pregnancy-wished", ALL, "wished"),
):
    row(
        rule,
        marks,
        [Situation({"pregnancy": code}, screening=WOMAN)],
        [Situation({"pregnancy": "late_negative"}, screening=WOMAN), s(pregnancy=code)],
    )
row(
    "gate-suicidal-intent",
    "U U U U",
    [s(suicidality="intent"), at_home(suicidality="active"), at_home(suicidality="intent")],
    [
        s(suicidality="active"),
        at_home(suicidality="passive"),
        Situation({"suicidality": "intent"}, WARD),
    ],
)
row(
    "gate-suicidal-thoughts",
    ALL,
    [s(suicidality="active"), s(suicidality="intent")],
    [s(suicidality="passive")],
)
limit("gate-mania", "NR C C C", "mania", True, False)
limit("gate-psychosis", "NR C C C", "psychosis", True, False)
limit("gate-urinary-new", ALL, "urinary_symptoms", "new", "persistent")
limit("gate-urinary-persistent", "! NR NR NR", "urinary_symptoms", "persistent", "new")
limit("gate-contraindication", "C C C C", "new_contraindication", True, False)
limit("gate-new-event", "U U U U", "new_event", True, False)
limit("gate-misuse", "NR NR NR NR", "misuse_signs", True, False)
row(
    "gate-escort",
    "U U U U",
    [s(escort=False), Situation({"escort": False}, {"site": "emergency_department"})],
    [s(escort=True), Situation({"escort": False}, WARD)],
)
limit("gate-capacity", "U U U U", "capacity", False, True)
limit("gate-consent", "U U U U", "consent_valid", False, True)
row(
    "gate-enrolled",
    "U - - -",
    [s(rems_enrolled=False)],
    [s(rems_enrolled=True), Situation({"rems_enrolled": False}, WARD)],
)
row(
    "gate-lapse",
    "U U U U",
    [Situation({"rescreened": False}, doses_before=[29])],
    [
        Situation({"rescreened": False}, doses_before=[28]),
        Situation({"rescreened": True}, doses_before=[29]),
    ],
)
row(
    "gate-same-day",
    "U U U -",
    [Situation(doses_before=[0])],
    [Situation(doses_before=[1]), Situation(doses_before=[0], earlier={"dose": 0})],
)
row(
    "gate-too-soon",
    "! ! ! -",
    [Situation(doses_before=[1]), Situation(doses_before=[0])],
    [Situation(doses_before=[2]), Situation()],
)

# --- dose ---------------------------------------------------------------------------------------
row(
    "dose-day-1",
    "NR - - -",
    [s(dose_mg=57, devices_used=3)],
    [
        s(dose_mg=56),
        Situation({"dose_mg": 84}, doses_before=[3]),
        Situation({"dose_mg": 84}, MDSI),
        s(dose_mg=0),
    ],
)
row(
    "dose-mdsi-first",
    "n - - -",
    [Situation({"dose_mg": 56}, MDSI)],
    [
        Situation({"dose_mg": 84}, MDSI),
        s(dose_mg=56),
        Situation({"dose_mg": 56}, MDSI, doses_before=[3]),
    ],
)
limit("dose-max", "U - - -", "dose_mg", 85, 84)
row("dose-not-on-label", "! - - -", [s(dose_mg=55), s(dose_mg=28)], [s(dose_mg=56), s(dose_mg=0)])
row(
    "dose-not-a-device-multiple",
    "U - - -",
    [s(dose_mg=83), s(dose_mg="83.5"), s(dose_mg=27), s(dose_mg=57)],
    [s(dose_mg=28), s(dose_mg=56), s(dose_mg=84), s(dose_mg=85), s(dose_mg=0)],
)
row(
    "dose-devices",
    "U - - -",
    [s(dose_mg=84, devices_used=2), s(dose_mg=57, devices_used=2), s(dose_mg=56, devices_used=1)],
    [s(dose_mg=56, devices_used=2), s(dose_mg=84, devices_used=3), s(dose_mg=0, devices_used=0)],
)
row(
    "dose-waste",
    "! - - -",
    [s(dose_mg=56, devices_used=3), s(dose_mg=55, devices_used=2)],
    [s(dose_mg=56, devices_used=2), s(dose_mg=0, devices_used=1)],
)
row(
    "dose-device-rest",
    "! - - -",
    [s(minutes_dosing=4), s(minutes_dosing=9, devices_used=3)],
    [s(minutes_dosing=5), s(minutes_dosing=10, devices_used=3), s(dose_mg=0, minutes_dosing=4)],
)
row(
    "dose-frequency",
    "! - - -",
    [
        Situation(doses_before=[6, 3]),
        Situation(doses_before=[30, 1]),
        Situation(doses_before=[58, 1]),
        Situation(course=MDSI, doses_before=[34, 5, 2]),
    ],
    [
        Situation(doses_before=[3]),
        Situation(doses_before=[10, 7, 3]),
        Situation(doses_before=[35, 7]),
        Situation(course=MDSI, doses_before=[34, 5]),
        Situation({"dose_mg": 0}, doses_before=[6, 3]),
    ],
)
row(
    "dose-high",
    "- NR - -",
    [s(dose_mg="80.8"), Situation({"dose_mg": "80.8", "infusion_minutes": 60}, {"basis": "other"})],
    [
        s(dose_mg=80),
        s(dose_mg="80.3"),
        Situation({"dose_mg": 90, "infusion_minutes": 61}, {"basis": "other"}),
    ],
)
row("dose-high", "- - NR -", [s(dose_mg="80.8")], [s(dose_mg=80), s(dose_mg=0)])
row(
    "dose-high",
    "- - - NR",
    [
        s(dose_mg="400.5"),
        Situation({"dose_mg": 400}, screening={"patient.weight_kg": Decimal(57)}),
        Situation({"dose_mg": "350.5"}, screening={"patient.weight_kg": Decimal(50)}),
    ],
    [s(dose_mg=400), Situation({"dose_mg": 350}, screening={"patient.weight_kg": Decimal(50)})],
)
row(
    "dose-tenfold",
    "- U - -",
    [s(dose_mg=160, infusion_minutes=60)],
    [s(dose_mg=159), s(dose_mg=160, infusion_minutes=61)],
)
row("dose-tenfold", "- - U -", [s(dose_mg=160)], [s(dose_mg=159)])
row(
    "dose-tenfold",
    "- - - U",
    [
        s(dose_mg=1000),
        Situation({"dose_mg": 750}, screening={"patient.weight_kg": Decimal(50)}),
    ],
    [s(dose_mg=999), Situation({"dose_mg": 749}, screening={"patient.weight_kg": Decimal(50)})],
)
row("dose-low", "- ! ! -", [s(dose_mg="7.1")], [s(dose_mg=8), s(dose_mg=0)])
limit("dose-fast-infusion", "- NR - -", "infusion_minutes", 19, 20)
limit("dose-infusion-short", "- ! - -", "infusion_minutes", 39, 40)
SPAT = {"dose": 100, "swallow": "spit"}
row(
    "dose-swallow-change",
    "- - - NR",
    [Situation({"dose_mg": 100, "swallow": "swallow"}, doses_before=[3], earlier=SPAT)],
    [
        Situation({"dose_mg": 99, "swallow": "swallow"}, doses_before=[3], earlier=SPAT),
        Situation({"dose_mg": 100, "swallow": "spit"}, doses_before=[3], earlier=SPAT),
        Situation(
            {"dose_mg": 100, "swallow": "swallow"},
            doses_before=[3],
            earlier={"dose": 100, "swallow": "swallow"},
        ),
    ],
)

# --- leave --------------------------------------------------------------------------------------
row(
    "leave-two-hours",
    "U - - -",
    [s(end_minute=124)],
    [s(end_minute=125), at_home(end_minute=124), s(end_minute=124, dose_mg=0)],
)
row(
    "leave-observed",
    "- U - -",
    [s(end_minute=99)],
    [s(end_minute=100), at_home(end_minute=99)],
)
row("leave-observed", "- - U -", [s(end_minute=59)], [s(end_minute=60)])
row("leave-observed-oral", "- - - U", [s(end_minute=119)], [s(end_minute=120)])


def last(rule: str, marks: str, true: Sequence[Any], false: Sequence[Any]) -> None:
    """A rule that the last observation decides; at home and when held there is nothing."""
    row(
        rule,
        marks,
        [Situation(watched=seen(**item)) for item in true],
        [
            *(Situation(watched=seen(**item)) for item in false),
            *(Situation(course=HOME, watched=seen(**item)) for item in true),
            *(Situation({"dose_mg": 0}, watched=seen(**item)) for item in true),
        ],
    )


last("leave-sedation", "U U U U", [{"sedation": 4}], [{"sedation": 5}])
last(
    "leave-dissociation",
    "U - - -",
    [{"dissociation": code} for code in ("mild", "moderate", "severe")],
    [{"dissociation": "none"}],
)
last(
    "leave-dissociation-racemic",
    "- U U U",
    [{"dissociation": "moderate"}, {"dissociation": "severe"}],
    [{"dissociation": "mild"}],
)
last(
    "leave-dissociation-mild",
    "- ! ! !",
    [{"dissociation": "mild"}],
    [{"dissociation": "none"}, {"dissociation": "moderate"}],
)
row(
    "leave-spo2",
    "U U U U",
    [
        Situation({"spo2": 90}, watched=seen(spo2=89)),
        Situation({"spo2": 94}, watched=seen(spo2=92)),
        Situation({"spo2": 97}, watched=seen(spo2=94)),
    ],
    [
        Situation({"spo2": 90}, watched=seen(spo2=90)),
        Situation({"spo2": 93}, watched=seen(spo2=92)),
        Situation({"spo2": 95}, watched=seen(spo2=93)),
        Situation({"spo2": 96}, watched=seen(spo2=94)),
        Situation({"spo2": 99}, watched=seen(spo2=95)),
        Situation({"spo2": 94}, HOME, watched=seen(spo2=92)),
    ],
)
last(
    "leave-bp",
    "U U U U",
    [{"systolic": 160}, {"diastolic": 100}],
    [{"systolic": 159, "diastolic": 99}],
)
RISING = ({"minute": 40, "systolic": 140, "diastolic": 86}, {"minute": 175, "systolic": 141})
row(
    "leave-bp-elevated",
    ALL,
    [
        Situation(watched=RISING),
        Situation({"systolic": 120}, watched=seen(systolic=141)),
        Situation({"systolic": 121}, watched=falling(160, 142)),
        Situation({"diastolic": 75}, watched=seen(diastolic=91)),
    ],
    [
        Situation({"systolic": 121}, watched=falling(141, 141)),
        Situation({"systolic": 110}, watched=seen(systolic=140)),
        Situation({"diastolic": 76}, watched=seen(diastolic=91)),
        Situation({"diastolic": 70}, watched=seen(diastolic=90)),
    ],
)
row(
    "leave-bp-40",
    "! - - -",
    [Situation(watched=WATCHED[1:]), Situation(watched=({"minute": 51, "systolic": 130},))],
    [Situation(watched=({"minute": 50, "systolic": 130},)), Situation({"dose_mg": 0}, watched=())],
)
MAOI = ["phenelzine"]
row(
    "leave-maoi",
    "U U U U",
    [
        Situation(
            {"end_minute": 119, "minutes_dosing": 0, "infusion_minutes": 1},
            medications=MAOI,
            watched=seen(115),
        ),
        Situation(medications=MAOI, watched=seen(systolic=139)),
    ],
    [
        Situation(medications=MAOI),
        Situation(
            {"end_minute": 121, "minutes_dosing": 1, "infusion_minutes": 1},
            medications=MAOI,
            watched=seen(115),
        ),
        Situation(watched=seen(systolic=139)),
        Situation(medications=MAOI, watched=seen(systolic=138)),
    ],
)
row(
    "leave-maoi",
    "U U - -",
    [
        Situation(
            {"end_minute": 120, "minutes_dosing": 1, "infusion_minutes": 1},
            medications=MAOI,
            watched=seen(115),
        )
    ],
    [],
)
row(
    "leave-maoi",
    "- - U U",
    [Situation({"end_minute": 119}, medications=MAOI, watched=seen(115))],
    [Situation({"end_minute": 120}, medications=MAOI, watched=seen(115))],
)
limit("leave-walks", "U U U U", "walks_safely", False, True)
row(
    "leave-escort",
    "U U U U",
    [s(escort_present=False)],
    [s(escort_present=True), Situation({"escort_present": False}, WARD)],
)
limit("leave-driving", "U U U U", "driving_told", False, True)
row(
    "leave-suicidality",
    "U U U U",
    [
        s(suicidality="passive", suicidality_rechecked=False),
        Situation({"suicidality_rechecked": False}, MDSI),
    ],
    [s(suicidality_rechecked=False), s(suicidality="active", suicidality_rechecked=True)],
)
limit("leave-clinician", "U U U U", "clinician_agrees", False, True)
row("leave-unobserved", "- - - !", [at_home(), at_home(dose_mg=0)], [Situation()])

# --- report -------------------------------------------------------------------------------------
row(
    "report-rems-due",
    "! - - -",
    [
        s(rems_form_sent=False),
        s(rems_form_sent=None),
        Situation({"rems_form_sent": False}, days_later=7),
    ],
    [
        s(rems_form_sent=True),
        Situation({"rems_form_sent": False}, days_later=8),
        Situation({"rems_form_sent": False}, WARD),
        s(rems_form_sent=False, dose_mg=0),
    ],
)
row(
    "report-rems-overdue",
    "U - - -",
    [
        Situation({"rems_form_sent": False}, days_later=8),
        Situation({"rems_form_sent": None}, days_later=8),
    ],
    [
        Situation({"rems_form_sent": False}, days_later=7),
        Situation({"rems_form_sent": True}, days_later=8),
        Situation({"rems_form_sent": False, "dose_mg": 0}, days_later=8),
    ],
)
SENT = {"reported_on": DAY}
row(
    "report-inpatient-events",
    "! - - -",
    [
        Situation(course=WARD, events=[{"serious": False}]),
        Situation(course={"site": "emergency_department"}, events=[{"serious": False}]),
    ],
    [
        Situation(events=[{"serious": False}]),
        Situation(course=WARD, events=[{"serious": False, **SENT}]),
        Situation(course=WARD),
        Situation({"dose_mg": 0}, WARD, events=[{"serious": False}]),
    ],
)
for rule, marks in (("report-serious", "U - - -"), ("report-serious-racemic", "- ! ! !")):
    row(
        rule,
        marks,
        [Situation(events=[{"serious": True}])],
        [
            Situation(events=[{"serious": True, **SENT}]),
            Situation(events=[{"serious": False}]),
            Situation({"dose_mg": 0}, events=[{"serious": True}]),
            Situation(),
        ],
    )
row(
    "report-oxygen",
    ALL,
    [Situation(watched=seen(60, spo2=89))],
    [Situation(watched=seen(60, spo2=90))],
)
row(
    "report-bp-peak",
    ALL,
    [Situation(watched=seen(60, systolic=180)), Situation(watched=seen(60, diastolic=110))],
    [Situation(watched=seen(60, systolic=179, diastolic=109))],
)
row(
    "report-unresponsive",
    ALL,
    [Situation(watched=seen(60, sedation=1)), Situation(watched=seen(60, sedation=0))],
    [Situation(watched=seen(60, sedation=2))],
)

# --- continue -----------------------------------------------------------------------------------
WEEK_5, WEEK_4 = [28], [27]
row(
    "continue-review-due",
    "U - - -",
    [
        Situation(doses_before=WEEK_5),
        Situation(doses_before=[56]),
        Situation(course=MDSI, doses_before=WEEK_5),
        Situation(doses_before=WEEK_5, scores=[score("madrs", 8, 20)]),
    ],
    [
        Situation(doses_before=WEEK_4),
        Situation(doses_before=WEEK_5, scores=[score("madrs", 7, 20)]),
    ],
)
SIX, FIVE = [18, 15, 12, 9, 6, 3], [15, 12, 9, 6, 3]
row(
    "continue-review-due-racemic",
    "- ! ! !",
    [Situation(doses_before=SIX), Situation(doses_before=SIX, scores=[score("madrs", 12, 20)])],
    [
        Situation(doses_before=FIVE),
        Situation(doses_before=SIX, scores=[score("madrs", 11, 20)]),
    ],
)


def madrs(before: float, after: float, days: int = 28) -> list[Score]:
    """A baseline on day 1 and a score three days ago."""
    return [score("madrs", days, before), score("madrs", 3, after)]


row(
    "continue-little-benefit",
    "! - - -",
    [
        Situation(doses_before=WEEK_5, scores=madrs(40, 31)),
        Situation(course=MDSI, doses_before=WEEK_5, scores=madrs(40, 31)),
        Situation(doses_before=WEEK_5, scores=madrs(41, 31)),
    ],
    [
        Situation(doses_before=WEEK_5, scores=madrs(40, 30)),
        Situation(doses_before=WEEK_4, scores=madrs(40, 31, 27)),
    ],
)
row(
    "continue-little-benefit",
    "- ! ! !",
    [
        Situation(doses_before=SIX, scores=madrs(40, 31, 18)),
        Situation(doses_before=SIX, scores=madrs(41, 31, 18)),
    ],
    [
        Situation(doses_before=SIX, scores=madrs(40, 30, 18)),
        Situation(doses_before=FIVE, scores=madrs(40, 31, 15)),
    ],
)
row(
    "continue-mdsi-beyond",
    "! - - -",
    [Situation(course=MDSI, doses_before=WEEK_5)],
    [Situation(course=MDSI, doses_before=WEEK_4), Situation(doses_before=WEEK_5)],
)
row(
    "continue-no-response",
    "- NR NR NR",
    [Situation(doses_before=SIX, scores=madrs(40, 21, 18))],
    [
        Situation(doses_before=SIX, scores=madrs(40, 20, 18)),
        Situation(doses_before=FIVE, scores=madrs(40, 21, 15)),
    ],
)
row(
    "continue-worse",
    "NR NR NR NR",
    [
        Situation(doses_before=WEEK_5, scores=madrs(30, 35)),
        Situation(doses_before=WEEK_5, scores=[score("pcl5", 28, 40), score("pcl5", 3, 50)]),
        Situation(doses_before=WEEK_5, scores=[score("pain_nrs", 28, 5), score("pain_nrs", 3, 7)]),
    ],
    [
        Situation(doses_before=WEEK_5, scores=madrs(30, 34)),
        Situation(doses_before=WEEK_5, scores=[score("pcl5", 28, 40), score("pcl5", 3, 49)]),
        Situation(doses_before=WEEK_5, scores=[score("pain_nrs", 28, 5), score("pain_nrs", 3, 6)]),
        Situation(doses_before=WEEK_5),
    ],
)
row(
    "continue-relapse",
    ALL,
    [Situation(doses_before=WEEK_5, scores=[*madrs(30, 15), score("madrs", 14, 10)])],
    [
        Situation(doses_before=WEEK_5, scores=[*madrs(30, 14), score("madrs", 14, 10)]),
        Situation(doses_before=WEEK_5, scores=[*madrs(30, 35), score("madrs", 14, 30)]),
        Situation(doses_before=WEEK_5, scores=madrs(30, 15)),
    ],
)
limit("continue-mania", "NR C C C", "mania", True, False)
limit("continue-urinary", "! NR NR NR", "urinary_symptoms", "persistent", "new")
SIXTH = {"doses_before": SIX}
row(
    "continue-liver",
    "- ! ! !",
    [
        Situation({"liver_tests": "overdue"}, doses_before=SIX),
        Situation({"liver_tests": "abnormal"}, doses_before=SIX),
    ],
    [
        Situation({"liver_tests": "normal"}, doses_before=SIX),
        Situation({"liver_tests": "abnormal_3x"}, doses_before=SIX),
        Situation({"liver_tests": "overdue"}, doses_before=FIVE),
    ],
)
row(
    "continue-liver-3x",
    "- NR NR NR",
    [Situation({"liver_tests": "abnormal_3x"}, doses_before=SIX)],
    [
        Situation({"liver_tests": "abnormal"}, doses_before=SIX),
        Situation({"liver_tests": "abnormal_3x"}, doses_before=FIVE),
    ],
)
limit("continue-misuse", "NR NR NR NR", "misuse_signs", True, False)
