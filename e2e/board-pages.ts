/** Pages with a board, in Chromium: a stylus that writes as a hand does, and what is on the canvases, pixel by pixel. */
import assert from "node:assert/strict";
import type { CDPSession, Page } from "playwright-core";
import { until } from "./lectern.ts";

type Place = { readonly x: number; readonly y: number };
type PenPoint = Place & { readonly pressure: number };

/** The board of every page is shown in this size, so that canvases can be compared. */
const SIZE = { width: 640, height: 360 };
const FIXED = `.stage-board { position: fixed !important; inset: auto auto 8px 8px !important; z-index: 5 !important;
  width: ${SIZE.width}px !important; height: ${SIZE.height}px !important; margin: 0 !important; border-radius: 0 !important; }`;
/** Milliseconds between two samples of the pen. */
const SAMPLE_MS = 8;

/** Whenever the page is loaded from now on. */
export async function fixBoardSize(page: Page): Promise<void> {
  // The policy of the pages forbids other styles in them.
  const add = (css: string): void => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  };
  await page.addInitScript(add, FIXED);
  await page.evaluate(add, FIXED);
}

/** A stylus with pressure: the browser hears of it as of a real one. */
export class Stylus {
  private readonly page: Page;
  private readonly session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.session = session;
  }

  static async on(page: Page): Promise<Stylus> {
    await page.locator(".draw-surface").waitFor();
    return new Stylus(page, await page.context().newCDPSession(page));
  }

  /** @param points in pixels of the board */
  async draw(points: readonly PenPoint[]): Promise<void> {
    await this.down(points);
    await this.up(points.at(-1) ?? { x: 0, y: 0, pressure: 0 });
  }

  async down(points: readonly PenPoint[]): Promise<void> {
    const [first] = points;
    if (!first) return;
    await this.send("mouseMoved", first, 0);
    await this.send("mousePressed", first, 1);
    await this.move(points.slice(1));
  }

  async move(points: readonly PenPoint[]): Promise<void> {
    for (const point of points) {
      await this.send("mouseMoved", point, 1);
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  }

  async up(point: PenPoint): Promise<void> {
    await this.send("mouseReleased", point, 0);
  }

  private async send(
    type: "mouseMoved" | "mousePressed" | "mouseReleased",
    { x, y, pressure }: PenPoint,
    buttons: number,
  ): Promise<void> {
    const box = await this.page.locator(".draw-surface").boundingBox();
    assert.ok(box);
    await this.session.send("Input.dispatchMouseEvent", {
      ...{ type, x: box.x + x, y: box.y + y, buttons, button: "left", clickCount: type === "mouseMoved" ? 0 : 1 },
      ...{ pointerType: "pen", force: buttons === 0 ? 0 : pressure },
    });
  }
}

/** Letters as a hand writes them: loops that lean, harder downwards than upwards. */
export function word(letters: number, { x, y }: Place, size = 28): PenPoint[] {
  const points: PenPoint[] = [];
  const each = 26;
  for (let i = 0; i <= letters * each; i++) {
    const turn = (i / each) * 2 * Math.PI;
    const height = 1 + 0.35 * Math.sin(i / 17) + 0.2 * Math.sin(i / 5);
    points.push({
      x: x + (i / each) * size * 0.72 + size * 0.4 * Math.sin(turn) + 0.18 * size * Math.cos(turn) * height,
      y: y - (size / 2) * height * Math.cos(turn),
      pressure: Math.min(1, Math.max(0.08, 0.42 + 0.3 * Math.sin(turn) + 0.1 * Math.sin(i / 3))),
    });
  }
  return points;
}

export function line(from: Place, to: Place, steps = 12): PenPoint[] {
  return Array.from({ length: steps + 1 }, (_, i) => ({
    x: from.x + ((to.x - from.x) * i) / steps,
    y: from.y + ((to.y - from.y) * i) / steps,
    pressure: 0.5,
  }));
}

/** All that is on the board of a page, in pixels; null: it has none, or of another size. */
async function pixelsOf(page: Page): Promise<Buffer | null> {
  const text = await page.evaluate(async ({ width, height }) => {
    const layers = [...document.querySelectorAll<HTMLCanvasElement>(".board-layer")];
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    if (!context || layers.length !== 2 || layers.some((one) => one.width !== width || one.height !== height)) return null;
    for (const layer of layers) context.drawImage(layer, 0, 0);
    const bytes = context.getImageData(0, 0, width, height).data;
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  }, SIZE);
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
    30_000,
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
    30_000,
  );
  for (const [name, page] of Object.entries(others)) await showsBoard(page, settled, `${what}, at ${name}'s`);
  return settled;
}
