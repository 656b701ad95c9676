/**
 * The watermark of the players in Chromium: it is on the picture, it moves, and what a script does to it is noticed and reported.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { CDPSession, Page } from "playwright-core";
import { openOwnPage, openPage, playerState } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { ask, done, push } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";
import { live } from "./numbered-frames.ts";

/** Everything is noticed within this, seen from the test, which asks from time to time. In a run of all tests, pages stand for a while. */
const NOTICED_MS = runsRare ? 3000 : 20_000;
const TEXT = "Li Mei 7KQ2XM";

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
type Node = { readonly nodeName: string; readonly nodeId: number } & Partial<
  Readonly<Record<"children" | "shadowRoots", readonly Node[]>>
>;

/** Where the copies are. Only the browser's own inspector sees into a closed shadow root. */
async function copiesOf(page: Page, session?: CDPSession): Promise<readonly Box[]> {
  const inspector = session ?? (await page.context().newCDPSession(page));
  const { root } = (await inspector.send("DOM.getDocument", { depth: -1, pierce: true })) as { root: Node };
  const closed = closedRoots(root).flatMap(({ children = [] }) => children.filter(({ nodeName }) => nodeName === "P"));
  const boxes: Box[] = [];
  for (const { nodeId } of closed) {
    const { model } = await inspector.send("DOM.getBoxModel", { nodeId });
    const [x = 0, y = 0] = model.border;
    boxes.push({ x, y, width: model.width, height: model.height });
  }
  return boxes;
}

function closedRoots(node: Node & { readonly shadowRootType?: string }): readonly Node[] {
  const inside = [...(node.children ?? []), ...(node.shadowRoots ?? [])].flatMap(closedRoots);
  return node.shadowRootType === "closed" ? [node, ...inside] : inside;
}

/** Plays a stream under a watermark, on a page that notes each report. */
async function playMarked(t: TestContext, lectern: Lectern, name: string, before?: () => void): Promise<Page> {
  push(t, `${lectern.rtmp}/live/${name}`);
  await lectern.stream(name, (stream) => stream.video !== null);
  const page = await openPage(t, { viewport: { width: 1280, height: 720 }, expected: /ERR_|WebSocket|MediaSource/ });
  if (before) await page.addInitScript(before);
  await mark(page, lectern, name);
  return page;
}

async function mark(page: Page, lectern: Lectern, name: string): Promise<void> {
  await page.goto(`${lectern.http}/embed/${name}?muted`);
  await page.evaluate((text) => {
    const player = document.querySelector("lectern-player");
    player?.addEventListener("lectern-tamper", (event) => {
      document.documentElement.dataset["tamper"] = (event as CustomEvent<{ what: string }>).detail.what;
    });
    player?.setAttribute("watermark", text);
    player?.setAttribute("watermark-opacity", "0.6");
  }, TEXT);
}

const tamperingOf = (page: Page) => page.evaluate(() => document.documentElement.dataset["tamper"] ?? null);

/** The share of pixels in each box that differ clearly from those of the video's frame. The video has to stand still. */
async function differencesFrom(page: Page, boxes: readonly Box[]): Promise<readonly number[]> {
  const png = (await page.screenshot()).toString("base64");
  return await page.evaluate(
    async ({ png, boxes, width, height }) => {
      const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
      const shown = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const player = document.querySelector("lectern-player, lectern-replay");
      const video = player?.shadowRoot?.querySelector("video");
      if (!video) return [];
      const box = video.getBoundingClientRect();
      const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
      const [w, h] = [video.videoWidth * scale, video.videoHeight * scale];
      const at = { x: box.x + (box.width - w) / 2, y: box.y + (box.height - h) / 2 };
      const pixels = (draw: (context: OffscreenCanvasRenderingContext2D) => void) => {
        const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
        if (context) draw(context);
        const { data = [] } = context?.getImageData(0, 0, width, height) ?? {};
        return (x: number, y: number) => data.slice((y * width + x) * 4, (y * width + x) * 4 + 4);
      };
      const seen = pixels((context) => context.drawImage(shown, 0, 0, width, height));
      const plain = pixels((context) => context.drawImage(video, at.x, at.y, w, h));
      return boxes.map((one) => {
        let [all, different] = [0, 0];
        for (let x = Math.ceil(one.x); x < one.x + one.width; x += 2)
          for (let y = Math.ceil(one.y); y < one.y + one.height; y += 2) {
            const [a, b] = [seen(x, y), plain(x, y)];
            all++;
            if ([0, 1, 2].some((i) => Math.abs((a[i] ?? 0) - (b[i] ?? 0)) > 40)) different++;
          }
        return different / all;
      });
    },
    { png, boxes, ...(page.viewportSize() ?? { width: 0, height: 0 }) },
  );
}

const pause = (page: Page) =>
  page.locator("lectern-player").evaluate((player) => (player as unknown as { pause: () => void }).pause());

/** Both copies are on the picture, and between them the picture is as it was. */
async function assertWatermarked(page: Page): Promise<void> {
  const copies = await copiesOf(page);
  assert.equal(copies.length, 2);
  const [one = assert.fail(), other = assert.fail()] = copies;
  const clear = { x: one.x, y: other.y, width: 40, height: 20 };
  // A busy browser shows the frame of the pause, or the last of the controls, a little later.
  const isPlain = async () => ((await differencesFrom(page, [clear]))[0] ?? 1) < 0.02;
  await until(isPlain, "no difference beside the copies");
  const [first = 0, second = 0] = await differencesFrom(page, [one, other]);
  assert.ok(first > 0.1 && second > 0.1, `${first} and ${second} of the pixels of the copies differ`);
  assert.ok(Math.abs(one.x - other.x) > 300 && Math.abs(one.y - other.y) > 150, JSON.stringify(copies));
}

const saveScreenshot = async (page: Page, name: string) => {
  const folder = process.env["SCREENSHOTS"];
  if (folder) await page.screenshot({ path: join(folder, name) });
};

test("the watermark is on the picture, in full screen too, and it moves; normal use for half a minute raises no alarm", async (t) => {
  const lectern = await sharedLectern();
  const page = await playMarked(t, lectern, "marked1");
  await live(page);
  const began = performance.now();
  const places = JSON.stringify(await copiesOf(page));
  await saveScreenshot(page, "watermark.png");
  await pause(page);
  await assertWatermarked(page);
  await page.locator("lectern-player").focus();
  await page.keyboard.press("k");
  await live(page);

  await page.keyboard.press("f");
  await until(() => page.evaluate(() => document.fullscreenElement?.localName === "lectern-player"), "full screen");
  await saveScreenshot(page, "watermark-full-screen.png");
  await pause(page);
  await until(async () => (await copiesOf(page)).length === 2, "both copies in full screen");
  await assertWatermarked(page);
  await page.keyboard.press("k");
  await live(page);
  await page.keyboard.press("f");
  await until(() => page.evaluate(() => document.fullscreenElement === null), "the end of full screen");
  // A window of its own would show the picture without the mark.
  assert.equal(await page.getByRole("button", { name: "Picture-in-picture" }).count(), 0);

  const use = useNormally(page);
  await until(async () => {
    await use();
    assert.equal(await tamperingOf(page), null);
    return performance.now() - began > 20_000 && JSON.stringify(await copiesOf(page)) !== places;
  }, "another place");
  assert.equal((await playerState(page)).state, "live");
});

/** What people do, one thing after the other. */
function useNormally(page: Page): () => Promise<void> {
  const size = (width: number, height: number) => () => page.setViewportSize({ width, height });
  const script = (run: () => void) => () => page.evaluate(run);
  const steps: readonly (() => Promise<void>)[] = [
    size(1280, 720),
    size(700, 900),
    size(360, 640),
    size(1000, 500),
    () => page.emulateMedia({ colorScheme: "dark", forcedColors: "active", reducedMotion: "reduce" }),
    () => page.emulateMedia({ colorScheme: "light", forcedColors: "none", reducedMotion: "no-preference" }),
    () => page.keyboard.press("m"),
    async () => {
      const other = await page.context().newPage();
      await other.bringToFront();
      await page.waitForFunction(() => new Promise((resolve) => setTimeout(() => resolve(true), 1500)));
      await other.close();
      await page.bringToFront();
    },
    // Another zoom of the page, a dialog over the player, a notice in a corner, and a background behind it.
    script(() => {
      document.body.style.zoom = "1.25";
    }),
    script(() => {
      document.body.style.zoom = "";
      const dialog = document.createElement("dialog");
      dialog.textContent = "Leave the lesson?";
      dialog.style.cssText = "width: 40%; height: 40%";
      document.body.append(dialog);
      dialog.showModal();
    }),
    () => page.waitForFunction(() => new Promise((resolve) => setTimeout(() => resolve(true), 2500))).then(() => {}),
    script(() => document.querySelector("dialog")?.remove()),
    script(() => {
      const notice = document.createElement("p");
      notice.id = "notice";
      notice.textContent = "Your homework is due tomorrow.";
      notice.style.cssText =
        "position: fixed; right: 0; top: 0; width: 30%; height: 45%; background: white; z-index: 99; pointer-events: none";
      const background = document.createElement("div");
      background.style.cssText = "position: fixed; inset: 0; background: #123; z-index: -1; pointer-events: none";
      document.body.append(notice, background);
    }),
    () => page.waitForFunction(() => new Promise((resolve) => setTimeout(() => resolve(true), 2500))).then(() => {}),
    script(() => document.querySelector("#notice")?.remove()),
    // As extensions do to all parts of pages.
    script(() => {
      const root = document.querySelector("lectern-player")?.shadowRoot;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("* { background-color: rgb(24, 26, 27); color: rgb(232, 230, 227) !important }");
      root?.adoptedStyleSheets.push(sheet);
      for (const element of root?.children ?? []) element.setAttribute("data-scheme", "dark");
    }),
  ];
  let next = 0;
  return async () => {
    await steps[next++ % steps.length]?.();
  };
}

/** Scripts of the page that act on the player, and what of it is noticed. */
const TAMPERING: readonly (readonly [what: string, did: string, act: (page: Page) => Promise<unknown>])[] = [
  ["removed", "removes the mark", (page) => inRoot(page, (root) => [...root.children].find((child) => child.ariaHidden)?.remove())],
  [
    "removed",
    "moves the mark",
    (page) => inRoot(page, (root) => document.body.append(...root.querySelectorAll(":host > div[aria-hidden]"))),
  ],
  ["removed", "empties the player", (page) => inRoot(page, (root) => root.replaceChildren(...root.querySelectorAll("video")))],
  ["attribute", "removes the attribute", (page) => inRoot(page, ({ host }) => host.removeAttribute("watermark"))],
  ["attribute", "changes the text", (page) => inRoot(page, ({ host }) => host.setAttribute("watermark", "somebody else"))],
  ["attribute", "makes it fainter", (page) => inRoot(page, ({ host }) => host.setAttribute("watermark-opacity", "0.05"))],
  ["picture", "takes the video out", (page) => inRoot(page, (root) => document.body.append(...root.querySelectorAll("video")))],
  ["picture", "enlarges the video", (page) => inRoot(page, styleVideo("transform: scale(4)"))],
  ["picture", "moves the video", (page) => inRoot(page, styleVideo("translate: 0 90%"))],
  [
    "covered",
    "puts the video above",
    (page) =>
      inRoot(page, (root) => {
        const video = root.querySelector("video");
        if (!video) return;
        video.style.zIndex = "2147483647";
        root.append(video);
      }),
  ],
  ["covered", "covers the copies", (page) => cover(page, "pointer-events: auto")],
  ["covered", "covers the copies with what clicks pass through", (page) => cover(page, "pointer-events: none !important")],
  [
    "covered",
    "stops all timers and covers the copies",
    async (page) => {
      await page.evaluate(() => {
        for (let i = 0; i < 10_000; i++) clearInterval(i);
        window.getComputedStyle = () => document.body.style;
        Element.prototype.getBoundingClientRect = () => new DOMRect();
        Document.prototype.elementsFromPoint = () => [];
      });
      await cover(page, "");
    },
  ],
];

function inRoot(page: Page, act: (root: ShadowRoot) => unknown): Promise<void> {
  return page.evaluate(`(${act})(document.querySelector("lectern-player").shadowRoot), undefined`);
}

function styleVideo(css: string): (root: ShadowRoot) => void {
  return new Function("root", `root.querySelector("video").style.cssText += ${JSON.stringify(css)}`) as never;
}

/** Even a script that knew the places would have to put something there. */
async function cover(page: Page, css: string): Promise<void> {
  const copies = await copiesOf(page);
  await page.evaluate(
    ({ copies, css }) => {
      for (const { x, y, width, height } of copies) {
        const patch = document.createElement("div");
        patch.style.cssText = `position: fixed; left: ${x}px; top: ${y}px; width: ${width}px; height: ${height}px; background: #345; z-index: 9; ${css}`;
        document.body.append(patch);
      }
    },
    { copies, css },
  );
}

test("each way to get rid of the watermark by a script is noticed, and playback stops for good", async (t) => {
  const lectern = await sharedLectern();
  const page = await playMarked(t, lectern, "marked2");
  const wrong: string[] = [];
  for (const [what, did, act] of TAMPERING) {
    await mark(page, lectern, "marked2");
    await live(page);
    await until(async () => (await copiesOf(page)).length === 2, "the mark");
    await act(page);
    const began = performance.now();
    const noticed = await until(() => tamperingOf(page), `a script that ${did}`, 20_000).catch(() => "nothing");
    const took = performance.now() - began;
    if (noticed !== what || took > NOTICED_MS) wrong.push(`a script that ${did}: ${noticed} after ${took.toFixed(0)} ms`);
    if (noticed === "nothing") continue;
    const { state, words } = await playerState(page);
    if (state !== "failed" || !/^Playback has stopped because the watermark/.test(words)) wrong.push(`${did}: ${state} ${words}`);
    await page.evaluate(() => (document.querySelector("lectern-player") as unknown as { play: () => void }).play());
    const videos = await page.evaluate(
      () =>
        [
          ...document.querySelectorAll("video"),
          ...(document.querySelector("lectern-player")?.shadowRoot?.querySelectorAll("video") ?? []),
        ].length,
    );
    if (videos > 0) wrong.push(`${did}: the video is still there`);
  }
  assert.deepEqual(wrong, []);
  await until(async () => (await lectern.stream("marked2")).viewers.total === 0, "no viewer");
  await saveScreenshot(page, "watermark-tampered.png");
});

test("styles and attributes of the page do not reach the watermark, and the video gets no full screen of its own", async (t) => {
  const lectern = await sharedLectern();
  const page = await playMarked(t, lectern, "marked3");
  await live(page);
  await inRoot(page, (root) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("div, p { display: none !important; opacity: 0 !important; transform: scale(0) !important }");
    root.adoptedStyleSheets.push(sheet);
    document.adoptedStyleSheets.push(sheet);
    const host = [...root.children].find((child) => child.ariaHidden) as HTMLElement;
    host.style.cssText = "display: none !important; visibility: hidden !important; clip-path: inset(50%) !important";
    host.hidden = true;
    host.animate([{ opacity: 0 }, { opacity: 0 }], { duration: 1e6 });
  });
  await page.evaluate(() => {
    const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video");
    void video?.requestFullscreen();
    return new Promise((resolve) => document.addEventListener("fullscreenchange", resolve, { once: true }));
  });
  await until(() => page.evaluate(() => document.fullscreenElement === null), "the end of full screen");
  const refused = await page.evaluate(async () => {
    const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video");
    return await video?.requestPictureInPicture().then(
      () => "allowed",
      (error: DOMException) => error.name,
    );
  });
  assert.equal(refused, "InvalidStateError");
  await pause(page);
  await assertWatermarked(page);
  assert.equal(await tamperingOf(page), null);
});

test("where a script has replaced attachShadow before the player came, nothing is played", async (t) => {
  const lectern = await sharedLectern();
  const page = await playMarked(t, lectern, "marked4", () => {
    const { attachShadow } = Element.prototype;
    Element.prototype.attachShadow = function (init) {
      return attachShadow.call(this, { ...init, mode: "open" });
    };
  });
  await until(async () => (await tamperingOf(page)) === "shadow-root", "the alarm");
  assert.equal((await playerState(page)).state, "failed");
});

test("a lesson under a rule shows each person who watches, live and rewound; tampering is in the audit log, by that person alone", async (t) => {
  const lectern = await sharedLectern();
  const entries = async () => (await done(lectern, "GET", "/audit?action=watermark.tamper")).items;
  // The server may have had this file before.
  const { length: before } = await entries();
  const lesson = await done(lectern, "POST", "/lessons", { title: "Fractions" });
  const rules = [{ kind: "watermark", for: "play", shows: "both", opacity: 0.5 }];
  await done(lectern, "POST", "/policies", { target: { level: "lesson", id: lesson.id }, rules });
  push(t, lesson.stream.rtmpUrl);
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 800 } }, lectern.http);
  await page.goto(`${lectern.http}/j/${lesson.code}`);
  await page.getByLabel("Your name").fill("Li Mei");
  await page.getByRole("button", { name: "Join class" }).click();
  await page.locator("lectern-player").waitFor();
  await live(page);
  const [participant] = (await done(lectern, "GET", `/lessons/${lesson.id}/participants`)).items;
  assert.match(participant.mark, /^[A-HJKMNP-Z2-9]{6}$/);
  const found = (await done(lectern, "GET", `/lessons/${lesson.id}/participants?mark=${participant.mark.toLowerCase()}`)).items;
  assert.deepEqual(
    found.map(({ id }: { id: string }) => id),
    [participant.id],
  );
  assert.deepEqual((await done(lectern, "GET", `/lessons/${lesson.id}/participants?mark=222222`)).items, []);
  const text = `Li Mei ${participant.mark}`;
  assert.equal(await page.locator("lectern-player").getAttribute("watermark"), text);
  assert.equal((await copiesOf(page)).length, 2);
  await saveScreenshot(page, "watermark-class.png");

  // There is something to rewind to.
  await until(async () => (await playerState(page)).time > 5, "some seconds of the lesson");
  await page.getByRole("button", { name: "Rewind" }).click();
  const replay = page.locator("lectern-replay");
  await until(async () => (await replay.getAttribute("watermark")) === text && (await copiesOf(page)).length === 2, "its mark");
  await until(() => replay.evaluate(({ shadowRoot }) => (shadowRoot?.querySelector("video")?.currentTime ?? 0) > 0.5), "the past");
  await saveScreenshot(page, "watermark-replay.png");
  await replay.evaluate(({ shadowRoot }) => {
    // The root of bullet comments is open, and that of the mark is closed.
    for (const layer of shadowRoot?.querySelectorAll(":host > div[aria-hidden]") ?? []) if (!layer.shadowRoot) layer.remove();
  });
  await replay.getByText("Playback has stopped because the watermark").waitFor();
  const [entry] = await until(async () => {
    const all = await entries();
    return all.length > before && all;
  }, "the entry in the audit log");
  assert.deepEqual(entry.target, { kind: "participant", id: participant.id });
  assert.deepEqual([entry.after.what, entry.after.name, entry.after.mark], ["removed", "Li Mei", participant.mark]);

  const report = (body: object) => ask(lectern, "POST", `/lessons/${lesson.id}/reports/tamper`, body, null);
  assert.equal((await report({ what: "removed" })).status, 404);
  assert.equal((await report({ what: "removed", token: "guessed" })).status, 404);
  assert.equal((await report({ what: "<b>bold</b>", token: "guessed" })).status, 400);
  assert.equal((await entries()).length, before + 1);
  const guest = await ask(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Wu" }, null);
  assert.match(guest.body.watermark.text, /^Wu [A-Z2-9]{6}$/);
  assert.equal(guest.body.watermark.opacity, 0.5);
  const reports: number[] = [];
  for (let i = 0; i < 6; i++) reports.push((await report({ what: "covered", token: guest.body.token })).status);
  assert.deepEqual(reports, [204, 204, 204, 204, 204, 429]);
  const [newest] = await entries();
  assert.deepEqual([newest.target.id, newest.after.what], [guest.body.viewer, "covered"]);
});
