/** The secrets of rules that ask back ends: stored encrypted, read by media workers, shown to nobody, kept by changes that do not name them. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BackEndRule, PolicyRule } from "../../../access/policies/access-policy.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { validationErrorsOf } from "../../../platform/api/validation-errors.ts";
import { newId } from "../../../platform/id.ts";
import { textIn } from "../../../platform/messages/message.ts";
import { json } from "../../../platform/store/store.ts";
import { encryptStoredSecrets, StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import { insertSchool, openTestDatabase, silentLog, type TestDatabase } from "../../foundation/store/test-database.ts";
import { shownRule, storedRules } from "./back-end-secrets.ts";
import { changedPolicy } from "./shapes.ts";
import { readPolicies, readPolicy } from "./stored-policies.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const given = (over: object = {}) => {
  const { data, error } = changedPolicy.safeParse({
    rules: [{ kind: "back-end", for: "play", url: "https://Auth.test", ...over }],
  });
  assert.ok(data, String(error));
  return data.rules;
};
const mistakes = (over: object) =>
  validationErrorsOf(changedPolicy, { rules: [{ kind: "back-end", for: "play", url: "https://auth.test", ...over }] }).map(
    ({ path, message }) => `${path} ${textIn("en", message).slice(0, 29)}`,
  );
const secretOf = ([rule]: readonly PolicyRule[]) => (rule as BackEndRule).secret;
const encrypt = (secret: string) => `encrypted ${secret}`;

test("a rule has usual values, one form of its address, and its facts in one order", () => {
  const [rule] = given({ sends: ["ip", "query", "ip"] });
  assert.deepEqual(rule, {
    kind: "back-end",
    for: "play",
    combine: "add",
    mode: "enforce",
    locked: false,
    url: "https://auth.test/",
    method: "POST",
    sends: ["query", "ip"],
    cacheSeconds: 60,
    refusedCacheSeconds: 10,
    timeoutMs: 2000,
    onFailure: "refuse",
  });
});

test("addresses with secrets, and values outside of their ranges, are refused with their field", () => {
  for (const url of [
    "ftp://auth.test/",
    "auth.test",
    "https://user:password@auth.test/",
    "https://auth.test/?token=abc",
    "https://auth.test/#part",
    "http://",
  ])
    assert.deepEqual(mistakes({ url }), ["rules.0.url is not an http or https addre"], url);
  assert.deepEqual(mistakes({ url: "https://auth.test/?route=watch" }), []);
  assert.deepEqual(mistakes({ secret: "short" }), ["rules.0.secret has fewer than 8 or more than"]);
  for (const over of [
    { cacheSeconds: 3601 },
    { timeoutMs: 99 },
    { method: "PUT" },
    { sends: ["cookie"] },
    { refusedCacheSeconds: -1 },
  ])
    assert.equal(mistakes(over).length, 1, JSON.stringify(over));
  const rule = { kind: "back-end", for: "play", url: "https://auth.test" };
  assert.equal(changedPolicy.safeParse({ rules: Array(11).fill(rule) }).success, false);
});

test("a change keeps the secret of the rule for the same address, unless it names another one or none", () => {
  const before = storedRules(given({ secret: "a long secret" }), [], encrypt);
  assert.equal(secretOf(before), "encrypted a long secret");
  assert.equal(secretOf(storedRules(given(), before, encrypt)), "encrypted a long secret");
  assert.equal(secretOf(storedRules(given({ signed: true, cacheSeconds: 1 }), before, encrypt)), "encrypted a long secret");
  assert.equal(secretOf(storedRules(given({ secret: "another one" }), before, encrypt)), "encrypted another one");
  assert.equal(secretOf(storedRules(given({ signed: false }), before, encrypt)), "");
  assert.equal(secretOf(storedRules(given({ url: "https://evil.test/" }), before, encrypt)), "");
  for (const over of [{ url: "https://evil.test/" }, { for: "publish" }])
    assert.throws(
      () => storedRules(given({ ...over, signed: true }), before, encrypt),
      (error) => error instanceof RefusalError && error.refusal.mistakes[0]?.path === "rules.0.secret",
    );
  const [rule] = before;
  assert.deepEqual(rule && [Reflect.has(shownRule(rule), "secret"), Reflect.get(shownRule(rule), "signed")], [false, true]);
});

test("media workers get the secret, also after the server's was rotated; one that cannot be decrypted signs nothing", async () => {
  const { db } = database;
  let accepted = ["the first secret"];
  const secrets = new StoredSecrets(() => accepted, silentLog);
  const { id: schoolId } = await insertSchool(db);
  const id = newId();
  const rules = storedRules(given({ secret: "a long secret" }), [], (secret) => secrets.encrypt("policies", id, secret));
  assert.match(secretOf(rules), /^enc1:/);
  const none = { course_id: null, lesson_id: null, recording_id: null };
  const row = { id, school_id: schoolId, level: "school" as const, target_id: schoolId, ...none, bytes: 1 };
  await db
    .insertInto("policies")
    .values({ ...row, rules: json<readonly PolicyRule[]>(rules) })
    .execute();
  const target = { level: "school" as const, id: schoolId };
  const read = async () => secretOf((await readPolicy(db, secrets, target))?.rules ?? []);
  assert.equal(await read(), "a long secret");
  accepted = ["the second secret", "the first secret"];
  assert.deepEqual(await encryptStoredSecrets(db, accepted, silentLog), { encrypted: 1, unreadable: 0 });
  assert.deepEqual(await encryptStoredSecrets(db, accepted, silentLog), { encrypted: 0, unreadable: 0 });
  accepted = ["the second secret"];
  assert.equal(await read(), "a long secret");
  assert.equal(secretOf((await readPolicies(db, secrets))[0]?.rules ?? []), "a long secret");
  accepted = ["a wrong secret"];
  assert.equal(await read(), "");
  assert.deepEqual(await encryptStoredSecrets(db, accepted, silentLog), { encrypted: 0, unreadable: 1 });
});
