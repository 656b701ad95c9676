/** Defines the address that makes a phone the second camera of an attempt. */

const PHONE = "#camera=";

/** @param token lets a device publish the second camera, and nothing else */
export function phoneAddress(origin: string, code: string, token: string): string {
  return `${origin}/exam/${code}${PHONE}${encodeURIComponent(token)}`;
}

/** The token of such an address; null: it is the candidate's own. @param hash with its `#` */
export function phoneToken(hash: string): string | null {
  if (!hash.startsWith(PHONE)) return null;
  try {
    return decodeURIComponent(hash.slice(PHONE.length)) || null;
  } catch {
    return null;
  }
}
