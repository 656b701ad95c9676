/**
 * Decides whether somebody is signed in on this browser. The session is in a cookie that scripts cannot read; the server sets this hint beside it,
 * and an answer with 401 corrects it.
 */
import { launchToken, setLaunchToken } from "./launch-session.ts";

const HINT = "lectern-signed-in";

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
