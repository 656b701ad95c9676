/** Tells what is wrong with how a page looks: that it is wider than the window, and what axe finds. */
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";

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

/** What axe finds, and what reaches out of the window. */
export async function pageFaults(page: Page): Promise<string[]> {
  const wide = await overflow(page);
  return [...(await axeFaults(page)), ...(wide > 0 ? [`${wide} px too wide`] : [])];
}
