/** Tells what axe finds on a page that keeps people from using it. */
import axe from "axe-core";
import type { Page } from "playwright-core";

/** What is not asked for takes half of the time: which rules a page keeps, and axe itself as an answer. */
const LOAD = `${axe.source};undefined`;
/** What is fading in has not its colours yet. What moves without an end is left alone. */
const SETTLED = `Promise.allSettled(document.getAnimations().flatMap((one) =>
  one.effect?.getComputedTiming().endTime === Infinity ? [] : one.finished))`;
const RUN = `${SETTLED}.then(() => axe.run({ resultTypes: ["violations"] })).then(({ violations }) =>
  violations.map(({ id, impact, nodes }) => \`\${impact} \${id}: \${nodes[0]?.html.slice(0, 160)}\`))`;

/** Serious and critical ones, and heads of tables without a word; each with the first element that has it. */
export async function axeFaults(page: Page): Promise<string[]> {
  return (await allAxeFaults(page)).filter((fault) => /^(?:serious|critical) |^\w+ empty-table-header/.test(fault));
}

/** All of them, also those of little weight; each begins with its weight. */
export async function allAxeFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(LOAD);
  return await page.evaluate<string[]>(RUN);
}
