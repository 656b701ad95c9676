/** Tells what is wrong with how a page looks: that it is wider than the window, what is too small for a finger, and what axe finds. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { runsRare } from "./long-tests.ts";

/** How much wider than the window a page is, in pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** What makes a page wider than the window: the elements that reach out of it, innermost last. Empty where nothing does. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const found = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width);
    const names = found.map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
    return [`${document.documentElement.scrollWidth} px wide, by ${names.join(" > ").slice(0, 500)}`];
  });
}

/** What a finger presses is so large, in pixels. */
const FINGER_PX = 44;

/**
 * What a finger would miss: it takes no press at the edges of a square of 44 px around its middle. Not judged: links in running text, what cannot be
 * seen or pressed, and lessons of a timetable, whose height is their time.
 */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate((finger) => {
    const pressed = "a[href], button, input, select, textarea, summary, [role=button], [role=tab], [role=menuitem], [role=switch]";
    const found = [...document.querySelectorAll<HTMLElement>(pressed)].flatMap((element) => {
      if (element.matches("a") && getComputedStyle(element).display === "inline") return [];
      if (element.matches(":disabled, .week-lesson, [type=file]") || element.closest("svg")) return [];
      const label = (element as HTMLInputElement).labels?.[0] ?? element.closest("label");
      const isBox = element.matches("[type=checkbox], [type=radio]");
      const { left, top, width, height } = ((isBox && label) || element).getBoundingClientRect();
      const takes = (x: number, y: number): boolean => {
        const hit = document.elementFromPoint(x, y);
        return hit !== null && (element.contains(hit) || label?.contains(hit) === true);
      };
      const [x, y, half] = [left + width / 2, top + height / 2, finger / 2 - 1];
      const isSeen = width > 1 && x > half && y > half && x < innerWidth - half && y < innerHeight - half;
      if (!isSeen || !takes(x, y)) return [];
      const isWide = width >= finger - 0.6 || (takes(x - half, y) && takes(x + half, y));
      const isHigh = height >= finger - 0.6 || (takes(x, y - half) && takes(x, y + half));
      if (isWide && isHigh) return [];
      const name = element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "";
      return [
        `${Math.round(width)}×${Math.round(height)} px: ${element.tagName.toLowerCase()}.${element.className} ${name.slice(0, 40)}`,
      ];
    });
    return [...new Set(found)];
  }, FINGER_PX);
}

/** What axe finds, and what reaches out of the window. */
export async function pageFaults(page: Page): Promise<string[]> {
  const wide = await overflow(page);
  return [...(await axeFaults(page)), ...(wide > 0 ? [`${wide} px too wide`] : [])];
}

/** Fingers press what is on windows narrower than this, in pixels. */
const HELD_IN_HAND_PX = 400;

type Size = { readonly width: number; readonly height: number };

/**
 * What axe looks at does not change with every width and language: it sees the first of the sizes in English and the last one in Chinese, and all of them
 * where the file is named.
 */
function seesAxe(size: Size, sizes: readonly Size[], look: string): boolean {
  return runsRare || size === (look.startsWith("en-") ? sizes[0] : sizes.at(-1));
}

/**
 * What is wrong with a page in windows of these sizes. With SCREENSHOTS=FOLDER, a picture of each is saved there.
 * @param name of the page @param look `en-US-light` @param fullPage whether pictures have also what is scrolled to @param all sizes that the page is seen at
 */
export async function faultsAtSizes(
  page: Page,
  sizes: readonly Size[],
  name: string,
  look: string,
  { fullPage = false, all = sizes }: { readonly fullPage?: boolean; readonly all?: readonly Size[] } = {},
): Promise<string[]> {
  const faults: string[] = [];
  const folder = process.env["SCREENSHOTS"];
  for (const size of sizes) {
    await page.setViewportSize(size);
    const small = size.width < HELD_IN_HAND_PX ? await smallTargets(page) : [];
    const found = [...(await overflowing(page)), ...small, ...(seesAxe(size, all, look) ? await axeFaults(page) : [])];
    faults.push(...found.map((fault) => `${name} ${size.width} ${look}: ${fault}`));
    if (folder === undefined) continue;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}-${size.width}-${look}.png`), fullPage });
  }
  return faults;
}
