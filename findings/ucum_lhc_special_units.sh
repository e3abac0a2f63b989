#!/usr/bin/env bash
# ucum-lhc says that a slope of 100 % rises by 0.79 degrees, and that water boils at 168 °C.
#
# Expected: 45 degrees, as a treadmill's incline has it, and 100 °C for 80 degrees Réaumur; UCUM gives
# both units as functions with their inverses ("%[slope]" and "[degRe]", section 22).
# Seen: the angle is counted in radians and called degrees, and back again 45 degrees are 162 % (UCUM's
# file itself names radians in one place of the definition and degrees in the other); Réaumur has the
# offset of Celsius. The status is "succeeded". Celsius and Fahrenheit are right, and
# @atomic-ehr/ucum 0.2.5 has all of these right.
# So: what validates units for most tools of FHIR in JavaScript is no reference for special ones.
# Compare each special unit that is used with a value that one knows.
# Documented in part: for Réaumur there is a proposal (github.com/LHNCBC/ucum-lhc/pull/61), for the
# slope nothing was found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @lhncbc/ucum-lhc@7.1.10
cat >"$folder/run.cjs" <<'CODE'
const utils = require("@lhncbc/ucum-lhc").UcumLhcUtils.getInstance();

for (const [value, unit, other] of [[100, "%[slope]", "deg"], [10, "%[slope]", "deg"], [45, "deg", "%[slope]"],
  [80, "[degRe]", "Cel"], [0, "[degRe]", "Cel"], [29.6, "[degRe]", "Cel"], [98.6, "[degF]", "Cel"]]) {
  const { status, toVal } = utils.convertUnitTo(unit, value, other);
  console.log(`${value} ${unit} in ${other}  ->  ${status}, ${toVal?.toFixed(4)}`);
}
CODE
node "$folder/run.cjs" >"$folder/seen.txt"

echo "@lhncbc/ucum-lhc@7.1.10"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
100 %[slope] in deg  ->  succeeded, 0.7854
10 %[slope] in deg  ->  succeeded, 0.0997
45 deg in %[slope]  ->  succeeded, 161.9775
80 [degRe] in Cel  ->  succeeded, 168.2875
0 [degRe] in Cel  ->  succeeded, 68.2875
29.6 [degRe] in Cel  ->  succeeded, 105.2875
98.6 [degF] in Cel  ->  succeeded, 37.0000
FOUND
