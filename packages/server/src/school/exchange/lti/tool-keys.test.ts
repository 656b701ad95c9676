import assert from "node:assert/strict";
import { test } from "node:test";
import { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import { openTestDatabase, silentLog } from "../../foundation/store/test-database.ts";
import { KEY_LIFE_MS, SHOWN_AFTER_MS, SHOWN_BEFORE_MS, ToolKeys } from "./tool-keys.ts";

test("a new key is shown before it signs, the old one after it has signed, and simultaneous nodes make one", async (t) => {
  const { db, close } = await openTestDatabase();
  t.after(close);
  let now = Date.UTC(2026, 0, 1);
  let made = 0;
  let secrets: readonly string[] = ["the secret of the server"];
  const storedSecrets = new StoredSecrets(() => secrets, silentLog);
  const newKeyPair = async () => ({ privateKey: `private ${++made}`, publicKey: { n: `public ${made}` } });
  const nodes = [0, 1, 2].map(() => new ToolKeys({ db, storedSecrets, newKeyPair, now: () => now }));
  const [keys] = nodes;
  assert.ok(keys);
  const shown = async () => (await keys.publicKeys()).map(({ kid }) => kid);
  const signing = await Promise.all([...nodes, ...nodes, ...nodes].map((node) => node.signingKey()));
  assert.ok(made <= nodes.length, "each node makes one at a time");
  const first = signing[0]?.id;
  assert.deepEqual(new Set(signing.map(({ id }) => id)), new Set([first]), "the first key signs at once");
  now += KEY_LIFE_MS;
  const both = await shown();
  assert.equal(both.length, 2);
  assert.deepEqual([both[1], (await keys.signingKey()).id], [first, first]);
  now += SHOWN_BEFORE_MS;
  assert.equal((await keys.signingKey()).id, both[0]);
  assert.deepEqual(await shown(), both, "signatures of the old key are still verified");
  now += SHOWN_AFTER_MS;
  assert.deepEqual(await shown(), [both[0]]);
  for (const key of await keys.publicKeys()) assert.equal(JSON.stringify(key).includes("private"), false);
  assert.ok(
    (await db.selectFrom("lti_keys").select("private_key").execute()).every(({ private_key: kept }) => kept.startsWith("enc1:")),
  );
  secrets = ["another secret: that of the server is lost"];
  const replaced = await keys.signingKey();
  assert.equal(replaced.privateKey, `private ${made}`);
  assert.deepEqual([(await shown())[0], (await keys.signingKey()).id], [replaced.id, replaced.id], "a key that it can use");
});
