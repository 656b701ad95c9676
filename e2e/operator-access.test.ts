/** Ways in as an operator: the token of the environment with an end and networks, and break-glass accounts. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./lectern.ts";
import { startMailServer } from "./mail-server.ts";
import { OPERATOR_TOKEN, type TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";
import { withTurns } from "./school-turns.ts";

const HOUR_MS = 3600_000;

async function auditOf({ service }: TestSchool, action: string) {
  return await service.db.selectFrom("audit").selectAll().where("action", "=", action).orderBy("id").execute();
}

onPostgresFirst((open) => {
  test("the operator's token is refused after its end and from other networks, with its code, and its uses are in the log once an hour", async (t) => {
    let token = { expires: "", allowedNetworks: [] as string[] };
    const school = await open(t, { operatorToken: () => token });
    const { call } = school;
    const look = async (ip: string) => {
      const { status, body } = await call("GET", "/schools", { ip });
      return status === 200 ? "in" : `${status} ${body.code}`;
    };
    for (let i = 0; i < 5; i++) assert.equal(await look("10.1.0.1"), "in");
    assert.equal(await look("10.1.0.2"), "in");
    token = { expires: "", allowedNetworks: ["10.1.0.1/32"] };
    for (let i = 0; i < 3; i++) assert.equal(await look("10.1.0.2"), "403 operator-token-address");
    assert.equal(await look("10.1.0.1"), "in");
    token = { expires: new Date(Date.now() - 1000).toISOString(), allowedNetworks: [] };
    assert.equal(await look("10.1.0.1"), "401 operator-token-expired");
    token = { expires: new Date(Date.now() + HOUR_MS).toISOString(), allowedNetworks: [] };
    assert.equal(await look("10.1.0.1"), "in");
    const usesOf = async (action: string) =>
      (await auditOf(school, action)).map(({ ip, after }) => `${ip} ${after?.["code"] ?? ""}`).sort();
    await until(async () => (await usesOf("operator-token.refuse")).length >= 2, "the refused uses");
    assert.deepEqual(await usesOf("operator-token.use"), ["10.1.0.1 ", "10.1.0.2 "]);
    assert.deepEqual(await usesOf("operator-token.refuse"), ["10.1.0.1 operator-token-expired", "10.1.0.2 operator-token-address"]);
  });

  test("an alarm says that the operator's token ends soon, and ends with a later one", async (t) => {
    let expires = new Date(Date.now() + 20 * 24 * HOUR_MS).toISOString();
    const school = await open(t, { operatorToken: () => ({ expires, allowedNetworks: [] }) });
    const alarms = async () => (await school.ok("GET", "/alarms?open=true")).items.map(({ code }: { code: string }) => code);
    await school.service.lookAtOperators();
    assert.deepEqual(await alarms(), []);
    expires = new Date(Date.now() + 24 * HOUR_MS).toISOString();
    await school.service.lookAtOperators();
    await until(async () => (await alarms()).includes("operator-token-expires"), "the alarm");
    expires = new Date(Date.now() + 30 * 24 * HOUR_MS).toISOString();
    await school.service.lookAtOperators();
    await until(async () => (await alarms()).length === 0, "its end");
  });

  test("a break-glass account signs in once, without a second factor, is told of everywhere, and ends by itself", async (t) => {
    const mailServer = await startMailServer(t);
    const school = await open(t, { mail: mailServer.mail, operatorSecondFactor: () => true });
    const { ok, call, person, service } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const head = await person(schoolId, "administrator", "head");
    const mailed = { head: "head@school.example", admin: "admin@school.example" };
    for (const [login, email] of Object.entries(mailed))
      await service.db.updateTable("users").set({ email }).where("login", "=", login).execute();
    const account = await service.breakGlass({ minutes: 30, reason: "the provider is down", madeBy: "root" });
    const told = (words: string) =>
      Object.values(mailed).every((to) => mailServer.mails.some((one) => one.to === to && one.text.includes(words)));
    await withTurns(service)(() => told("has made the break-glass account"), "mails to operators and administrators");
    const credentials = { login: account.login, password: account.password };
    const signIn = (body: object = credentials) => call("POST", "/sessions", { as: null, body });
    assert.equal((await signIn({ ...credentials, password: "wrong password" })).body.code, "wrong-password");
    const tries = await Promise.all([signIn(), signIn(), signIn()]);
    assert.deepEqual(tries.map(({ status }) => status).sort(), [201, 401, 401], "of sign-ins at the same time one does");
    const { token, expiresAt } = tries.find(({ status }) => status === 201)?.body ?? assert.fail();
    assert.equal(expiresAt, account.until);
    assert.equal((await signIn()).body.code, "wrong-password", "the password was used");
    const me = await ok("GET", "/me", { as: token });
    assert.deepEqual([me.role, me.needsSecondFactor], ["operator", false]);
    assert.equal((await call("GET", `/users?schoolId=${schoolId}`, { as: token })).status, 200);
    await withTurns(service)(() => told("has signed in from 10.0.0.1"), "mails of the sign-in");
    const alarms = async () =>
      (await ok("GET", "/alarms?open=true")).items.map(
        (one: { code: string; subject: string; severity: string }) => `${one.code} ${one.subject} ${one.severity}`,
      );
    await until(async () => (await alarms()).includes(`break-glass ${account.login} critical`), "the alarm");
    const [made, used] = [await auditOf(school, "break-glass.create"), await auditOf(school, "break-glass.sign-in")];
    assert.deepEqual([made.length, used.length], [1, 1]);
    assert.deepEqual([made[0]?.after?.["madeBy"], made[0]?.after?.["text"]], ["root", "the provider is down"]);
    assert.ok(!JSON.stringify([made, used]).includes(account.password));
    // No way to a second sign-in: others cannot give it a password, and it cannot give itself one.
    const { id } = await service.db.selectFrom("users").select("id").where("login", "=", account.login).executeTakeFirstOrThrow();
    for (const as of [OPERATOR_TOKEN, token])
      assert.equal((await call("PATCH", `/users/${id}`, { as, body: { password: "kettle orange window" } })).body.code, "conflict");
    assert.equal((await call("POST", `/users/${id}/password-reset`)).body.code, "conflict");
    assert.equal((await call("POST", `/users/${id}/password-reset`, { as: head.token })).body.code, "not-found");
    // Its time is over.
    await service.db
      .updateTable("users")
      .set({ break_glass_until: new Date(Date.now() - 1) } as never)
      .where("id", "=", id)
      .execute();
    await service.lookAtOperators();
    assert.equal((await call("GET", "/me", { as: token })).body.code, "bad-credential");
    await until(async () => (await alarms()).length === 0, "the alarm's end");
    const row = await service.db.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    assert.ok(row.disabled_at);
  });

  test("a break-glass account that nobody used ends too, and only a few exist at a time", async (t) => {
    const { service, call } = await open(t);
    const make = (minutes = 30) => service.breakGlass({ minutes, reason: "", madeBy: "root" });
    for (const minutes of [0, 4, 241, 5.5, Number.NaN]) await assert.rejects(make(minutes), /5 to 240 minutes/);
    const first = await make();
    await service.db
      .updateTable("users")
      .set({ break_glass_until: new Date() } as never)
      .where("login", "=", first.login)
      .execute();
    const body = { login: first.login, password: first.password };
    assert.equal((await call("POST", "/sessions", { as: null, body })).body.code, "wrong-password");
    for (let i = 0; i < 5; i++) await make();
    await assert.rejects(make(), /wait until one has ended/);
  });
});
