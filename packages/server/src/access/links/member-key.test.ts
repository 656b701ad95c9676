import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { signMemberKey, verifyMemberKey } from "./member-key.ts";
import { signLink, verifyLink } from "./signed-link.ts";

const SECRET = "a-long-secret";
const NOW = 1_700_000_000_000;
const of = { app: "live", name: "lesson-abcdefghijklmnop~01m7a" };
const expires = NOW / 1000 + 120;
const check = { ...of, secrets: ["another", SECRET], now: NOW };

test("a member's key opens its stream until it expires, with any accepted secret", () => {
  const key = signMemberKey({ ...of, expires }, SECRET);
  assert.equal(verifyMemberKey(key, check), "valid");
  assert.equal(verifyMemberKey(key, { ...check, now: NOW + 120_000 }), "valid");
  assert.equal(verifyMemberKey(key, { ...check, now: NOW + 120_001 }), "expired");
  assert.equal(verifyMemberKey(key, { ...check, secrets: ["another"] }), "bad-key");
});

test("a key of another member, lesson or app, and an altered one, are wrong", () => {
  const key = signMemberKey({ ...of, expires }, SECRET);
  for (const other of [{ name: `${of.name}x` }, { name: "lesson-bbbbbbbbbbbbbbbb~01m7a" }, { app: "other" }])
    assert.equal(verifyMemberKey(key, { ...check, ...other }), "bad-key");
  fc.assert(
    fc.property(fc.nat(key.length - 1), fc.constantFrom(..."0123456789abcdefmz."), (at, letter) => {
      const altered = key.slice(0, at) + letter + key.slice(at + 1);
      assert.equal(verifyMemberKey(altered, check), altered === key ? "valid" : "bad-key");
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => verifyMemberKey(text, check) === "bad-key"));
});

test("neither a signed link stands for a key, nor a key for a link", () => {
  const sign = signLink({ ...of, expires, viewer: "01m7a" }, SECRET).get("sign");
  assert.equal(verifyMemberKey(`member.${expires}.${sign}`, check), "bad-key");
  const own = signMemberKey({ ...of, expires }, SECRET).split(".")[2] ?? "";
  const link = { sign: own, expires: String(expires), ip: "", viewer: "" };
  assert.equal(verifyLink(link, { ...check, ip: "10.0.0.1" }), "bad-signature");
});

test("a link for NAME~ opens the streams of all members of that lesson, and nothing else", () => {
  const query = signLink({ app: "live", name: "lesson-abcdefghijklmnop~", expires, viewer: "v" }, SECRET);
  const link = { sign: query.get("sign") ?? "", expires: String(expires), ip: "", viewer: "v" };
  const verdict = (name: string) => verifyLink(link, { ...check, name, ip: "10.0.0.1" });
  assert.equal(verdict(of.name), "valid");
  assert.equal(verdict(`${of.name}@360p`), "valid");
  for (const name of ["lesson-abcdefghijklmnop", "lesson-bbbbbbbbbbbbbbbb~01m7a", "lesson-abcdefghijklmnop@360p"])
    assert.equal(verdict(name), "bad-signature");
});
