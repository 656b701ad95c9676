/** The player on a site of another origin: each example of docs/embed.md in plain HTML and WordPress, and the messages of the frame. Only with --all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { openPage, playerState } from "./chromium.ts";
import { type Lectern, until } from "./lectern.ts";
import { examples, htmlPage, liveServer, otherSite, plays, streamFrame } from "./other-site.ts";

type Hashes = { readonly version: string; readonly files: Readonly<Record<string, string>> };
type Message = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Notes the messages that the window of a page gets. */
async function noteMessages(page: Page): Promise<() => Promise<Message[]>> {
  await page.addInitScript(() => {
    Object.assign(globalThis, { heard: [] });
    addEventListener("message", ({ data }) => (globalThis as unknown as { heard: unknown[] }).heard.push(data));
  });
  return () => page.evaluate(() => (globalThis as unknown as { heard: Message[] }).heard);
}

const command = (page: Page, message: object) =>
  page.evaluate((sent) => document.querySelector("iframe")?.contentWindow?.postMessage(sent, "*"), {
    target: "lectern",
    ...message,
  });

test("one script, classic or module, defines the element on another origin, and beacons go to the server of the stream", async (t) => {
  const server = await liveServer();
  const [example = ""] = examples("Script", "html", server.http);
  const asModule = example.replace(" async", ' type="module"');
  const site = await otherSite(t, { "/": htmlPage(example), "/module": htmlPage(asModule) });
  for (const path of ["/", "/module"]) {
    const page = await openPage(t);
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(site + path);
    await plays(page, path);
    assert.equal((await playerState(page)).engine, "flv");
    await until(() => requests.includes(`${server.http}/api/v1/views`), "a beacon");
    const foreign = requests.filter((url) => /^http/.test(url) && !url.startsWith(server.http) && !url.startsWith(site));
    assert.deepEqual(foreign, []);
    assert.ok(!requests.some((url) => url.includes("hls")), "what is not needed is not loaded");
    await page.context().close();
  }
});

test("addresses: a version never changes and is open to all, the script itself is kept for minutes; both are named in /player.json", async () => {
  const server = await liveServer();
  const headersOf = async (path: string) => {
    const { status, headers } = await fetch(server.http + path);
    return [status, headers.get("access-control-allow-origin"), headers.get("cache-control"), headers.get("content-type")];
  };
  const script = "text/javascript; charset=utf-8";
  const { version } = (await (await fetch(`${server.http}/player.json`)).json()) as Hashes;
  assert.match(version, /^\d+\.\d+\.\d+-[0-9a-f]{8}$/);
  const forYears = "public, max-age=31536000, immutable";
  assert.deepEqual(await headersOf("/player.js"), [200, "*", "public, max-age=300", script]);
  assert.deepEqual(await headersOf("/player.json"), [200, "*", "public, max-age=300", "application/json"]);
  assert.deepEqual(await headersOf(`/player/${version}/player.js`), [200, "*", forYears, script]);
  assert.deepEqual(await headersOf(`/player/${version}/integrity.json`), [200, "*", forYears, "application/json"]);
  assert.equal((await headersOf("/player/0.0.0-00000000/player.js"))[0], 404);
});

test("a page that names a version and its hashes runs that code, and no other", async (t) => {
  const server = await liveServer();
  const { version, files } = (await (await fetch(`${server.http}/player.json`)).json()) as Hashes;
  const [element = "", pinned = "", map = ""] = examples("Script", "html", server.http);
  assert.match(element, /<lectern-player/);
  const base = `${server.http}/player/${version}/`;
  const integrity = Object.fromEntries(Object.entries(files).map(([name, hash]) => [base + name, hash]));
  const player = element.replace(/<script.*<\/script>/, "");
  const pageOf = (hash: string, hashes: object) =>
    htmlPage(
      map.replace(/\{[\s\S]*\}/, JSON.stringify({ integrity: hashes })) +
        pinned.replace("VERSION", version).replace("HASH", hash) +
        player,
    );
  const wrong = `sha384-${"A".repeat(64)}`;
  const library = Object.keys(integrity).find((name) => name.includes("flv-playback")) ?? "";
  const site = await otherSite(t, {
    "/": pageOf(files["player.js"] ?? "", integrity),
    "/wrong": pageOf(wrong, {}),
    "/wrong-library": pageOf(files["player.js"] ?? "", { ...integrity, [library]: wrong }),
  });
  const page = await openPage(t);
  await page.goto(site);
  await plays(page, "the pinned player");
  const refusing = await openPage(t, { expected: /integrity|Failed to (?:find|load)|dynamically imported/ });
  const refused: string[] = [];
  refusing.on("console", (message) => refused.push(message.text()));
  await refusing.goto(`${site}/wrong`);
  await until(() => refused.some((text) => text.includes("integrity")), "the refusal of the script");
  assert.equal(await refusing.evaluate(() => customElements.get("lectern-player") === undefined), true);
  refused.length = 0;
  await refusing.goto(`${site}/wrong-library`);
  await until(
    () => refused.some((text) => text.includes("integrity") && text.includes("flv-playback")),
    "the refusal of the library",
  );
});

test("HLS and real time are loaded and played across origins too, and a recording's element is there", async (t) => {
  const server = await liveServer();
  const pageOf = (attributes: string) =>
    htmlPage(`<script src="${server.http}/player.js"></script><lectern-player ${attributes} autoplay muted></lectern-player>`);
  const address = `src="${server.http}/live/math.flv"`;
  const replay = `<script src="${server.http}/player.js"></script><lectern-replay autoplay></lectern-replay>`;
  const site = await otherSite(t, {
    "/hls": pageOf(`${address} protocol="hls"`),
    "/whep": pageOf(`${address} latency="realtime"`),
    "/replay": htmlPage(replay),
  });
  const page = await openPage(t);
  await page.goto(`${site}/hls`);
  await plays(page, "HLS");
  assert.equal((await playerState(page)).engine, "hls");
  await page.goto(`${site}/whep`);
  await plays(page, "real time");
  assert.equal((await playerState(page)).engine, "whep");
  await page.goto(`${site}/replay`);
  await until(() => page.evaluate(() => customElements.get("lectern-replay") !== undefined), "the element");
  await page.evaluate(
    (src) => document.querySelector("lectern-replay")?.setAttribute("src", src),
    `${server.http}/live/math.m3u8?start=${new Date(Date.now() - 4000).toISOString()}`,
  );
  await plays(page, "what was live before", "lectern-replay");
});

test("no property of the elements hides an attribute from frameworks, which set properties where there are any", async (t) => {
  const server = await liveServer();
  const page = await openPage(t);
  await page.goto(await otherSite(t, { "/": htmlPage(`<script src="${server.http}/player.js"></script>`) }));
  await page.evaluate(() => Promise.all(["lectern-player", "lectern-replay"].map((name) => customElements.whenDefined(name))));
  const names = [
    ...["src", "dispatch", "latency", "protocol", "watermark", "watermark-opacity", "quality", "autoplay", "fetch"],
    ...["reports", "muted", "controls", "lang", "start", "resume"],
  ];
  const shadowed = (element: string) =>
    page.evaluate(([tag, all]) => all.filter((name) => name in document.createElement(tag)), [element, names] as const);
  assert.deepEqual(await shadowed("lectern-player"), ["src", "muted", "lang"]);
  assert.deepEqual(await shadowed("lectern-replay"), ["muted", "lang"]);
  // As React sets a boolean attribute that it was given as text.
  const muted = await page.evaluate(() => {
    const player = document.createElement("lectern-player");
    Reflect.set(player, "muted", "");
    document.body.append(player);
    return player.shadowRoot?.querySelector("video")?.muted;
  });
  assert.equal(muted, true);
});

test("the frame plays in plain HTML, tells its page what happens, and follows it", async (t) => {
  const server = await liveServer();
  const [plain = ""] = examples("Frame", "html", server.http);
  const [steered = ""] = examples("Messages", "html", server.http);
  const site = await otherSite(t, { "/plain": htmlPage(plain), "/": htmlPage(steered) });
  const page = await openPage(t, { expected: /Permissions policy|Unrecognized feature/ });
  const heard = await noteMessages(page);
  await page.goto(`${site}/plain`);
  await plays(await streamFrame(page), "the frame");
  assert.deepEqual(await heard(), [], "nobody has asked for messages");
  // Every command is one of a page that the address does not name.
  await command(page, { command: "pause" });
  await plays(await streamFrame(page), "the frame that goes on");

  await page.goto(site);
  const shows = async (id: string, text: RegExp) =>
    await until(async () => text.test((await page.locator(`#${id}`).textContent()) ?? ""), `${id} ${text}`);
  await shows("state", /^live$/);
  await shows("delay", /^[0-3] s$/);
  await page.getByRole("button", { name: "Pause" }).click();
  await shows("state", /^paused$/);
  await page.getByRole("button", { name: "Play" }).click();
  await shows("state", /^live$/);
  await page.getByRole("button", { name: "Mute" }).click();
  await until(async () => (await heard()).some(({ type, muted }) => type === "volume" && muted === true), "that it is muted");
  await command(page, { command: "volume", volume: 0.3 });
  await until(async () => (await heard()).some(({ type, volume }) => type === "volume" && volume === 0.3), "the volume");
  const kinds = new Set((await heard()).map(({ type }) => type));
  for (const kind of ["ready", "state", "time", "volume", "first-frame"]) assert.ok(kinds.has(kind), kind);
  const [first] = await heard();
  assert.deepEqual([first?.["source"], first?.["version"], first?.["stream"]], ["lectern", 1, "math"]);
});

test("a seek shows what was live then, a second one goes on from there, and the way back leads to the live picture", async (t) => {
  const server = await liveServer();
  const [steered = ""] = examples("Messages", "html", server.http);
  const page = await openPage(t);
  const heard = await noteMessages(page);
  await page.goto(await otherSite(t, { "/": htmlPage(steered) }));
  const frame = await streamFrame(page);
  await plays(frame, "the frame");
  const newest = async () =>
    (await heard()).findLast(({ type }) => type === "time") as { isLive: boolean; at: number; delay: number } | undefined;
  const delayNear = (seconds: number) =>
    until(async () => {
      const told = await newest();
      return told?.isLive === false && Math.abs(told.delay - seconds) < 4;
    }, `a delay of ${seconds} s`);
  await until(async () => Date.now() - Date.parse(await startOf(server, "math")) > 24_000, "some of the stream");
  await command(page, { command: "seek", behind: 18 });
  await delayNear(18);
  await plays(frame, "the picture of before", "lectern-replay");
  await command(page, { command: "seek", at: Date.now() - 9000 });
  await delayNear(9);
  assert.equal(await frame.locator("lectern-player").count(), 0, "one player at a time");
  // Farther back than the stream goes.
  await command(page, { command: "seek", behind: 3000 });
  const begun = Date.parse(await startOf(server, "math"));
  await until(async () => Math.abs(((await newest())?.at ?? 0) - begun) < 6000, "the beginning");
  await command(page, { command: "pause" });
  await until(async () => (await heard()).findLast(({ type }) => type === "state")?.["state"] === "paused", "the pause");
  await page.getByRole("button", { name: "Live" }).click();
  await plays(frame, "the live picture");
  await until(async () => (await newest())?.isLive === true, "that it is live");
  assert.equal(await frame.locator("lectern-replay").count(), 0);
  // What cannot be is passed over.
  for (const odd of [{ command: "seek" }, { command: "volume", volume: "loud" }, { command: "explode" }, { command: "quality" }])
    await command(page, odd);
  await plays(frame, "the live picture still");
});

test("only the page that the address names is told something, and only the window around the frame commands", async (t) => {
  const server = await liveServer();
  const frameOf = (origin: string) =>
    `<iframe src="${server.http}/embed/math?muted&origin=${encodeURIComponent(origin)}" allow="autoplay"></iframe>`;
  // A page that shows the frame with the origin of another one, and a page in the page that commands it.
  const stranger = `<script>setInterval(() => parent.frames[0].postMessage({ target: "lectern", command: "pause" }, "*"), 50)</script>`;
  const inner = await otherSite(t, { "/": htmlPage(stranger) });
  const pages: Record<string, string> = { "/wrong": htmlPage(frameOf("https://school.example")) };
  const site = await otherSite(t, pages);
  pages["/"] = htmlPage(`${frameOf(site)}<iframe src="${inner}"></iframe>`);
  const page = await openPage(t, { expected: /target origin provided/ });
  const heard = await noteMessages(page);
  await page.goto(`${site}/wrong`);
  await plays(await streamFrame(page), "the frame");
  await command(page, { command: "pause" });
  await plays(await streamFrame(page), "the frame that was commanded");
  assert.deepEqual(await heard(), []);
  await page.goto(site);
  await plays(await streamFrame(page), "the frame beside a stranger");
  await until(async () => (await heard()).length > 3, "messages");
  assert.ok(!(await heard()).some(({ state }) => state === "paused"));
});

test("a post of WordPress with the HTML block, and with both shortcodes as they are written into the page", async (t) => {
  const server = await liveServer();
  const [block = ""] = examples("Frame", "html", server.http);
  const [frame = "", element = ""] = examples("WordPress", "php", server.http);
  const site = await otherSite(t, {
    "/block": htmlPage(`<div class="entry-content">\n<!-- wp:html -->\n${block}\n<!-- /wp:html -->\n</div>`),
    "/frame": htmlPage(`<p>${rendered(frame, { name: "math", link: "" })}</p>`),
    "/element": htmlPage(`<p>${rendered(element, { name: "math", link: "" })}</p>`),
  });
  for (const path of ["/block", "/frame"]) {
    const page = await openPage(t);
    await page.goto(site + path);
    await plays(await streamFrame(page), path);
    await page.context().close();
  }
  const page = await openPage(t);
  await page.goto(`${site}/element`);
  await plays(page, "the element");
});

/** What PHP makes of a shortcode: its text with the address in its place, and the script that it asks for at the end of the page. */
function rendered(php: string, values: Readonly<Record<string, string>>): string {
  const textOf = (expression: string) =>
    expression
      .split(" . ")
      .map((part) => {
        const [, literal] = /^'(.*)'$/s.exec(part) ?? [];
        if (literal !== undefined) return literal;
        const [, field = ""] = /\$of\['(\w+)'\]/.exec(part) ?? [];
        if (field !== "") return values[field] ?? "";
        assert.equal(part, "esc_url($address)");
        return address.replaceAll("&", "&#038;");
      })
      .join("");
  const [, addressExpression = ""] = /\$address = (.*);/.exec(php) ?? [];
  const address: string = textOf(addressExpression);
  const [, returned = ""] = /return (.*);/.exec(php) ?? [];
  const [, script] = /wp_enqueue_script\('[\w-]+', '([^']+)'/.exec(php) ?? [];
  // WordPress adds the strategy and an id.
  const loaded =
    script === undefined ? "" : `<script src="${script}" id="lectern-player-js" async data-wp-strategy="async"></script>`;
  return textOf(returned) + loaded;
}

async function startOf(server: Lectern, name: string): Promise<string> {
  const { items } = (await (await server.api("/api/v1/streams")).json()) as { items: { name: string; startedAt: string }[] };
  return items.find((item) => item.name === name)?.startedAt ?? new Date().toISOString();
}
