/**
 * Passkeys through the API: the own ones, signing in with one alone and after the password, what a school requires, and who removes them; and the mail
 * that tells of a new device. Answers of forged and other authenticators are in `school/people/accounts/passkeys.test.ts`. Shares a process.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { hashSecret } from "../packages/server/src/platform/secrets.ts";
import { type Behaviour, TestAuthenticator } from "../packages/server/src/school/people/accounts/test-authenticator.ts";
import { until } from "./lectern.ts";
import { startMailServer } from "./mail-server.ts";
import { type Answer, PASSWORD, type TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";
import { Browser, configure, HERE, SIGN_ON } from "./sign-on-browser.ts";

const AT_HOME: Behaviour = { origin: HERE };

const codeOf = ({ status, body }: Answer) => (status < 300 ? status : body.code);

/** A person's browser, which can have an authenticator. */
class Visitor extends Browser {
  readonly authenticator = new TestAuthenticator();

  signIn(login: string, more: object = {}): Promise<Answer> {
    return this.call("POST", "/sessions", { login, password: PASSWORD, cookie: true, ...more }, "anonymous");
  }

  async answer(authenticator = this.authenticator) {
    return authenticator.answer((await this.call("POST", "/sessions/passkey-question", undefined, "anonymous")).body, AT_HOME);
  }

  async signInWithPasskey(more: object = {}, authenticator = this.authenticator): Promise<Answer> {
    const passkey = await this.answer(authenticator);
    return await this.call("POST", "/sessions/passkey", { passkey, cookie: true, ...more }, "anonymous");
  }

  async addPasskey(name = "My laptop"): Promise<Answer> {
    const options = await this.call("POST", "/me/passkeys/options");
    if (options.status !== 201) return options;
    return await this.call("POST", "/me/passkeys", { name, passkey: this.authenticator.create(options.body, AT_HOME) });
  }

  async names(): Promise<string[]> {
    return (await this.call("GET", "/me/passkeys")).body.items.map(({ name }: { name: string }) => name);
  }
}

/** Makes the session of a browser one whose person signed in eleven minutes ago. */
async function age({ service }: TestSchool, { cookies }: Browser): Promise<void> {
  const then = new Date(Date.now() - 11 * 60_000);
  const hash = hashSecret(cookies.get("lectern-session") ?? "");
  await sql`update sessions set proven_at = ${then}, created_at = ${then} where token_hash = ${hash}`.execute(service.db);
}

async function firstSchool({ ok }: TestSchool): Promise<{ readonly id: string; readonly slug: string }> {
  return (await ok("GET", "/schools")).items[0];
}

onPostgresFirst((open) => {
  test("a passkey is added after a recent sign-in, signs in alone, is renamed and removed, and the audit log tells it", async (t) => {
    const school = await open(t);
    const { id: schoolId } = await firstSchool(school);
    const wang = await school.person(schoolId, "teacher", "wang");
    const visitor = new Visitor(school);
    await visitor.signIn("wang");
    await age(school, visitor);
    assert.equal(codeOf(await visitor.addPasskey()), "recent-sign-in-needed");
    await visitor.call("POST", "/me/proof", { password: PASSWORD });
    const { body } = await visitor.addPasskey();
    assert.deepEqual([body.passkey.name, body.passkey.usedAt, body.recoveryCodes.length], ["My laptop", null, 10]);
    assert.equal((await school.call("GET", "/me", { as: wang.token })).body.code, "bad-credential", "other sessions end");
    assert.equal(codeOf(await visitor.addPasskey()), "conflict", "the same authenticator again");

    const elsewhere = new Visitor(school);
    assert.equal((await elsewhere.signInWithPasskey({}, visitor.authenticator)).body.user.login, "wang");
    assert.ok((await elsewhere.call("GET", "/me/passkeys")).body.items[0].usedAt);
    const path = `/me/passkeys/${body.passkey.id}`;
    assert.equal((await visitor.call("PATCH", path, { name: "Old laptop" })).body.name, "Old laptop");
    const stranger = new Visitor(school);
    await school.person(schoolId, "teacher", "zhao");
    await stranger.signIn("zhao");
    assert.deepEqual(
      [
        codeOf(await stranger.call("PATCH", path, { name: "Mine" })),
        codeOf(await stranger.call("DELETE", path)),
        await stranger.names(),
      ],
      ["not-found", "not-found", []],
    );
    await age(school, visitor);
    assert.equal(codeOf(await visitor.call("DELETE", path)), "recent-sign-in-needed");
    assert.equal((await visitor.call("POST", "/me/proof", { passkey: await visitor.answer() })).status, 200);
    assert.equal((await visitor.call("DELETE", path)).status, 204);
    assert.equal((await elsewhere.me()).code, "bad-credential", "sessions that it opened end");
    assert.equal((await visitor.me()).user.login, "wang", "the own session stays");
    assert.equal(codeOf(await visitor.signInWithPasskey()), "passkey-failed");
    assert.equal((await visitor.call("GET", "/me/second-factor")).body.recoveryCodes, 0);
    const audit = (await school.ok("GET", `/audit?schoolId=${schoolId}`)).items;
    const told = audit.filter(({ action }: { action: string }) => action.startsWith("user.passkey-"));
    assert.deepEqual(
      told
        .map(({ action, before, after }: Record<string, { name: string } | null>) => [action, before?.name, after?.name])
        .reverse(),
      [
        ["user.passkey-add", undefined, "My laptop"],
        ["user.passkey-rename", "My laptop", "Old laptop"],
        ["user.passkey-remove", "Old laptop", undefined],
      ],
    );
  });

  test("after the password, the person's passkey or a recovery code is asked for, and nobody else's passkey counts", async (t) => {
    const school = await open(t);
    const { id: schoolId } = await firstSchool(school);
    for (const login of ["wang", "zhao"]) await school.person(schoolId, "teacher", login);
    const [wang, zhao] = [new Visitor(school), new Visitor(school)];
    await wang.signIn("wang");
    await zhao.signIn("zhao");
    const { recoveryCodes } = (await wang.addPasskey()).body;
    await zhao.addPasskey();
    const browser = new Visitor(school);
    assert.equal(codeOf(await browser.signIn("wang")), "second-factor-required");
    assert.equal(codeOf(await browser.signIn("wang", { passkey: await browser.answer(zhao.authenticator) })), "passkey-failed");
    const wrong = { password: "wrong", passkey: await browser.answer(wang.authenticator) };
    assert.equal(codeOf(await browser.signIn("wang", wrong)), "wrong-password");
    assert.equal(codeOf(await browser.signIn("wang", { passkey: await browser.answer(wang.authenticator) })), 201);
    assert.equal(codeOf(await browser.signIn("wang", { code: recoveryCodes[0] })), 201);
    assert.equal(
      codeOf(await browser.call("POST", "/me/proof", { passkey: await browser.answer(zhao.authenticator) })),
      "passkey-failed",
    );
    const renewed = await browser.call("POST", "/me/second-factor/recovery-codes", { code: recoveryCodes[1] });
    assert.equal(renewed.body.recoveryCodes.length, 10);
  });

  test("a passkey meets what a school requires, stays while it is required, and signs in where passwords are turned off", async (t) => {
    const school = await open(t, SIGN_ON);
    const provider = await configure(t, school);
    const { schoolId } = provider;
    await school.person(schoolId, "teacher", "wang");
    await school.ok("PATCH", `/schools/${schoolId}`, { body: { secondFactor: true } });
    const visitor = new Visitor(school);
    await visitor.signIn("wang");
    assert.equal((await visitor.call("GET", "/lessons")).body.code, "second-factor-missing");
    await age(school, visitor);
    assert.equal((await visitor.call("POST", "/me/proof", { password: PASSWORD })).status, 200);
    const { passkey } = (await visitor.addPasskey()).body;
    assert.equal((await visitor.call("GET", "/lessons")).status, 200);
    const factor = (await visitor.call("GET", "/me/second-factor")).body;
    assert.deepEqual(factor, { on: false, passkeys: 1, required: true, recoveryCodes: 10 });
    assert.equal(codeOf(await visitor.call("DELETE", `/me/passkeys/${passkey.id}`)), "conflict");
    assert.deepEqual(await visitor.names(), ["My laptop"]);
    await school.ok("PATCH", `/schools/${schoolId}`, { body: { passwordSignIn: false } });
    assert.equal(codeOf(await visitor.signIn("wang", { passkey: await visitor.answer() })), "password-sign-in-off");
    assert.equal(codeOf(await visitor.signInWithPasskey()), 201);
    assert.equal((await visitor.call("GET", "/lessons")).status, 200);
    await school.ok("PATCH", `/schools/${schoolId}`, { body: { secondFactor: false } });
    assert.equal(codeOf(await visitor.call("DELETE", `/me/passkeys/${passkey.id}`)), "conflict", "the last way to sign in");
    // It is another way in, so that the provider may go.
    provider.openid.accounts.set("1", {});
    const [first, second] = [new Visitor(school), new TestAuthenticator()];
    await first.signOn(provider, "1");
    const options = (await first.call("POST", "/me/passkeys/options")).body;
    await first.call("POST", "/me/passkeys", { name: "A key", passkey: second.create(options, AT_HOME) });
    const { items } = (await first.call("GET", "/me/identities")).body;
    assert.equal((await first.call("DELETE", `/me/identities/${items[0].id}`)).status, 204);
    assert.equal(codeOf(await first.signInWithPasskey({}, second)), 201);
  });

  test("an administrator removes a person's passkeys with the second factor, and a passkey of another school does not sign in to this one", async (t) => {
    const school = await open(t);
    const { id: schoolId, slug } = await firstSchool(school);
    const other = await school.ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
    const wang = await school.person(schoolId, "teacher", "wang");
    const [head, stranger] = [await school.person(schoolId, "administrator"), await school.person(other.id, "administrator")];
    const visitor = new Visitor(school);
    await visitor.signIn("wang");
    await visitor.addPasskey();
    assert.equal(codeOf(await visitor.signInWithPasskey({ school: other.slug })), "passkey-failed");
    assert.equal(codeOf(await visitor.signInWithPasskey({ school: slug })), 201);
    const remove = async (as: string) => (await school.call("DELETE", `/users/${wang.id}/second-factor`, { as })).status;
    assert.deepEqual([await remove(stranger.token), await remove(head.token)], [404, 204]);
    assert.equal(codeOf(await visitor.signInWithPasskey()), "passkey-failed");
    assert.equal(codeOf(await visitor.signIn("wang")), 201);
    assert.deepEqual(await visitor.names(), []);
  });

  test("an account has at most twenty passkeys", async (t) => {
    const school = await open(t);
    const { id: schoolId } = await firstSchool(school);
    await school.person(schoolId, "teacher", "wang");
    const visitor = new Visitor(school);
    await visitor.signIn("wang");
    await visitor.addPasskey();
    await sql`insert into passkeys (id, user_id, credential_id, public_key, sign_count, transports, name)
      select 'copy ' || n, user_id, 'copy ' || n, public_key, 0, '[]', name from passkeys, generate_series(1, 19) n`.execute(
      school.service.db,
    );
    const options = (await visitor.call("POST", "/me/passkeys/options")).body;
    assert.equal(options.excludeCredentials.length, 20);
    const passkey = new TestAuthenticator().create(options, AT_HOME);
    assert.equal(codeOf(await visitor.call("POST", "/me/passkeys", { name: "One more", passkey })), "conflict");
  });

  test("a sign-in on a new device is told by mail, not the first of all, and not one on a device that is known", async (t) => {
    const { mails, mail } = await startMailServer(t);
    const school = await open(t, { mail, ...SIGN_ON });
    const provider = await configure(t, school);
    provider.openid.accounts.set("1", { preferred_username: "li", email: "li@school.example" });
    const { schoolId } = provider;
    await school.ok("PATCH", `/schools/${schoolId}`, { body: { timeZone: "Asia/Shanghai" } });
    const { id } = await school.person(schoolId, "teacher", "wang");
    await school.ok("PATCH", `/users/${id}`, { body: { email: "wang@school.example" } });
    const notices = () => mails.filter(({ text }) => text.includes("Somebody signed in to your account")).map(({ to }) => to);
    const own = new Visitor(school);
    await own.signIn("wang");
    await own.signIn("wang");
    await own.addPasskey();
    await own.signInWithPasskey();
    await until(() => mails.length > 0, "the mail about the passkey");
    assert.deepEqual(notices(), [], "the first sign-in, and the same browser again");
    await new Visitor(school).signInWithPasskey({}, own.authenticator);
    await until(() => notices().length === 1, "a passkey on another device");
    const text = mails.at(-1)?.text ?? "";
    assert.match(text, /Time: \d{4}-\d\d-\d\d \d\d:\d\d \(Asia\/Shanghai\)/);
    assert.match(text, /Network: 10\.0\.0\.0\/24/);
    assert.match(text, /https:\/\/school\.example\/console\/account/);
    const known = new Visitor(school);
    await known.signOn(provider, "1");
    await known.signOn(provider, "1");
    await new Visitor(school).signOn(provider, "1");
    await until(() => notices().length === 2, "a provider's person on another device");
    assert.deepEqual(notices(), ["wang@school.example", "li@school.example"]);
    // A thief who has the old mark hears nothing of the new password, and the person of the thief.
    await school.ok("PATCH", `/users/${id}`, { body: { password: "another password of wang" } });
    await own.signInWithPasskey();
    await until(() => notices().length === 3, "the mark ends with the password");
  });
});
