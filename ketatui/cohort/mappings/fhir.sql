-- A FHIR R4 bulk export as a table of patients.
--
-- Tables it is given: patient, observation, medication_request and medication_statement, each with
-- one column j (a resource as JSON); and by the criteria: codes (question, panel, code, unit,
-- factor, days), statuses, void_statuses, not_with (panel, code), sex_places (extension, part, kind), sex_codes
-- (extension, system, code, sex), unit_words (word, unit), medicine_states (kind, status), intents
-- (intent). The variables are day and medicine_days.
--
-- Only what is listed is read. Conditions, allergies and forms are not: what is missing there is no
-- "no". Nothing is said of what was reviewed, so a list of medicines stays open.

-- Where a sex is recorded, and which: '' where it is none that is understood. A parameter for
-- clinical use is no sex, and only has to agree with one.
CREATE OR REPLACE VIEW recorded_sex AS
WITH extension AS (
  SELECT j ->> '$.id' AS id, unnest(CAST(j -> '$.extension' AS JSON[])) AS e FROM patient
), place AS (
  SELECT row_number() OVER () AS number, id, kind, sex_places.extension,
    CASE WHEN part = '' THEN [e]
      ELSE list_filter(CAST(e -> '$.extension' AS JSON[]), lambda x: x ->> '$.url' = part)
    END AS parts
  FROM extension JOIN sex_places ON e ->> '$.url' = sex_places.extension
), coded AS (
  SELECT number, id, kind, extension, unnest(list_concat(
    CASE WHEN (parts[1] ->> '$.valueCode') IS NOT NULL
      THEN [json_object('system', '', 'code', parts[1] ->> '$.valueCode')] END,
    CASE WHEN (parts[1] -> '$.valueCoding') IS NOT NULL THEN [parts[1] -> '$.valueCoding'] END,
    CAST(parts[1] -> '$.valueCodeableConcept.coding' AS JSON[]))) AS c
  FROM place WHERE len(parts) = 1
), answered AS (
  SELECT number,
    CASE WHEN count(sex) = count(*) AND min(sex) = max(sex) THEN min(sex) ELSE '' END AS sex
  FROM coded LEFT JOIN sex_codes ON sex_codes.extension = coded.extension
    AND sex_codes.system = coalesce(c ->> '$.system', '') AND sex_codes.code = c ->> '$.code'
  GROUP BY number
)
SELECT id, bool_or(kind = 'birth') AS birth, bool_or(kind <> 'parameter') AS alone,
  CASE WHEN min(coalesce(sex, '')) = max(coalesce(sex, '')) THEN min(coalesce(sex, '')) ELSE '' END
    AS sex
FROM place LEFT JOIN answered USING (number) GROUP BY id;

CREATE OR REPLACE VIEW person AS
SELECT
  j ->> '$.id' AS id,
  -- A date of birth without a day gives no age.
  CASE WHEN regexp_full_match(j ->> '$.birthDate', '\d{4}-\d{2}-\d{2}')
    THEN date_sub('year', TRY_CAST(j ->> '$.birthDate' AS DATE), getvariable('day')) END AS age,
  CASE
    WHEN recorded_sex.id IS NULL THEN gender.sex
    -- Only the sex at birth may differ from the administrative gender.
    WHEN recorded_sex.birth OR recorded_sex.sex = gender.sex THEN nullif(recorded_sex.sex, '')
    WHEN (j ->> '$.gender') IS NULL AND recorded_sex.alone THEN nullif(recorded_sex.sex, '')
  END AS sex
FROM patient
LEFT JOIN recorded_sex ON recorded_sex.id = j ->> '$.id'
LEFT JOIN sex_codes AS gender ON gender.extension = 'gender' AND gender.code = j ->> '$.gender'
-- A line that is no patient is none, and is not one of whom nothing is known.
WHERE (j ->> '$.resourceType') = 'Patient'
  AND coalesce(j ->> '$.deceasedBoolean', 'false') <> 'true'
  AND (j ->> '$.deceasedDateTime') IS NULL;

-- What was measured and cannot be read stays a row without a number: no older value stands in for it.
CREATE OR REPLACE VIEW observed AS
SELECT
  nullif(regexp_extract(j ->> '$.subject.reference', '(^|/)Patient/([^/]+)$', 2), '') AS id,
  -- In Greenwich's time: clocks of two places do not tell which was later.
  TRY_CAST(regexp_replace(said, '(Z|[+-]\d\d:\d\d)$', '') AS TIMESTAMP) - to_minutes(
    CASE WHEN regexp_matches(said, '[+-]\d\d:\d\d$')
      THEN CAST(said[-6:-6] || '1' AS INTEGER)
        * (60 * CAST(said[-5:-4] AS INTEGER) + CAST(said[-2:] AS INTEGER))
      ELSE 0 END) AS moment,
  TRY_CAST(left(said, 10) AS DATE) AS day,
  list_transform(
    list_filter(CAST(j -> '$.code.coding' AS JSON[]), lambda c: c ->> '$.system' = 'http://loinc.org'),
    lambda c: c ->> '$.code') AS panels,
  CAST(j -> '$.component' AS JSON[]) AS components,
  coalesce((j ->> '$.status') IN (SELECT status FROM statuses), false) AS counts,
  j -> '$.valueQuantity' AS quantity
FROM (SELECT j, j ->> '$.effectiveDateTime' AS said FROM observation)
WHERE coalesce(j ->> '$.status', '') NOT IN (SELECT status FROM void_statuses)
  AND (j -> '$.dataAbsentReason') IS NULL;

CREATE OR REPLACE VIEW component AS
SELECT id, moment, day, panels, counts,
  list_transform(CAST(c -> '$.code.coding' AS JSON[]), lambda x: x ->> '$.code') AS parts,
  c -> '$.valueQuantity' AS quantity
FROM (SELECT id, moment, day, panels, counts, unnest(components) AS c FROM observed)
WHERE (c -> '$.dataAbsentReason') IS NULL;

CREATE OR REPLACE VIEW value AS
SELECT seen.id, asked.question, seen.moment, seen.day, asked.days,
  -- A bound is no value, and of a unit whose text is another's nobody knows which was meant.
  CASE WHEN counts AND (quantity ->> '$.system') = 'http://unitsofmeasure.org'
      AND (quantity ->> '$.comparator') IS NULL
      AND (text.unit IS NULL OR text.unit = coalesce(coded.unit, codes.unit))
    THEN TRY_CAST(quantity ->> '$.value' AS DOUBLE) * codes.factor END AS number
FROM (
  SELECT id, moment, day, panels, panels AS parts, quantity,
    counts AND NOT EXISTS (
      SELECT 1 FROM not_with, (SELECT unnest(components) AS c) AS x
      WHERE list_contains(observed.panels, not_with.panel)
        AND (x.c ->> '$.code.coding[0].code') = not_with.code) AS counts
  FROM observed
  UNION ALL
  SELECT id, moment, day, panels, parts, quantity, counts FROM component
) AS seen
JOIN (SELECT DISTINCT question, panel, code, days FROM codes) AS asked
  ON list_contains(seen.panels, asked.panel) AND list_contains(seen.parts, asked.code)
LEFT JOIN codes ON codes.question = asked.question AND codes.panel = asked.panel
  AND codes.code = asked.code AND codes.unit = (seen.quantity ->> '$.code')
LEFT JOIN unit_words AS text ON text.word = lower(trim(seen.quantity ->> '$.unit'))
LEFT JOIN unit_words AS coded ON coded.word = lower(codes.unit);

-- The newest value of each question that is not too old; two different ones of one moment are none.
CREATE OR REPLACE VIEW newest AS
SELECT id, question,
  CASE WHEN count(number) = count(*) AND min(number) = max(number) THEN min(number) END AS number
FROM (
  SELECT *, rank() OVER (PARTITION BY id, question ORDER BY moment DESC) AS place
  FROM value
  WHERE day <= getvariable('day')
    AND (days IS NULL OR day > getvariable('day') - CAST(days AS INTEGER))
)
WHERE place = 1
GROUP BY id, question;

CREATE OR REPLACE VIEW medicine AS
SELECT nullif(regexp_extract(j ->> '$.subject.reference', '(^|/)Patient/([^/]+)$', 2), '') AS id,
  -- A medicine without a name stays one that nobody knows.
  coalesce(
    j ->> '$.medicationCodeableConcept.text',
    j ->> '$.medicationCodeableConcept.coding[0].display') AS name
FROM (
  SELECT j, 'order' AS kind, j ->> '$.authoredOn' AS moment FROM medication_request
  WHERE (j ->> '$.intent') IN (SELECT intent FROM intents)
  UNION ALL
  SELECT j, 'statement', coalesce(j ->> '$.effectivePeriod.start', j ->> '$.dateAsserted')
  FROM medication_statement
) AS taken
JOIN medicine_states
  ON medicine_states.kind = taken.kind AND medicine_states.status = (taken.j ->> '$.status')
WHERE coalesce(TRY_CAST(left(moment, 10) AS DATE), getvariable('day'))
  BETWEEN getvariable('day') - CAST(getvariable('medicine_days') AS INTEGER)
  AND getvariable('day');

CREATE OR REPLACE VIEW patients AS
SELECT
  person.id,
  CAST(person.age AS BIGINT) AS "patient.age",
  person.sex AS "patient.sex",
  weight.number AS "patient.weight_kg",
  height.number AS "patient.height_cm",
  systolic.number AS "vitals.systolic",
  diastolic.number AS "vitals.diastolic",
  pulse.number AS "vitals.heart_rate",
  spo2.number AS "vitals.spo2",
  phq9.number AS "scales.phq9",
  audit_c.number AS "scales.audit_c",
  listed.medications
FROM person
LEFT JOIN newest AS weight ON weight.id = person.id AND weight.question = 'patient.weight_kg'
LEFT JOIN newest AS height ON height.id = person.id AND height.question = 'patient.height_cm'
LEFT JOIN newest AS systolic ON systolic.id = person.id AND systolic.question = 'vitals.systolic'
LEFT JOIN newest AS diastolic ON diastolic.id = person.id AND diastolic.question = 'vitals.diastolic'
LEFT JOIN newest AS pulse ON pulse.id = person.id AND pulse.question = 'vitals.heart_rate'
LEFT JOIN newest AS spo2 ON spo2.id = person.id AND spo2.question = 'vitals.spo2'
LEFT JOIN newest AS phq9 ON phq9.id = person.id AND phq9.question = 'scales.phq9'
LEFT JOIN newest AS audit_c ON audit_c.id = person.id AND audit_c.question = 'scales.audit_c'
LEFT JOIN (
  SELECT id, list({'name': name} ORDER BY name) AS medications FROM medicine GROUP BY id
) AS listed ON listed.id = person.id
ORDER BY person.id;
