-- An OMOP CDM 5.4 database as a table of patients.
--
-- Tables it is given: person, measurement, drug_exposure, death and concept, as the CDM has them; and
-- by the criteria: codes (question, panel, code, unit, factor, days). The variables are day and
-- medicine_days.
--
-- Codes are LOINC and UCUM, found through the table of concepts: no concept number stands here.
-- Conditions are not read: one that is missing is no "no". Nothing is said of what was reviewed, so
-- a list of medicines stays open.

CREATE OR REPLACE VIEW alive AS
SELECT
  person_id,
  -- A year of birth alone leaves two ages, and so none.
  date_sub('year', make_date(
    TRY_CAST(year_of_birth AS BIGINT), TRY_CAST(month_of_birth AS BIGINT),
    TRY_CAST(day_of_birth AS BIGINT)), getvariable('day')) AS age,
  CASE gender.concept_code WHEN 'F' THEN 'female' WHEN 'M' THEN 'male' END AS sex
FROM person
LEFT JOIN concept AS gender
  ON gender.concept_id = person.gender_concept_id AND gender.vocabulary_id = 'Gender'
WHERE person_id NOT IN (SELECT person_id FROM death);

CREATE OR REPLACE VIEW value AS
SELECT
  measurement.person_id, asked.question, asked.days,
  TRY_CAST(measurement.measurement_date AS DATE) AS day,
  coalesce(CAST(measurement.measurement_datetime AS VARCHAR), CAST(measurement.measurement_date AS VARCHAR))
    AS moment,
  -- "Less than" and "more than" are no values. What cannot be read stays a row without a number:
  -- no older value stands in for it.
  CASE WHEN coalesce(TRY_CAST(measurement.operator_concept_id AS BIGINT), 0) = 0
    THEN TRY_CAST(measurement.value_as_number AS DOUBLE) * codes.factor END AS number
FROM measurement
JOIN concept AS what
  ON what.concept_id = measurement.measurement_concept_id AND what.vocabulary_id = 'LOINC'
JOIN (SELECT DISTINCT question, code, days FROM codes) AS asked ON asked.code = what.concept_code
LEFT JOIN concept AS unit
  ON unit.concept_id = measurement.unit_concept_id AND unit.vocabulary_id = 'UCUM'
LEFT JOIN (SELECT DISTINCT question, code, unit, factor FROM codes) AS codes
  ON codes.question = asked.question AND codes.code = asked.code AND codes.unit = unit.concept_code;

-- The newest value of each question that is not too old; two different ones of one moment are none.
CREATE OR REPLACE VIEW newest AS
SELECT person_id, question,
  CASE WHEN count(number) = count(*) AND min(number) = max(number) THEN min(number) END AS number
FROM (
  SELECT *, rank() OVER (PARTITION BY person_id, question ORDER BY moment DESC) AS place
  FROM value
  WHERE day <= getvariable('day')
    AND (days IS NULL OR day > getvariable('day') - CAST(days AS INTEGER))
)
WHERE place = 1
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
  weight.number AS "patient.weight_kg",
  height.number AS "patient.height_cm",
  systolic.number AS "vitals.systolic",
  diastolic.number AS "vitals.diastolic",
  pulse.number AS "vitals.heart_rate",
  spo2.number AS "vitals.spo2",
  listed.medications
FROM alive
LEFT JOIN newest AS weight
  ON weight.person_id = alive.person_id AND weight.question = 'patient.weight_kg'
LEFT JOIN newest AS height
  ON height.person_id = alive.person_id AND height.question = 'patient.height_cm'
LEFT JOIN newest AS systolic
  ON systolic.person_id = alive.person_id AND systolic.question = 'vitals.systolic'
LEFT JOIN newest AS diastolic
  ON diastolic.person_id = alive.person_id AND diastolic.question = 'vitals.diastolic'
LEFT JOIN newest AS pulse
  ON pulse.person_id = alive.person_id AND pulse.question = 'vitals.heart_rate'
LEFT JOIN newest AS spo2
  ON spo2.person_id = alive.person_id AND spo2.question = 'vitals.spo2'
LEFT JOIN (
  SELECT person_id, list({'name': name} ORDER BY name) AS medications
  FROM medicine GROUP BY person_id
) AS listed ON listed.person_id = alive.person_id
ORDER BY alive.person_id;
