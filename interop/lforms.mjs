// Opens each response in LForms, in Chromium, and prints what it saves and which items it shows.
// Arguments: a JSON file with "questionnaire" and "responses"; the browser.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import puppeteer from "puppeteer-core";

const [given, browser] = process.argv.slice(2);
const { questionnaire, responses } = JSON.parse(readFileSync(given, "utf8"));
const place = resolve("node_modules/lforms/dist/lforms");
const opened = await puppeteer.launch({
  executablePath: browser,
  args: ["--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"],
  protocolTimeout: 600_000,
});
const page = await opened.newPage();
await page.goto("about:blank");
for (const script of ["webcomponent/assets/lib/zone.min.js", "webcomponent/lhc-forms.js", "fhir/R4/lformsFHIR.min.js"]) {
  await page.addScriptTag({ path: `${place}/${script}` });
}
await page.evaluate(() => {
  const form = document.createElement("div");
  form.id = "form";
  document.body.append(form);
});
const results = [];
for (const response of responses) {
  results.push(
    await page.evaluate(
      async (asked, answered) => {
        const { Util } = window.LForms;
        let form = Util.convertFHIRQuestionnaireToLForms(asked, "R4");
        form = Util.mergeFHIRDataIntoLForms("QuestionnaireResponse", answered, form, "R4");
        await Util.addFormToPage(form, "form", { prepopulate: false });
        // LForms evaluates expressions after it has drawn; it is done when nothing changes any more.
        const shown = () => {
          const within = (items, open) =>
            (items ?? []).flatMap((item) => {
              const on = open && item._enableWhenExpVal !== false;
              return [...(on ? [item.linkId] : []), ...within(item.items, on)];
            });
          return within(Util._getFormObjectInScope("#form").items, true);
        };
        for (let before = "", same = 0; same < 3; ) {
          await new Promise((done) => setTimeout(done, 100));
          const now = JSON.stringify(shown());
          same = now === before ? same + 1 : 0;
          before = now;
        }
        const saved = Util.getFormFHIRData("QuestionnaireResponse", "R4", null, "#form");
        return { saved, shown: shown() };
      },
      questionnaire,
      response,
    ),
  );
}
await opened.close();
process.stdout.write(JSON.stringify(results));
