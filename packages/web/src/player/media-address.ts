/** The address of a stream's media, for the page that stands beside it on the same server. */

/** What of a page's own parameters belongs to the media: the permission, and the wish for low delay. */
const PASSED_ON = ["expires", "sign", "ip", "viewer", "delay"];

export function mediaAddress(name: string, query: URLSearchParams): string {
  const own = new URLSearchParams();
  for (const key of PASSED_ON) {
    const value = query.get(key);
    if (value !== null) own.set(key, value);
  }
  const parameters = own.toString();
  return `/live/${encodeURIComponent(name)}.flv${parameters ? `?${parameters}` : ""}`;
}

/** Whoever wants to see the lesson by one protocol only, says so in the page's address. */
export function chooseProtocol(player: HTMLElement, query: URLSearchParams): void {
  const protocol = query.get("protocol");
  if (protocol !== null) player.setAttribute("protocol", protocol);
}

/** Where the player learns at which node to watch; empty: there is one, which is this. */
export function dispatchAddress(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="lectern-dispatch"]')?.content ?? "";
}
