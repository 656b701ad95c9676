/** Provides a browser that signs on with a provider, and a provider of the first school, for tests of single sign-on. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { type OpenIdProvider, startOpenIdProvider, visitProvider } from "./openid-provider.ts";
import type { Answer, TestSchool } from "./school.ts";

export const OWN_PAGE = { "sec-fetch-site": "same-origin" };
export const HERE = "http://school.example";
export const SIGN_ON = { signOnNetworks: ["127.0.0.0/8"] };
const ROLES = {
  roleClaim: "groups",
  roles: { staff: "teacher", pupils: "student", heads: "administrator" },
  courseClaim: "courses",
};

export type Configured = { readonly id: string; readonly schoolId: string; readonly openid: OpenIdProvider };

/** A provider of the first school. */
export async function configure(t: TestContext, { ok }: TestSchool, settings: object = {}): Promise<Configured> {
  const openid = await startOpenIdProvider(t);
  const schoolId = (await ok("GET", "/schools")).items[0].id;
  const client = { clientId: "lectern", clientSecret: "a secret of the client" };
  const body = { schoolId, name: "School account", issuer: openid.issuer, ...client, ...ROLES, ...settings };
  const { id, redirectUri } = await ok("POST", "/providers", { body });
  assert.equal(redirectUri, `${HERE}/sign-on/${id}/callback`);
  await openid.register({ id: client.clientId, secret: client.clientSecret, redirectUri });
  return { id, schoolId, openid };
}

/** What a browser holds. */
export class Browser {
  readonly cookies: Map<string, string>;
  private readonly school: TestSchool;

  /** @param cookies that it begins with */
  constructor(school: TestSchool, cookies: ReadonlyMap<string, string> = new Map()) {
    this.school = school;
    this.cookies = new Map(cookies);
  }

  /** @param page what the page says of itself: `anonymous` leaves the session out */
  async call(method: string, path: string, body?: unknown, page = "active"): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await this.school.call(method, path, {
      as: null,
      headers: { ...OWN_PAGE, "lectern-page": page, cookie },
      ...(body ? { body } : {}),
    });
    for (const set of [answer.headers["set-cookie"] ?? []].flat()) {
      const [name = "", value = ""] = (String(set).split(";")[0] ?? "").split(/=(.*)/s);
      if (/Max-Age=0/.test(String(set))) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  async begin(
    providerId: string,
    more: { readonly link?: boolean; readonly returnTo?: string; readonly fresh?: boolean } = {},
  ): Promise<string> {
    const answer = await this.call("POST", "/sign-on", { providerId, ...more }, more.link ? "active" : "anonymous");
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.url;
  }

  finish(providerId: string, query: string): Promise<Answer> {
    return this.call("POST", "/sign-on/response", { providerId, query }, "anonymous");
  }

  /** With what a provider has posted to the page. */
  finishForm(providerId: string, form: string): Promise<Answer> {
    return this.call("POST", "/sign-on/response", { providerId, form }, "anonymous");
  }

  async signOn(
    { id }: Configured,
    subject: string,
    more: { readonly link?: boolean; readonly returnTo?: string } = {},
  ): Promise<Answer> {
    const url = await this.begin(id, more);
    return await this.finish(id, await visitProvider(url, subject, HERE));
  }

  async me(): Promise<Answer["body"]> {
    return (await this.call("GET", "/me")).body;
  }
}
