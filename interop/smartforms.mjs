// Opens each response in Smart Forms' renderer, in Chromium; prints what it gives back, and the link
// ids that it shows. Arguments: a JSON file with "questionnaire" and "responses"; the browser.
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import puppeteer from "puppeteer-core";

const [given, browser] = process.argv.slice(2);
const { questionnaire, responses } = JSON.parse(readFileSync(given, "utf8"));
const built = await build({
  entryPoints: ["smartforms_page.mjs"],
  bundle: true,
  write: false,
  format: "iife",
  minify: true,
  logLevel: "error",
  loader: { ".woff": "empty", ".woff2": "empty" },
  define: { "process.env.NODE_ENV": '"production"', global: "window" },
  outfile: "page.js",
});
const script = built.outputFiles.find((file) => file.path.endsWith(".js")).text;
const opened = await puppeteer.launch({
  executablePath: browser,
  args: ["--no-sandbox", "--disable-gpu"],
  protocolTimeout: 600_000,
});
const page = await opened.newPage();
await page.setRequestInterception(true);
// It has a terminology server elsewhere to ask; nothing here asks anybody.
page.on("request", (request) => (request.url().startsWith("about:") ? request.continue() : request.abort()));
await page.goto("about:blank");
await page.addScriptTag({ content: script });
const results = [];
for (const response of responses) {
  results.push(
    await page.evaluate(
      async (asked, answered) => {
        await window.show(asked, answered);
        // Expressions are evaluated after it has drawn; it is done when nothing changes any more.
        const state = () => JSON.stringify(window.saved(asked)) + document.body.innerText.length;
        for (let before = "", same = 0, tries = 0; same < 3 && tries < 200; tries += 1) {
          await new Promise((done) => setTimeout(done, 100));
          const now = state();
          same = now === before ? same + 1 : 0;
          before = now;
        }
        const shown = [...document.querySelectorAll("[data-linkid]")].map((item) => item.dataset.linkid);
        return { saved: window.saved(asked), shown: [...new Set(shown)] };
      },
      questionnaire,
      response,
    ),
  );
}
await opened.close();
process.stdout.write(JSON.stringify(results));
