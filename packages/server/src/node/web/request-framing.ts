/**
 * Refuses requests of HTTP/1.1 that `node:http` takes and that a proxy in front may read in another way: two messages where one was meant are the
 * beginning of request smuggling (RFC 9112 section 11.2).
 */
import type { IncomingMessage } from "node:http";
import { platformText } from "../../platform/messages/platform-texts.ts";
import { Refusal } from "../../platform/refusal.ts";

/** Null: the request is read in one way alone. Else `bad-request` or `not-implemented`, after which the connection ends. */
export function framingRefusal({ httpVersion, rawHeaders, headers }: IncomingMessage): Refusal | null {
  if (httpVersion !== "1.1" && httpVersion !== "1.0") return new Refusal("bad-request", platformText("http-version"));
  if (countOf(rawHeaders, "host") > 1) return new Refusal("bad-request", platformText("several-hosts"));
  const coding = headers["transfer-encoding"];
  // RFC 9112 section 6.1.
  if (coding !== undefined && coding.trim().toLowerCase() !== "chunked")
    return new Refusal("not-implemented", platformText("transfer-coding"));
  return null;
}

/** How often a field is there. `node:http` keeps the first one of some and says nothing of the others. */
function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === name) count++;
  return count;
}
