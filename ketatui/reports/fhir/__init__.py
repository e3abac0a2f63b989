"""Cases as FHIR R4: a Questionnaire of the criteria, and each case as a response to it.

Plain dictionaries: what is written is a handful of elements, and the tests hold them against
HL7's own schema. Codes of LOINC and UCUM are those of the criteria and no others.
"""

from ketatui.reports.fhir.bundle import bundle, resources
from ketatui.reports.fhir.consent import consents
from ketatui.reports.fhir.questionnaire import questionnaire
from ketatui.reports.fhir.response import response
from ketatui.reports.fhir.reviews import signatures

__all__ = ["bundle", "consents", "questionnaire", "resources", "response", "signatures"]
