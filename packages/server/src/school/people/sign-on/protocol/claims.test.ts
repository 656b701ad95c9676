/** What a provider says about a person. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { profileOf, roleOf, valuesOf } from "./claims.ts";
import { isJustIssued } from "./protocol.ts";

test("an account's name, login and mail address come from the standard claims", () => {
  const claims = { name: "Wang Fang", preferred_username: "Wang.Fang", email: "wang@school.example", email_verified: true };
  assert.deepEqual(profileOf(claims), { login: "wang.fang", name: "Wang Fang", email: "wang@school.example" });
  assert.deepEqual(profileOf({ given_name: "Fang", family_name: "Wang", email: "f@x.example" }), {
    login: "f@x.example",
    name: "Fang Wang",
    email: "f@x.example",
  });
  assert.deepEqual(profileOf({ sub: "1" }), { login: "user", name: "user", email: null });
  assert.equal(profileOf({ email: "wang@school.example", email_verified: false }).email, null);
});

test("a school names the claims that have login, name and mail address; what is missing comes from the usual ones", () => {
  const claims = {
    name: "Wang Fang",
    staff_no: ["T 17", "T18"],
    contact: { mail: "wang@school.example" },
    email: "other@x.example",
  };
  const names = { login: "staff_no", name: "nickname", email: "contact.mail" };
  assert.deepEqual(profileOf(claims, names), { login: "t17", name: "Wang Fang", email: "wang@school.example" });
  assert.equal(profileOf(claims, { login: "__proto__.x" }).login, "other@x.example");
});

test("hostile claims give a plain login and name", () => {
  const { login, name, email } = profileOf({ preferred_username: "../<b>\u0000wang", name: "\u202eWang\n", email: "no mail" });
  assert.deepEqual([login, name, email], ["bwang", "Wang", null]);
  assert.equal(profileOf({ name: "x".repeat(5000) }).name.length, 100);
  assert.equal(profileOf({ name: { toString: "x" }, preferred_username: ["x"] }).login, "user");
});

test("a role comes from the map, the strongest where several match, and never that of an operator", () => {
  const map = { staff: "teacher", pupils: "student", heads: "administrator", root: "operator" };
  assert.equal(roleOf({ groups: ["pupils", "staff"] }, "groups", map), "teacher");
  assert.equal(roleOf({ groups: "heads" }, "groups", map), "administrator");
  assert.equal(roleOf({ groups: ["root"] }, "groups", map), null);
  assert.equal(roleOf({ groups: ["unknown"] }, "groups", map), null);
  assert.equal(roleOf({ groups: ["constructor", "__proto__", "toString"] }, "groups", map), null);
  assert.equal(roleOf({ groups: ["staff"] }, "", map), null);
});

test("a claim is found by its whole name, or inside an object by a dotted one", () => {
  assert.deepEqual(valuesOf({ realm_access: { roles: ["a", 1, "b"] } }, "realm_access.roles"), ["a", "b"]);
  assert.deepEqual(valuesOf({ "https://x.example/roles": "a" }, "https://x.example/roles"), ["a"]);
  assert.deepEqual(valuesOf({}, "__proto__.roles"), []);
  assert.deepEqual(valuesOf({ a: null }, "a.b"), []);
});

test("an ID token counts for minutes from when it was issued, whatever it says of its end", () => {
  const now = 1_785_000_000_000;
  const after = (seconds: number) => isJustIssued(now / 1000 + seconds, now);
  // Entra ID dates its tokens back by five minutes, which the way here lengthens.
  assert.deepEqual([-3600, -901, -302, 0, 300, 301].map(after), [false, false, true, true, true, false]);
});
