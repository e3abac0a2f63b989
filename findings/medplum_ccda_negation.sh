#!/usr/bin/env bash
# Medplum's C-CDA reader makes a confirmed diagnosis of one that was denied.
#
# Expected: a problem with negationInd="true" says that the patient does not have it (C-CDA 2.1,
# "Problem Observation"), in FHIR a Condition with the verification status "refuted" (C-CDA on FHIR,
# "Problems"); a medicine with it was not given ("Medication Activity").
# Seen: the same as without it: a condition that is confirmed and active, and an active order.
# So: what was read with it cannot be taken for what a record says. Read negationInd in the
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

const problem = negated => `<entry><act classCode="ACT" moodCode="EVN">${template("4.3", "2015-08-01")}
  <id root="1.2.3.1" extension="${negated}"/><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/>
  <statusCode code="active"/><effectiveTime><low value="20260501"/></effectiveTime>
  <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN" negationInd="${negated}">
    ${template("4.4", "2015-08-01")}<id root="1.2.3.2" extension="${negated}"/>
    <code code="55607006" codeSystem="2.16.840.1.113883.6.96"/><statusCode code="completed"/>
    <effectiveTime><low value="20260501"/></effectiveTime>
    <value xsi:type="CD" code="233985008" codeSystem="2.16.840.1.113883.6.96"
      displayName="Abdominal aortic aneurysm"/></observation></entryRelationship></act></entry>`;
const medicine = negated => `<entry><substanceAdministration classCode="SBADM" moodCode="EVN"
    negationInd="${negated}">${template("4.16", "2014-06-09")}<id root="1.2.3.3" extension="${negated}"/>
  <statusCode code="active"/><effectiveTime xsi:type="IVL_TS"><low value="20260501"/></effectiveTime>
  <consumable><manufacturedProduct classCode="MANU">${template("4.23", "2014-06-09")}
    <manufacturedMaterial><code code="6130" codeSystem="2.16.840.1.113883.6.88"
      displayName="ketamine"/></manufacturedMaterial></manufacturedProduct></consumable>
  </substanceAdministration></entry>`;
const section = (root, extension, code, entries) => `<component><section>${template(root, extension)}
  <code code="${code}" codeSystem="2.16.840.1.113883.6.1"/><title>Section</title><text>Section</text>
  ${entries}</section></component>`;
const document = negated => `<ClinicalDocument xmlns="urn:hl7-org:v3"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><realmCode code="US"/>
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>${template("1.1", "2015-08-01")}${template("1.2", "2015-08-01")}
  <id root="1.2.3"/><code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/><title>Summary</title>
  <effectiveTime value="20261121"/><confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
  ${people}
  <component><structuredBody>${section("2.5.1", "2015-08-01", "11450-4", problem(negated))}
    ${section("2.1.1", "2014-06-09", "10160-0", medicine(negated))}
  </structuredBody></component></ClinicalDocument>`;
for (const negated of [false, true]) {
  for (const { resource } of convertCcdaToFhir(convertXmlToCcda(document(negated))).entry) {
    const said = [resource.verificationStatus, resource.clinicalStatus].filter(each => each)
      .map(each => each.coding[0].code).concat(resource.status ?? []);
    if (["Condition", "MedicationRequest"].includes(resource.resourceType)) {
      console.log(`negationInd ${negated}, ${resource.resourceType}  ->  ${said.join(", ")}`);
    }
  }
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "@medplum/ccda@5.1.10"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
negationInd false, Condition  ->  confirmed, active
negationInd false, MedicationRequest  ->  active
negationInd true, Condition  ->  confirmed, active
negationInd true, MedicationRequest  ->  active
FOUND
