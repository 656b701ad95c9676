/**
 * Rules on pages and programs as a browser meets them: what it sends by itself decides, by every way in which a page can show a stream.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { CHROMIUM, launchBrowser } from "./browser.ts";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { done } from "./lesson-client.ts";

const WAYS = ["fetch of FLV", "fetch of a playlist", "WebSocket", "picture"] as const;
type Way = (typeof WAYS)[number];
type Ways = Readonly<Record<Way, boolean>>;

/** Sites of all names are at the loopback. */
const SITES = ["--host-resolver-rules=MAP *.com 127.0.0.1"];

const only = (...opened: readonly Way[]): Ways => Object.fromEntries(WAYS.map((way) => [way, opened.includes(way)])) as Ways;
const ALL = only(...WAYS);
const NONE = only();

/** A server of pages, which hide their address where their path says so. */
async function startSites(t: TestContext): Promise<number> {
  const server = createServer((request, response) => {
    const head = request.url?.includes("hidden") ? '<meta name="referrer" content="no-referrer">' : "";
    response.setHeader("content-type", "text/html").end(`<!doctype html>${head}<body>`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** By which ways the page gets something of the stream. */
async function waysOf(page: Page, http: string): Promise<Ways> {
  return await page.evaluate(async (base) => {
    const stream = `${base}/live/math`;
    const fetched = async (address: string): Promise<boolean> => {
      const answer = await fetch(address, { cache: "no-store" });
      void answer.body?.cancel();
      return answer.ok;
    };
    return {
      "fetch of FLV": await fetched(`${stream}.flv`),
      "fetch of a playlist": await fetched(`${stream}.m3u8`),
      WebSocket: await new Promise<boolean>((resolve) => {
        const socket = new WebSocket(`${stream.replace("http", "ws")}.flv`);
        socket.onclose = () => resolve(false);
        socket.onmessage = () => {
          socket.close();
          resolve(true);
        };
      }),
      picture: await new Promise<boolean>((resolve) => {
        const image = new Image();
        image.onload = () => resolve(true);
        image.onerror = () => resolve(false);
        image.src = `${stream}.jpg?${Math.random()}`;
      }),
    };
  }, http);
}

test("the page that shows a stream, and the browser, decide as the browser names them", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  publishForever(t, clip("b-frames"), `${lectern.rtmp}/live/math`);
  await until(async () => (await fetch(`${lectern.http}/live/math.jpg`)).ok, "a picture of the stream");
  const browser = await launchBrowser(CHROMIUM, SITES);
  t.after(() => browser.close());
  const port = await startSites(t);
  const ways = async (site: string, path = "/", options: BrowserContextOptions = {}): Promise<Ways> => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(`http://${site}:${port}${path}`);
    const seen = await waysOf(page, lectern.http);
    await context.close();
    return seen;
  };
  assert.deepEqual(await ways("evilschool.com"), ALL, "without a rule");

  const target = { level: "installation", id: "" };
  const referers = { kind: "referers", for: "play", allow: ["school.com", "*.school.com"], empty: "refuse" };
  const { id } = await done(lectern, "POST", "/policies", { target, rules: [referers] });
  const isOpen = async () => (await fetch(`${lectern.http}/live/math.m3u8`)).ok;
  await until(async () => !(await isOpen()), "the rule");
  for (const site of ["school.com", "www.school.com", "a.b.school.com"])
    assert.deepEqual(await ways(site, "/lesson?id=1"), ALL, site);
  for (const site of ["evilschool.com", "school.com.evil.com", "xn--schol-jua.com"])
    assert.deepEqual(await ways(site, "/school.com"), NONE, site);
  // A page that hides its address is named by the origin of what it asks for, but not by that of its pictures.
  assert.deepEqual(await ways("evilschool.com", "/hidden"), NONE, "a page that hides its address");
  assert.deepEqual(
    await ways("school.com", "/hidden"),
    only("fetch of FLV", "fetch of a playlist", "WebSocket"),
    "the school's page, if it hides its address",
  );

  await done(lectern, "PATCH", `/policies/${id}`, { rules: [{ kind: "user-agents", for: "play", deny: ["OldBrowser"] }] });
  await until(isOpen, "the other rule");
  assert.deepEqual(await ways("evilschool.com"), ALL, "a browser that no rule names");
  assert.deepEqual(await ways("evilschool.com", "/", { userAgent: "Mozilla/5.0 OldBrowser/3" }), NONE, "a browser of a rule");
});
