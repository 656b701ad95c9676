/**
 * Defines how RTMP servers ask for a user and a password, as ffmpeg and librtmp answer it: the server refuses `connect` and says what it wants, and
 * the client connects again with a query behind the app. RTMP itself has no such thing. `authmod=adobe` is that of Adobe's server and Wowza,
 * `authmod=llnw` that of Limelight.
 */
import { createHash, randomBytes } from "node:crypto";
import type { ClientTarget } from "./client-target.ts";

const CHALLENGE_BYTES = 4;

/**
 * What to put behind the app of the next connection. Null: the server does not ask, has said no, or the address has no user.
 * @param said the description of the refusal
 * @param challenge of the client. Default: a random one
 */
export function authorization(
  said: string,
  { app, user, password }: Pick<ClientTarget, "app" | "user" | "password">,
  challenge = randomBytes(CHALLENGE_BYTES).toString("hex"),
): string | null {
  const scheme = /authmod=(adobe|llnw)/.exec(said)?.[1];
  if (scheme === undefined || user === "" || password === "") return null;
  if (said.includes("code=403 need auth")) return `?authmod=${scheme}&user=${user}`;
  const [, asked] = /\?reason=needauth(&\S*)/.exec(said) ?? [];
  if (asked === undefined) return null;
  // Base64 in it is not escaped, so it is no query of a form.
  const fields = new Map(asked.split("&").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
  const field = (name: string) => fields.get(name) ?? "";
  return scheme === "adobe" ? adobe({ user, password, challenge, field }) : limelight({ app, user, password, challenge, field });
}

type Answer = {
  readonly user: string;
  readonly password: string;
  readonly challenge: string;
  readonly field: (name: string) => string;
};

function adobe({ user, password, challenge, field }: Answer): string {
  const known = md5("base64", user + field("salt") + password);
  const opaque = field("opaque");
  const response = md5("base64", known + (opaque === "" ? field("challenge") : opaque) + challenge);
  const query = `?authmod=adobe&user=${user}&challenge=${challenge}&response=${response}`;
  return opaque === "" ? query : `${query}&opaque=${opaque}`;
}

/** A digest like that of HTTP: RFC 2617 section 3.2.2, with `publish` as the method. */
function limelight({ app, user, password, challenge, field }: Answer & { readonly app: string }): string {
  const nonce = field("nonce");
  const count = "00000001";
  const [path = ""] = app.split("?", 1);
  const known = md5("hex", `${user}:live:${password}`);
  const asked = md5("hex", `publish:/${path}${path.includes("/") ? "" : "/_definst_"}`);
  const response = md5("hex", [known, nonce, count, challenge, "auth", asked].join(":"));
  return `?authmod=llnw&user=${user}&nonce=${nonce}&cnonce=${challenge}&nc=${count}&response=${response}`;
}

function md5(encoding: "base64" | "hex", text: string): string {
  return createHash("md5").update(text).digest(encoding);
}
