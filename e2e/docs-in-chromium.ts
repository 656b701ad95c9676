/** Reads the site of the documents as people do: on a phone and a desktop, in English and Chinese, light and dark, with a search. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openPage } from "./chromium.ts";
import type { Lectern, Scope } from "./lectern.ts";

const PAGES = ["", "install", "coming-from", "performance", "reference/", "reference/lessons", "zh/", "zh/teachers", "zh/install"];
const LOOKS = [
  { name: "phone", viewport: { width: 360, height: 740 }, colorScheme: "light" },
  { name: "desktop", viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
] as const;
const SEARCHES = [
  { from: "", words: "time-shift", leads: /\/docs\/recording/ },
  { from: "zh/", words: "重复的课", leads: /\/docs\/zh\/(?:administrators|teachers)/ },
] as const;

/** @param name of the pictures, which are kept where SCREENSHOTS names a folder */
export async function readDocuments(t: Scope, server: Pick<Lectern, "http">, name: string): Promise<void> {
  const folder = process.env["SCREENSHOTS"];
  for (const look of LOOKS) {
    const page = await openPage(t, { viewport: look.viewport, colorScheme: look.colorScheme });
    for (const path of PAGES) {
      await page.goto(`${server.http}/docs/${path}`);
      await page.locator("h1").first().waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= look.viewport.width, `${path} is ${width} wide on a ${look.name}`);
      const file = `${name}-${path.replaceAll("/", "-") || "home"}-${look.name}.png`;
      if (folder) await page.screenshot({ path: join(folder, file) });
    }
    for (const { from, words, leads } of SEARCHES) {
      await page.goto(`${server.http}/docs/${from}`);
      await page.locator(".VPNavBarSearch button").first().click();
      await page.locator("#localsearch-input").fill(words);
      const found = page.locator(".VPLocalSearchBox .result").first();
      await found.waitFor();
      if (folder) await page.screenshot({ path: join(folder, `${name}-search-${from === "" ? "en" : "zh"}-${look.name}.png`) });
      await found.click();
      await page.waitForURL(leads);
    }
    // Its server ends in the test, which a page would report.
    await page.close();
  }
}
