-- An OMOP CDM 5.4 database as a table of patients.
--
-- Tables it is given: person, measurement, drug_exposure, death and concept, as the CDM has them; and
-- by the criteria: panels (code, reading), parts (reading, question, part, scale, low, high, whole,
-- rounded, days; part '' for the panel itself) and units (question, unit, factor). The variables are
-- day, oldest (an age) and medicine_days.
--
-- Codes are LOINC and UCUM, found through the table of concepts: no concept number stands here.
-- Conditions are not read: one that is missing is no "no". Nothing is said of what was reviewed, so
-- a list of medicines stays open.

CREATE OR REPLACE VIEW alive AS
SELECT
  person_id,
  -- A year of birth alone leaves two ages, and so none; nobody is born after the day.
  CASE WHEN born <= getvariable('day') THEN date_sub('year', born, getvariable('day')) END AS years,
  CASE WHEN years <= coalesce(getvariable('oldest'), years) THEN years END AS age,
  CASE gender.concept_code WHEN 'F' THEN 'female' WHEN 'M' THEN 'male' END AS sex
FROM (
  SELECT *, TRY(make_date(
    TRY_CAST(year_of_birth AS BIGINT), TRY_CAST(month_of_birth AS BIGINT),
    TRY_CAST(day_of_birth AS BIGINT))) AS born
  FROM person
) AS person
LEFT JOIN concept AS gender
  ON gender.concept_id = person.gender_concept_id AND gender.vocabulary_id = 'Gender'
WHERE person_id NOT IN (SELECT person_id FROM death);

-- What cannot be read stays a row without a number: no older value stands in for it.
CREATE OR REPLACE VIEW value AS
SELECT person_id, question, days, day, moment,
  CASE WHEN amount >= coalesce(low, amount) AND amount <= coalesce(high, amount)
    AND (NOT whole OR amount = floor(amount)) THEN amount END AS number
FROM (
  SELECT
    measurement.person_id, asked.*,
    TRY_CAST(measurement.measurement_date AS DATE) AS day,
    CAST(measurement.measurement_datetime AS VARCHAR) AS moment,
    -- "Less than" and "more than" are no values.
    CASE
      WHEN coalesce(TRY_CAST(measurement.operator_concept_id AS BIGINT), 0) <> 0 THEN NULL
      WHEN rounded THEN floor(TRY_CAST(measurement.value_as_number AS DOUBLE) * units.factor + 0.5)
      WHEN units.factor = 1 THEN TRY_CAST(measurement.value_as_number AS DOUBLE)
      ELSE round(TRY_CAST(measurement.value_as_number AS DOUBLE) * units.factor, 2)
    END AS amount
  FROM measurement
  JOIN concept AS what
    ON what.concept_id = measurement.measurement_concept_id AND what.vocabulary_id = 'LOINC'
  JOIN (
    SELECT DISTINCT CASE WHEN part = '' THEN panels.code ELSE part END AS code,
      parts.* EXCLUDE (reading, part)
    FROM parts JOIN panels USING (reading) WHERE NOT scale
  ) AS asked ON asked.code = what.concept_code
  LEFT JOIN concept AS unit
    ON unit.concept_id = measurement.unit_concept_id AND unit.vocabulary_id = 'UCUM'
  LEFT JOIN units ON units.question = asked.question AND units.unit = unit.concept_code
)
WHERE day <= getvariable('day');

-- The newest value of each question that is not too old; two different ones of one time are none. A
-- day without its time may be before or after the others of that day.
CREATE OR REPLACE VIEW newest AS
SELECT person_id, question,
  CASE WHEN count(number) = count(*) AND min(number) = max(number)
    AND bool_and(day > getvariable('day') - CAST(days AS INTEGER)) THEN min(number) END AS number
FROM (
  SELECT *, max(moment) OVER same AS last_moment,
    max(day) FILTER (moment IS NULL) OVER same AS last_day,
    max(day) OVER same AS last_of_all
  FROM value WINDOW same AS (PARTITION BY person_id, question)
)
WHERE CASE WHEN moment IS NULL THEN day >= last_of_all
  ELSE moment >= last_moment AND day >= coalesce(last_day, day) END
GROUP BY person_id, question;

CREATE OR REPLACE VIEW medicine AS
SELECT
  drug_exposure.person_id,
  -- A drug without a concept keeps the words of its source; without those nobody knows it.
  coalesce(drug.concept_name, nullif(CAST(drug_exposure.drug_source_value AS VARCHAR), '')) AS name
FROM drug_exposure
LEFT JOIN concept AS drug
  ON drug.concept_id = drug_exposure.drug_concept_id AND TRY_CAST(drug.concept_id AS BIGINT) <> 0
WHERE TRY_CAST(drug_exposure_start_date AS DATE)
    BETWEEN getvariable('day') - CAST(getvariable('medicine_days') AS INTEGER)
    AND getvariable('day')
  AND coalesce(TRY_CAST(drug_exposure_end_date AS DATE), getvariable('day')) >= getvariable('day');

CREATE OR REPLACE VIEW patients AS
SELECT
  CAST(alive.person_id AS VARCHAR) AS id,
  CAST(alive.age AS BIGINT) AS "patient.age",
  alive.sex AS "patient.sex",
  known."patient.weight_kg",
  known."patient.height_cm",
  known."vitals.systolic",
  known."vitals.diastolic",
  known."vitals.heart_rate",
  known."vitals.spo2",
  listed.medications
FROM alive
LEFT JOIN (
  SELECT person_id,
    any_value(number) FILTER (question = 'patient.weight_kg') AS "patient.weight_kg",
    any_value(number) FILTER (question = 'patient.height_cm') AS "patient.height_cm",
    any_value(number) FILTER (question = 'vitals.systolic') AS "vitals.systolic",
    any_value(number) FILTER (question = 'vitals.diastolic') AS "vitals.diastolic",
    any_value(number) FILTER (question = 'vitals.heart_rate') AS "vitals.heart_rate",
    any_value(number) FILTER (question = 'vitals.spo2') AS "vitals.spo2"
  FROM newest GROUP BY person_id
) AS known ON known.person_id = alive.person_id
LEFT JOIN (
  SELECT person_id, list({'name': name} ORDER BY name) AS medications
  FROM medicine GROUP BY person_id
) AS listed ON listed.person_id = alive.person_id
ORDER BY alive.person_id;
