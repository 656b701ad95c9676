/** Passkeys: who an answer signs in, and that no forged, repeated, late or foreign one does. Answers are real ones, of an authenticator in this process. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { School, User } from "../../foundation/store/tables.ts";
import {
  insertSchool,
  insertUser,
  openTestDatabase,
  refusalCode,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { LIMITS } from "./attempts.ts";
import { type BrowserRequest, CHALLENGE_SECONDS } from "./passkey-challenge.ts";
import type { AnswerOf } from "./passkeys.ts";
import { SignInService } from "./sign-in.ts";
import { type Behaviour, TestAuthenticator } from "./test-authenticator.ts";

const ANYBODY: AnswerOf = { userId: null, school: null };

let database: TestDatabase;
let service: SignInService;
let school: School;
let user: User;

before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom("attempts").execute();
  service = new SignInService({
    db: database.db,
    log: silentLog,
    storedSecrets: new StoredSecrets(() => [], silentLog),
    linkSecret: () => "a secret",
    adminToken: null,
    changes: () => assert.fail("no break-glass account is here"),
    operators: () => ({ allowedNetworks: [], secondFactor: false, token: { expires: "", allowedNetworks: [] } }),
    sessionLimits: () => ({ idleMinutes: 30, maxDays: 2 }),
    requestsOfPerson: () => ({ burst: 1000, perSecond: 1000 }),
  });
  school = await insertSchool(database.db);
  user = await insertUser(database.db, school.id, "teacher");
});

/** A browser, which keeps the cookie of its last question. */
class TestBrowser implements BrowserRequest {
  readonly ip = "10.0.0.1";
  readonly isSecure = true;
  readonly origin: string;
  private kept = "";

  constructor(origin = "https://school.example") {
    this.origin = origin;
  }

  readonly cookie = (name: string): string | null => {
    const [kept, value] = this.kept.split("=");
    return kept === name ? (value ?? null) : null;
  };

  async ask() {
    const { question, cookie } = await service.passkeys.ask(this);
    this.kept = cookie.split(";")[0] ?? "";
    return question;
  }

  async askForNew(of: User) {
    const { creation, cookie } = await service.passkeys.askForNew(of, this);
    this.kept = cookie.split(";")[0] ?? "";
    return creation;
  }
}

/** A person's authenticator, whose passkey the server knows. */
async function enrolled(of = user): Promise<TestAuthenticator> {
  const [browser, authenticator] = [new TestBrowser(), new TestAuthenticator()];
  const key = await service.passkeys.checkNew(authenticator.create(await browser.askForNew(of)), browser, of);
  await database.db
    .insertInto("passkeys")
    .values({ ...key, id: key.credential_id, user_id: of.id, transports: [], name: "A key" })
    .execute();
  return authenticator;
}

/** Who is signed in by an answer to a fresh question; else the code of the refusal. */
async function signedIn(authenticator: TestAuthenticator, behaviour: Behaviour = {}, of = ANYBODY): Promise<string | null> {
  const browser = new TestBrowser();
  const answer = authenticator.answer(await browser.ask(), behaviour);
  return await resultOf(service.passkeys.answeredBy(answer, browser, of));
}

async function resultOf(attempt: Promise<{ user_id: string }>): Promise<string | null> {
  let id = "";
  const code = await refusalCode(attempt.then(({ user_id }) => (id = user_id)));
  return code ?? id;
}

test("a passkey signs in its person, again and again, and each use is noted", async () => {
  const authenticator = await enrolled();
  assert.deepEqual([await signedIn(authenticator), await signedIn(authenticator)], [user.id, user.id]);
  const { sign_count, used_at } = await database.db
    .selectFrom("passkeys")
    .selectAll()
    .where("user_id", "=", user.id)
    .executeTakeFirstOrThrow();
  assert.equal(sign_count, 3);
  assert.ok(used_at);
});

test("an authenticator that does not count signs in too", async () => {
  const [browser, authenticator] = [new TestBrowser(), new TestAuthenticator()];
  const created = authenticator.create(await browser.askForNew(user), { count: 0 });
  const key = await service.passkeys.checkNew(created, browser, user);
  await database.db
    .insertInto("passkeys")
    .values({ ...key, id: key.credential_id, user_id: user.id, transports: [], name: "A key" })
    .execute();
  assert.equal(await signedIn(authenticator, { count: 0 }), user.id);
});

const FORGED: Readonly<Record<string, Behaviour>> = {
  "of another origin": { origin: "https://school.example.evil.example" },
  "of the same host over HTTP": { origin: "http://school.example" },
  "for another host": { rpId: "evil.example" },
  "without a PIN or a finger": { isVerified: false },
  "with a count that went back": { count: 1 },
  "made for adding a passkey": { type: "webauthn.create" },
  "in another person's name": { userHandle: Buffer.from("somebody else").toString("base64url") },
};
for (const [name, behaviour] of Object.entries(FORGED))
  test(`an answer ${name} signs nobody in`, async () => {
    const authenticator = await enrolled();
    assert.equal(await signedIn(authenticator), user.id);
    assert.equal(await signedIn(authenticator, behaviour), "passkey-failed");
  });

test("an answer counts once, in the browser that was asked, and not for another question", async () => {
  const authenticator = await enrolled();
  const browser = new TestBrowser();
  const answer = authenticator.answer(await browser.ask());
  const twice = await Promise.all([1, 2].map(() => resultOf(service.passkeys.answeredBy(answer, browser, ANYBODY))));
  assert.deepEqual(twice.sort(), [user.id, "passkey-failed"].sort());
  const stolen = authenticator.answer(await browser.ask());
  const [without, other] = [new TestBrowser(), new TestBrowser()];
  await other.ask();
  for (const thief of [without, other])
    assert.equal(await refusalCode(service.passkeys.answeredBy(stolen, thief, ANYBODY)), "passkey-failed");
  const late = authenticator.answer(await browser.ask());
  await browser.ask();
  assert.equal(await refusalCode(service.passkeys.answeredBy(late, browser, ANYBODY)), "passkey-failed");
});

test("a changed signature, an unknown credential and another person's have one refusal", async () => {
  const [authenticator, stranger] = [await enrolled(), new TestAuthenticator()];
  const browser = new TestBrowser();
  const { response, ...named } = authenticator.answer(await browser.ask());
  const signature = stranger.answer(await browser.ask()).response.signature;
  const changed = service.passkeys.answeredBy({ ...named, response: { ...response, signature } }, browser, ANYBODY);
  const refusals = [
    await changed.catch(({ refusal }) => refusal),
    await service.passkeys.answeredBy(stranger.answer(await browser.ask()), browser, ANYBODY).catch(({ refusal }) => refusal),
    await service.passkeys
      .answeredBy(authenticator.answer(await browser.ask()), browser, { userId: "another", school: null })
      .catch(({ refusal }) => refusal),
  ];
  for (const refusal of refusals) assert.deepEqual(refusal, refusals[0]);
  assert.equal(refusals[0].code, "passkey-failed");
});

test("a passkey counts only for its person, its school, and while both may sign in", async () => {
  const authenticator = await enrolled();
  const colleague = await insertUser(database.db, school.id, "teacher");
  const other = await insertSchool(database.db);
  assert.equal(await signedIn(authenticator, {}, { userId: user.id, school: school.slug }), user.id);
  assert.equal(await signedIn(authenticator, {}, { userId: colleague.id, school: null }), "passkey-failed");
  assert.equal(await signedIn(authenticator, {}, { userId: null, school: other.slug }), "passkey-failed");
  const users = database.db.updateTable("users").where("id", "=", user.id);
  await users.set({ disabled_at: new Date() }).execute();
  assert.equal(await signedIn(authenticator), "passkey-failed");
  await users.set({ disabled_at: null }).execute();
  await database.db.updateTable("schools").set({ archived_at: new Date() }).where("id", "=", school.id).execute();
  assert.equal(await signedIn(authenticator), "passkey-failed");
});

test("wrong answers lock an address, and those of a person who is known the second factor; right ones do not count", async () => {
  const [authenticator, stranger] = [await enrolled(), new TestAuthenticator()];
  assert.equal(await signedIn(authenticator), user.id);
  const [key] = await database.db.selectFrom("attempts").selectAll().execute();
  assert.equal(key?.failures, 0);
  await database.db
    .updateTable("attempts")
    .set({ failures: LIMITS.passkey.failures - 1 })
    .execute();
  assert.deepEqual([await signedIn(stranger), await signedIn(stranger)], ["passkey-failed", "too-many"]);
  const of = { userId: user.id, school: null };
  for (let i = 0; i < LIMITS.factor.failures; i++) assert.equal(await signedIn(stranger, {}, of), "passkey-failed");
  assert.equal(await signedIn(authenticator, {}, of), "too-many");
});

test("only what an authenticator made for this person, here and now, becomes a passkey", async () => {
  const colleague = await insertUser(database.db, school.id, "teacher");
  const added = async (behaviour: Behaviour, by: User = user) => {
    const [browser, authenticator] = [new TestBrowser(), new TestAuthenticator()];
    const created = authenticator.create(await browser.askForNew(user), behaviour);
    return await refusalCode(service.passkeys.checkNew(created, browser, by));
  };
  assert.equal(await added({}), null);
  const wrong: readonly Behaviour[] = [
    { origin: "https://evil.example" },
    { rpId: "evil.example" },
    { isVerified: false },
    { type: "webauthn.get" },
    { hasCertificate: true },
  ];
  for (const behaviour of wrong) assert.equal(await added(behaviour), "passkey-failed", JSON.stringify(behaviour));
  assert.equal(await added({}, colleague), "passkey-failed", "asked for another person");
});

test("a question counts for five minutes, and for nothing else than what it was asked for", async (t) => {
  const authenticator = await enrolled();
  const browser = new TestBrowser();
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const answer = authenticator.answer(await browser.ask());
  t.mock.timers.tick(CHALLENGE_SECONDS * 1000 + 1);
  assert.equal(await resultOf(service.passkeys.answeredBy(answer, browser, ANYBODY)), "passkey-failed");
  const inTime = authenticator.answer(await browser.ask());
  t.mock.timers.tick(CHALLENGE_SECONDS * 1000 - 1000);
  assert.equal(await resultOf(service.passkeys.answeredBy(inTime, browser, ANYBODY)), user.id);
  const { challenge, rp } = await browser.askForNew(user);
  const crossed = authenticator.answer({ challenge, rpId: rp.id });
  assert.equal(await resultOf(service.passkeys.answeredBy(crossed, browser, ANYBODY)), "passkey-failed");
});

test("behind a public address, the host of that address counts, without its port", async () => {
  const [browser, authenticator] = [new TestBrowser("https://learn.school.example:8443"), new TestAuthenticator()];
  const behaviour = { origin: "https://learn.school.example:8443" };
  const creation = await browser.askForNew(user);
  assert.equal(creation.rp.id, "learn.school.example");
  assert.equal(await refusalCode(service.passkeys.checkNew(authenticator.create(creation, behaviour), browser, user)), null);
});
