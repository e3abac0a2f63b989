// Opens addresses in Chromium one after the other, and passes on keys and what the app draws.
// Arguments: the browser, then the addresses; the last may be "click", which follows the first link
// of the page before. Reads a command a line from standard input:
// {"press": "Enter"}, {"type": "text"}, {"picture": "file"}; writes {"size": […]} once the app
// begins, {"drawn": "base64"}, and {"done": …} for each command. Ends with its input.
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [executablePath, ...addresses] = process.argv.slice(2);
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const opened = await puppeteer.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-3d-apis"],
});
const page = await opened.newPage();
page.setDefaultNavigationTimeout(120_000);
await page.setViewport({ width: 776, height: 440 });
for (const address of addresses.slice(0, -1)) {
  await page.goto(address);
}
const devtools = await page.createCDPSession();
await devtools.send("Network.enable");
devtools.on("Network.webSocketCreated", ({ url }) => {
  const query = new URL(url).searchParams;
  say({ size: [Number(query.get("width")), Number(query.get("height"))] });
});
devtools.on("Network.webSocketFrameReceived", ({ response }) => {
  if (response.opcode === 2) {
    say({ drawn: response.payloadData });
  }
});
const last = addresses.at(-1);
const [answer] =
  last === "click"
    ? await Promise.all([page.waitForNavigation(), page.click("a")])
    : [await page.goto(last)];
say({ opened: answer.status() });
await page.waitForSelector(".xterm-helper-textarea");
await page.focus(".xterm-helper-textarea");
for await (const line of createInterface({ input: process.stdin })) {
  const [[what, value]] = Object.entries(JSON.parse(line));
  if (what === "press") {
    await page.keyboard.press(value);
  } else if (what === "type") {
    await page.keyboard.type(value);
  } else {
    await page.screenshot({ path: value });
  }
  say({ done: what });
}
await opened.close();
process.exit(0);
