/** Opens a session for a person, and answers with its token: in the body for programs, in a cookie for pages. */
import { DEVICE_COOKIE } from "../../../access/credentials/device-cookie.ts";
import { sessionCookies } from "../../../access/credentials/session-cookie.ts";
import type { Answer } from "../../../platform/api/route.ts";
import type { User } from "../../foundation/store/tables.ts";
import type { SignInService } from "./sign-in.ts";
import { userResponse } from "./user.ts";

type Request = {
  readonly ip: string;
  readonly agent: string;
  readonly isSecure: boolean;
  readonly cookie: (name: string) => string | null;
};
type SessionBody = { token: string; expiresAt: Date; user: ReturnType<typeof userResponse> };
type Opening = {
  /** For pages: the token goes to a cookie, not to the answer's body. */
  readonly asCookie: boolean;
  /** The provider that proved who the person is; null: a password or a passkey did. */
  readonly providerId: string | null;
  /** The passkey that did, alone or after the password. Default: none. */
  readonly passkeyId?: string | null;
  /** When the person proved who they are. Default: now. */
  readonly provenAt?: Date;
};

/** @throws RefusalError refused-by-rule, where the person may not sign in from this network */
export async function sessionAnswer(
  signIn: SignInService,
  user: User,
  { ip, agent, isSecure, cookie }: Request,
  { asCookie, providerId, ...proof }: Opening,
): Promise<Answer<SessionBody>> {
  const { token, expiresAt } = await signIn.openSession(user, { ip, agent, providerId, ...proof });
  // A learning platform's frame keeps no cookies.
  const mark = asCookie || providerId === null ? signIn.devices.cookieFor(cookie(DEVICE_COOKIE), user, isSecure) : null;
  const cookies = [...(asCookie ? sessionCookies(token, isSecure) : []), ...(mark === null ? [] : [mark])];
  const body = { token: asCookie ? "" : token, expiresAt, user: userResponse(user, user) };
  return cookies.length > 0 ? { body, headers: { "set-cookie": cookies } } : { body };
}
