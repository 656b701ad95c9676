/** Provides the address of a forward, as services show it: a server and a stream key. */

/** What the API shows in place of the key. */
const COVERED_KEY = "/***";

export function isKeyCovered(shown: string | null): boolean {
  return shown?.endsWith(COVERED_KEY) ?? false;
}

/** The server that the form starts with: the address without its covered key; empty where there is no address to show. */
export function serverOf(shown: string | null): string {
  return isKeyCovered(shown) ? (shown ?? "").slice(0, -COVERED_KEY.length) : (shown ?? "");
}

/** Puts a server and a key together, as OBS does. SRT has the key as its stream id. An empty key: the server is the whole address. */
export function joinAddress(server: string, key: string): string {
  const [address, secret] = [server.trim(), key.trim()];
  if (secret === "") return address;
  if (/^srt:/i.test(address)) return `${address}${address.includes("?") ? "&" : "?"}streamid=${encodeURIComponent(secret)}`;
  return `${address.replace(/\/+$/, "")}/${secret.replace(/^\/+/, "")}`;
}

/** The address to send for a form; undefined where it stays as it is. @param shown null for a new forward */
export function changedAddress(shown: string | null, server: string, key: string): string | undefined {
  const isSame = shown !== null && key.trim() === "" && server.trim() === serverOf(shown);
  return isSame ? undefined : joinAddress(server, key);
}
