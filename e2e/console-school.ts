/** Schools and signed-in pages for tests of the console. Each test has a school of its own, so that they share a server. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import type { Lectern } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

export type School = {
  readonly id: string;
  /** The API with the token of an administrator of the school. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<Body>;
  readonly tokenOf: (role: string) => Promise<string>;
};

let schools = 0;

/** A school of the test's own. */
export async function newSchool(server: Lectern, timeZone = "UTC"): Promise<School> {
  const slug = `school-${++schools}`;
  const { id } = await done(server, "POST", "/schools", { slug, name: slug, timeZone });
  const tokenOf = async (role: string): Promise<string> => {
    const [login, password] = [`${slug}-${role}`, "a good password"];
    await done(server, "POST", "/users", { schoolId: id, login, name: "Anna", role, password });
    return (await ask(server, "POST", "/sessions", { login, password }, null)).body.token;
  };
  const token = await tokenOf("administrator");
  const call = async (method: string, path: string, body?: unknown): Promise<Body> => {
    const answer = await ask(server, method, path, body, token);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  return { id, call, tokenOf: (role) => (role === "administrator" ? Promise.resolve(token) : tokenOf(role)) };
}

/** A page of the console for somebody of the school. Its clock is the school's, wherever the browser is. */
export async function signedIn(
  t: TestContext,
  server: Lectern,
  school: School,
  path: string,
  { role = "administrator", options = {} }: { role?: string; options?: Parameters<typeof openOwnPage>[1] } = {},
): Promise<Page> {
  const token = await school.tokenOf(role);
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 }, ...options }, server.http);
  await signInBrowser(page.context(), server.http, token);
  await page.goto(`${server.http}/console${path}`);
  return page;
}
