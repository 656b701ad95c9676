/** Signs a person in on this browser: with a password, with a passkey, or with both. The session goes to a cookie. */
import { publicApi, unwrap } from "./api.ts";

/** What the person has typed; an empty school or code: none. */
export type Typed = { readonly login: string; readonly password: string; readonly school?: string; readonly code?: string };

/** @returns that the person is signed in */
export async function signInWithPassword({ login, password, school, code }: Typed): Promise<true> {
  const body = { login, password, cookie: true, ...(school ? { school } : {}), ...(code ? { code } : {}) };
  await unwrap(publicApi().POST("/api/v1/sessions", { body }));
  return true;
}

/**
 * @param typed where the password was right and a second factor is asked for; null: the passkey says who the person is
 * @returns whether the person is signed in; false: cancelled
 */
export async function signInWithPasskey(typed: Typed | null, school = ""): Promise<boolean> {
  const { answerOfPasskey } = await import("./passkey.ts");
  const passkey = await answerOfPasskey(publicApi());
  if (!passkey) return false;
  const body = { passkey, cookie: true, ...(school ? { school } : {}) };
  if (typed === null) await unwrap(publicApi().POST("/api/v1/sessions/passkey", { body }));
  else await unwrap(publicApi().POST("/api/v1/sessions", { body: { ...body, login: typed.login, password: typed.password } }));
  return true;
}
