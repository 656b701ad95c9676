/** Opens pages in Chromium for a test, and fails the test for each error or warning that the browser reports. */
import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import type { TestContext } from "node:test";
import type { BrowserContextOptions, Download, Page } from "playwright-core";
import { sharedBrowser } from "./fixtures.ts";
import { HANG_MS } from "./lectern.ts";

export type PageOptions = BrowserContextOptions & {
  /** Of the browser's command line. */
  readonly flags?: readonly string[];
  /** Messages of the console that the test expects. */
  readonly expected?: RegExp;
};

const LEFT = new RegExp(
  [
    // A page is closed, or its server, while its room is being connected, or its service worker fetched.
    "/api/v1/rooms/.*: Connection closed before receiving a handshake response$",
    "^An unknown error occurred when fetching the script\\.$",
    // The process that has the rooms had no processor for seconds: the page connects again.
    "/api/v1/rooms/.*: Error during WebSocket handshake: Unexpected response code: 503$",
  ].join("|"),
);

export async function openPage(t: Pick<TestContext, "after">, options: PageOptions = {}): Promise<Page> {
  const { expected, flags, ...rest } = options;
  const browser = await sharedBrowser(flags);
  const context = await browser.newContext({ locale: "en-US", ...rest });
  context.setDefaultTimeout(HANG_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    // A player that is removed at once takes back the source that its picture was just about to load.
    const isTakenBack = message.text().includes("ERR_FILE_NOT_FOUND") && message.location().url.startsWith("blob:");
    const isLeft = LEFT.test(message.text());
    const isComplaint = message.type() === "error" || message.type() === "warning";
    if (isComplaint && !isTakenBack && !isLeft) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  t.after(async () => {
    await context.close();
    assert.deepEqual(
      complaints.filter((text) => !expected?.test(text)),
      [],
      "the browser complained",
    );
  });
  return page;
}

/** Opens a page as small as a test needs it where the picture fills the page: to draw it is most of what a picture costs without a graphics card. */
export function openSmallPage(t: Pick<TestContext, "after">, options: PageOptions = {}): Promise<Page> {
  return openPage(t, { viewport: { width: 480, height: 270 }, ...options });
}

/** From its next load on, the page plays no sound before a touch. What a test asks a page counts as one for Chromium, whose rule this stands for. */
export async function withoutSoundBeforeTouch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const { play } = HTMLMediaElement.prototype;
    let touched = false;
    addEventListener("pointerdown", () => (touched = true), true);
    HTMLMediaElement.prototype.play = function () {
      if (this.muted || touched) return play.call(this);
      return Promise.reject(new DOMException("a touch is wanted first", "NotAllowedError"));
    };
  });
}

/** Reads the state of the player on the page, as soon as the page has one. */
export function playerState(page: Page) {
  return page.locator("lectern-player").evaluate(async (element) => {
    await customElements.whenDefined("lectern-player");
    const player = element as unknown as {
      state: string;
      statistics: Record<string, number | string | null>;
    } & HTMLElement;
    const video = player.shadowRoot?.querySelector("video");
    return {
      state: player.state,
      firstFrameMs: Number(player.statistics["firstFrameMs"] ?? Number.NaN),
      stalls: Number(player.statistics["stalls"]),
      reconnects: Number(player.statistics["reconnects"]),
      behind: Number(player.statistics["behind"]),
      time: video?.currentTime ?? 0,
      engine: String(player.statistics["engine"]),
      width: video?.videoWidth ?? 0,
      muted: video?.muted ?? false,
      words: player.shadowRoot?.querySelector('[role="status"]')?.textContent ?? "",
    };
  });
}

/** Opens a page of the server. It may not ask any other host. */
export async function openOwnPage(
  t: Pick<TestContext, "after">,
  options: Parameters<typeof openPage>[1],
  server: string,
): Promise<Page> {
  const page = await openPage(t, { expected: /ERR_CONNECTION|status of 40[0-9]|status of 503/, ...options });
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (/^(http|ws)/.test(protocol)) assert.equal(host, new URL(server).host, request.url());
  });
  return page;
}

/** What a page has downloaded: the run's browser keeps its files to itself. */
export async function downloaded(download: Download): Promise<Buffer> {
  return await buffer(await download.createReadStream());
}
