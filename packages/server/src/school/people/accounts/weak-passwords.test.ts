/** Passwords that are guessed first, and logins of every script. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dictionary } from "@zxcvbn-ts/language-common";
import { ROLES, type Role } from "../../../access/actor.ts";
import { refusalCode } from "../../foundation/store/test-database.ts";
import { loginName, storedLogins } from "./login-name.ts";
import { generatePassword } from "./password.ts";
import { login, password } from "./shapes.ts";
import { isCommonPassword, isOwnName, minPassword, refuseWeakPassword } from "./weak-passwords.ts";

test("none of the 10 000 commonest passwords is taken, in any case and in wide letters", () => {
  const list = dictionary["passwords-common"];
  assert.ok(list.length > 10_000);
  for (const common of list.slice(0, 10_000)) assert.equal(password.safeParse(common).success, false, common);
  for (const variant of ["PASSWORD", "Password1", "ｐａｓｓｗｏｒｄ", "QWERTYUIOP"]) assert.ok(isCommonPassword(variant), variant);
});

test("repetitions and sequences are refused, passphrases and generated passwords are taken", () => {
  for (const simple of ["88888888", "abcabcabc", "1212121212", "abcdefgh", "87654321", "密密密密密密密密"])
    assert.equal(password.safeParse(simple).success, false, simple);
  for (const good of ["correct horse", "a good password", "我爱北京天安门广场", "12345678 plus", "пароль из слов"])
    assert.ok(password.safeParse(good).success, good);
  for (let i = 0; i < 100; i++) assert.ok(password.safeParse(generatePassword()).success);
});

const ANNA = { login: "anna.schmidt", name: "Anna Schmidt", email: "a.schmidt@school.example" };

test("a person's login, name and mail address are no passwords: in no case, order or punctuation", () => {
  for (const own of [
    "anna.schmidt",
    "Anna Schmidt",
    "ANNASCHMIDT",
    "anna_schmidt!",
    "annaschmidtannaschmidt",
    "tdimhcsanna",
    "a.schmidt",
  ])
    assert.ok(isOwnName(own, ANNA), own);
  assert.ok(isOwnName("a.schmidt@school.example", ANNA));
  assert.ok(isOwnName("１２３４５６７８", { login: "12345678", name: "", email: null }));
  for (const other of ["anna.schmidt and more", "correct horse", ""]) assert.equal(isOwnName(other, ANNA), false, other);
  assert.equal(isOwnName("!!!!!!!!", { login: "x", name: "…", email: null }), false);
});

test("a refused password names the field, and no password is no mistake", async () => {
  const teacher = { ...ANNA, role: "teacher" } as const;
  assert.equal(await refusalCode(async () => refuseWeakPassword("anna.schmidt", teacher)), "bad-request");
  for (const none of [undefined, null, ""]) assert.equal(await refusalCode(async () => refuseWeakPassword(none, teacher)), null);
});

test("a password has twelve characters, and a student's eight", async () => {
  const refusal = (role: Role, password: string) => refusalCode(async () => refuseWeakPassword(password, { ...ANNA, role }));
  for (const role of ROLES) {
    const shortest = role === "student" ? 8 : 12;
    assert.equal(minPassword(role), shortest, role);
    assert.equal(await refusal(role, "kQ7#vxT9!pLm".slice(0, shortest)), null, role);
    assert.equal(await refusal(role, "kQ7#vxT9!pLm".slice(0, shortest - 1)), "bad-request", role);
  }
});

test("logins have letters, marks and digits of any script", () => {
  for (const good of [
    "王芳",
    "नेहा",
    "สมชาย",
    "محمد",
    "חיים",
    "Ελένη",
    "иван.петров",
    "zoë",
    "買買提·艾力",
    "٣٤٥",
    "o_neil-2@school",
  ])
    assert.ok(login.safeParse(good).success, good);
  for (const bad of ["", " ", "a b", "a\u0000b", "a\u200bb", "a\u202eb", "-a", ".a", "a/b", "\u0301a", "a".repeat(101)])
    assert.equal(login.safeParse(bad).success, false, JSON.stringify(bad));
});

test("a login is the same however it is typed: wide letters, capitals, composed or not", () => {
  for (const [typed, stored] of [
    ["ＡＤＭＩＮ", "admin"],
    [" Zoe\u0308 ", "zoë"],
    ["ИВАН", "иван"],
    ["ﬁona", "fiona"],
  ] as const) {
    assert.equal(login.parse(typed), stored.normalize("NFKC"));
    assert.equal(loginName(typed), login.parse(typed));
  }
  assert.deepEqual(storedLogins("①班"), ["1班", "①班"], "an account of before is found by what is typed");
});
