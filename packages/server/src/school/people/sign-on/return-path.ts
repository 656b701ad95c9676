/** Limits where a sign-on leads back to: pages of this server only, so that no link can use it as an open redirect (RFC 9700, section 4.11). */

const HERE = "http://here.invalid";
export const MAX_RETURN_PATH = 500;

/** The path, query and fragment of an own page; the console for anything else. */
export function returnPath(text: string): string {
  const url = /^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text) && URL.canParse(text, HERE) ? new URL(text, HERE) : null;
  if (url?.origin !== HERE || url.pathname.startsWith("//")) return "/console";
  return url.pathname + url.search + url.hash;
}
