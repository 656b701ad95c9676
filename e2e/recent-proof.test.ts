/**
 * Changes of how a person signs in ask for a recent proof of who they are, and never remove the last way to sign in.
 * Shares a process. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { TOTP } from "otpauth";
import { hashSecret } from "../packages/server/src/platform/secrets.ts";
import { type Answer, PASSWORD, type TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";
import { Browser, configure, SIGN_ON } from "./sign-on-browser.ts";

/** Makes a session one whose person signed in eleven minutes ago. @param isOlderNode one that was written before the time was noted */
async function age({ service }: TestSchool, token: string, isOlderNode = false): Promise<void> {
  const then = new Date(Date.now() - 11 * 60_000);
  const proven = isOlderNode ? null : then;
  await sql`update sessions set proven_at = ${proven}, created_at = ${then} where token_hash = ${hashSecret(token)}`.execute(
    service.db,
  );
}

const codeOf = ({ status, body }: Answer) => (status < 300 ? status : body.code);

onPostgresFirst((open) => {
  test("the own login, mail address, password link and second factor change, and API keys are made, only after a recent sign-in, password or code", async (t) => {
    const school = await open(t);
    const { call, ok, person } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const head = await person(schoolId, "administrator", "head");
    const other = await person(schoolId, "student", "li");
    const as = head.token;
    const changes = () =>
      Promise.all([
        call("PATCH", `/users/${head.id}`, { as, body: { email: "attacker@evil.example" } }),
        call("PATCH", `/users/${head.id}`, { as, body: { password: "a password of the attacker" } }),
        call("PATCH", `/users/${head.id}`, { as, body: { login: "attacker" } }),
        call("POST", `/users/${head.id}/password-reset`, { as }),
        call("DELETE", `/users/${head.id}/second-factor`, { as }),
        call("POST", "/api-keys", { as, body: { name: "a key of the attacker", scopes: ["people:write"] } }),
      ]);
    await age(school, as, true);
    assert.deepEqual((await changes()).map(codeOf), Array(6).fill("recent-sign-in-needed"));
    await age(school, as);
    assert.deepEqual((await changes()).map(codeOf), Array(6).fill("recent-sign-in-needed"));
    assert.deepEqual(
      [(await ok("GET", `/users/${head.id}`)).login, (await ok("GET", `/users/${head.id}`)).email],
      ["head", null],
      "nothing has changed",
    );
    // What concerns others, or not how the person signs in, needs no proof.
    assert.equal((await call("PATCH", `/users/${other.id}`, { as, body: { email: "li@school.example" } })).status, 200);
    assert.equal((await call("PATCH", `/users/${head.id}`, { as, body: { name: "The Head" } })).status, 200);

    assert.equal((await call("POST", "/me/proof", { as, body: { password: "wrong" } })).body.code, "wrong-password");
    assert.equal((await call("POST", "/me/proof", { as, body: {} })).body.code, "wrong-password");
    assert.equal(
      (await call("POST", "/me/proof", { as, body: { code: "000000" } })).body.code,
      "wrong-password",
      "there is no factor",
    );
    assert.equal((await call("PATCH", `/users/${head.id}`, { as, body: { login: "head2" } })).body.code, "recent-sign-in-needed");
    assert.deepEqual(await ok("POST", "/me/proof", { as, body: { password: PASSWORD } }), { minutes: 10 });
    assert.equal((await call("PATCH", `/users/${head.id}`, { as, body: { email: "head@school.example" } })).status, 200);
    // A proof counts in its own session.
    const elsewhere = (await ok("POST", "/sessions", { as: null, body: { login: "head", password: PASSWORD } })).token;
    await age(school, elsewhere);
    const there = await call("PATCH", `/users/${head.id}`, { as: elsewhere, body: { login: "head2" } });
    assert.equal(there.body.code, "recent-sign-in-needed");

    const { secret } = await ok("POST", "/me/second-factor", { as, body: { current: PASSWORD } });
    const code = (ahead: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + ahead * 30_000 });
    await ok("PUT", "/me/second-factor", { as, body: { code: code(0) } });
    await age(school, as);
    assert.equal((await call("POST", "/me/proof", { as, body: { code: "000000" } })).body.code, "wrong-code");
    assert.equal((await call("POST", "/me/proof", { as, body: { code: code(1) } })).status, 200);
    assert.equal((await call("PATCH", `/users/${head.id}`, { as, body: { login: "head2" } })).status, 200);
  });

  test("wrong passwords for a proof count and lock as those of a sign-in do", async (t) => {
    const school = await open(t);
    const { call, ok, person } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { token: as } = await person(schoolId, "teacher", "wang");
    const tries = await Promise.all(
      Array.from({ length: 12 }, async () =>
        codeOf(await call("POST", "/me/proof", { as, body: { password: "wrong" }, ip: "10.7.7.7" })),
      ),
    );
    assert.equal(tries.filter((tried) => tried === "wrong-password").length, 5);
    assert.equal(tries.filter((tried) => tried === "too-many").length, 7);
  });

  test("a person links a provider and removes it after a proof; sessions that it opened elsewhere end", async (t) => {
    const school = await open(t, SIGN_ON);
    const { person } = school;
    const provider = await configure(t, school);
    provider.openid.accounts.set("1", { preferred_username: "li" });
    const li = await person(provider.schoolId, "teacher", "li");
    const browser = new Browser(school);
    await browser.call("POST", "/sessions", { login: "li", password: PASSWORD, cookie: true });
    const token = () => browser.cookies.get("lectern-session") ?? "";
    assert.deepEqual((await browser.call("GET", "/me/identities")).body, {
      items: [],
      linkable: [{ id: provider.id, name: "School account" }],
      hasPassword: true,
    });
    await age(school, token());
    const link = { providerId: provider.id, link: true };
    assert.equal((await browser.call("POST", "/sign-on", link)).body.code, "recent-sign-in-needed");
    await browser.call("POST", "/me/proof", { password: PASSWORD });
    assert.equal((await browser.signOn(provider, "1", { link: true })).status, 201);
    const elsewhere = new Browser(school);
    await elsewhere.signOn(provider, "1");
    const { items, linkable } = (await browser.call("GET", "/me/identities")).body;
    assert.deepEqual([items[0].providerId, items[0].name, items.length, linkable], [provider.id, "School account", 1, []]);

    await age(school, token());
    const unlink = () => browser.call("DELETE", `/me/identities/${items[0].id}`);
    assert.equal((await unlink()).body.code, "recent-sign-in-needed");
    // Signing on again is a proof too, and may ask the person at the provider.
    const fresh = await browser.call("POST", "/sign-on", { providerId: provider.id, fresh: true }, "anonymous");
    assert.equal(new URL(fresh.body.url).searchParams.get("prompt"), "login");
    await browser.signOn(provider, "1");
    const stranger = new Browser(school);
    await person(provider.schoolId, "teacher", "zhao");
    await stranger.call("POST", "/sessions", { login: "zhao", password: PASSWORD, cookie: true });
    assert.equal((await stranger.call("DELETE", `/me/identities/${items[0].id}`)).status, 404, "another person's");
    assert.equal((await unlink()).status, 204);
    assert.equal((await unlink()).status, 404);
    assert.equal((await elsewhere.me()).code, "bad-credential");
    assert.equal((await browser.me()).user.login, "li", "the own session stays");
    assert.notEqual((await new Browser(school).signOn(provider, "1")).body.user.id, li.id, "the link is gone");
  });

  test("the last way to sign in stays, also where two are removed at the same time", async (t) => {
    const school = await open(t, SIGN_ON);
    const { ok } = school;
    const [one, two] = [await configure(t, school), await configure(t, school)];
    one.openid.accounts.set("1", {});
    two.openid.accounts.set("1", {});
    const browser = new Browser(school);
    const { user } = (await browser.signOn(one, "1")).body;
    const only = (await browser.call("GET", "/me/identities")).body;
    assert.deepEqual([only.hasPassword, only.items.length], [false, 1]);
    assert.equal((await browser.call("DELETE", `/me/identities/${only.items[0].id}`)).body.code, "conflict");
    assert.equal((await browser.signOn(two, "1", { link: true })).body.user.id, user.id);
    const { items } = (await browser.call("GET", "/me/identities")).body;
    const both = await Promise.all(items.map(({ id }: { id: string }) => browser.call("DELETE", `/me/identities/${id}`)));
    assert.deepEqual(both.map(codeOf).sort(), [204, "conflict"]);
    const left = (await browser.call("GET", "/me/identities")).body.items;
    assert.equal(left.length, 1);
    // A provider that is disabled is no way in, and neither is a password that the school has turned off.
    await ok("PATCH", `/users/${user.id}`, { body: { password: "a password of the school" } });
    const again = new Browser(school);
    const remaining = left[0].providerId === one.id ? one : two;
    await again.signOn(remaining, "1");
    await ok("PATCH", `/schools/${one.schoolId}`, { body: { passwordSignIn: false } });
    assert.equal((await again.call("DELETE", `/me/identities/${left[0].id}`)).body.code, "conflict");
    await ok("PATCH", `/schools/${one.schoolId}`, { body: { passwordSignIn: true } });
    assert.equal((await again.call("DELETE", `/me/identities/${left[0].id}`)).status, 204);
  });
});
