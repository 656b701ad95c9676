/**
 * Provides credentials for a TURN server that expire: the server shares a secret with this one, and keeps no list of users (the scheme of coturn's
 * `use-auth-secret`, draft-uberti-behave-turn-rest). Given to clients as links of RFC 9725 section 4.6.
 */
import { createHmac } from "node:crypto";

export type TurnOptions = {
  /** `turn:turn.school.example:3478?transport=udp`, also `turns:` and `stun:`. */
  readonly urls: readonly string[];
  /** Empty: the servers ask for no credentials. */
  readonly secret: string;
  readonly ttlSeconds: number;
};

/** The values of `Link` headers. @param user whom the TURN server's log names @param now milliseconds since 1970 */
export function iceServerLinks({ urls, secret, ttlSeconds }: TurnOptions, user: string, now: number): readonly string[] {
  const username = `${Math.floor(now / 1000) + ttlSeconds}:${user}`;
  const credential = createHmac("sha1", secret).update(username).digest("base64");
  return urls.map((url) => {
    const link = `<${url}>; rel="ice-server"`;
    if (secret === "" || url.startsWith("stun")) return link;
    return `${link}; username="${username}"; credential="${credential}"; credential-type="password"`;
  });
}
