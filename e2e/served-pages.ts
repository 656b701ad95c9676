/**
 * Opens the built pages in Chromium with answers of the API that the test gives: for what a page shows of the API, and asks of it. A request without an
 * answer fails the test, and so does an answer that the API could not give (`served-answers.ts`).
 */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import { type Answers, serveAnswers } from "./served-answers.ts";
import { signInBrowser } from "./sign-in-browser.ts";

export type ServedPages = {
  /** Its origin. */
  readonly http: string;
  /** Opens a page for a person who is signed in. */
  readonly open: (path: string, options?: Parameters<typeof openOwnPage>[1]) => Promise<Page>;
};

export async function servePages(t: Pick<TestContext, "after">, answers: Answers): Promise<ServedPages> {
  const pages: Page[] = [];
  const { http, faults, close } = await serveAnswers(answers, () => {
    // What the test waits for would not come.
    for (const page of pages) void page.close({ reason: faults.join("\n") });
  });
  t.after(async () => {
    for (const page of pages) await page.context().close();
    await close();
    assert.deepEqual(faults, [], "pages and answers do not fit each other");
  });
  return {
    http,
    open: async (path, options = {}) => {
      const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 }, ...options }, http);
      pages.push(page);
      await signInBrowser(page.context(), http, "a-session");
      await page.goto(`${http}${path}`);
      return page;
    },
  };
}
