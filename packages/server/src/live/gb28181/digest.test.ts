/** Digest authentication, checked with what cameras answered to other servers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Digest, digestResponse, readDigest } from "./digest.ts";

/** Public captures; the password of both was 12345678. */
const CAPTURED = [
  'Digest username="34020000001320000001", realm="3402000000", nonce="b1f444e6805f2768", uri="sip:34020000002000000001@3402000000", response="97cae60143bf336443d0bc5e669571a9", algorithm=MD5',
  'Digest username="34020000001320000264", realm="3402000000", nonce="6eb1340d99c404a0e4d3b68d15d1d46f", uri="sip:34020000002000000001@3402000000", response="4c97657aa0412c25d4b862219b635c17", algorithm=MD5, cnonce="0a4f113b", qop=auth, nc=00000001',
];
const DEVICE = "34020000001320000001";

/** What a device answers to a challenge. */
function answered(challenge: string, password: string, user = DEVICE, count = "00000001"): string {
  const fields = new Map(readDigest(challenge));
  for (const [name, value] of [
    ["username", user],
    ["uri", "sip:34020000002000000001@3402000000"],
    ["nc", count],
    ["cnonce", "abc"],
  ] as const)
    fields.set(name, value);
  fields.set("response", digestResponse(fields, "REGISTER", password) ?? "");
  return `Digest ${[...fields].map(([name, value]) => `${name}="${value}"`).join(", ")}`;
}

test("the answers of two cameras are those of their password, with and without a quality of protection", () => {
  for (const authorization of CAPTURED) {
    const fields = readDigest(authorization);
    assert.ok(fields);
    assert.equal(digestResponse(fields, "REGISTER", "12345678"), fields.get("response"));
    assert.notEqual(digestResponse(fields, "REGISTER", "12345679"), fields.get("response"));
  }
});

for (const algorithm of ["MD5", "SHA-256"] as const)
  test(`a challenge by ${algorithm} is answered with the password, for five minutes`, () => {
    let now = 1000;
    const digest = new Digest(
      () => "3402000000",
      () => now,
    );
    const challenge = digest.challenge(algorithm, false);
    const answer = answered(challenge, "secret");
    assert.equal(digest.check(answer, "REGISTER", DEVICE, "secret", "a"), "ok");
    assert.equal(digest.check(answer, "REGISTER", DEVICE, "other", "a"), "wrong");
    assert.equal(digest.check(answer, "MESSAGE", DEVICE, "secret", "a"), "wrong");
    assert.equal(digest.check(answer, "REGISTER", "34020000001320000002", "secret", "a"), "wrong", "another device's name");
    now += 300_001;
    assert.equal(digest.check(answer, "REGISTER", DEVICE, "secret", "a"), "stale");
  });

test("a nonce of another server, or one that was changed, is stale", () => {
  const [one, other] = [0, 1].map(
    () =>
      new Digest(
        () => "r",
        () => 0,
      ),
  );
  const answer = answered(other!.challenge("MD5", false), "secret");
  assert.equal(one!.check(answer, "REGISTER", DEVICE, "secret", "a"), "stale");
  assert.equal(one!.check(CAPTURED[0]!, "REGISTER", DEVICE, "12345678", "a"), "stale");
});

test("no header makes it throw, or lets anybody in", () => {
  const digest = new Digest(
    () => "r",
    () => 0,
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.notEqual(digest.check(text, "REGISTER", DEVICE, "secret", "a"), "ok");
      assert.notEqual(digest.check(`Digest ${text}`, "REGISTER", DEVICE, "secret", "a"), "ok");
    }),
  );
});

test("an answer counts once: a later count is another one, and only the same request may come again", () => {
  const digest = new Digest(
    () => "r",
    () => 0,
  );
  const challenge = digest.challenge("MD5", false);
  const check = (count: string, attempt: string, password = "secret") =>
    digest.check(answered(challenge, password, DEVICE, count), "REGISTER", DEVICE, "secret", attempt);
  assert.equal(check("00000002", "a", "guessed"), "wrong");
  assert.equal(check("00000002", "a"), "ok", "a wrong answer has used up nothing");
  assert.equal(check("00000002", "a"), "ok", "its answer was lost");
  assert.equal(check("00000002", "b"), "stale");
  assert.equal(check("1", "b"), "stale");
  assert.equal(check("0000000A", "b"), "ok");
  for (const count of ["0", "-1", "zz", "", "100000000", "0x5"]) assert.equal(check(count, "c"), "wrong", count);
});

test("no more answers are remembered than there are devices", () => {
  const digest = new Digest(
    () => "r",
    () => 0,
  );
  const challenge = digest.challenge("MD5", false);
  const check = (user: string, attempt: string) =>
    digest.check(answered(challenge, "secret", user), "REGISTER", user, "secret", attempt);
  assert.equal(check("first", "a"), "ok");
  for (let i = 0; i < 20_000; i++) check(`${i}`, "a");
  assert.deepEqual([check("19999", "b"), check("first", "b")], ["stale", "ok"]);
});
