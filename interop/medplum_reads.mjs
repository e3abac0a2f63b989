// Reads resources from a FHIR server with Medplum's client, and prints them.
// Arguments: the address of the server, names ("Patient/1").
globalThis.WebSocket ??= class {};
const { MedplumClient } = await import("@medplum/core");

const [address, ...names] = process.argv.slice(2);
const client = new MedplumClient({ baseUrl: new URL("/", address).href, fetch });
const found = [];
for (const name of names) {
  found.push(await client.readResource(...name.split("/")));
}
process.stdout.write(JSON.stringify(found));
