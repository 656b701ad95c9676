/**
 * Keeps a sign-on between its two requests in the person's browser: state, nonce and what its protocol needs, encrypted in a cookie of ten minutes. A
 * response of a provider counts only in the browser that started it (RFC 9700, section 4.7), and the server holds nothing for strangers.
 */
import { z } from "zod";
import { decryptToken, encryptToken } from "../../../foundation/requests/encrypted-token.ts";

export const FLOW_SECONDS = 600;
const PREFIX = "lectern-sign-on-";
const PURPOSE = "sign-on";

const flowShape = z.object({
  providerId: z.string(),
  /** Comes back with the browser: `state` of OpenID Connect, RelayState of SAML, in the service address of CAS. */
  state: z.string(),
  /** Counts once. OpenID Connect: in the ID token. SAML: the id of the request, which the assertion answers. */
  nonce: z.string(),
  /** Of PKCE; empty for other protocols. */
  verifier: z.string(),
  /** Where the provider sends the browser back to. CAS: the service for which it issues the ticket. */
  redirectUri: z.string(),
  /** Whether the provider was to ask the person again. */
  isFresh: z.boolean().default(false),
  /** The path of the page that the person came from. */
  returnTo: z.string(),
  /** The person who adds the provider to an own account; null: somebody signs in. */
  linkTo: z.string().nullable(),
});
export type Flow = z.output<typeof flowShape>;

/** Each flow has a cookie of its own, so that two tabs do not disturb each other. */
export function flowCookieName(state: string): string {
  return PREFIX + state.replace(/[^\w-]/g, "").slice(0, 16);
}

/** The value of `Set-Cookie` that keeps a flow. */
export async function flowCookie(flow: Flow, secret: string, isSecure: boolean): Promise<string> {
  const value = await encryptToken(flow, FLOW_SECONDS, { purpose: PURPOSE, secret });
  return `${flowCookieName(flow.state)}=${value}; Max-Age=${FLOW_SECONDS}${attributes(isSecure)}`;
}

/** The value of `Set-Cookie` that forgets a flow. */
export function clearedFlowCookie(state: string, isSecure: boolean): string {
  return `${flowCookieName(state)}=; Max-Age=0${attributes(isSecure)}`;
}

/** The flow in a cookie's value; null where it is not ours, was changed, or has expired. */
export async function readFlow(value: string | null, secret: string): Promise<Flow | null> {
  if (value === null) return null;
  return flowShape.safeParse(await decryptToken(value, { purpose: PURPOSE, secret })).data ?? null;
}

function attributes(isSecure: boolean): string {
  return `; Path=/api/v1/sign-on; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}
