#!/usr/bin/env bash
# @atomic-ehr/ucum converts 1 degree Celsius a minute to 273 kelvins a minute, and units of one assay
# to those of another.
#
# Expected: what has degrees in an expression of several units is refused (UCUM, section 21: a special
# unit cannot take part in products and quotients) or is a difference of 1 kelvin; an arbitrary unit is
# comparable with no other (UCUM, section 24). ucum-lhc refuses both.
# Seen: 273.17 with the zero of the scale in it; 5 international units are 5 allergen units, 5 units of
# anti factor Xa, and the bare number 5. isConvertible() says yes to these.
# So: a cooling rate or a dose in "[iU]" comes out of a check of units as anything. Ask isSpecialUnit()
# and isArbitraryUnit() for each part of both units before one converts.
# Not documented: its page (github.com/atomic-ehr/ucum) names both kinds as special; no thread found.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

npm install --silent --no-audit --no-fund --no-package-lock --prefix "$folder" @atomic-ehr/ucum@0.2.5
cat >"$folder/run.mjs" <<'CODE'
import { ucum } from "@atomic-ehr/ucum";

for (const [value, unit, other] of [[37, "Cel", "K"], [1, "Cel/min", "K/min"],
  [5, "[iU]", "[anti'Xa'U]"], [5, "[iU]", "[BAU]"], [5, "[iU]/mL", "[arb'U]/mL"], [5, "[iU]", "1"]]) {
  console.log(`${value} ${unit} in ${other}  ->  ${+ucum.convert(value, unit, other).toFixed(6)}, ` +
    `convertible: ${ucum.isConvertible(unit, other)}`);
}
console.log(`[iU] is arbitrary: ${ucum.isArbitraryUnit("[iU]")}, Cel is special: ${ucum.isSpecialUnit("Cel")}`);
CODE
node "$folder/run.mjs" >"$folder/seen.txt"

echo "@atomic-ehr/ucum@0.2.5"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
37 Cel in K  ->  310.15, convertible: true
1 Cel/min in K/min  ->  273.166667, convertible: true
5 [iU] in [anti'Xa'U]  ->  5, convertible: true
5 [iU] in [BAU]  ->  5, convertible: true
5 [iU]/mL in [arb'U]/mL  ->  5, convertible: true
5 [iU] in 1  ->  5, convertible: true
[iU] is arbitrary: true, Cel is special: true
FOUND
