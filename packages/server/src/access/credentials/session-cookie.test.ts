/** The session cookie counts for pages of this server only. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clearedSessionCookies, cookieCredential, sessionCookies } from "./session-cookie.ts";

const COOKIE = { host: "school.example", cookie: "a=1; lectern-session=secret; b=2" };
const OWN = { token: "secret", from: "cookie", isActive: true };

test("a page of this server is recognised by Sec-Fetch-Site, which no script can set", () => {
  assert.deepEqual(cookieCredential({ ...COOKIE, "sec-fetch-site": "same-origin" }, ""), OWN);
  for (const site of ["cross-site", "same-site", "none"])
    assert.equal(cookieCredential({ ...COOKIE, "sec-fetch-site": site, "lectern-page": "active" }, ""), "cross-site", site);
});

test("without Sec-Fetch-Site, the page's header is needed, and no foreign Origin", () => {
  assert.deepEqual(cookieCredential({ ...COOKIE, "lectern-page": "active" }, ""), OWN);
  assert.deepEqual(cookieCredential({ ...COOKIE, "lectern-page": "active", origin: "https://school.example" }, ""), OWN);
  assert.deepEqual(
    cookieCredential({ ...COOKIE, "lectern-page": "active", origin: "https://public.example" }, "public.example"),
    OWN,
  );
  assert.equal(cookieCredential(COOKIE, ""), "cross-site");
  assert.equal(cookieCredential({ ...COOKIE, origin: "https://school.example" }, ""), "cross-site");
  for (const origin of ["https://evil.example", "https://school.example.evil.example", "null", "https://school.example:8443"])
    assert.equal(cookieCredential({ ...COOKIE, "lectern-page": "active", origin }, ""), "cross-site", origin);
});

test("a page may leave the session out, and says when nobody touches it", () => {
  assert.equal(cookieCredential({ ...COOKIE, "lectern-page": "anonymous" }, ""), null);
  assert.deepEqual(cookieCredential({ ...COOKIE, "lectern-page": "idle" }, ""), { ...OWN, isActive: false });
});

test("over HTTPS, only the cookie counts that this host set over HTTPS", () => {
  const https = { ...COOKIE, "x-forwarded-proto": "https", "sec-fetch-site": "same-origin" };
  assert.equal(cookieCredential(https, ""), null);
  assert.deepEqual(cookieCredential({ ...https, cookie: "lectern-session=forged; __Host-lectern-session=secret" }, ""), OWN);
});

test("the cookie is out of reach of scripts and of other sites, and Secure over HTTPS", () => {
  const [plain, hint] = sessionCookies("secret", false);
  assert.match(plain!, /^lectern-session=secret; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  assert.doesNotMatch(hint!, /secret|HttpOnly/);
  assert.match(sessionCookies("secret", true)[0]!, /^__Host-lectern-session=secret; Path=\/; HttpOnly; .*Secure/);
  for (const cookie of clearedSessionCookies(true)) assert.match(cookie, /Max-Age=0$/);
});
