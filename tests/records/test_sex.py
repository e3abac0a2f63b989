"""Which sex a record proposes: all places where it is recorded have to say the same."""

from __future__ import annotations

from typing import Any

from tests.each import each
from tests.records.conftest import Prefill
from tests.records.support import patient
from tests.records.test_prefill import values, why

Json = dict[str, Any]
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"
SNOMED = "http://snomed.info/sct"
V3 = "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender"
PARAMETER = "http://terminology.hl7.org/CodeSystem/sex-parameter-for-clinical-use"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
FEMALE, MALE = "248152002", "248153007"


def birth(code: str) -> Json:
    return {"url": f"{US_CORE}/us-core-birthsex", "valueCode": code}


def sex(code: str) -> Json:
    """As US Core 6 to 8 have it."""
    return {"url": f"{US_CORE}/us-core-sex", "valueCode": code}


def individual(system: str | None, code: str) -> Json:
    """As US Core has it since 8.0.1."""
    coding = {"system": system, "code": code} if system else {"code": code}
    return {"url": f"{US_CORE}/us-core-individual-sex", "valueCoding": coding}


def parameter(code: str, system: str = PARAMETER, **more: Any) -> Json:
    value = {"valueCodeableConcept": {"coding": [{"system": system, "code": code}]}}
    return {
        "url": "http://hl7.org/fhir/StructureDefinition/patient-sexParameterForClinicalUse",
        "extension": [{"url": "value"} | value, {"url": "comment", "valueString": "see note"}],
    } | more


def who(*extensions: Json, gender: str | None = None) -> Json:
    return {"extension": list(extensions)} | ({"gender": gender} if gender else {})


DIFFER, NONE_THAT_ANSWERS = "recorded differently", "not as one that answers"
SEXES: list[tuple[Json, str | None, str]] = [
    # Alone, in each form, and together where they agree.
    (who(sex(FEMALE)), "female", ""),
    (who(individual(SNOMED, MALE)), "male", ""),
    (who(individual(V3, "F")), "female", ""),
    (who(individual("http://hl7.org/fhir/administrative-gender", "male")), "male", ""),
    (who(birth("F"), sex(FEMALE), gender="female"), "female", ""),
    (who(sex(FEMALE), individual(SNOMED, FEMALE), parameter("female-typical")), "female", ""),
    (who(parameter("male-typical"), gender="male"), "male", ""),
    # The sex at birth stands against the gender, as it is meant to; the others do not.
    (who(birth("F"), sex(FEMALE), gender="male"), "female", ""),
    (who(birth("M"), gender="female"), "male", ""),
    (who(sex(MALE), gender="female"), None, DIFFER),
    (who(individual(SNOMED, FEMALE), gender="other"), None, DIFFER),
    (who(birth("F"), sex(MALE)), None, DIFFER),
    (who(birth("F"), birth("M")), None, DIFFER),
    (who(sex(FEMALE), individual(SNOMED, MALE)), None, DIFFER),
    # What is to be set for this person differs from what is recorded: somebody has to ask.
    (who(parameter("male-typical"), gender="female"), None, DIFFER),
    (who(birth("M"), parameter("female-typical")), None, DIFFER),
    (who(parameter("male-typical"), parameter("female-typical"), gender="male"), None, DIFFER),
    (who(birth("F"), parameter("specified")), None, NONE_THAT_ANSWERS),
    (who(parameter("unknown", ABSENT), gender="female"), None, NONE_THAT_ANSWERS),
    (who(parameter("female-typical")), None, "which alone says no sex"),
    # Said to be unknown, of no system, of a form that is not the extension's: never made up for.
    (who(sex("184115007"), gender="female"), None, NONE_THAT_ANSWERS),
    (who(sex("asked-declined"), birth("F")), None, NONE_THAT_ANSWERS),
    (who(birth("UNK"), sex(FEMALE)), None, NONE_THAT_ANSWERS),
    (who(birth("UNK"), gender="female"), None, NONE_THAT_ANSWERS),
    (who(individual(None, "female"), gender="female"), None, NONE_THAT_ANSWERS),
    (who(individual("urn:other", MALE), gender="male"), None, NONE_THAT_ANSWERS),
    (who(sex(FEMALE) | {"url": f"{US_CORE}/us-core-individual-sex"}), None, NONE_THAT_ANSWERS),
    (who({"url": f"{US_CORE}/us-core-sex"}, gender="male"), None, NONE_THAT_ANSWERS),
    (who(parameter("male-typical", extension=[]), gender="male"), None, NONE_THAT_ANSWERS),
    # What somebody identifies as is no sex, and is not read.
    (
        who(
            {
                "url": f"{US_CORE}/us-core-genderIdentity",
                "valueCodeableConcept": {"coding": [{"system": SNOMED, "code": "446151000124109"}]},
            },
            gender="female",
        ),
        "female",
        "",
    ),
]


@each(("more", "wanted", "because"), SEXES)
def test_all_places_where_a_sex_is_recorded_say_the_same_or_nothing_is_proposed(
    more: Json, wanted: str | None, because: str, prefill: Prefill
) -> None:
    said = prefill(patient(**more))
    assert values(said).get("patient.sex") == wanted
    assert why(said).keys() == ({"Patient/p1"} if because else set())
    assert because in why(said).get("Patient/p1", "")


def test_what_differs_is_named(prefill: Prefill) -> None:
    said = prefill(patient(**who(birth("F"), sex(MALE))))
    assert "(birth sex: female, recorded sex: male)" in why(said)["Patient/p1"]
