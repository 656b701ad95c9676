/** Notes in a page what the player tells of problems, so that a test can ask for them, or say why the player connected again. */
import type { Page } from "playwright-core";

/** To be called before the page is opened. */
export async function noteProblems(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const problems: string[] = [];
    Object.assign(globalThis, { problems });
    document.addEventListener("lectern-problem", (event) => {
      const { problem, detail } = (event as CustomEvent).detail;
      problems.push(`${problem} ${detail}`);
    });
  });
}

/** Each problem so far: its name, and what the engine said of it. */
export function problemsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => (globalThis as unknown as { problems: string[] }).problems);
}
