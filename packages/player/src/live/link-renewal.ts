/** Links are renewed while a lesson goes on. */

const OF_THE_LINK = ["expires", "sign", "ip", "viewer"];

/** Whether two addresses are the same stream in the same way, and only the permission is another. */
export function isRenewedLink(before: string, now: string): boolean {
  return before !== "" && before !== now && withoutLink(before) === withoutLink(now);
}

function withoutLink(address: string): string {
  const [path = "", query = ""] = address.split("?");
  const rest = new URLSearchParams(query);
  for (const key of OF_THE_LINK) rest.delete(key);
  rest.sort();
  return `${path}?${rest}`;
}
