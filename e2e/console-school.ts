/** Provides schools and signed-in pages for tests of the console. Each test has a school of its own, so that they share a server. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Page } from "playwright-core";
import { openOwnPage } from "./chromium.ts";
import type { Lectern } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

export type School = {
  readonly id: string;
  readonly slug: string;
  /** The API with the token of an administrator of the school. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<Body>;
  readonly tokenOf: (role: string) => Promise<string>;
};

const PASSWORD = "a good password";

type Person = { readonly id: string; readonly login: string; readonly token: string };

/** A name that nothing else on the server has. */
export const ownName = (what: string): string => `${what}-${Math.random().toString(36).slice(2, 10)}`;

/** Somebody of a school, or of none, who has signed in with a login of the test's own. */
export async function newPerson(server: Lectern, schoolId: string | null, role: string, name = "Anna"): Promise<Person> {
  const login = ownName(role);
  const of = schoolId === null ? {} : { schoolId };
  const { id } = await done(server, "POST", "/users", { ...of, login, name, role, password: PASSWORD });
  const { token } = (await ask(server, "POST", "/sessions", { login, password: PASSWORD }, null)).body;
  return { id, login, token };
}

/** A school of the test's own. */
export async function newSchool(server: Lectern, timeZone = "UTC"): Promise<School> {
  const slug = ownName("school");
  const { id } = await done(server, "POST", "/schools", { slug, name: slug, timeZone });
  const { token } = await newPerson(server, id, "administrator");
  const call = async (method: string, path: string, body?: unknown): Promise<Body> => {
    const answer = await ask(server, method, path, body, token);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const tokenOf = async (role: string) => (role === "administrator" ? token : (await newPerson(server, id, role)).token);
  return { id, slug, call, tokenOf };
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
