/**
 * A browser at an address under a measure: it earns its clearance unseen, on loopback, in a frame of another site, and over plain HTTP in the local network, where pages
 * have no `crypto.subtle`. The measure comes from a real attack of the same address. All tests share one server: what is held is an address, and the last one
 * has all of it refused.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import type { Countermeasure } from "../packages/server/src/access/protection/protection-messages.ts";
import { makeCertificate } from "./certificate.ts";
import { openPage, type PageOptions, playerState } from "./chromium.ts";
import { wholeFile } from "./fixtures.ts";
import { freePort, type Lectern, startLectern, until } from "./lectern.ts";
import { done, push } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";

/** What a person who is let in waits for at most, on a machine that does nothing else; otherwise only a hang takes so long. */
const UNNOTICED_MS = runsRare ? 2000 : 30_000;
/** Browsers write each refused request to the console, those to a server that has ended with its test, and playlists for which a busy machine has no part yet. */
const REFUSED = /status of 40[134]|status of 429|status of 503|ERR_FAILED|ERR_CONNECTION|response code: 403/;
const PATH = "/api/v1/challenge";
/** Streams that do not exist: enough for `challenge`, and too few for `refuse`. */
const WRONG_NAMES = 200;

/** Asks for streams that do not exist until the server holds the address, as a program does that looks for them. */
async function attack(server: Lectern, origin: string, wanted: Countermeasure = "challenge"): Promise<void> {
  const ip = new URL(origin).hostname;
  let guesses = 0;
  await until(async () => {
    const end = guesses + WRONG_NAMES;
    for (; guesses < end && (guesses < WRONG_NAMES || wanted === "refuse"); guesses += 20)
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          fetch(`${origin}/live/guess-${guesses + n}.flv`).then((answer) => answer.arrayBuffer()),
        ),
      );
    const { held } = (await done(server, "GET", "/protection")) as { held: { address: string; measure: Countermeasure }[] };
    return held.some(({ address, measure }) => address === ip && measure === wanted);
  }, `the measure ${wanted} against ${ip}`);
  // Workers hear of it within a second.
  const join = () => fetch(`${origin}/api/v1/lessons/none/join`, { method: "POST" });
  await until(async () => [403, 429].includes((await join()).status), "the measure in the worker");
}

/** Notes what the page asks for a clearance, and every text that it shows. */
async function openWatched(
  t: TestContext,
  options: PageOptions = {},
): Promise<{ page: Page; asked: string[]; shown: () => Promise<string> }> {
  const page = await openPage(t, { expected: REFUSED, viewport: { width: 1280, height: 800 }, ...options });
  const asked: string[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname === PATH) asked.push(`${response.request().method()} ${response.status()}`);
  });
  page.on("dialog", (dialog) => asked.push(`dialog ${dialog.message()}`));
  await page.addInitScript(() => {
    const texts = new Set<string>();
    Object.assign(window, { textsShown: texts });
    new MutationObserver(() => texts.add(document.body?.textContent ?? "")).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  const shown = () => page.evaluate(() => [...(Reflect.get(window, "textsShown") as Set<string>)].join("\n"));
  return { page, asked, shown };
}

/** A lesson that is live before its publisher's address is held. */
async function lessonOf(server: Lectern, title: string) {
  const lesson = await done(server, "POST", "/lessons", { title });
  push(wholeFile, lesson.stream.rtmpUrl, "calm");
  await server.stream(lesson.stream.name, ({ video }) => video !== null);
  return lesson;
}

async function startScene() {
  const directory = mkdtempSync(join(tmpdir(), "lectern-challenge-"));
  wholeFile.after(() => rmSync(directory, { recursive: true, force: true }));
  const tls = { ...makeCertificate(directory, "localhost"), port: await freePort() };
  const server = await startLectern(wholeFile, {
    // This machine's own addresses are not exempt, as they usually are.
    "protection.allowedNetworks": "[]",
    "http.host": "0.0.0.0",
    "http.tls": JSON.stringify(tls),
  });
  const lesson = await lessonOf(server, "Fractions");
  push(wholeFile, `${server.rtmp}/live/open`, "calm");
  await server.stream("open", ({ video }) => video !== null);
  // Where a server listens everywhere, its own address is a name.
  return { server, lesson, tls, loopback: `http://127.0.0.1:${server.httpPort}` };
}

let started: ReturnType<typeof startScene> | null = null;
const scene = () => (started ??= startScene());

/** A student opens the link, gives a name, and watches. */
async function joinClass(page: Page, link: string): Promise<{ readonly formMs: number; readonly pictureMs: number }> {
  const start = performance.now();
  await page.goto(link);
  await page.getByLabel("Your name").fill("Li Mei");
  const formMs = performance.now() - start;
  await page.getByRole("button", { name: "Join class" }).click();
  await until(async () => (await page.locator("lectern-player").count()) > 0 && (await playerState(page)).width > 0, "the picture");
  return { formMs, pictureMs: performance.now() - start };
}

/** How long the browser took from the first refusal to the clearance. */
function proofOfWorkMs(page: Page): Promise<number> {
  return page.evaluate((path) => {
    const entries = performance
      .getEntriesByType("resource")
      .filter(({ name }) => name.endsWith(path)) as PerformanceResourceTiming[];
    return (entries.at(-1)?.responseEnd ?? Number.NaN) - (entries[0]?.startTime ?? Number.NaN);
  }, PATH);
}

const REFUSAL = /unusual traffic|challenge|could not|cannot|offline/i;

test("crawlers may read robots.txt and lessons' pages, and search engines show the start page only", async () => {
  const { loopback } = await scene();
  const robots = await fetch(`${loopback}/robots.txt`);
  assert.deepEqual([robots.status, robots.headers.get("content-type")], [200, "text/plain; charset=utf-8"]);
  assert.match(await robots.text(), /^User-agent: \*\nDisallow: \/\nAllow: \/\$\n/);
  const tags = ["/", "/j/ABCDEFGH", "/class/ABCDEFGH", "/embed/open", "/console", "/?stream=open", "/nothing"].map(async (path) => {
    const answer = await fetch(loopback + path, { headers: { accept: "text/html" } });
    return answer.headers.get("x-robots-tag") === "noindex, nofollow";
  });
  assert.deepEqual(await Promise.all(tags), [false, true, true, true, true, true, true]);
});

test("a student at an attacked address joins by the page without seeing anything of it", async (t) => {
  const { server, lesson, loopback } = await scene();
  await attack(server, loopback);
  const { page, asked, shown } = await openWatched(t);
  const { formMs, pictureMs } = await joinClass(page, `${loopback}/j/${lesson.code}`);
  const earnedMs = await proofOfWorkMs(page);
  t.diagnostic(`form ${formMs.toFixed(0)} ms, picture ${pictureMs.toFixed(0)} ms, of it the clearance ${earnedMs.toFixed(0)} ms`);
  assert.deepEqual(asked, ["GET 200", "POST 204"], "several requests at once share one clearance");
  assert.ok(earnedMs < UNNOTICED_MS, `${earnedMs} ms`);
  assert.doesNotMatch(await shown(), REFUSAL);
  const screenshot = process.env["CHALLENGE_SCREENSHOT"];
  if (screenshot) await page.screenshot({ path: screenshot });
  const cookies = await page.context().cookies();
  const clearance = cookies.find(({ name }) => name === "lectern-clearance");
  assert.deepEqual([clearance?.httpOnly, clearance?.sameSite], [true, "Lax"]);

  await page.reload();
  await until(
    async () => (await page.locator("lectern-player").count()) > 0 && (await playerState(page)).width > 0,
    "the picture again",
  );
  assert.equal(asked.length, 2, "the clearance counts for an hour");
});

test("the sign-in page earns it too, and a failure is shown as the refusal", async (t) => {
  const { server, loopback } = await scene();
  await attack(server, loopback);
  const { page, asked } = await openWatched(t);
  await page.goto(`${loopback}/console`);
  await page.getByLabel("Username").fill("admin");
  await page.getByLabel("Password").fill("wrong, but who knows");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("The name or the password is incorrect.").waitFor();
  assert.deepEqual(asked, ["GET 200", "POST 204"]);

  const unlucky = await openWatched(t);
  await unlucky.page.route(`**${PATH}`, (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await unlucky.page.goto(`${loopback}/j/ABCDEFGH`);
  await until(async () => /unusual traffic/.test(await unlucky.shown()), "the refusal");
});

test("over plain HTTP in the local network, where the browser has no crypto.subtle, a student joins as well", async (t) => {
  const address = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === "IPv4" && !one.internal)?.address;
  if (address === undefined) return t.skip("this machine has no address but loopback");
  const { server, lesson } = await scene();
  const origin = `http://${address}:${server.httpPort}`;
  await attack(server, origin);
  const { page, asked, shown } = await openWatched(t);
  const { formMs, pictureMs } = await joinClass(page, `${origin}/j/${lesson.code}`);
  assert.equal(await page.evaluate(() => crypto.subtle === undefined), true);
  const earnedMs = await proofOfWorkMs(page);
  t.diagnostic(`form ${formMs.toFixed(0)} ms, picture ${pictureMs.toFixed(0)} ms, of it the clearance ${earnedMs.toFixed(0)} ms`);
  assert.deepEqual(asked, ["GET 200", "POST 204"]);
  assert.ok(earnedMs < UNNOTICED_MS, `${earnedMs} ms`);
  assert.doesNotMatch(await shown(), REFUSAL);
});

test("where everything is refused, a player in a frame of another site plays over HTTPS after more work", async (t) => {
  const { server, tls, loopback } = await scene();
  await attack(server, loopback, "refuse");
  await until(async () => {
    const answer = await fetch(`${loopback}/live/open.flv`);
    if (!answer.ok) return ((await answer.json()) as { code: string }).code === "challenge-required";
    await answer.body?.cancel();
    return false;
  }, "the refusal of viewers without a clearance");

  const framing = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<iframe src="https://127.0.0.1:${tls.port}/embed/open?muted" width="640" height="360"></iframe>`);
  }).listen(0, "127.0.0.1");
  await once(framing, "listening");
  t.after(() => framing.close());
  t.after(() => framing.closeAllConnections());
  const { page, asked } = await openWatched(t, { ignoreHTTPSErrors: true });
  await page.goto(`http://localhost:${(framing.address() as AddressInfo).port}/`);
  const picture = () =>
    page
      .frames()
      .at(-1)
      ?.evaluate(() => document.querySelector("lectern-player")?.shadowRoot?.querySelector("video")?.videoWidth ?? 0);
  await until(async () => ((await picture()) ?? 0) > 0, "the picture of the embedded player");
  assert.deepEqual(asked, ["GET 200", "POST 204"]);
  const clearance = (await page.context().cookies()).find(({ name }) => name === "lectern-clearance");
  assert.deepEqual([clearance?.sameSite, clearance?.secure, clearance?.httpOnly], ["None", true, true]);
});
