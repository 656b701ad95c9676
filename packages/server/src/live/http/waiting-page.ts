/** Provides the page that a browser shows while the server cannot answer: what is so, in words, and it asks again by itself. */
import type { IncomingHttpHeaders } from "node:http";
import type { Refusal } from "../../platform/refusal.ts";

const AGAIN_SECONDS = 5;
/** Nothing else can be loaded meanwhile. */
const STYLE =
  "html{color-scheme:light dark;font:17px/1.6 system-ui,sans-serif}body{display:grid;min-height:90vh;margin:0 24px;place-content:center;text-align:center}";
const ESCAPED = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" } as const;

/** Whether a person opens a page, which can be had later: programs read problem details. */
export function wantsWaitingPage(headers: IncomingHttpHeaders, { status }: Refusal): boolean {
  return status === 503 && /^text\/html\b/.test(String(headers.accept ?? ""));
}

/** @param title what is so, in the language */
export function waitingPage(title: string, language: string): Buffer {
  const words = title.replace(/[&<>"]/g, (sign) => ESCAPED[sign as keyof typeof ESCAPED]);
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="${AGAIN_SECONDS}">`;
  return Buffer.from(
    `<!doctype html><html lang="${language}"><head>${head}<title>Lectern</title><style>${STYLE}</style></head><body><p role="status">${words}</p></body></html>\n`,
  );
}
