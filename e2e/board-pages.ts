/** Provides pages with a board, in Chromium: a stylus that writes as a hand does, and what is on the canvases, pixel by pixel. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, CDPSession, Page } from "playwright-core";
import { type PenPoint, type Place, SAMPLE_MS } from "./handwriting.ts";
import { until } from "./lectern.ts";

/** The board of every page has so many pixels of its screen, so that canvases can be compared. */
export const BOARD_PIXELS = { width: 640, height: 360 };
const DONE_LIMIT_MS = 30_000;

/** Whenever the page is loaded from now on. */
export async function fixBoardSize(page: Page): Promise<void> {
  // The policy of the pages forbids other styles in them.
  const add = ({ width, height }: typeof BOARD_PIXELS): void => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`.stage-board { position: fixed !important; inset: auto auto 8px 8px !important; z-index: 5 !important;
      width: ${width / devicePixelRatio}px !important; height: ${height / devicePixelRatio}px !important;
      margin: 0 !important; border-radius: 0 !important; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  };
  await page.addInitScript(add, BOARD_PIXELS);
  await page.evaluate(add, BOARD_PIXELS);
}

/** By keyboard: the board of the tests lies over some of the page. */
export async function chooseTool(page: Page, tool: string): Promise<void> {
  await page.getByRole("toolbar", { name: "Drawing tools" }).getByRole("button", { name: tool, exact: true }).press("Enter");
}

/** @param item of the person's menu in the studio */
export async function changePen(studio: Page, person: string, item: "Give a pen" | "Take the pen back"): Promise<void> {
  await studio.getByRole("tab", { name: "People" }).click();
  await studio.getByRole("button", { name: `Actions: ${person}` }).click();
  await studio.getByRole("menuitem", { name: item }).click();
}

/** Of the replay on a page, which stands there. */
export async function seekReplay(page: Page, seconds: number): Promise<void> {
  await page.evaluate((to) => {
    const player = document.querySelector("lectern-replay") as unknown as { currentTime: number; pause: () => void };
    player.pause();
    player.currentTime = to;
  }, seconds);
}

/** A stylus with pressure: the browser hears of it as of a real one. */
export class Stylus {
  private readonly page: Page;
  private readonly session: CDPSession;
  /** Of the board in the window. */
  private corner: Place = { x: 0, y: 0 };
  private isFixed = false;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.session = session;
  }

  static async on(page: Page): Promise<Stylus> {
    await page.locator(".draw-surface").waitFor();
    return new Stylus(page, await page.context().newCDPSession(page));
  }

  /** The board stays where it is from now on: the page is not asked for its place with each stroke, which takes the page's time. */
  async fix(): Promise<void> {
    await this.find();
    this.isFixed = true;
  }

  private async find(): Promise<void> {
    const box = await this.page.locator(".draw-surface").boundingBox();
    assert.ok(box);
    this.corner = box;
  }

  /** @param points in pixels of the board */
  async draw(points: readonly PenPoint[]): Promise<void> {
    await this.down(points);
    await this.up(points.at(-1) ?? { x: 0, y: 0, pressure: 0 });
  }

  async down(points: readonly PenPoint[]): Promise<void> {
    const [first] = points;
    if (!first) return;
    if (!this.isFixed) await this.find();
    await this.send("mouseMoved", first, 0);
    await this.send("mousePressed", first, 1);
    await this.move(points.slice(1));
  }

  /** Each sample at its time, whatever the page has to do: what comes between two frames comes with one event, as from a real pen. */
  async move(points: readonly PenPoint[]): Promise<void> {
    const begun = performance.now();
    const sent: Promise<void>[] = [];
    for (const [i, point] of points.entries()) {
      await sleep(Math.max(0, begun + (i + 1) * SAMPLE_MS - performance.now()));
      sent.push(this.send("mouseMoved", point, 1));
    }
    await Promise.all(sent);
  }

  async up(point: PenPoint): Promise<void> {
    await this.send("mouseReleased", point, 0);
  }

  private async send(
    type: "mouseMoved" | "mousePressed" | "mouseReleased",
    { x, y, pressure }: PenPoint,
    buttons: number,
  ): Promise<void> {
    await this.session.send("Input.dispatchMouseEvent", {
      type,
      x: this.corner.x + x,
      y: this.corner.y + y,
      buttons,
      button: "left",
      clickCount: type === "mouseMoved" ? 0 : 1,
      pointerType: "pen",
      force: buttons === 0 ? 0 : pressure,
    });
  }
}

/**
 * All that is on the board of a page, in pixels, with the slide below; null: it has none, or of another size, or the slide's picture is still coming, or a
 * stroke is live.
 */
async function pixelsOf(page: Page): Promise<Buffer | null> {
  const text = await page.evaluate(async ({ width, height }) => {
    const layers = [...document.querySelectorAll<HTMLCanvasElement>(".board-layer")];
    const slide = document.querySelector<HTMLImageElement>(".board-slide");
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (!context || layers.length !== 2 || layers.some((one) => one.width !== width || one.height !== height)) return null;
    if (slide) {
      // The small picture stands in until the large one is here.
      if (!slide.complete || slide.naturalWidth === 0 || !slide.src.includes("/large-")) return null;
      const pixels = (length: string) => Number.parseFloat(length) * devicePixelRatio;
      const { left, top, width, height } = slide.style;
      context.drawImage(slide, pixels(left), pixels(top), pixels(width), pixels(height));
    }
    const strokes = document.querySelector<HTMLCanvasElement>(".live-strokes:not([hidden])");
    if (strokes && strokes.width > 0) {
      const ink = new OffscreenCanvas(width, height).getContext("2d");
      ink?.drawImage(strokes, 0, 0);
      const pixels = new Uint32Array(ink?.getImageData(0, 0, width, height).data.buffer ?? new ArrayBuffer(0));
      if (pixels.some((pixel) => pixel > 0)) return null;
    }
    for (const layer of layers) context.drawImage(layer, 0, 0);
    const bytes = context.getImageData(0, 0, width, height).data;
    const address = await new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.readAsDataURL(new Blob([bytes]));
    });
    return address.slice(address.indexOf(",") + 1);
  }, BOARD_PIXELS);
  return text === null ? null : Buffer.from(text, "base64");
}

export async function boardOf(page: Page): Promise<Buffer> {
  return await until(() => pixelsOf(page), "a board");
}

/** How many pixels are not white. */
export function inkOf(pixels: Buffer): number {
  let count = 0;
  for (let i = 0; i < pixels.length; i += 4) if ((pixels[i] ?? 0) + (pixels[i + 1] ?? 0) + (pixels[i + 2] ?? 0) < 720) count++;
  return count;
}

function differences(one: Buffer, other: Buffer): number {
  let count = 0;
  for (let i = 0; i < one.length; i += 4) if (one.readUInt32LE(i) !== other.readUInt32LE(i)) count++;
  return count;
}

/** Waits until a page shows exactly that. */
export async function showsBoard(page: Page, expected: Buffer, what: string): Promise<void> {
  let last = "nothing";
  await until(
    async () => {
      const pixels = await pixelsOf(page);
      last = pixels === null ? "no board" : `${differences(pixels, expected)} other pixels`;
      return pixels?.equals(expected) ?? false;
    },
    what,
    DONE_LIMIT_MS,
  ).catch((error: Error) => {
    throw new Error(`${error.message}: ${last}`);
  });
}

/** Waits until pages show what another one shows, which has more on it than before. @returns what it is */
export async function sameBoard(first: Page, others: Readonly<Record<string, Page>>, what: string, least: number): Promise<Buffer> {
  const settled = await until(
    async () => {
      const one = await pixelsOf(first);
      if (!one || inkOf(one) < least) return null;
      await new Promise((resolve) => setTimeout(resolve, 150));
      const again = await pixelsOf(first);
      return again?.equals(one) ? one : null;
    },
    `${what}: ${least} pixels of ink`,
    DONE_LIMIT_MS,
  );
  for (const [name, page] of Object.entries(others)) await showsBoard(page, settled, `${what}, at ${name}'s`);
  return settled;
}

/** The board has had time to be whole. */
const NO_CHANGES_MS = 2000;

type FirstBoard = {
  /** When the person pressed something last before the board was seen; 0: nothing was pressed. Milliseconds of `performance.now()`. */
  pressedAt: number;
  /** When ink was seen first; 0: not yet. */
  seenAt: number;
  /** When the board changed last, within two seconds. */
  wholeAt: number;
};

/** A script that runs in a page before its own: notes when the board is seen first. */
export function noteFirstBoard(): void {
  const CHANGES_MS = 2000;
  /** Paper is white. */
  const INK_BELOW = 200;
  const noted: FirstBoard = { pressedAt: 0, seenAt: 0, wholeAt: 0 };
  Object.assign(globalThis, { firstBoard: noted });
  /** Null: there is no board, or its slide has not come. */
  const seen = (): Uint8ClampedArray | null => {
    const slide = document.querySelector<HTMLImageElement>(".board-slide");
    const layer = document.querySelector<HTMLCanvasElement>(".board-layer");
    if (!layer || (slide && (!slide.complete || slide.naturalWidth === 0))) return null;
    const context = new OffscreenCanvas(64, 36).getContext("2d");
    context?.drawImage(layer, 0, 0, 64, 36);
    return context?.getImageData(0, 0, 64, 36).data ?? null;
  };
  let before = "";
  const look = (): void => {
    const pixels = seen();
    const isInked = pixels?.some((value, i) => i % 4 < 3 && value > 0 && value < INK_BELOW) ?? false;
    if (isInked && String(pixels) !== before) {
      before = String(pixels);
      noted.seenAt ||= performance.now();
      noted.wholeAt = performance.now();
    }
    if (noted.seenAt === 0 || performance.now() - noted.seenAt < CHANGES_MS) requestAnimationFrame(look);
  };
  addEventListener("click", () => (noted.pressedAt = noted.seenAt > 0 ? noted.pressedAt : performance.now()), true);
  requestAnimationFrame(look);
}

/** Milliseconds from the press by which the person joined, or from the page's loading when there was none, to the first ink on the board, and to all of it. */
export type BoardWait = { readonly first: number; readonly whole: number };

export async function waitedForBoard(page: Page): Promise<BoardWait> {
  return await until(async () => {
    const { now, pressedAt, seenAt, wholeAt } = await page.evaluate(() => ({
      ...(globalThis as unknown as { firstBoard: FirstBoard }).firstBoard,
      now: performance.now(),
    }));
    const isWhole = seenAt > 0 && now - seenAt > NO_CHANGES_MS;
    return isWhole ? { first: seenAt - pressedAt, whole: wholeAt - pressedAt } : null;
  }, "the board to be seen");
}

/** A script that runs in a page before its own: counts the events of a pen that writes, and the samples that came with them. */
export function countSamples(): void {
  const counts = { events: 0, samples: 0 };
  Object.assign(globalThis, { penCounts: counts });
  const count = (event: PointerEvent): void => {
    if (event.pointerType !== "pen" || event.buttons === 0) return;
    counts.events++;
    counts.samples += Math.max(1, event.getCoalescedEvents().length);
  };
  addEventListener("pointermove", count, true);
}

export async function sampleCounts(page: Page): Promise<{ readonly events: number; readonly samples: number }> {
  return await page.evaluate(() => (globalThis as unknown as { penCounts: { events: number; samples: number } }).penCounts);
}

/** The least that a page with a pen can be: an empty element of the board's size, which hears of the pen and does nothing. What it costs is the browser's own. */
export async function openPenPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // An error with each sample would be what is measured.
  page.on("pageerror", (error) => {
    throw error;
  });
  // Only pages from a secure origin are told of the samples between two events.
  await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Pen</title>" }));
  await page.goto("http://localhost/");
  await page.evaluate(({ width, height }) => {
    const surface = document.createElement("div");
    surface.style.cssText = `position: fixed; left: 8px; bottom: 8px; width: ${width}px; height: ${height}px; touch-action: none`;
    surface.className = "draw-surface";
    document.body.append(surface);
    surface.addEventListener("pointermove", (event) => event.getCoalescedEvents());
  }, BOARD_PIXELS);
  return page;
}
