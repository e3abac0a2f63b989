#!/usr/bin/env bash
# HL7's own examples of FHIR R4 carry units under UCUM's address that UCUM does not have.
#
# Expected: a quantity with the system http://unitsofmeasure.org has a code of UCUM (R4, "Datatypes",
# Quantity, and "Using UCUM with FHIR"), at least in the examples of the standard.
# Seen: mcg, mEq, drop, ea, ml/hr, month, and tablets as TAB or tbl. The checker is that of LHC, NLM.
# So: a reader that looks at system and code alone cannot take the system's word for it. "mcg" is in
# what people learn from, and a unit that is not known has to stay open instead of being passed over.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

examples=hl7.fhir.r4.examples@4.0.1
checker=@lhncbc/ucum-lhc@7.1.10
npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" "$checker"
(cd "$folder" && tar -xzf "$(npm pack --silent "$examples")")
cat >"$folder/run.cjs" <<'CODE'
const fs = require("fs");
const checker = require("@lhncbc/ucum-lhc").UcumLhcUtils.getInstance();

const unknown = {};
let quantities = 0;
function look(value, file) {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value) && value.system === "http://unitsofmeasure.org"
      && value.code && "value" in value) {
    quantities += 1;
    if (checker.validateUnitString(value.code).status !== "valid") {
      (unknown[value.code] ??= new Set()).add(file);
    }
  }
  for (const part of Object.values(value)) look(part, file);
}

const folder = `${__dirname}/package`;
for (const file of fs.readdirSync(folder).filter(name => name.endsWith(".json")).sort()) {
  look(JSON.parse(fs.readFileSync(`${folder}/${file}`, "utf-8")), file);
}
console.log(`${quantities} quantities with a code of UCUM`);
for (const code of Object.keys(unknown).sort()) {
  console.log(`${code}  in ${unknown[code].size}, such as ${[...unknown[code]][0]}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "$examples, $checker"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
526 quantities with a code of UCUM
TAB  in 2, such as Claim-760151.json
drop  in 2, such as MedicationDispense-meddisp0309.json
ea  in 10, such as MedicationDispense-meddisp0324.json
mEq  in 2, such as MedicationDispense-meddisp0313.json
mcg  in 2, such as MedicationDispense-meddisp0318.json
ml/hr  in 1, such as MedicationRequest-medrx0319.json
month  in 1, such as VisionPrescription-33124.json
tbl  in 1, such as Bundle-father.json
FOUND
