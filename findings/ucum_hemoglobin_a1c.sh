#!/usr/bin/env bash
# By UCUM, a diabetic's hemoglobin A1c of 48 mmol/mol is a healthy 4.8 %.
#
# Expected: 6.5 %, the limit of diabetes, as every laboratory prints beside it: percent of NGSP and
# mmol/mol of IFCC are two methods, tied by NGSP = 0.0915 x IFCC + 2.15 (ngsp.org/ifccngsp.asp).
# Seen: both units are ratios without a dimension to UCUM, so all conversions succeed, with an annotation
# too, and give a tenth. Of 6.5 % come 65 mmol/mol, which are 8.1 %. LOINC has a code for each method
# (4548-4 and 59261-8), and no library of units asks for it.
# So: a value that is converted because its unit can be converted changes its meaning in silence, up and
# down. Convert only between units of the same code, and tie methods by their own equation.
# UCUM is followed here; that this is no unit conversion stands on no page of these libraries.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" \
  @lhncbc/ucum-lhc@7.1.10 @atomic-ehr/ucum@0.2.5
cat >"$folder/run.mjs" <<'CODE'
import lhc from "@lhncbc/ucum-lhc";
import { ucum } from "@atomic-ehr/ucum";

const utils = lhc.UcumLhcUtils.getInstance();
for (const [value, unit, other] of [[48, "mmol/mol", "%"], [48, "mmol/mol{Hb}", "%{Hb}"], [6.5, "%", "mmol/mol"]]) {
  const { status, toVal } = utils.convertUnitTo(unit, value, other);
  console.log(`${value} ${unit} in ${other}  ->  ucum-lhc ${status}, ${+toVal.toFixed(6)}; ` +
    `@atomic-ehr/ucum ${+ucum.convert(value, unit, other).toFixed(6)}`);
}
console.log(`48 mmol/mol by NGSP's equation  ->  ${(0.0915 * 48 + 2.15).toFixed(1)} %`);
CODE
node "$folder/run.mjs" >"$folder/seen.txt"

echo "@lhncbc/ucum-lhc@7.1.10 @atomic-ehr/ucum@0.2.5"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
48 mmol/mol in %  ->  ucum-lhc succeeded, 4.8; @atomic-ehr/ucum 4.8
48 mmol/mol{Hb} in %{Hb}  ->  ucum-lhc succeeded, 4.8; @atomic-ehr/ucum 4.8
6.5 % in mmol/mol  ->  ucum-lhc succeeded, 65; @atomic-ehr/ucum 65
48 mmol/mol by NGSP's equation  ->  6.5 %
FOUND
