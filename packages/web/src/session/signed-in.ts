/**
 * Whether somebody is signed in on this browser. The session is in a cookie that scripts cannot read; the server sets this hint beside it,
 * and an answer with 401 corrects it.
 */
import { forgetValue } from "./kept-values.ts";
import { launchToken, setLaunchToken } from "./launch-session.ts";

const HINT = "lectern-signed-in";
/** Earlier versions kept the session's token where every script could read it. */
const OLD_TOKEN_KEY = "lectern.token";

forgetValue("device", OLD_TOKEN_KEY);

export function isSignedIn(): boolean {
  return launchToken() !== null || document.cookie.split("; ").includes(`${HINT}=1`);
}

/** The server no longer knows the session. */
export function forgetSignIn(): void {
  setLaunchToken(null);
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API exists over HTTPS only
  document.cookie = `${HINT}=; Path=/; Max-Age=0`;
}

/** Whether a refusal means that nobody is signed in. */
export function isSignedOut(code: string | null): boolean {
  return code === "bad-credential" || code === "not-signed-in";
}
