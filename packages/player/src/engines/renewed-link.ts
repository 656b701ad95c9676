/** Tells a renewed signed link from a link to another stream. The API renews links during a lesson; a renewal must not interrupt playback. */

/** The parameters of a signed link that change when it is renewed. */
const SIGNATURE_PARAMETERS = ["expires", "sign", "ip", "viewer"];

/** True when both addresses open the same stream in the same way and only the signature differs. */
export function isRenewedLink(before: string, now: string): boolean {
  return before !== "" && before !== now && withoutSignature(before) === withoutSignature(now);
}

function withoutSignature(address: string): string {
  const [path = "", query = ""] = address.split("?");
  const rest = new URLSearchParams(query);
  for (const key of SIGNATURE_PARAMETERS) rest.delete(key);
  rest.sort();
  return `${path}?${rest}`;
}
