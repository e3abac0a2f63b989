#!/usr/bin/env bash
# Medplum's C-CDA reader gives every dose in international units.
#
# Expected: the dose of a medicine is a number and its unit of UCUM (C-CDA 2.1, "Medication
# Activity", doseQuantity): 56 mg is 56 mg, and one of 2 without a unit counts tablets.
# Seen: 56, 0.5 and 2 [IU]. The day 202611 of the start, of which the month is known, is January 1.
# So: neither unit nor start of a medicine that came this way can be used. Read them in the
# document.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @medplum/ccda@5.1.10
cat >"$folder/run.cjs" <<'CODE'
globalThis.WebSocket ??= class {}; // Node 20 has none, and nothing is sent here.
const { convertXmlToCcda, convertCcdaToFhir } = require("@medplum/ccda");

const people = `<languageCode code="en-US"/><recordTarget><patientRole><id root="1.2.3.4"/>
    <addr><city>Example</city></addr><telecom value="tel:+1-555-0100"/><patient><name><given>Ann</given>
    <family>Example</family></name><administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
    <birthTime value="19740503"/></patient></patientRole></recordTarget>
  <author><time value="20261121"/><assignedAuthor><id root="1.2.3.5"/><addr><city>Example</city></addr>
    <telecom value="tel:+1-555-0101"/><assignedPerson><name><given>Bo</given><family>Example</family></name>
    </assignedPerson></assignedAuthor></author>
  <custodian><assignedCustodian><representedCustodianOrganization><id root="1.2.3.6"/>
    <name>Example</name><telecom value="tel:+1-555-0102"/><addr><city>Example</city></addr>
    </representedCustodianOrganization></assignedCustodian></custodian>
  <documentationOf><serviceEvent classCode="PCPR"><effectiveTime><low value="20260501"/>
    <high value="20261121"/></effectiveTime></serviceEvent></documentationOf>`;
const template = (root, extension) => `<templateId root="2.16.840.1.113883.10.20.22.${root}"/>` +
  `<templateId root="2.16.840.1.113883.10.20.22.${root}" extension="${extension}"/>`;

const medicine = (number, dose) => `<entry><substanceAdministration classCode="SBADM" moodCode="EVN">
  ${template("4.16", "2014-06-09")}<id root="1.2.3.3" extension="${number}"/><statusCode code="active"/>
  <effectiveTime xsi:type="IVL_TS"><low value="202611"/></effectiveTime><doseQuantity ${dose}/>
  <consumable><manufacturedProduct classCode="MANU">${template("4.23", "2014-06-09")}
    <manufacturedMaterial><code code="6130" codeSystem="2.16.840.1.113883.6.88"
      displayName="ketamine"/></manufacturedMaterial></manufacturedProduct></consumable>
  </substanceAdministration></entry>`;
const document = dose => `<ClinicalDocument xmlns="urn:hl7-org:v3"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><realmCode code="US"/>
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>${template("1.1", "2015-08-01")}${template("1.2", "2015-08-01")}
  <id root="1.2.3"/><code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/><title>Summary</title>
  <effectiveTime value="20261121"/><confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
  ${people}
  <component><structuredBody><component><section>${template("2.1.1", "2014-06-09")}
    <code code="10160-0" codeSystem="2.16.840.1.113883.6.1"/><title>Medications</title>
    <text>Medications</text>${medicine(1, dose)}</section></component></structuredBody></component>
  </ClinicalDocument>`;
for (const dose of ['value="56" unit="mg"', 'value="0.5" unit="mg/kg"', 'value="2"']) {
  const read = convertCcdaToFhir(convertXmlToCcda(document(dose))).entry
    .map(each => each.resource).find(each => each.resourceType === "MedicationRequest");
  const { value, code } = read.dosageInstruction[0].doseAndRate[0].doseQuantity;
  console.log(`${dose}  ->  ${value} ${code}, from ${read.dispenseRequest.validityPeriod.start}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "@medplum/ccda@5.1.10"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
value="56" unit="mg"  ->  56 [IU], from 2026-01-01T00:00:00Z
value="0.5" unit="mg/kg"  ->  0.5 [IU], from 2026-01-01T00:00:00Z
value="2"  ->  2 [IU], from 2026-01-01T00:00:00Z
FOUND
