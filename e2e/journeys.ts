/**
 * Provides journeys: a person goes over several pages in Chromium. What the person presses and how long it takes is counted and said; a limit judges
 * presses, never seconds. No page of a journey says anything in its console, and what a class shows does not jump.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";
import { openPage, type PageOptions } from "./chromium.ts";
import { runsRare } from "./long-tests.ts";

export type Locale = "en-US" | "zh-CN";
/** Of which journeys are made: of both where the file is named. */
export const LOCALES: readonly Locale[] = runsRare ? ["en-US", "zh-CN"] : ["zh-CN"];

const PICTURES = process.env["SCREENSHOTS"];
/** "Good" of https://web.dev/articles/cls is 0.1. */
const MAX_SHIFT = 0.01;
const CLASS_PAGES = /^\/(?:class|j|watch)(?:\/|$)/;

export type Journey = {
  /** A page of the person, in the person's language. */
  readonly open: (options?: PageOptions) => Promise<Page>;
  readonly press: (target: Locator) => Promise<void>;
  /** A press of a key; what is typed into a field is not counted. */
  readonly key: (page: Page, name: string) => Promise<void>;
  /** A file is chosen by a press; the window of the system that follows is none of ours. */
  readonly chooseFile: (
    target: Locator,
    file: { readonly name: string; readonly mimeType: string; readonly buffer: Buffer },
  ) => Promise<void>;
  /** Says how far the person came. At the end, the presses since the journey began are judged. */
  readonly reached: (what: string, presses: number) => void;
};

/** @param name of the person, as the report says it */
export function beginJourney(t: TestContext, name: string, locale: Locale): Journey {
  let presses = 0;
  const begun = performance.now();
  const shifts = new Map<string, { value: number; readonly what: string[] }>();
  const messages: string[] = [];
  const surprises: string[] = [];
  t.after(() => {
    assert.deepEqual(surprises, []);
    assert.deepEqual(messages, [], "the console of a page");
    for (const [path, { value, what }] of shifts) assert.ok(value < MAX_SHIFT, `${path} shifts by ${value}: ${what.join(", ")}`);
  });
  const open: Journey["open"] = async (options = {}) => {
    const page = await openPage(t, { locale, ...options });
    page.on("console", (message) => {
      messages.push(`${message.type()}: ${message.text()} ${message.location().url}`);
    });
    await page.exposeFunction("noteShift", (path: string, value: number, what: string) => {
      if (!CLASS_PAGES.test(path)) return;
      const seen = shifts.get(path) ?? { value: 0, what: [] };
      shifts.set(path, { value: seen.value + value, what: [...seen.what, `${what} ${value.toFixed(4)}`] });
    });
    await page.addInitScript(observeShifts);
    return page;
  };
  const press = async (target: Locator): Promise<void> => {
    presses++;
    await target.click();
  };
  return {
    open,
    press,
    key: async (page, name) => {
      presses++;
      await page.keyboard.press(name);
    },
    chooseFile: async (target, file) => {
      const chooser = target.page().waitForEvent("filechooser");
      await press(target);
      await (await chooser).setFiles(file);
    },
    reached: (what, limit) => {
      t.diagnostic(`${name}, ${locale}: ${what}: ${presses} presses, ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      if (presses !== limit) surprises.push(`${what}: ${presses} presses instead of ${limit}`);
    },
  };
}

/** With SCREENSHOTS=FOLDER, what the person sees now is saved there. */
export async function pictureOf(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** Whether the picture of the lesson goes on. @returns false: none does yet */
export const pictureMoves = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const video = document.querySelector("lectern-player")?.shadowRoot?.querySelector("video");
    return video !== null && video !== undefined && video.videoWidth > 0 && video.currentTime > 0.5;
  });

/** Runs in the page: reports what moves while nobody touches it. */
function observeShifts(): void {
  type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Element | null }[] };
  const { noteShift } = window as unknown as { noteShift: (path: string, value: number, what: string) => void };
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[])
      if (!hadRecentInput) noteShift(location.pathname, value, sources.map(({ node }) => node?.className ?? "?").join(" "));
  }).observe({ type: "layout-shift", buffered: true });
}
