// Translates a CQL library with HL7's translator, runs it with the reference engine for every
// patient, and prints the results. Arguments: the library, a JSON file with a list of parameters.
import { readFileSync } from "node:fs";
import { SystemModelInfoProvider } from "@cqframework/cql/cql";
import { CqlTranslator, LibraryManager, ModelManager } from "@cqframework/cql/cql-to-elm";
import cql from "cql-execution";

const [library, patients] = process.argv.slice(2);
const models = new ModelManager();
models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider());
const translated = CqlTranslator.fromText(readFileSync(library, "utf8"), new LibraryManager(models));
const elm = JSON.parse(translated.toJson());
const errors = (elm.library.annotation ?? []).filter((item) => item.type === "CqlToElmError");

const results = [];
if (errors.length === 0) {
  const loaded = new cql.Library(elm);
  const none = new cql.PatientSource([]);
  for (const parameters of JSON.parse(readFileSync(patients, "utf8"))) {
    const executor = new cql.Executor(loaded, null, parameters);
    const found = await executor.exec(none);
    results.push(found.unfilteredResults);
  }
}
process.stdout.write(
  JSON.stringify({
    errors: errors.map((item) => `${item.startLine}: ${item.message}`),
    definitions: elm.library.statements?.def?.map((item) => item.name) ?? [],
    results,
  }),
);
