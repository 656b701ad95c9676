/** What axe finds on a page that keeps people from using it. */
import axe from "axe-core";
import type { Page } from "playwright-core";

type Violation = { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] };

/** Serious and critical ones, and heads of tables without a word; each with the first element that has it. */
export async function axeFaults(page: Page): Promise<string[]> {
  return (await allAxeFaults(page)).filter((fault) => /^(?:serious|critical) |^\w+ empty-table-header/.test(fault));
}

/** All of them, also those of little weight; each begins with its weight. */
export async function allAxeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>("axe.run()");
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html.slice(0, 160)}`);
}
