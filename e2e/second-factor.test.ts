/** The second factor through the API: codes of an authenticator app, recovery codes, and schools that require it of staff. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TOTP } from "otpauth";
import { PASSWORD, type TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

/** A code of the app. Each counts once, so tests take that of a later step; a step that ends meanwhile leaves it valid. */
function codeOf(secret: string, stepsAhead: number): string {
  return new TOTP({ secret }).generate({ timestamp: Date.now() + stepsAhead * 30_000 });
}

async function enrol({ ok }: TestSchool, as: string): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret, uri } = await ok("POST", "/me/second-factor", { as, body: { current: PASSWORD } });
  assert.match(uri, /^otpauth:\/\/totp\/Lectern:/);
  const { recoveryCodes } = await ok("PUT", "/me/second-factor", { as, body: { code: codeOf(secret, 0) } });
  assert.equal(recoveryCodes.length, 10);
  return { secret, recoveryCodes };
}

onPostgresFirst((open) => {
  test("a password alone signs in no longer, each code and each recovery code works once", async (t) => {
    const school = await open(t);
    const { call, ok, person } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { token } = await person(schoolId, "teacher", "wang");
    const other = (await ok("POST", "/sessions", { as: null, body: { login: "wang", password: PASSWORD } })).token;
    const signIn = async (code?: string, password = PASSWORD) => {
      const answer = await call("POST", "/sessions", { as: null, body: { login: "wang", password, ...(code ? { code } : {}) } });
      return answer.status === 201 ? "in" : answer.body.code;
    };
    assert.equal((await call("POST", "/me/second-factor", { as: token, body: { current: "wrong" } })).body.code, "wrong-password");
    await ok("POST", "/me/second-factor", { as: token, body: { current: PASSWORD } });
    assert.equal(await signIn(), "in", "nothing changes before the first code");
    assert.equal((await call("PUT", "/me/second-factor", { as: token, body: { code: "000000" } })).body.code, "wrong-code");
    const { secret, recoveryCodes } = await enrol(school, token);
    assert.equal((await call("GET", "/me", { as: other })).body.code, "bad-credential", "other sessions end");
    assert.equal(await signIn(), "second-factor-required");
    assert.equal(await signIn(codeOf(secret, 0), "wrong"), "wrong-password", "a wrong password tells nothing of the factor");
    assert.equal(await signIn(codeOf(secret, 20)), "wrong-code");
    const code = codeOf(secret, 1);
    assert.deepEqual((await Promise.all([signIn(code), signIn(code), signIn(code)])).sort(), ["in", "wrong-code", "wrong-code"]);
    assert.equal(await signIn(code), "wrong-code", "the same code again");
    const [first = "", second = ""] = recoveryCodes;
    assert.deepEqual([await signIn(first.toUpperCase()), await signIn(first)], ["in", "wrong-code"]);
    assert.deepEqual(await ok("GET", "/me/second-factor", { as: token }), {
      on: true,
      passkeys: 0,
      required: false,
      recoveryCodes: 9,
    });
    const renewed = await ok("POST", "/me/second-factor/recovery-codes", { as: token, body: { code: second } });
    assert.equal(await signIn(recoveryCodes[2]), "wrong-code", "earlier recovery codes");
    const off = { current: PASSWORD, code: renewed.recoveryCodes[0] };
    assert.equal((await call("POST", "/me/second-factor/off", { as: token, body: off })).status, 204);
    assert.equal(await signIn(), "in");
  });

  test("five wrong codes lock the account's second factor, from every address", async (t) => {
    const school = await open(t);
    const { call, ok, person } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { token } = await person(schoolId, "teacher", "wang");
    const { secret } = await enrol(school, token);
    const tries = (code: string, i: number) =>
      call("POST", "/sessions", { as: null, body: { login: "wang", password: PASSWORD, code }, ip: `10.9.0.${i}` });
    const codes = await Promise.all(Array.from({ length: 12 }, async (_, i) => (await tries("000000", i)).body.code));
    assert.equal(codes.filter((code) => code === "wrong-code").length, 5);
    assert.equal((await tries(codeOf(secret, 0), 99)).body.code, "too-many");
  });

  test("staff of a school that requires it can do nothing before, also in sessions that are open; students can", async (t) => {
    const school = await open(t);
    const { call, ok, person } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const [head, student] = [await person(schoolId, "administrator", "head"), await person(schoolId, "student")];
    const lesson = await ok("POST", "/lessons", { body: { schoolId, title: "Maths" } });
    await ok("PATCH", `/schools/${schoolId}`, { body: { secondFactor: true } });
    const refused = async (method: string, path: string, body?: unknown) => {
      const answer = await call(method, path, { as: head.token, ...(body ? { body } : {}) });
      assert.deepEqual([answer.status, answer.body.code], [403, "second-factor-missing"], `${method} ${path}`);
    };
    await refused("GET", "/users");
    await refused("PATCH", `/schools/${schoolId}`, { secondFactor: false });
    await refused("POST", `/lessons/${lesson.code}/join`, {});
    await refused("PUT", "/me/password", { current: PASSWORD, password: "quite another horse" });
    assert.equal((await ok("GET", "/me", { as: head.token })).needsSecondFactor, true);
    assert.equal((await call("GET", "/lessons", { as: student.token })).status, 200);
    const { secret } = await enrol(school, head.token);
    assert.equal((await ok("GET", "/me", { as: head.token })).needsSecondFactor, false);
    assert.equal((await call("GET", "/users", { as: head.token })).status, 200);
    const off = { current: PASSWORD, code: codeOf(secret, 0) };
    assert.equal((await call("POST", "/me/second-factor/off", { as: head.token, body: off })).body.code, "conflict");
  });

  test("an administrator removes the second factor of a person who has lost it, in the own school only", async (t) => {
    const school = await open(t);
    const { call, ok, person } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { id: other } = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
    const wang = await person(schoolId, "teacher", "wang");
    const [head, stranger] = [await person(schoolId, "administrator"), await person(other, "administrator")];
    const { secret } = await enrol(school, wang.token);
    const remove = async (as: string) => (await call("DELETE", `/users/${wang.id}/second-factor`, { as })).status;
    assert.deepEqual([await remove(stranger.token), await remove(wang.token)], [404, 403]);
    assert.equal(await remove(head.token), 204);
    assert.equal((await call("GET", "/me", { as: wang.token })).body.code, "bad-credential");
    assert.equal((await call("POST", "/sessions", { as: null, body: { login: "wang", password: PASSWORD } })).status, 201);
    assert.ok(!JSON.stringify(await ok("GET", "/audit")).includes(secret));
  });

  test("operators can do nothing before they have a second factor where the configuration requires it; the token of the environment can", async (t) => {
    let required = false;
    const school = await open(t, { operatorSecondFactor: () => required });
    const { call, ok, person } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const operator = await person(schoolId, "operator", "root");
    const teacher = await person(schoolId, "teacher", "wang");
    const lists = async (as?: string) => (await call("GET", "/users", as ? { as } : {})).body.code ?? "listed";
    assert.equal(await lists(operator.token), "listed");
    required = true;
    // Sessions that are open learn of it within the time that they are cached for.
    const late = (await ok("POST", "/sessions", { as: null, body: { login: "root", password: PASSWORD } })).token;
    assert.deepEqual([await lists(late), await lists(teacher.token), await lists()], ["second-factor-missing", "listed", "listed"]);
    assert.equal((await ok("GET", "/me", { as: late })).needsSecondFactor, true);
    assert.deepEqual(await ok("GET", "/me/second-factor", { as: late }), {
      on: false,
      passkeys: 0,
      required: true,
      recoveryCodes: 0,
    });
    const { secret } = await enrol(school, late);
    assert.equal(await lists(late), "listed");
    const off = { current: PASSWORD, code: codeOf(secret, 1) };
    assert.equal((await call("POST", "/me/second-factor/off", { as: late, body: off })).body.code, "conflict");
    required = false;
    assert.equal((await call("POST", "/me/second-factor/off", { as: late, body: off })).status, 204);
  });
});
