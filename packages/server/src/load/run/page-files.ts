/** Loads a page with its files as a browser with an empty cache does, one after the other on one connection. */
import type { HttpLine } from "../clients/http-line.ts";
import { codeOf } from "../clients/viewer.ts";

const FILE = /(?:src|href)="(\/assets\/[^"]+)"/g;

/** @returns null, or the code of what was refused */
export async function loadPage(line: HttpLine, path: string): Promise<string | null> {
  const page = await line.request({ method: "GET", path });
  if (page.status !== 200) return codeOf(page.status, page.body);
  const files = new Set([...page.body.toString().matchAll(FILE)].map(([, file = ""]) => file));
  for (const file of files) {
    const { status, body } = await line.request({ method: "GET", path: file, countsOnly: true });
    if (status !== 200) return codeOf(status, body);
  }
  return null;
}
