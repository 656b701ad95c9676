/** Names viewers and their devices by hashes, so that no node learns of links and addresses from another. */
import { createHash } from "node:crypto";

/** @param identity of a link; null: the client has none */
export function viewerKeyOf(identity: string | null): string | null {
  return identity === null ? null : hash(identity);
}

/** The device that a client is, as far as its address and its program tell. */
export function deviceKeyOf({ ip, userAgent }: { readonly ip: string; readonly userAgent: string | null }): string {
  return hash(`device ${ip} ${programOf(userAgent ?? "")}`);
}

/** On Apple's devices the page and the system's own player ask with different names for one viewer. */
function programOf(userAgent: string): string {
  const isSafari =
    userAgent.includes("Safari/") && !/Chrom(?:e|ium)\/|Edg\//.test(userAgent) && /Mac(?:intosh| OS)/.test(userAgent);
  return isSafari || userAgent.startsWith("AppleCoreMedia/") ? "Apple" : userAgent;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest().subarray(0, 12).toString("base64url");
}
