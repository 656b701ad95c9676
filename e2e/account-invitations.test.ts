/** Invitations to a first sign-in through the API: links by mail and on slips, their single use, and what stays secret. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./lectern.ts";
import { startMailServer } from "./mail-server.ts";
import { onPostgresFirst } from "./school-databases.ts";

const PASSWORD = "kettle orange window";

onPostgresFirst((open) => {
  test("a slip's link sets the password once, and says whose it is until then", async (t) => {
    const { ok, call, service } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const ben = await ok("POST", "/users", { body: { schoolId, login: "ben", name: "Ben", role: "student" } });
    assert.deepEqual([ben.signedInAt, ben.invitedAt], [null, null]);
    const { slips, skipped } = await ok("POST", "/account-invitations/slips", { body: { schoolId, userIds: [ben.id] } });
    assert.deepEqual([slips.length, slips[0].login, skipped], [1, "ben", []]);
    const token = new URL(slips[0].url).pathname.split("/")[2] ?? "";
    // Neither the token nor the link is stored anywhere.
    const stored = await service.db.selectFrom("password_resets").selectAll().where("user_id", "=", ben.id).execute();
    assert.ok(stored.length === 1 && !JSON.stringify(stored).includes(token));
    const audit = await service.db.selectFrom("audit").selectAll().execute();
    assert.ok(audit.some(({ action }) => action === "user.invite") && !JSON.stringify(audit).includes(token));

    const owner = await ok("GET", `/password-resets/${token}`, { as: null });
    assert.deepEqual([owner.name, owner.login, owner.isFirst, owner.minPassword], ["Ben", "ben", true, 8]);
    assert.equal((await call("POST", `/password-resets/${token}`, { as: null, body: { password: PASSWORD } })).status, 204);
    for (const method of ["GET", "POST"] as const) {
      const again = await call(method, `/password-resets/${token}`, {
        as: null,
        ...(method === "POST" ? { body: { password: PASSWORD } } : {}),
      });
      assert.equal(again.body.code, "link-expired", method);
    }
    await ok("POST", "/sessions", { as: null, body: { login: "ben", password: PASSWORD } });
    const after = await ok("GET", `/users/${ben.id}`);
    assert.ok(after.signedInAt !== null && after.invitedAt !== null);
    assert.deepEqual((await ok("GET", "/users?signedIn=false&role=student")).items, []);
  });

  test("a new slip replaces the older one, and an expired or suspended person's link opens nothing", async (t) => {
    const { ok, call, service } = await open(t);
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const ben = await ok("POST", "/users", { body: { schoolId, login: "ben", name: "Ben", role: "student" } });
    const slip = async () => {
      const { slips } = await ok("POST", "/account-invitations/slips", { body: { schoolId, userIds: [ben.id] } });
      return new URL(slips[0].url).pathname.split("/")[2] ?? "";
    };
    const codeOf = async (token: string) => (await call("GET", `/password-resets/${token}`, { as: null })).body.code ?? "open";
    const [first, second] = [await slip(), await slip()];
    assert.deepEqual([await codeOf(first), await codeOf(second)], ["link-expired", "open"]);
    await ok("PATCH", `/users/${ben.id}`, { body: { disabled: true } });
    assert.equal(await codeOf(second), "link-expired");
    await ok("PATCH", `/users/${ben.id}`, { body: { disabled: false } });
    await service.db
      .updateTable("password_resets")
      .set({ expires_at: new Date(Date.now() - 1000) })
      .execute();
    assert.equal(await codeOf(second), "link-expired");
  });

  test("invitations are mailed by the queue, each with its own link; teachers invite nobody", async (t) => {
    const { mails, mail } = await startMailServer(t);
    const { ok, call, person } = await open(t, { mail });
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    for (const login of ["ben", "cai"])
      await ok("POST", "/users", { body: { schoolId, login, name: login, email: `${login}@school.example`, role: "student" } });
    await ok("POST", "/users", { body: { schoolId, login: "dora", name: "Dora", role: "teacher" } });
    const teacher = await person(schoolId, "teacher", "t1");
    for (const path of ["/account-invitations", "/account-invitations/slips"])
      assert.equal((await call("POST", path, { as: teacher.token, body: { schoolId } })).status, 403, path);
    const { queued, skipped } = await ok("POST", "/account-invitations", { body: { schoolId } });
    assert.equal(queued, 2);
    assert.ok(skipped.some(({ name, because }: { name: string; because: string }) => name === "Dora" && because === "no-mail"));
    await until(async () => mails.length === 2, "both mails");
    const tokens = mails.map(({ text }) => /https:\/\/school\.example\/reset\/([\w-]+)/.exec(text)?.[1] ?? "");
    assert.equal(new Set(tokens).size, 2);
    const again = await ok("POST", "/account-invitations", { body: { schoolId } });
    assert.equal(again.queued, 0, "nobody is mailed twice within minutes");
    assert.equal((await call("POST", `/password-resets/${tokens[0]}`, { as: null, body: { password: PASSWORD } })).status, 204);
    const arrivals = await ok("GET", "/account-invitations/arrivals");
    assert.deepEqual([arrivals.canMail, arrivals.waiting, arrivals.undelivered], [true, 0, []]);
  });
});
