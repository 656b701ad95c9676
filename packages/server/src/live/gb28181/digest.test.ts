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
function answered(challenge: string, password: string, user = DEVICE): string {
  const fields = new Map(readDigest(challenge));
  for (const [name, value] of [
    ["username", user],
    ["uri", "sip:34020000002000000001@3402000000"],
    ["nc", "00000001"],
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
    assert.equal(digest.check(answer, "REGISTER", DEVICE, "secret"), "ok");
    assert.equal(digest.check(answer, "REGISTER", DEVICE, "other"), "wrong");
    assert.equal(digest.check(answer, "MESSAGE", DEVICE, "secret"), "wrong");
    assert.equal(digest.check(answer, "REGISTER", "34020000001320000002", "secret"), "wrong", "another device's name");
    now += 300_001;
    assert.equal(digest.check(answer, "REGISTER", DEVICE, "secret"), "stale");
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
  assert.equal(one!.check(answer, "REGISTER", DEVICE, "secret"), "stale");
  assert.equal(one!.check(CAPTURED[0]!, "REGISTER", DEVICE, "12345678"), "stale");
});

test("no header makes it throw, or lets anybody in", () => {
  const digest = new Digest(
    () => "r",
    () => 0,
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.notEqual(digest.check(text, "REGISTER", DEVICE, "secret"), "ok");
      assert.notEqual(digest.check(`Digest ${text}`, "REGISTER", DEVICE, "secret"), "ok");
    }),
  );
});
