#!/usr/bin/env bash
# sdc-populate fills in that somebody born in May 1970 was born on its first day.
#
# Expected: an answer of type date holds what the record has, and a date may be one of a month or a year
# (FHIR R4, "date": "or partial date"); the day of a moment is the day where it was (FHIRPath, toDate()).
# Seen: the first of the month, or of January, for a question of type date; the same value stays as it
# was for one of type dateTime. The day of a moment is the day in the time zone of the machine that
# fills the form: an evening in Chicago is the next day in Greenwich and in Tokyo.
# So: what nobody knew looks like an answer that was given, and the day of the last dose changes with
# the server. Ask for dateTime, and look at how long the answer is.
# Not documented: smartforms.csiro.au/docs/api/sdc-populate; a thread on dates of a year alone
# (github.com/aehrc/smart-forms/pull/352) only says that they are supported.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @aehrc/sdc-populate@4.7.1
cat >"$folder/run.cjs" <<'CODE'
const { populateQuestionnaire } = require("@aehrc/sdc-populate");

const sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-";
const item = (linkId, type, expression) => ({ linkId, type, extension: [{ url: `${sdc}initialExpression`,
  valueExpression: { language: "text/fhirpath", expression } }] });
const questionnaire = { resourceType: "Questionnaire", id: "1", status: "active",
  url: "https://example.org/Questionnaire/1",
  extension: [{ url: `${sdc}launchContext`, extension: [
    { url: "name", valueCoding: { system: "http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext", code: "patient" } },
    { url: "type", valueCode: "Patient" }] }],
  item: [item("born, date", "date", "%patient.birthDate"), item("born, dateTime", "dateTime", "%patient.birthDate"),
    item("died, date", "date", "%patient.deceased")] };

async function main() {
  for (const [birthDate, zone] of [["1970-05-20", "America/Chicago"], ["1970-05", "UTC"], ["1970", "Asia/Tokyo"]]) {
    process.env.TZ = zone;
    const patient = { resourceType: "Patient", id: "1", birthDate, deceasedDateTime: "2026-11-21T23:30:00-06:00" };
    const { populateResult } = await populateQuestionnaire({ questionnaire, patient,
      fetchResourceCallback: async () => ({ resourceType: "Bundle", type: "searchset" }),
      fetchResourceRequestConfig: { sourceServerUrl: "https://example.org" } });
    console.log(`born ${birthDate}, died 2026-11-21T23:30:00-06:00, filled in in ${zone}`);
    for (const { linkId, answer } of populateResult.populatedResponse.item) {
      console.log(`  ${linkId}  ->  ${answer?.map(one => JSON.stringify(one)).join() ?? "nothing"}`);
    }
  }
}
main();
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "@aehrc/sdc-populate@4.7.1"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
born 1970-05-20, died 2026-11-21T23:30:00-06:00, filled in in America/Chicago
  born, date  ->  {"valueDate":"1970-05-20"}
  born, dateTime  ->  {"valueDateTime":"1970-05-20"}
  died, date  ->  {"valueDate":"2026-11-21"}
born 1970-05, died 2026-11-21T23:30:00-06:00, filled in in UTC
  born, date  ->  {"valueDate":"1970-05-01"}
  born, dateTime  ->  {"valueDateTime":"1970-05"}
  died, date  ->  {"valueDate":"2026-11-22"}
born 1970, died 2026-11-21T23:30:00-06:00, filled in in Asia/Tokyo
  born, date  ->  {"valueDate":"1970-01-01"}
  born, dateTime  ->  {"valueDateTime":"1970"}
  died, date  ->  {"valueDate":"2026-11-22"}
FOUND
