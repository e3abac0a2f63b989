#!/usr/bin/env bash
# ccda-to-fhir makes 1 of a dose that nobody knows, and once a day of an interval that nobody knows.
#
# Expected: nullFlavor="UNK" says that a value is not known (C-CDA 2.1, "Unknown and No Known
# Information"; CDA R2, "Data types"); in FHIR the dose is then absent, or absent with a reason.
# Seen: the dose is 1, without a unit, and the period is 1 day. Of 28 to 56 mg, the lower dose is
# left, and without its unit.
# So: "not known" reads as a dose. Take a dose from such a record only if it has a unit, and look
# into the document for a nullFlavor.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" ccda-to-fhir==0.3
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
import logging

from ccda_to_fhir import convert_document

logging.disable(logging.WARNING)
ACT = "2.16.840.1.113883.10.20.22"


def template(root, extension):
    return f'<templateId root="{ACT}.{root}"/><templateId root="{ACT}.{root}" extension="{extension}"/>'


def read(root, extension, code, entry, kind):
    document = f"""<ClinicalDocument xmlns="urn:hl7-org:v3"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><realmCode code="US"/>
    <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
    {template("1.1", "2015-08-01")}{template("1.2", "2015-08-01")}<id root="1.2.3"/>
    <code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/><title>Summary</title>
    <effectiveTime value="20261121"/><confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
    <languageCode code="en-US"/><recordTarget><patientRole><id root="1.2.3.4"/><addr><city>Example</city>
      </addr><telecom value="tel:+1-555-0100"/><patient><name><given>Ann</given><family>Example</family>
      </name><administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
      <birthTime value="19740503"/></patient></patientRole></recordTarget>
    <author><time value="20261121"/><assignedAuthor><id root="1.2.3.5"/><addr><city>Example</city></addr>
      <telecom value="tel:+1-555-0101"/><assignedPerson><name><given>Bo</given><family>Example</family>
      </name></assignedPerson></assignedAuthor></author>
    <custodian><assignedCustodian><representedCustodianOrganization><id root="1.2.3.6"/>
      <name>Example</name><telecom value="tel:+1-555-0102"/><addr><city>Example</city></addr>
      </representedCustodianOrganization></assignedCustodian></custodian>
    <documentationOf><serviceEvent classCode="PCPR"><effectiveTime><low value="20260501"/>
      <high value="20261121"/></effectiveTime></serviceEvent></documentationOf>
    <component><structuredBody><component><section>{template(root, extension)}
      <code code="{code}" codeSystem="2.16.840.1.113883.6.1"/><title>Section</title><text>Section</text>
      <entry>{entry}</entry></section></component></structuredBody></component></ClinicalDocument>"""
    found = [each["resource"] for each in convert_document(document)["bundle"]["entry"]]
    return next(each for each in found if each["resourceType"] == kind)



def medicine(dose, period='<period value="12" unit="h"/>'):
    entry = f"""<substanceAdministration classCode="SBADM" moodCode="EVN">{template("4.16", "2014-06-09")}
    <id root="1.2.3.7"/><statusCode code="active"/>
    <effectiveTime xsi:type="IVL_TS"><low value="20261101"/></effectiveTime>
    <effectiveTime xsi:type="PIVL_TS" operator="A">{period}</effectiveTime>{dose}
    <consumable><manufacturedProduct classCode="MANU">{template("4.23", "2014-06-09")}
      <manufacturedMaterial><code code="6130" codeSystem="2.16.840.1.113883.6.88"
        displayName="ketamine"/></manufacturedMaterial></manufacturedProduct></consumable>
    </substanceAdministration>"""
    dosage = read("2.1.1", "2014-06-09", "10160-0", entry, "MedicationStatement")["dosage"][0]
    quantity = dosage["doseAndRate"][0]["doseQuantity"]
    return quantity["value"], quantity.get("unit"), dosage["timing"]["repeat"]


for dose in (
    '<doseQuantity value="56" unit="mg"/>', '<doseQuantity nullFlavor="UNK"/>',
    '<doseQuantity><low value="28" unit="mg"/><high value="56" unit="mg"/></doseQuantity>',
):
    print(dose, " -> ", *medicine(dose)[:2])
for period in ('<period value="12" unit="h"/>', '<period nullFlavor="UNK"/>'):
    print(period, " -> ", medicine('<doseQuantity value="56" unit="mg"/>', period)[2])
CODE

echo "ccda-to-fhir==0.3"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
<doseQuantity value="56" unit="mg"/>  ->  56 mg
<doseQuantity nullFlavor="UNK"/>  ->  1 None
<doseQuantity><low value="28" unit="mg"/><high value="56" unit="mg"/></doseQuantity>  ->  1 None
<period value="12" unit="h"/>  ->  {'period': 12, 'periodUnit': 'h'}
<period nullFlavor="UNK"/>  ->  {'period': 1, 'periodUnit': 'd'}
FOUND
