/** People and sessions through the API: sign-in, passwords, reset links, networks. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TOTP } from "otpauth";
import { SCOPES } from "../packages/server/src/access/actor.ts";
import { hashPassword } from "../packages/server/src/school/people/accounts/password.ts";
import { until } from "./lectern.ts";
import { startMailServer } from "./mail-server.ts";
import { type Answer, PASSWORD } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";

onPostgresFirst((open) => {
  test("a rotated API key works with both secrets, until the overlap is over; a key is limited by itself", async (t) => {
    const { ok, call, service } = await open(t);
    const limited = { name: "sync", scopes: ["lessons:read", "system:write"], requestsPerMinute: 60 };
    const { id, key: old } = await ok("POST", "/api-keys", { body: limited });
    const { key: fresh, previousSecretUntil } = await ok("POST", `/api-keys/${id}/rotate`, { body: { overlapSeconds: 3600 } });
    assert.ok(Date.parse(previousSecretUntil) > Date.now());
    const statuses = async () => [
      (await call("GET", "/lessons", { as: old })).status,
      (await call("GET", "/lessons", { as: fresh })).status,
    ];
    assert.deepEqual(await statuses(), [200, 200]);
    await service.db
      .updateTable("api_keys")
      .set({ previous_until: new Date(0) })
      .where("id", "=", id)
      .execute();
    await ok("POST", `/api-keys/${id}/rotate`, { body: { overlapSeconds: 0 } });
    assert.deepEqual(await statuses(), [401, 401], "an overlap of nothing ends the secret at once");

    const { key } = await ok("POST", "/api-keys", { body: { ...limited, name: "other" } });
    const answers = await Promise.all(Array.from({ length: 30 }, () => call("GET", "/lessons", { as: key })));
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 5 && refused.length <= 20, `${refused.length} of 30 were refused`);
    assert.ok(Number(refused[0]?.headers["retry-after"]) >= 1);
    const weak = await ok("POST", "/api-keys", { body: { name: "weak", scopes: ["system:write"] } });
    assert.equal((await call("POST", `/api-keys/${id}/rotate`, { as: weak.key })).status, 403, "a key gives itself no scopes");
  });

  test("a bad password is refused wherever one is set: by an administrator, by the person, by a link, by an import", async (t) => {
    const { call, ok, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const anna = await person(schoolId, "teacher", "anna.schmidt");
    for (const bad of ["password1", "88888888", "Anna.Schmidt"]) {
      const { token } = await ok("POST", `/users/${anna.id}/password-reset`);
      const body = { schoolId, login: "anna.schmidt2", name: "Anna.Schmidt", password: bad };
      const refused = [
        await call("POST", "/users", { body }),
        await call("PATCH", `/users/${anna.id}`, { body: { password: bad } }),
        await call("PUT", "/me/password", { as: anna.token, body: { current: PASSWORD, password: bad } }),
        await call("POST", `/password-resets/${token}`, { as: null, body: { password: bad } }),
      ];
      assert.deepEqual(
        refused.map(({ status, body }) => [status, body.code, body.errors?.[0]?.path]),
        refused.map(() => [400, "bad-request", "password"]),
        bad,
      );
      const csv = `login,name,password\nanna.schmidt3,Anna.Schmidt,${bad}\n`;
      const { id } = await ok("POST", `/imports/people?schoolId=${schoolId}`, { csv });
      await until(async () => (await ok("GET", `/imports/${id}`)).state === "failed", "the import fails");
      assert.equal((await ok("GET", `/imports/${id}`)).errors[0].column, "password");
    }
    assert.equal((await call("GET", "/me", { as: anna.token })).status, 200, "her password and session are as they were");
  });

  test("a new password has twelve characters, a student's eight; a shorter one of before works until it is changed", async (t) => {
    const { call, ok, person, service } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const [eight, twelve] = ["kQ7#vxT9", "kQ7#vxT9!pLm"];
    const anna = await person(schoolId, "teacher", "anna");
    assert.equal(
      (await call("GET", "/me", { as: anna.token })).headers["content-disposition"],
      'attachment; filename="answer.json"',
    );
    const student = await person(schoolId, "student", "li");
    // As the version before let her choose it.
    await service.db
      .updateTable("users")
      .set({ password_hash: await hashPassword(eight) })
      .where("id", "=", anna.id)
      .execute();
    const token = (await ok("POST", "/sessions", { as: null, body: { login: "anna", password: eight } })).token;
    const own = (password: string) => call("PUT", "/me/password", { as: token, body: { current: eight, password } });
    const short = await own(eight.split("").reverse().join(""));
    assert.deepEqual([short.status, short.body.errors[0].path], [400, "password"]);
    assert.match(short.body.detail, /12 characters/);
    assert.equal((await own("x".repeat(60) + "kQ7#".repeat(18))).status, 400, "132 characters");
    const asStudent = await call("PUT", "/me/password", { as: student.token, body: { current: PASSWORD, password: eight } });
    assert.equal(asStudent.status, 201);
    // The role after the change decides.
    const promoted = { role: "teacher", password: eight };
    assert.equal((await call("PATCH", `/users/${student.id}`, { body: promoted })).status, 400);
    assert.equal((await call("PATCH", `/users/${student.id}`, { body: { role: "teacher" } })).status, 200);
    assert.equal((await call("POST", "/sessions", { as: null, body: { login: "li", password: eight } })).status, 201);
    const reset = (await ok("POST", `/users/${student.id}/password-reset`)).token;
    const byLink = (password: string) => call("POST", `/password-resets/${reset}`, { as: null, body: { password } });
    assert.deepEqual([(await byLink(eight)).status, (await byLink(twelve)).status], [400, 204]);
  });

  test("a login of another script signs in however it is typed", async (t) => {
    const { call, ok } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    for (const [login, typed] of [
      ["नेहा", "नेहा"],
      ["Zoë.Müller", "zoe\u0308.mu\u0308ller"],
      ["ＷＡＮＧ", "wang"],
      ["Иван", "ИВАН"],
    ] as const) {
      await ok("POST", "/users", { body: { schoolId, login, name: "x", password: PASSWORD } });
      const answer = await call("POST", "/sessions", { as: null, body: { login: typed, password: PASSWORD } });
      assert.equal(answer.status, 201, typed);
    }
    const again = await call("POST", "/users", { body: { schoolId, login: "wang", name: "x" } });
    assert.equal(again.body.code, "conflict", "wide letters are no second login");
  });

  test("students and teachers do not read what is the administrators', and assistants no mail addresses", async (t) => {
    const { ok, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    await ok("PATCH", `/schools/${schoolId}`, { body: { adminNetworks: ["10.0.0.0/8"], quotaBytes: 5 } });
    const { id: target } = await ok("POST", "/users", {
      body: { schoolId, login: "mei", name: "Mei", email: "mei@school.example" },
    });
    const forAdministrators = ["adminNetworks", "keepDays", "keepBytes", "quotaBytes", "idleMinutes"];
    const seen: Record<string, unknown> = {};
    for (const role of ["administrator", "teacher", "assistant", "student", "supervisor"]) {
      const { id, token } = await person(schoolId, role);
      await ok("PATCH", `/users/${id}`, { body: { email: `${role}@school.example` } });
      const schools = [
        await ok("GET", `/schools/${schoolId}`, { as: token }),
        (await ok("GET", "/schools", { as: token })).items[0],
      ];
      for (const school of schools)
        assert.deepEqual(
          forAdministrators.filter((field) => field in school),
          role === "administrator" ? forAdministrators : [],
          role,
        );
      assert.equal((await ok("GET", "/me", { as: token })).user.email, `${role}@school.example`, "one's own");
      if (role === "student" || role === "supervisor") continue;
      const list = await ok("GET", `/users?search=mei`, { as: token });
      seen[role] = [(await ok("GET", `/users/${target}`, { as: token })).email, list.items[0].email];
    }
    const mail = "mei@school.example";
    assert.deepEqual(seen, { administrator: [mail, mail], teacher: [mail, mail], assistant: [null, null] });
  });

  test("two logins, courses or schools of one name are refused in one school, and allowed in two", async (t) => {
    const { call, ok } = await open(t);
    const [one, two] = [
      await ok("POST", "/schools", { body: { slug: "one", name: "One" } }),
      await ok("POST", "/schools", { body: { slug: "two", name: "Two" } }),
    ];
    const user = (schoolId: string) =>
      call("POST", "/users", { body: { schoolId, login: "Li.Na", name: "Li Na", password: PASSWORD } });
    assert.equal((await user(one.id)).status, 201);
    assert.deepEqual((await user(one.id)).body.code, "conflict");
    assert.equal((await user(two.id)).status, 201);
    const course = (schoolId: string) => call("POST", "/courses", { body: { schoolId, name: "Maths" } });
    assert.deepEqual(
      [(await course(one.id)).status, (await course(one.id)).status, (await course(two.id)).status],
      [201, 409, 201],
    );
    assert.equal((await call("POST", "/schools", { body: { slug: "one", name: "Again" } })).status, 409);
    // A person who is known in both says in which.
    const signIn = (school?: string) =>
      call("POST", "/sessions", { as: null, body: { login: "li.na", password: PASSWORD, ...(school ? { school } : {}) } });
    assert.equal((await signIn()).body.code, "bad-request");
    assert.equal((await signIn("two")).body.user.schoolId, two.id);
  });

  test("a wrong password is refused in the same words whether there is such a person or not, and too many lock", async (t) => {
    const { call, person, ok } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    await person(schoolId, "teacher", "wang");
    const tries = (login: string, password: string, ip = "10.0.0.9") =>
      call("POST", "/sessions", { as: null, body: { login, password }, ip });
    const [wrong, nobody] = [await tries("wang", "wrong"), await tries("nobody", "wrong")];
    assert.deepEqual(wrong.body, nobody.body);
    assert.equal(wrong.body.code, "wrong-password");
    for (let i = 0; i < 4; i++) await tries("wang", "wrong");
    const locked = await tries("wang", PASSWORD);
    assert.deepEqual([locked.status, locked.body.code], [429, "too-many"]);
    assert.match(locked.body.detail, /5 minutes/);
    assert.equal(locked.headers["retry-after"], "300");
    assert.equal((await tries("wang", PASSWORD, "10.0.0.10")).status, 201, "from elsewhere the person gets in");
  });

  test("forty wrong passwords at once count as forty, and a known device gets in beside them", async (t) => {
    const { call, person, ok } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    await person(schoolId, "teacher", "wang");
    const tries = (password: string, headers: Readonly<Record<string, string>> = {}) =>
      call("POST", "/sessions", { as: null, body: { login: "wang", password }, ip: "10.0.0.11", headers });
    const cookie = String((await tries(PASSWORD)).headers["set-cookie"]);
    assert.match(cookie, /^lectern-device=[\w.-]+; Path=\/api\/v1; Max-Age=31536000; HttpOnly; SameSite=Strict$/);
    const codes = (await Promise.all(Array.from({ length: 40 }, () => tries("wrong")))).map(({ body }) => body.code);
    assert.deepEqual(codes.filter((code) => code === "wrong-password").length, 5);
    assert.equal((await tries(PASSWORD)).status, 429);
    assert.equal((await tries(PASSWORD, { cookie: `other=1; ${cookie.split(";")[0]}` })).status, 201);
  });

  test("a stranger's requests for reset links are limited, and a printed link goes on working", async (t) => {
    const { call, ok } = await open(t);
    const { id } = await ok("POST", "/users", { body: { login: "mei", name: "Li Mei", email: "mei@home.example" } });
    const printed = await ok("POST", `/users/${id}/password-reset`);
    const ask = (ip: string) => call("POST", "/password-resets", { as: null, body: { login: "mei" }, ip });
    const statuses: number[] = [];
    for (let i = 0; i < 62; i++) statuses.push((await ask("10.0.0.12")).status);
    assert.deepEqual([statuses.filter((status) => status === 202).length, statuses.at(-1)], [60, 429]);
    const use = (token: string, ip: string) =>
      call("POST", `/password-resets/${token}`, { as: null, body: { password: "one of my own" }, ip });
    assert.equal((await use("no-such-token", "10.0.0.12")).status, 429);
    assert.equal((await use(printed.token, "10.0.0.12")).status, 204);
  });

  test("sessions end by signing out, by a new password and by being shut out; a reset link works once", async (t) => {
    const { call, person, ok } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { id, token } = await person(schoolId, "student", "mei");
    const me = (as: string) => call("GET", "/me", { as });
    assert.equal((await me(token)).body.user.login, "mei");
    await ok("DELETE", "/sessions/current", { as: token });
    assert.equal((await me(token)).body.code, "bad-credential");
    const again = await ok("POST", "/sessions", { as: null, body: { login: "mei", password: PASSWORD } });
    const reset = await ok("POST", `/users/${id}/password-reset`);
    assert.match(reset.url, /^http:\/\/school\.example\/reset\//);
    const use = (password: string) => call("POST", `/password-resets/${reset.token}`, { as: null, body: { password } });
    assert.equal((await use("short")).status, 400);
    assert.equal((await use("another long one")).status, 204);
    assert.equal((await use("a third long one")).body.code, "link-expired");
    assert.equal((await me(again.token)).status, 401);
    const last = await ok("POST", "/sessions", { as: null, body: { login: "mei", password: "another long one" } });
    await ok("PATCH", `/users/${id}`, { body: { disabled: true } });
    assert.equal((await me(last.token)).status, 401);
    assert.equal((await call("POST", "/sessions", { as: null, body: { login: "mei", password: "another long one" } })).status, 401);
  });

  test("a token that has expired is refused, and the session is not revived", async (t) => {
    const { call, person, ok, service } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { id } = await person(schoolId, "student", "late");
    const { token } = await ok("POST", "/sessions", { as: null, body: { login: "late", password: PASSWORD } });
    await service.db
      .updateTable("sessions")
      .set({ expires_at: new Date(Date.now() - 1000) })
      .where("user_id", "=", id)
      .execute();
    for (let i = 0; i < 2; i++) assert.equal((await call("GET", "/me", { as: token })).body.code, "bad-credential");
  });

  test("a reset link is mailed where a mail server is configured, and never leads where a request says", async (t) => {
    const { mails, mail } = await startMailServer(t);
    const { ok, call } = await open(t, { mail });
    await ok("POST", "/users", { body: { login: "mei", name: "Li Mei", email: "mei@home.example" } });
    const body = { login: "mei" };
    await ok("POST", "/password-resets", { as: null, body, headers: { host: "evil.example" } });
    await ok("POST", "/password-resets", { as: null, body: { login: "nobody" } });
    const text = await until(() => mails[0]?.text ?? null, "the mail");
    assert.match(text, /^To: mei@home\.example/m);
    const [, token = ""] = /https:\/\/school\.example\/reset\/([\w-]+)/.exec(text) ?? [];
    assert.equal((await call("POST", `/password-resets/${token}`, { as: null, body: { password: "one of my own" } })).status, 204);
    const notice = await until(() => mails[1]?.text ?? null, "the notice");
    assert.doesNotMatch(notice, /reset\//);
    assert.equal(mails.length, 2, "the stranger's name has no mail");
  });

  test("a person is told by mail of every change of how they sign in, at the address of before", async (t) => {
    const { mails, mail } = await startMailServer(t);
    const { call, ok, person } = await open(t, { mail });
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const { id, token: as } = await person(schoolId, "teacher", "mei");
    const told = async (change: Promise<Answer>, of: RegExp, to: string) => {
      const before = mails.length;
      assert.ok((await change).status < 300, `${of}`);
      const text = await until(() => mails[before]?.text ?? null, `the mail: ${of}`);
      assert.match(text, of);
      assert.match(text, new RegExp(`^To: ${to}`, "m"));
    };
    await ok("PATCH", `/users/${id}`, { body: { email: "mei@home.example" } });
    await told(
      call("PATCH", `/users/${id}`, { body: { email: "new@home.example" } }),
      /mail address of your account/,
      "mei@home.example",
    );
    const { secret } = await ok("POST", "/me/second-factor", { as, body: { current: PASSWORD } });
    const code = new TOTP({ secret }).generate();
    await told(
      call("PUT", "/me/second-factor", { as, body: { code } }),
      /second factor of your account was turned on/,
      "new@home.example",
    );
    await told(call("DELETE", `/users/${id}/second-factor`), /second factor of your account was removed/, "new@home.example");
    await told(
      call("PATCH", `/users/${id}`, { body: { password: "chosen by the head" } }),
      /password of your account was changed/,
      "new@home.example",
    );
    assert.equal(mails.length, 4, "the first address had nobody to tell, and nothing was told twice");
  });

  test("administrators come only from the networks that are allowed, operators from theirs; the others from anywhere", async (t) => {
    const { call, person, ok } = await open(t, { operatorNetworks: ["10.0.0.0/24"] });
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const [head, student] = [await person(schoolId, "administrator", "head"), await person(schoolId, "student", "pupil")];
    await ok("PATCH", `/schools/${schoolId}`, { body: { adminNetworks: ["192.168.7.0/24"] } });
    const from = async (as: string, ip: string) => (await call("GET", "/me", { as, ip })).status;
    assert.deepEqual([await from(head.token, "192.168.7.3"), await from(head.token, "10.0.0.1")], [200, 403]);
    assert.equal(await from(student.token, "10.9.9.9"), 200);
    assert.equal((await call("GET", "/me", { ip: "10.0.1.1" })).status, 403, "the operator's token");
    const signIn = (ip: string) => call("POST", "/sessions", { as: null, body: { login: "head", password: PASSWORD }, ip });
    assert.deepEqual([(await signIn("10.0.0.1")).status, (await signIn("192.168.7.3")).status], [403, 201]);
    assert.equal((await call("PATCH", `/schools/${schoolId}`, { body: { adminNetworks: ["everywhere"] } })).status, 400);
  });

  test("no key with a lesser scope shuts an administrator out: every operation on accounts, keys and the school's rules of access", async (t) => {
    const { call, ok, person, routes } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const head = await person(schoolId, "administrator", "head");
    const { id: strong } = await ok("POST", "/api-keys", { body: { schoolId, name: "strong", scopes: [...SCOPES] } });
    const SHUTS_OUT: Readonly<Record<string, readonly [method: string, path: string, body?: object]>> = {
      changeSchool: ["PATCH", `/schools/${schoolId}`, { adminNetworks: ["192.0.2.0/24"] }],
      changeUser: ["PATCH", `/users/${head.id}`, { disabled: true }],
      eraseUser: ["POST", `/users/${head.id}/erase`, { login: "head" }],
      createPasswordReset: ["POST", `/users/${head.id}/password-reset`],
      removeSecondFactor: ["DELETE", `/users/${head.id}/second-factor`],
      endUserSessions: ["DELETE", `/users/${head.id}/sessions`],
      deleteApiKey: ["DELETE", `/api-keys/${strong}`],
      rotateApiKey: ["POST", `/api-keys/${strong}/rotate`, { overlapSeconds: 0 }],
      replaceScimUser: ["PUT", `/scim/v2/Users/${head.id}`, { userName: "other", active: false }],
      changeScimUser: ["PATCH", `/scim/v2/Users/${head.id}`, { Operations: [{ op: "replace", path: "active", value: false }] }],
      deleteScimUser: ["DELETE", `/scim/v2/Users/${head.id}`],
    };
    /** They are about other things than who gets in. */
    const HARMLESS = new Set(["addGuardian", "removeGuardian", "putMember", "deleteMember", "invite", "uninvite"]);
    const about = routes
      .filter(({ method, path }) => method !== "GET" && (/:userId|:keyId/.test(path) || path === "/schools/:schoolId"))
      .map(({ id }) => id)
      .filter((id) => !HARMLESS.has(id) && id !== "deleteSchool");
    assert.deepEqual(about.sort(), Object.keys(SHUTS_OUT).sort(), "an operation that this test does not know");
    const SETTINGS = [
      { secondFactor: true },
      { passwordSignIn: false },
      { idleMinutes: 5 },
      { slug: "other" },
      { keepAuditDays: 180 },
      { scimAdministrators: true },
    ];
    const calls = [...Object.values(SHUTS_OUT), ...SETTINGS.map((body) => ["PATCH", `/schools/${schoolId}`, body] as const)];
    for (const scope of SCOPES) {
      const { key } = await ok("POST", "/api-keys", { body: { schoolId, name: scope, scopes: [scope] } });
      for (const [method, path, body] of calls) {
        const { status } = await call(method, path, { as: key, ...(body ? { body } : {}) });
        assert.equal(status, 403, `${scope}: ${method} ${path} ${JSON.stringify(body)}`);
      }
      assert.equal((await call("GET", "/me", { as: head.token })).status, 200, scope);
    }
  });

  test("an administrator does not take the own address out of the networks that administrators come from", async (t) => {
    const { call, ok, person } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const head = await person(schoolId, "administrator", "head");
    const allow = (...adminNetworks: string[]) =>
      call("PATCH", `/schools/${schoolId}`, { as: head.token, ip: "192.168.7.3", body: { adminNetworks } });
    const { status, body } = await allow("10.0.0.0/8");
    assert.deepEqual([status, body.code], [409, "conflict"]);
    assert.match(body.detail, /192\.168\.7\.3/);
    assert.equal((await allow("10.0.0.0/8", "192.168.7.0/24")).status, 200);
    assert.equal((await allow()).status, 200);
  });
});
