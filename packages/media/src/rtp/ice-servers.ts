/** Implements STUN and TURN servers that a WHIP or WHEP server names in `Link` headers: RFC 9725 section 4.6, RFC 8288. */

/** As `RTCPeerConnection` takes it. */
export type IceServer = { readonly urls: string; readonly username?: string; readonly credential?: string };

/** Links are apart by commas, which stand in their texts too: a link begins with "<". */
const BETWEEN_LINKS = /,(?=\s*<)/;
const LINK = /^\s*<((?:stun|turn)s?:[^>]+)>(.*)$/;
const PARAMETER = /;\s*([a-z-]+)\s*=\s*(?:"([^"]*)"|([^;\s]*))/gi;
/** More are of no use to a browser, and slow it down. */
const MAX_SERVERS = 4;

/** @param header all `Link` headers of the answer, joined by commas, as `fetch` gives them; null: there is none */
export function iceServersOf(header: string | null): IceServer[] {
  const servers: IceServer[] = [];
  for (const link of (header ?? "").split(BETWEEN_LINKS)) {
    const [, urls, rest = ""] = LINK.exec(link) ?? [];
    if (urls === undefined) continue;
    const parameters = new Map<string, string>();
    for (const [, name = "", quoted, plain = ""] of rest.matchAll(PARAMETER)) parameters.set(name.toLowerCase(), quoted ?? plain);
    if (parameters.get("rel") !== "ice-server") continue;
    const [username, credential] = [parameters.get("username"), parameters.get("credential")];
    // A browser throws at a TURN server without credentials.
    if (urls.startsWith("turn") && (username === undefined || credential === undefined)) continue;
    servers.push({ urls, ...(username === undefined ? {} : { username }), ...(credential === undefined ? {} : { credential }) });
  }
  return servers.slice(0, MAX_SERVERS);
}
