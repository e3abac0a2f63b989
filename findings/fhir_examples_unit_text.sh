#!/usr/bin/env bash
# An example of HL7's patient summary says 40 micrograms to people, and 40 milligrams to programs.
#
# Expected: "unit" is what people read of a quantity and "code" what programs read of the same unit
# (R4, "Datatypes", Quantity), at least in the examples of the standards.
# Seen: simvastatin of 40 "mcg" with the code mg in IPS 2.0.0. In R4's examples a bone density in
# "g/cm²" has the code of a gram times a square centimeter, and an age of 74 "yr" is in barns, a
# unit of area.
# So: a value is only understood if both say the same. A reader that takes one of them is wrong by a
# thousand, whichever it takes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

summaries=hl7.fhir.uv.ips@2.0.0
examples=hl7.fhir.r4.examples@4.0.1
checker=@lhncbc/ucum-lhc@7.1.10
npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" "$checker"
for package in "$summaries" "$examples"; do
  mkdir -p "$folder/$package"
  (cd "$folder/$package" && tar -xzf "$(npm pack --silent "$package")")
done
cat >"$folder/run.cjs" <<'CODE'
const fs = require("fs");
const checker = require("@lhncbc/ucum-lhc").UcumLhcUtils.getInstance();

// What people write for units of UCUM; a text that is no code of UCUM and not here is not judged.
const words = { mcg: "ug", lbs: "[lb_av]", in: "[in_i]", mmHg: "mm[Hg]", "mm Hg": "mm[Hg]", C: "Cel",
  "°C": "Cel", "degrees C": "Cel", yr: "a", yrs: "a", years: "a", days: "d", Day: "d", hour: "h",
  minute: "min", minutes: "min", "g/cm²": "g/cm2", "ml/hr": "mL/h", grams: "g", milligrams: "mg" };
let compared = 0;
function look(value, place) {
  if (value === null || typeof value !== "object") return;
  const { system, unit, code } = value;
  if (system === "http://unitsofmeasure.org" && typeof unit === "string" && "value" in value && code) {
    const meant = words[unit] ?? unit;
    const known = [meant, code].every(each => !each.includes(" ")
      && checker.validateUnitString(each).status === "valid");
    if (known) {
      compared += 1;
      const said = checker.convertUnitTo(meant, 1, code);
      if (said.status !== "succeeded" || Math.abs(said.toVal - 1) > 1e-9) {
        console.log(`${place}: ${value.value} "${unit}", code ${code}`);
      }
    }
  }
  for (const part of Object.values(value)) look(part, place);
}

for (const [name, folder] of [["IPS", process.argv[2]], ["R4", process.argv[3]]]) {
  for (const file of fs.readdirSync(folder, { recursive: true }).sort()) {
    if (!file.endsWith(".json")) continue;
    look(JSON.parse(fs.readFileSync(`${folder}/${file}`, "utf-8")), `${name}, ${file.split("/").at(-1)}`);
  }
}
console.log(`${compared} quantities compared`);
CODE
node "$folder/run.cjs" "$folder/$summaries/package/example" "$folder/$examples/package" >"$folder/seen.txt"

echo "$summaries, $examples, $checker"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
IPS, Medication-eumfh-39-07-1.json: 40 "mcg", code mg
R4, List-example-double-cousin-relationship.json: 74 "yr", code b
R4, Observation-bmd.json: 0.887 "g/cm²", code g/cm-2
324 quantities compared
FOUND
