/**
 * Finds out whether a page runs a text of somebody, or holds it as anything but text, and which marked texts it shows (`marked-texts.ts`). The page's
 * content security policy is off: what it would stop is a fault of the page, too.
 */
import type { Page } from "playwright-core";

export type Looked = {
  /** Elements, attributes and texts that are not as they should be. */
  readonly faults: readonly string[];
  /** Numbers of the marks that are there as text, in the document or in a field. */
  readonly seen: readonly number[];
};

/** What folds, opens or turns a leaf is pressed so often at most. */
const MOST_PRESSED = 4;
const LOOK_MS = 150;
/** A page that asks again and again has no end. */
const IDLE_MS = 2500;

/** Counts the requests of a page that are under way. */
export function requestsOf(page: Page): () => number {
  let count = 0;
  page.on("request", () => count++);
  page.on("requestfinished", () => count--);
  page.on("requestfailed", () => count--);
  return () => count;
}

/**
 * Looks at a page when it has nothing under way and shows a mark, then at what opens of it.
 * @param underWay requests @param withinMs until it shows a mark
 */
export async function lookThrough(page: Page, underWay: () => number, withinMs: number): Promise<Looked> {
  const begun = performance.now();
  let last = await look(page, 0);
  for (let before = -1; performance.now() - begun < Math.max(IDLE_MS, withinMs); ) {
    const isIdle = (underWay() === 0 && last.size === before) || performance.now() - begun > IDLE_MS;
    if (isIdle && (last.seen.length > 0 || performance.now() - begun > withinMs)) break;
    before = last.size;
    await page.waitForTimeout(LOOK_MS);
    last = await look(page, 0);
  }
  const opened = await look(page, MOST_PRESSED);
  return { faults: [...last.faults, ...opened.faults], seen: [...new Set([...last.seen, ...opened.seen])] };
}

/** `size` tells one state of a page from another, roughly. */
async function look(page: Page, pressed: number): Promise<Looked & { readonly size: number }> {
  // A page may lead elsewhere meanwhile.
  for (;;)
    try {
      return await page.evaluate(lookInPage, pressed);
    } catch (error) {
      if (!/navigation|destroyed/i.test(String(error))) throw error;
      await page.waitForLoadState("load");
    }
}

async function lookInPage(pressed: number) {
  const faults = new Set<string>();
  const seen = new Set<number>();
  const note = (text: string | null | undefined): void => {
    for (const [, n] of (text ?? "").matchAll(/m(\d+)z/g)) seen.add(Number(n));
  };
  const isIsolated = (node: Node): boolean => {
    for (let at = node.parentElement; at; at = at.parentElement)
      if (/isolate|plaintext/.test(getComputedStyle(at).unicodeBidi)) return true;
    return false;
  };
  let size = 0;
  const walk = (root: ParentNode & Node): void => {
    for (const element of root.querySelectorAll("*")) {
      size++;
      if (element.shadowRoot) walk(element.shadowRoot);
      for (const { name, value } of element.attributes) {
        if (/^on/i.test(name)) faults.add(`<${element.localName} ${name}=${value}>`);
        const isAddress = /^(?:href|src|action|formaction|data|xlink:href|poster|srcdoc)$/i.test(name);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers leave them out of addresses
        if (isAddress && /^[\x00-\x20]*(?:javascript|vbscript|data:text)/i.test(value))
          faults.add(`<${element.localName} ${name}=${value}>`);
        if (/^(?:title|alt|placeholder|value|label|aria-)/.test(name)) note(value);
      }
      if (element.localName === "img" && element.getAttribute("src") === "x") faults.add("an image of a text");
      if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) note(element.value);
    }
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if (node.parentElement?.localName === "script" || node.parentElement?.localName === "style") continue;
      size += node.nodeValue?.length ?? 0;
      note(node.nodeValue);
      if (/[\u202a-\u202e\u2066-\u2069]/.test(node.nodeValue ?? "") && !isIsolated(node))
        faults.add(`turns the text around it: ${node.nodeValue?.slice(0, 60)}`);
    }
  };
  walk(document);
  note(document.title);
  const openers = [
    ...document.querySelectorAll<HTMLElement>(
      "[role=tab][aria-selected=false], button[aria-expanded=false], button[aria-haspopup]:not([aria-expanded=true]), summary",
    ),
  ];
  for (const opener of openers.slice(0, pressed)) {
    opener.click();
    await new Promise((resolve) => setTimeout(resolve, 80));
    walk(document);
    document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", code: "Escape", bubbles: true }));
  }
  return { faults: [...faults], seen: [...seen], size };
}
