-- A FHIR R4 bulk export as a table of patients.
--
-- Tables it is given: patient, observation, medication_request and medication_statement, each with
-- one column j (a resource as JSON); and by the criteria: panels (code, reading; '' for a code that
-- asks something else), parts (reading, question, part, scale, low, high, whole, rounded, below,
-- days; part '' for the observation itself), units (question, unit, factor), statuses,
-- void_statuses, not_with (reading, code), sex_places (extension, part, kind), sex_codes (extension,
-- system, code, sex), unit_words (word, unit), medicine_states (kind, status), intents (intent). The
-- variables are day, oldest (an age) and medicine_days.
--
-- It takes what one record proposes (ketatui prefill), or less: where this and that differ, a value
-- is open here.
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

-- A patient a row, less who died and whose record is no longer in use or another one's stands for.
-- Of two that differ and of one with a modifier nobody knows what is true: only that they are there.
CREATE OR REPLACE VIEW person AS
WITH one AS (
  SELECT j ->> '$.id' AS id, any_value(j) AS j,
    min(CAST(j AS VARCHAR)) = max(CAST(j AS VARCHAR))
      AND NOT contains(any_value(CAST(j AS VARCHAR)), '"modifierExtension"')
      AND NOT contains(any_value(CAST(j AS VARCHAR)), '"implicitRules"') AS plain
  -- A line that is no patient is none, and is not one of whom nothing is known.
  FROM patient WHERE (j ->> '$.resourceType') = 'Patient' GROUP BY ALL
)
SELECT
  one.id, plain,
  -- A date of birth without a day gives no age.
  CASE WHEN plain AND regexp_full_match(j ->> '$.birthDate', '\d{4}-\d{2}-\d{2}')
    AND TRY_CAST(j ->> '$.birthDate' AS DATE) <= getvariable('day')
    THEN date_sub('year', TRY_CAST(j ->> '$.birthDate' AS DATE), getvariable('day')) END AS years,
  CASE WHEN years <= coalesce(getvariable('oldest'), years) THEN years END AS age,
  CASE
    WHEN NOT plain THEN NULL
    WHEN recorded_sex.id IS NULL THEN gender.sex
    -- Only the sex at birth may differ from the administrative gender.
    WHEN recorded_sex.birth OR recorded_sex.sex = gender.sex THEN nullif(recorded_sex.sex, '')
    WHEN (j ->> '$.gender') IS NULL AND recorded_sex.alone THEN nullif(recorded_sex.sex, '')
  END AS sex
FROM one
LEFT JOIN recorded_sex ON recorded_sex.id = one.id
LEFT JOIN sex_codes AS gender ON gender.extension = 'gender' AND gender.code = j ->> '$.gender'
WHERE coalesce(j ->> '$.deceasedBoolean', 'false') <> 'true'
  AND (j ->> '$.deceasedDateTime') IS NULL
  AND (j -> '$._deceasedDateTime') IS NULL
  AND ((j -> '$._deceasedBoolean') IS NULL OR (j ->> '$.deceasedBoolean') IS NOT NULL)
  AND coalesce(j ->> '$.active', 'true') <> 'false'
  AND NOT contains(coalesce(CAST(j -> '$.link[*].type' AS VARCHAR), ''), '"replaced-by"');

-- What was measured, and when: an observation a row, of those whose codes answer one reading. What
-- cannot be taken (a status that is not final, a modifier, a date without a day, two of one id that
-- differ) stays a row that does not count: no older value stands in for it.
CREATE OR REPLACE VIEW observed AS
WITH coded AS (
  SELECT j, row_number() OVER () AS number,
    list_transform(
      list_filter(CAST(j -> '$.code.coding' AS JSON[]), lambda c: c ->> '$.system' = 'http://loinc.org'),
      lambda c: c ->> '$.code') AS codes
  FROM observation WHERE (j ->> '$.resourceType') = 'Observation'
), asked AS (
  SELECT number, any_value(j) AS j, any_value(codes) AS codes, min(reading) AS reading
  FROM (SELECT number, j, codes, unnest(codes) AS code FROM coded) JOIN panels USING (code)
  -- A code that looks like one and asks something else is of no reading.
  GROUP BY number HAVING min(reading) = max(reading) AND min(reading) <> ''
), said AS (
  SELECT number, j, codes, reading, CAST(j AS VARCHAR) AS text,
    coalesce(j ->> '$.effectiveDateTime', j ->> '$.effectiveInstant',
      j ->> '$.effectivePeriod.end', j ->> '$.effectivePeriod.start') AS stamp
  FROM asked
), dated AS (
  SELECT *,
    CASE WHEN regexp_full_match(stamp,
      '\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)')
    THEN regexp_replace(regexp_replace(stamp, '(Z|[+-]\d\d:\d\d)$', ''), 'T(\d\d:\d\d)$', 'T\1:00')
    END AS clock,
    regexp_full_match(stamp, '\d{4}(-\d\d)?') AS in_part,
    -- Whatever in it may turn what it says; looked for in all of it, to be sure.
    contains(text, '"modifierExtension"') OR contains(text, '"implicitRules"')
      OR contains(text, '"SUBSETTED"')
      OR len(list_filter(json_keys(j), lambda k: regexp_full_match(k, 'value[A-Z].*'))) > 1
      OR len(list_filter(json_keys(j), lambda k: regexp_full_match(k, 'effective[A-Z].*'))) > 1
      OR coalesce(len(list_filter(CAST(j -> '$.component' AS JSON[]), lambda c:
        len(list_filter(json_keys(c), lambda k: regexp_full_match(k, 'value[A-Z].*'))) > 1)), 0) > 0
      OR ((j ->> '$.id') IS NOT NULL AND min(text) OVER same <> max(text) OVER same) AS turned
  FROM said WINDOW same AS (PARTITION BY j ->> '$.id')
), placed AS (
  SELECT number, j, codes, reading, turned,
    nullif(regexp_extract(j ->> '$.subject.reference',
      '(^|/)Patient/([^/]+)(/_history/[^/]+)?$', 2), '') AS id,
    -- In Greenwich's time: clocks of two places do not tell which was later.
    TRY_CAST(clock AS TIMESTAMP) - to_minutes(
      CASE WHEN regexp_matches(stamp, '[+-]\d\d:\d\d$')
        THEN CAST(stamp[-6:-6] || '1' AS INTEGER)
          * (60 * CAST(stamp[-5:-4] AS INTEGER) + CAST(stamp[-2:] AS INTEGER))
        ELSE 0 END) AS moment,
    CASE
      WHEN clock IS NOT NULL THEN CAST(TRY_CAST(clock AS TIMESTAMP) AS DATE)
      WHEN regexp_full_match(stamp, '\d{4}-\d\d-\d\d') THEN TRY_CAST(stamp AS DATE)
      -- Of this month or year, it may be from any day of it, but what is of today is newer.
      WHEN in_part THEN least(getvariable('day') - 1,
        last_day(TRY_CAST(rpad(stamp, 7, '-12') || '-01' AS DATE)))
    END AS day,
    coalesce(NOT turned AND NOT in_part
      AND (j ->> '$.status') IN (SELECT status FROM statuses), false) AS counts
  FROM dated
)
SELECT number, j, codes, reading, id, moment, day, counts
FROM placed
WHERE day <= getvariable('day')
  AND coalesce(j ->> '$.status', '') NOT IN (SELECT status FROM void_statuses)
  -- Of something else than the patient.
  AND (turned OR (j -> '$.focus[0]') IS NULL)
  -- That nothing was measured hides nothing; of a scale, it says that it was not finished.
  AND NOT (counts AND (j -> '$.dataAbsentReason') IS NOT NULL
    AND reading NOT IN (SELECT reading FROM parts WHERE scale));

-- What each part of a reading comes to; null where it is not one value that its question takes.
CREATE OR REPLACE VIEW value AS
WITH part AS (
  SELECT observed.*, parts.* EXCLUDE (reading),
    CASE WHEN parts.part = '' THEN [j]
      ELSE list_filter(CAST(j -> '$.component' AS JSON[]), lambda c: list_contains(
        list_transform(
          list_filter(CAST(c -> '$.code.coding' AS JSON[]), lambda x: x ->> '$.system' = 'http://loinc.org'),
          lambda x: x ->> '$.code'), parts.part))
    END AS held
  FROM observed JOIN parts USING (reading)
), single AS (
  SELECT *, held[1] -> '$.valueQuantity' AS quantity, held[1] -> '$.valueInteger' AS whole_score
  FROM part
), read AS (
  SELECT single.id, single.reading, single.question, single.number, single.moment, single.day,
    days, below, low, high, whole, rounded,
    CASE
      WHEN NOT counts OR len(held) IS DISTINCT FROM 1
        OR (held[1] -> '$.dataAbsentReason') IS NOT NULL
        OR (quantity ->> '$.comparator') IS NOT NULL
        OR EXISTS (
          SELECT 1 FROM not_with, (SELECT unnest(CAST(j -> '$.component' AS JSON[])) AS c) AS x
          WHERE not_with.reading = single.reading
            AND list_contains(x.c ->> '$.code.coding[*].code', not_with.code))
        THEN NULL
      -- A total beside items, which may say otherwise, is looked at by a person.
      WHEN scale THEN CASE
        WHEN (j -> '$.component[0]') IS NOT NULL OR (j -> '$.hasMember[0]') IS NOT NULL THEN NULL
        WHEN json_type(whole_score) IN ('UBIGINT', 'BIGINT') THEN TRY_CAST(whole_score AS DOUBLE)
        WHEN (quantity ->> '$.code') IS NULL OR units.unit IS NOT NULL THEN amount END
      WHEN units.unit IS NOT NULL
        -- Of a unit whose text is another's nobody knows which was meant.
        AND (text.unit IS NULL OR text.unit = coalesce(coded.unit, units.unit))
        THEN CASE units.factor WHEN 1 THEN amount ELSE round(amount * units.factor, 2) END
    END AS amount
  FROM (
    SELECT *, CASE WHEN json_type(quantity -> '$.value') IN ('UBIGINT', 'BIGINT', 'DOUBLE')
      THEN TRY_CAST(quantity ->> '$.value' AS DOUBLE) END AS amount
    FROM single
  ) AS single
  LEFT JOIN units ON units.question = single.question AND units.unit = (quantity ->> '$.code')
    AND (quantity ->> '$.system') = 'http://unitsofmeasure.org'
  LEFT JOIN unit_words AS text ON text.word = lower(trim(quantity ->> '$.unit'))
  LEFT JOIN unit_words AS coded ON coded.word = lower(units.unit)
), kept AS (
  SELECT * EXCLUDE (amount, low, high, whole, rounded),
    CASE WHEN amount >= coalesce(low, amount) AND amount <= coalesce(high, amount)
      AND (NOT whole OR amount = floor(amount)) THEN amount END AS amount
  FROM (
    SELECT * REPLACE (CASE WHEN rounded THEN floor(amount + 0.5) ELSE amount END AS amount) FROM read
  )
), together AS (
  -- The values of one reading are taken together or not at all.
  SELECT *, count(*) OVER same = count(amount) OVER same AS complete,
    list({'question': question, 'amount': amount}) OVER same AS all_of_it
  FROM kept WINDOW same AS (PARTITION BY number)
)
SELECT id, reading, question, moment, day, days,
  CASE WHEN complete AND NOT bool_or(len(list_filter(all_of_it,
      lambda x: x.question = below AND x.amount <= amount)) > 0) OVER (PARTITION BY number)
    THEN amount END AS number
FROM together;

-- The newest reading that is not too old; two different ones of one time are none. A day without its
-- time may be before or after the others of that day.
CREATE OR REPLACE VIEW newest AS
WITH latest AS (
  SELECT *, max(moment) OVER same AS last_moment,
    max(day) FILTER (moment IS NULL) OVER same AS last_day,
    max(day) OVER same AS last_of_all
  FROM value WINDOW same AS (PARTITION BY id, reading)
), agreed AS (
  SELECT id, reading, question, min(number) AS number,
    coalesce(count(number) = count(*) AND min(number) = max(number), false) AS agrees,
    coalesce(bool_and(day > getvariable('day') - CAST(days AS INTEGER)), true) AS is_new
  FROM latest
  WHERE CASE WHEN moment IS NULL THEN day >= last_of_all
    ELSE moment >= last_moment AND day >= coalesce(last_day, day) END
  GROUP BY id, reading, question
)
SELECT id, question, CASE WHEN is_new AND every THEN number END AS number
FROM (SELECT *, bool_and(agrees) OVER (PARTITION BY id, reading) AS every FROM agreed);

-- What is taken: not what an order says not to take, nor what ended. A date that is known to the month
-- or year only is its last day.
CREATE OR REPLACE VIEW medicine AS
WITH taken AS (
  SELECT j, 'order' AS kind, j ->> '$.authoredOn' AS moment,
    j ->> '$.dispenseRequest.validityPeriod.end' AS ending,
    j ->> '$.dispenseRequest.validityPeriod.start' AS beginning,
    CAST(j -> '$.dosageInstruction' AS JSON[]) AS instructions
  FROM medication_request
  WHERE (j ->> '$.intent') IN (SELECT intent FROM intents)
    AND coalesce(j ->> '$.doNotPerform', 'false') <> 'true'
  UNION ALL
  SELECT j, 'statement',
    coalesce(j ->> '$.dateAsserted', j ->> '$.effectiveDateTime', j ->> '$.effectivePeriod.start'),
    j ->> '$.effectivePeriod.end',
    coalesce(j ->> '$.effectivePeriod.start', j ->> '$.effectiveDateTime'),
    CAST(j -> '$.dosage' AS JSON[])
  FROM medication_statement
  -- Of FHIR STU3 and DSTU2, in which a statement may be of what is not taken.
  WHERE coalesce(j ->> '$.taken', 'y') = 'y' AND coalesce(j ->> '$.wasNotTaken', 'false') <> 'true'
), placed AS (
  SELECT j, kind, strftime(getvariable('day'), '%Y-%m-%d') AS today, beginning, ending,
    list_transform(instructions, lambda i: i ->> '$.timing.repeat.boundsPeriod.end') AS ends,
    CASE WHEN regexp_full_match(moment, '\d{4}(-\d\d)?')
      THEN CASE WHEN moment <= left(strftime(getvariable('day'), '%Y-%m-%d'), length(moment))
        THEN least(getvariable('day'), last_day(TRY_CAST(rpad(moment, 7, '-12') || '-01' AS DATE)))
        ELSE getvariable('day') + 1 END
      ELSE coalesce(TRY_CAST(left(moment, 10) AS DATE), getvariable('day')) END AS day
  FROM taken
)
SELECT
  nullif(regexp_extract(j ->> '$.subject.reference',
    '(^|/)Patient/([^/]+)(/_history/[^/]+)?$', 2), '') AS id,
  -- A medicine without a name stays one that nobody knows.
  coalesce(
    j ->> '$.medicationCodeableConcept.text',
    j ->> '$.medicationCodeableConcept.coding[0].display') AS name
FROM placed
JOIN medicine_states
  ON medicine_states.kind = placed.kind AND medicine_states.status = (j ->> '$.status')
WHERE day BETWEEN getvariable('day') - CAST(getvariable('medicine_days') AS INTEGER)
    AND getvariable('day')
  AND NOT contains(CAST(j AS VARCHAR), '"modifierExtension"')
  AND NOT contains(CAST(j AS VARCHAR), '"implicitRules"')
  AND NOT contains(CAST(j AS VARCHAR), '"SUBSETTED"')
  AND coalesce(left(ending, 10) >= left(today, length(left(ending, 10))), true)
  AND coalesce(left(beginning, 10) <= left(today, length(left(beginning, 10))), true)
  -- Instructions that all say until when, and none until today.
  AND NOT coalesce(len(ends) > 0 AND len(list_filter(ends,
    lambda e: coalesce(left(e, 10) >= left(today, length(left(e, 10))), true))) = 0, false);

CREATE OR REPLACE VIEW patients AS
SELECT
  person.id,
  CAST(person.age AS BIGINT) AS "patient.age",
  person.sex AS "patient.sex",
  known."patient.weight_kg",
  known."patient.height_cm",
  known."vitals.systolic",
  known."vitals.diastolic",
  known."vitals.heart_rate",
  known."vitals.spo2",
  known."scales.phq9",
  known."scales.audit_c",
  listed.medications
FROM person
LEFT JOIN (
  SELECT id,
    any_value(number) FILTER (question = 'patient.weight_kg') AS "patient.weight_kg",
    any_value(number) FILTER (question = 'patient.height_cm') AS "patient.height_cm",
    any_value(number) FILTER (question = 'vitals.systolic') AS "vitals.systolic",
    any_value(number) FILTER (question = 'vitals.diastolic') AS "vitals.diastolic",
    any_value(number) FILTER (question = 'vitals.heart_rate') AS "vitals.heart_rate",
    any_value(number) FILTER (question = 'vitals.spo2') AS "vitals.spo2",
    any_value(number) FILTER (question = 'scales.phq9') AS "scales.phq9",
    any_value(number) FILTER (question = 'scales.audit_c') AS "scales.audit_c"
  FROM newest GROUP BY id
) AS known ON known.id = person.id AND person.plain
LEFT JOIN (
  SELECT id, list({'name': name} ORDER BY name) AS medications FROM medicine GROUP BY id
) AS listed ON listed.id = person.id AND person.plain
ORDER BY person.id;
