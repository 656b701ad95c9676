/** What axe finds on a page that keeps people from using it. */
import axe from "axe-core";
import type { Page } from "playwright-core";

type Violation = { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] };

/** Serious and critical ones, and heads of tables without a word; each with the first element that has it. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>("axe.run()");
  return violations
    .filter(({ id, impact }) => impact === "serious" || impact === "critical" || id === "empty-table-header")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
}
