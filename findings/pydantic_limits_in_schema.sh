#!/usr/bin/env bash
# A number type of one's own keeps its limits in pydantic's validation and loses them in its JSON Schema.
#
# Expected: a field's ge and le, given where a type with WithJsonSchema is used, stand in the field's
# schema beside what WithJsonSchema says of the type, as its description does.
# Seen: title and description come through, minimum and maximum do not, whether the limits stand in
# Field or in Annotated; validation refuses 3 all the same. Without WithJsonSchema they are there.
# So: an editor that checks by the schema takes what the program refuses; add the limits with
# json_schema_extra, or hold the schema against the model's refusals in a test.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" pydantic==2.14.4
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" <<'CODE'
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError, WithJsonSchema

Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]


class Weighed(BaseModel):
    plain: float = Field(60, ge=20, le=300, description="kilograms")
    own: Number = Field(Decimal(60), ge=20, le=300, description="kilograms")
    inner: Annotated[Number, Field(ge=20, le=300, description="kilograms")] = Decimal(60)


for name, schema in Weighed.model_json_schema()["properties"].items():
    try:
        Weighed(**{name: 3})
        said = "taken"
    except ValidationError as error:
        said = error.errors()[0]["type"]
    print(name, "schema:", *sorted(schema), "| 3:", said)
CODE

echo "pydantic==2.14.4"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
plain schema: default description maximum minimum title type | 3: greater_than_equal
own schema: default description title type | 3: greater_than_equal
inner schema: default description title type | 3: greater_than_equal
FOUND
