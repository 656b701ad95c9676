/** The ICE servers that a WHIP server names in `Link` headers: RFC 9725 section 4.6, RFC 8288. */

const LINK = /<([^>]*)>((?:\s*;\s*[\w-]+\s*=\s*(?:"[^"]*"|[^",;\s]*))*)/g;
const PARAMETER = /;\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^",;\s]*))/g;

/** @param header all `Link` headers of the answer, joined by commas, as `fetch` gives them */
export function iceServersOf(header: string | null): RTCIceServer[] {
  return [...(header ?? "").matchAll(LINK)].flatMap(([, urls = "", rest = ""]) => {
    const parameters = new Map([...rest.matchAll(PARAMETER)].map(([, name = "", quoted, plain]) => [name, quoted ?? plain ?? ""]));
    if (parameters.get("rel") !== "ice-server" || !/^(stun|turn)s?:/.test(urls)) return [];
    const [username, credential] = [parameters.get("username"), parameters.get("credential")];
    return [username !== undefined && credential !== undefined ? { urls, username, credential } : { urls }];
  });
}
