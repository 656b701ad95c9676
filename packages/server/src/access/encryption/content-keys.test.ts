import assert from "node:assert/strict";
import { test } from "node:test";
import { ContentKeys, contentKeysOf, KEY_NAME_PATTERN } from "./content-keys.ts";

const EPOCH = "abcDEF_-1234";
const keys = (...secrets: readonly string[]) => new ContentKeys(secrets.map((secret) => Buffer.from(secret)));

test("so many segments have one key, and every server with the secret derives the same ones", () => {
  const [one, other] = [keys("secret"), keys("secret")];
  const names = [0, 1, 2, 3, 4, 5, 6].map((msn) => one.of(EPOCH, msn, 3).name);
  assert.deepEqual(
    names.map((name) => Number.parseInt(name, 10)),
    [0, 0, 0, 1, 1, 1, 2],
  );
  assert.equal(new Set(names).size, 3);
  for (const name of names) assert.match(name, new RegExp(`^${KEY_NAME_PATTERN}$`));
  const { key, iv } = one.of(EPOCH, 4, 3);
  assert.deepEqual([key.length, iv.length], [16, 16]);
  assert.deepEqual(other.of(EPOCH, 4, 3), one.of(EPOCH, 4, 3));
  assert.deepEqual(other.find(EPOCH, one.of(EPOCH, 4, 3).name), one.of(EPOCH, 4, 3));
});

test("another epoch, number or secret has another key and another name", () => {
  const { key, iv, name } = keys("secret").of(EPOCH, 0, 3);
  const others = [keys("secret").of("abcDEF_-1235", 0, 3), keys("secret").of(EPOCH, 3, 3), keys("other").of(EPOCH, 0, 3)];
  for (const other of others) {
    assert.notDeepEqual(other.key, key);
    assert.notDeepEqual(other.iv, iv);
    assert.notEqual(other.name, name);
  }
});

test("a key that no playlist has named is not found, however its name is made up", () => {
  const known = keys("secret");
  const { name } = known.of(EPOCH, 0, 3);
  const tag = name.split("-")[1];
  for (const other of [`1-${tag}`, "0-000000000000", "0", "", `00-${tag}`, keys("other").of(EPOCH, 0, 3).name])
    assert.equal(known.find(EPOCH, other), null, other);
  assert.equal(known.find("abcDEF_-1235", name), null);
});

test("keys that an earlier secret has named are found as long as that secret is configured", () => {
  const { name, key } = keys("old").of(EPOCH, 0, 3);
  assert.deepEqual(keys("new", "old").find(EPOCH, name)?.key, key);
  assert.notEqual(keys("new", "old").of(EPOCH, 0, 3).name, name);
  assert.equal(keys("new").find(EPOCH, name), null);
});

test("the nodes of a cluster share the cluster's secret, and a single server has its own", () => {
  const settings = (cluster: string, ...encryption: string[]) =>
    ({ cluster: { secret: cluster }, secrets: { encryption } }) as Parameters<typeof contentKeysOf>[0];
  const name = (...of: Parameters<typeof settings>) => contentKeysOf(settings(...of)).of(EPOCH, 0, 3).name;
  assert.equal(name("shared", "of-node-a"), name("shared", "of-node-b"));
  assert.notEqual(name("", "of-node-a"), name("", "of-node-b"));
  const single = name("", "of-node-a");
  assert.ok(contentKeysOf(settings("shared", "of-node-a")).find(EPOCH, single));
});
