// Evaluates FHIRPath expressions over responses with the reference implementation in JavaScript.
// Argument: a JSON file with "paths" (by link id) and "responses"; prints a table a response.
import { readFileSync } from "node:fs";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4/index.js";

const { paths, responses } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const compiled = Object.entries(paths).map(([link, path]) => [link, fhirpath.compile(path, r4)]);
const results = responses.map((resource) =>
  Object.fromEntries(compiled.map(([link, run]) => [link, run(resource, { resource })])),
);
process.stdout.write(JSON.stringify(results));
