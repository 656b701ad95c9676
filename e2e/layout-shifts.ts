/** Notes what moves on a page while nobody touches it: https://web.dev/articles/cls, all of it added up. */
import type { Page } from "playwright-core";

export type Shifts = { readonly value: number; readonly what: readonly string[] };

type Noted = { value: number; what: string[] };

/** From its next load on. */
export async function noteShifts(page: Page): Promise<void> {
  await page.addInitScript(observe);
}

/** Since the page was loaded. */
export function shiftsOf(page: Page): Promise<Shifts> {
  return page.evaluate(() => (globalThis as unknown as { layoutShifts: Noted }).layoutShifts);
}

/** Runs in the page, before its own scripts. */
function observe(): void {
  type Source = { readonly node: Node | null; readonly previousRect: DOMRectReadOnly; readonly currentRect: DOMRectReadOnly };
  type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: readonly Source[] };
  const layoutShifts: Noted = { value: 0, what: [] };
  Object.assign(globalThis, { layoutShifts });
  const at = ({ x, y, width, height }: DOMRectReadOnly) => [x, y, width, height].map(Math.round).join(" ");
  const said = ({ node, previousRect, currentRect }: Source) => {
    const element = node instanceof Element ? node : node?.parentElement;
    return `${element?.tagName.toLowerCase() ?? "?"}.${element?.className ?? ""} ${at(previousRect)} → ${at(currentRect)}`;
  };
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources, startTime } of list.getEntries() as Shift[]) {
      if (hadRecentInput) continue;
      layoutShifts.value += value;
      layoutShifts.what.push(`${value.toFixed(4)} after ${Math.round(startTime)} ms: ${sources.map(said).join(", ")}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
}
