/**
 * Keeps a launch between its two requests in the person's browser: state and nonce, encrypted, for ten minutes. The browser has it in a cookie, and
 * where a frame gets no cookies, in the storage of the platform's page (LTI Client Side postMessages 0.1). A launch counts only where its flow is.
 */
import { z } from "zod";
import { ID } from "../../../platform/id.ts";
import { newSecret } from "../../../platform/secrets.ts";
import { decryptToken, encryptToken } from "../../foundation/requests/encrypted-token.ts";

export const FLOW_SECONDS = 600;
const PURPOSE = "lti-launch";
const COOKIE_PREFIX = "lectern-lti-";

const flowShape = z.object({ platformId: z.string(), state: z.string(), nonce: z.string() });
export type LaunchFlow = z.output<typeof flowShape>;

/** A flow for a launch of a platform. The state names the platform, and the frame of the platform that stores for tools. */
export function newFlow(platformId: string, storageTarget: string): LaunchFlow {
  const target = /^[\w-]{1,60}$/.test(storageTarget) ? storageTarget : "";
  return { platformId, state: [platformId, newSecret(), target].join("."), nonce: newSecret() };
}

/** The platform that a state names; null for none. The flow proves it. */
export function platformOfState(state: string): string | null {
  const id = state.split(".")[0] ?? "";
  return ID.test(id) ? id : null;
}

export function encryptFlow(flow: LaunchFlow, secret: string): Promise<string> {
  return encryptToken(flow, FLOW_SECONDS, { purpose: PURPOSE, secret });
}

/** The flow of a token, if it is that of the state; else null. */
export async function readFlow(token: string | null, state: string, secret: string): Promise<LaunchFlow | null> {
  if (token === null || token === "") return null;
  const flow = flowShape.safeParse(await decryptToken(token, { purpose: PURPOSE, secret })).data;
  return flow?.state === state ? flow : null;
}

/** Each flow has a cookie of its own, so that two tabs do not disturb each other. */
export function flowCookieName(state: string): string {
  return COOKIE_PREFIX + (state.split(".")[1] ?? "").replace(/[^\w-]/g, "").slice(0, 16);
}

/** The value of `Set-Cookie` that keeps a flow. */
export function flowCookie(state: string, token: string, isSecure: boolean): string {
  return `${flowCookieName(state)}=${token}; Max-Age=${FLOW_SECONDS}${attributes(isSecure)}`;
}

/** The value of `Set-Cookie` that forgets a flow. */
export function clearedFlowCookie(state: string, isSecure: boolean): string {
  return `${flowCookieName(state)}=; Max-Age=0${attributes(isSecure)}`;
}

/**
 * Frames in the pages of a platform get cookies only with SameSite=None, which needs HTTPS. Partitioned: a cookie of the frame counts in pages of that
 * platform only (CHIPS), and browsers that block the cookies of other sites allow it.
 */
function attributes(isSecure: boolean): string {
  return `; Path=/api/v1/lti; HttpOnly; ${isSecure ? "SameSite=None; Secure; Partitioned" : "SameSite=Strict"}`;
}
