/** Signs browsers in without the form. */
import type { BrowserContext } from "playwright-core";
import { sessionCookieName } from "../packages/server/src/access/credentials/session-cookie.ts";

/** Signs a browser in as the person of a session: its token in the cookie, and the hint that pages read. */
export async function signInBrowser(context: BrowserContext, server: string, token: string): Promise<void> {
  await context.addCookies([
    { name: sessionCookieName(server.startsWith("https:")), value: token, url: server, httpOnly: true, sameSite: "Strict" },
    { name: "lectern-signed-in", value: "1", url: server, sameSite: "Strict" },
  ]);
}
