/** Provides a page in Chromium that publishes its fake camera by the library, as pages of schools do. */
import type { Browser, Page } from "playwright-core";
import type { PublisherState, PublisherStatistics } from "../packages/publisher/src/supervise/publisher-types.ts";
import { FAKE_DEVICES, launchBrowser } from "./browser.ts";
import { HANG_MS, type Scope } from "./lectern.ts";

export type PageOptions = {
  /** `http://HOST:PORT/live/NAME` */
  readonly address: string;
  readonly key?: string;
  readonly prefer?: "auto" | "whip" | "websocket";
  readonly maxKbps?: number;
};

/** A browser whose camera shows a pattern with a clock, and whose microphone beeps each second. @param more arguments of its command line */
export async function cameraBrowser(t: Scope, more: readonly string[] = []): Promise<Browser> {
  const browser = await launchBrowser(undefined, [...FAKE_DEVICES, ...more]);
  t.after(() => browser.close());
  return browser;
}

/** What the page asks of its camera. Chromium encodes it on the processor. */
export type CameraSize = { readonly width: number; readonly height: number; readonly frameRate: number };
const SMALL: CameraSize = { width: 640, height: 360, frameRate: 15 };

/** Opens a page of the server, with the library and a camera: `globalThis.lectern` and `globalThis.camera`. */
export async function publishingPage(t: Scope, browser: Browser, server: string, size: CameraSize = SMALL): Promise<Page> {
  const context = await browser.newContext();
  t.after(() => context.close());
  context.setDefaultTimeout(HANG_MS);
  const page = await context.newPage();
  // A page of the server's origin that does nothing itself.
  await page.goto(`${server}/robots.txt`);
  await page.evaluate(async (video) => {
    const library = "/publisher.js";
    const camera = await navigator.mediaDevices.getUserMedia({ video, audio: true });
    Object.assign(globalThis, { lectern: await import(library), camera, states: [] });
  }, size);
  return page;
}

/** Publishes the page's camera: `globalThis.publisher`. */
export async function startPublishing(page: Page, options: PageOptions): Promise<void> {
  await page.evaluate((given) => {
    const { lectern, camera, states } = globalThis as unknown as { lectern: Library; camera: MediaStream; states: unknown[] };
    const onState = (state: PublisherState) => states.push({ ...state, at: performance.now() });
    Object.assign(globalThis, { publisher: lectern.createPublisher({ key: "any", ...given, stream: camera, onState }) });
  }, options);
}

type Library = typeof import("../packages/publisher/src/index.ts");

export type SeenState = PublisherState & { readonly at: number };

export const seenStates = (page: Page): Promise<SeenState[]> =>
  page.evaluate(() => (globalThis as unknown as { states: SeenState[] }).states);

export const stateOf = (page: Page): Promise<PublisherState> =>
  page.evaluate(() => (globalThis as unknown as { publisher: { state: PublisherState } }).publisher.state);

export const statisticsOf = (page: Page): Promise<PublisherStatistics> =>
  page.evaluate(() => (globalThis as unknown as { publisher: { statistics(): PublisherStatistics } }).publisher.statistics());
