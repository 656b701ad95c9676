/** Chromium for a test: whatever it complains of fails the test. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser } from "./browser.ts";

export type PageOptions = BrowserContextOptions & {
  /** Messages of the console that the test expects. */
  readonly expected?: RegExp;
};

export async function openPage(t: TestContext, options: PageOptions = {}): Promise<Page> {
  const browser = await launchBrowser();
  const { expected, ...context } = options;
  const page = await (await browser.newContext({ locale: "en-US", ...context })).newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  t.after(async () => {
    await browser.close();
    assert.deepEqual(
      complaints.filter((text) => !expected?.test(text)),
      [],
      "the browser complained",
    );
  });
  return page;
}

/** What the player on the page says of itself, as soon as the page has one. */
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

/** A page of ours: nothing on it may go elsewhere. */
export async function openOwnPage(t: TestContext, options: Parameters<typeof openPage>[1], server: string): Promise<Page> {
  const page = await openPage(t, { expected: /ERR_CONNECTION|status of 40[0-9]|status of 503/, ...options });
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (/^(http|ws)/.test(protocol)) assert.equal(host, new URL(server).host, request.url());
  });
  return page;
}
