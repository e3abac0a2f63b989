// Opens the app in Chromium by its link: keys, the mouse, another size, a picture. Prints what was seen.
// Arguments: the link; the browser; where the picture goes.
import puppeteer from "puppeteer-core";

const [link, executablePath, picture] = process.argv.slice(2);
const opened = await puppeteer.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-3d-apis"] });
const page = await opened.newPage();
const asked = new Set();
const refused = [];
page.on("request", (request) => asked.add(new URL(request.url()).origin));
page.on("console", (message) => {
  if (message.text().includes("Content Security Policy")) refused.push(message.text());
});
// What the app draws, as the page gets it.
const drawn = [];
const devtools = await page.createCDPSession();
await devtools.send("Network.enable");
devtools.on("Network.webSocketFrameReceived", ({ response }) =>
  drawn.push(Buffer.from(response.payloadData, response.opcode === 2 ? "base64" : "utf8").toString("utf8")),
);
const plain = (text) => text.replace(/\x1b\[[0-9;?<>]*[$]?[a-zA-Z]|\x1b[()][A-Z0-9]/g, "");
const until = async (word) => {
  for (let tries = 0; tries < 400; tries += 1) {
    // A blank may be drawn as a step of the cursor.
    if (plain(drawn.join("")).replace(/\s/g, "").includes(word.replace(/\s/g, ""))) {
      drawn.length = 0;
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
};

await page.setViewport({ width: 1200, height: 700 });
await page.goto(link);
const seen = { welcome: await until("What it is") };
await page.focus(".xterm-helper-textarea");
await page.keyboard.press("Enter");
seen.home = await until("New consultation");
await page.keyboard.press("n");
seen.consultation = await until("Indication");
// A click on one of the answers of the first question: one of its section is then answered.
drawn.length = 0;
await page.mouse.click(300, 110);
seen.mouse = await until("1/11");
await page.screenshot({ path: picture });
drawn.length = 0;
// So narrow that there is a line in place of the list of sections.
await page.setViewport({ width: 700, height: 480 });
seen.resized = await until("g sections");
const other = await opened.newPage();
const again = await other.goto(link);
seen.once = again.status() === 403;
console.log(JSON.stringify({ seen, asked: [...asked], refused }));
await opened.close();
