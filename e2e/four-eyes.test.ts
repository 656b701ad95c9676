/**
 * Acts that a second person of the school approves: who may ask and decide, and every way round it that we could think of: the own request by another
 * session, a second account, another's password, a key, another school, an approval used twice, a changed object, two at once. Shares a process.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SCOPES } from "../packages/server/src/access/actor.ts";
import { newId } from "../packages/server/src/platform/id.ts";
import { startMailServer } from "./mail-server.ts";
import { PASSWORD, type TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";
import { withTurns } from "./school-turns.ts";

const ALL_OFF = { erase: false, publish: false, operatorEntry: false };
const LONG_AGO = () => new Date(Date.now() - 8 * 24 * 3600_000);
const TWO_ON = { erase: true, publish: true };

/** A school with two administrators, which has what the test needs switched on. */
async function openEyes(school: TestSchool, on: Partial<typeof ALL_OFF> = TWO_ON) {
  const { ok, person, call } = school;
  const { id: schoolId } = (await ok("GET", "/schools")).items[0];
  const [ada, bo] = [await person(schoolId, "administrator", "ada"), await person(schoolId, "administrator", "bo")];
  // Made by the operator's token of the test: nobody who asks has had a hand in them.
  const pupil = async (login = `pupil-${newId().slice(-6).toLowerCase()}`) => (await person(schoolId, "student", login)).id;
  await ok("PUT", `/schools/${schoolId}/four-eyes`, { as: ada.token, body: { ...ALL_OFF, ...on } });
  const loginOf = async (id: string) =>
    (await school.service.db.selectFrom("users").select("login").where("id", "=", id).executeTakeFirstOrThrow()).login;
  return {
    schoolId,
    ada,
    bo,
    pupil,
    nameOf: async (id: string) =>
      (await school.service.db.selectFrom("users").select("name").where("id", "=", id).executeTakeFirstOrThrow()).name,
    askErase: async (id: string, as = ada.token) =>
      await call("POST", `/users/${id}/erase`, { as, body: { login: await loginOf(id), reason: "left the school" } }),
    decide: async (id: string, verb: string, as: string) => {
      const { status, body } = await call("POST", `/approvals/${id}/${verb}`, { as });
      return status === 200 ? body.state : body.code;
    },
  };
}

async function auditOf({ service }: TestSchool, action: string) {
  return await service.db.selectFrom("audit").selectAll().where("action", "=", action).orderBy("id").execute();
}

onEachDatabase((open) => {
  test("erasing a person waits for another administrator, and is then done as it was asked for, with both in the log", async (t) => {
    const mailServer = await startMailServer(t);
    const school = await open(t, { mail: mailServer.mail });
    const { ok, service } = school;
    const eyes = await openEyes(school);
    await service.db.updateTable("users").set({ email: "bo@school.example" }).where("login", "=", "bo").execute();
    const id = await eyes.pupil("cem");
    const asked = await eyes.askErase(id);
    assert.equal(asked.status, 202);
    const { state, act, target, reason, askedBy, others, mayDecide } = asked.body;
    assert.deepEqual(
      [state, act, target.id, reason, askedBy.id, others],
      ["waiting", "erase-person", id, "left the school", eyes.ada.id, 1],
    );
    assert.equal(mayDecide, false);
    assert.equal(await eyes.nameOf(id), "The student", "nothing is done yet");
    assert.equal((await eyes.askErase(id)).body.id, asked.body.id, "asked twice is one request");
    const isNotified = () => mailServer.mails.some(({ to, text }) => to === "bo@school.example" && text.includes("erase a person"));
    await withTurns(service)(isNotified, "the mail to the other administrator");
    const { items } = await ok("GET", "/approvals?state=waiting", { as: eyes.bo.token });
    assert.deepEqual(
      items.map((one: { id: string; mayDecide: boolean }) => [one.id, one.mayDecide]),
      [[asked.body.id, true]],
    );
    assert.equal(await eyes.decide(asked.body.id, "approve", eyes.bo.token), "done");
    assert.equal(await eyes.nameOf(id), "removed person");
    const [erased] = await auditOf(school, "user.erase");
    assert.deepEqual([erased?.actor_id, erased?.after], [eyes.ada.id, { approval: asked.body.id, approvedBy: eyes.bo.id }]);
    assert.deepEqual(
      [(await auditOf(school, "approval.request")).length, (await auditOf(school, "approval.approve")).length],
      [1, 1],
    );
    const stored = await service.db.selectFrom("approvals").selectAll().where("id", "=", asked.body.id).executeTakeFirstOrThrow();
    assert.equal(stored.reason, "", "the reason may name the person who was erased");
    assert.equal((await ok("GET", `/approvals/${asked.body.id}`, { as: eyes.ada.token })).target.name, "removed person");
    assert.equal(await eyes.decide(asked.body.id, "approve", eyes.bo.token), "approval-closed", "an approval counts once");
  });

  test("nobody approves the own request: by another session, a second account, another's password, a chain of accounts, a key", async (t) => {
    const school = await open(t);
    const { ok, call, person, service } = school;
    const eyes = await openEyes(school);
    const { schoolId, ada } = eyes;
    const signIn = async (login: string, password = PASSWORD) =>
      (await ok("POST", "/sessions", { as: null, body: { login, password } })).token;
    const second = await signIn("ada");
    const made = { schoolId, login: "ada2", name: "Ada Two", role: "administrator", password: "kettle orange window" };
    await ok("POST", "/users", { as: ada.token, body: made });
    const puppet = await signIn("ada2", made.password);
    await ok("POST", "/users", { as: puppet, body: { ...made, login: "ada3" } });
    const chained = await signIn("ada3", made.password);
    const key = await ok("POST", "/api-keys", { as: ada.token, body: { name: "k", scopes: ["people:read", "people:write"] } });
    await ok("PATCH", `/users/${eyes.bo.id}`, { as: ada.token, body: { password: "window orange kettle" } });
    const stolen = await signIn("bo", "window orange kettle");
    const id = await eyes.pupil();
    const { body: approval } = await eyes.askErase(id);
    for (const [who, token] of Object.entries({ own: ada.token, second, puppet, chained, stolen }))
      assert.equal(await eyes.decide(approval.id, "approve", token), "not-the-second-person", who);
    assert.equal(await eyes.decide(approval.id, "approve", key.key), "refused-by-rule", "a key");
    assert.equal((await eyes.askErase(id, key.key)).body.code !== undefined, true);
    assert.notEqual(await eyes.nameOf(id), "removed person");
    // A key that is older than the week, and so in nobody's hand by the log, makes an administrator.
    const old = await ok("POST", "/api-keys", { as: ada.token, body: { name: "old", scopes: SCOPES } });
    await service.db
      .updateTable("audit")
      .set({ at: LONG_AGO() } as never)
      .where("action", "=", "api-key.create")
      .execute();
    await ok("POST", "/users", { as: old.key, body: { ...made, login: "ada4" } });
    assert.equal(
      await eyes.decide(approval.id, "approve", await signIn("ada4", made.password)),
      "not-the-second-person",
      "of a key",
    );
    // A week later all of them may.
    await service.db
      .updateTable("audit")
      .set({ at: LONG_AGO() } as never)
      .execute();
    assert.equal(await eyes.decide(approval.id, "approve", stolen), "done");
    const [deputy] = [await person(schoolId, "administrator", "dee")];
    const again = (await eyes.askErase(await eyes.pupil())).body;
    assert.equal(await eyes.decide(again.id, "approve", deputy.token), "done", "made by the operator's token, not by the asker");
    assert.equal((await call("POST", `/approvals/${again.id}/withdraw`, { as: ada.token })).body.code, "approval-closed");
  });

  test("others decide nothing: teachers, operators, another school's administrators, the operator's token, keys of every scope", async (t) => {
    const school = await open(t);
    const { ok, call, person } = school;
    const eyes = await openEyes(school, { erase: true });
    const { id: other } = await ok("POST", "/schools", { body: { slug: "other", name: "Other" } });
    const foreign = await person(other, "administrator", "fay");
    const teacher = await person(eyes.schoolId, "teacher", "tom");
    const operator = await person(eyes.schoolId, "operator", "root2");
    const { body: approval } = await eyes.askErase(await eyes.pupil());
    for (const verb of ["approve", "refuse"]) {
      assert.equal(await eyes.decide(approval.id, verb, foreign.token), "not-found");
      assert.equal(await eyes.decide(approval.id, verb, teacher.token), "not-found");
      assert.equal(await eyes.decide(approval.id, verb, operator.token), "not-the-second-person");
      assert.equal((await call("POST", `/approvals/${approval.id}/${verb}`)).body.code, "not-the-second-person");
    }
    assert.equal(await eyes.decide(approval.id, "withdraw", eyes.bo.token), "not-the-second-person");
    assert.deepEqual((await ok("GET", "/approvals", { as: foreign.token })).items, []);
    assert.deepEqual((await ok("GET", "/approvals", { as: teacher.token })).items, []);
    assert.equal(await eyes.decide(approval.id, "refuse", eyes.bo.token), "refused");
    assert.equal(await eyes.decide(approval.id, "approve", eyes.bo.token), "approval-closed");
  });

  test("what was changed since, an asker who has lost the right, and a request that has expired are not carried out", async (t) => {
    const school = await open(t);
    const { ok, service } = school;
    const eyes = await openEyes(school);
    const id = await eyes.pupil();
    const { body: first } = await eyes.askErase(id);
    await ok("PATCH", `/users/${id}`, { as: eyes.bo.token, body: { name: "Another Person" } });
    assert.equal(await eyes.decide(first.id, "approve", eyes.bo.token), "approval-outdated");
    assert.equal(await eyes.decide(first.id, "approve", eyes.bo.token), "approval-closed");
    assert.equal(await eyes.nameOf(id), "Another Person");
    const { body: late } = await eyes.askErase(id);
    assert.notEqual(late.id, first.id);
    await service.db
      .updateTable("approvals")
      .set({ expires_at: new Date() } as never)
      .where("id", "=", late.id)
      .execute();
    assert.equal(await eyes.decide(late.id, "approve", eyes.bo.token), "approval-closed");
    assert.equal((await ok("GET", `/approvals/${late.id}`, { as: eyes.bo.token })).state, "expired");
    const { body: gone } = await eyes.askErase(id);
    await service.db.updateTable("users").set({ role: "teacher" }).where("id", "=", eyes.ada.id).execute();
    assert.equal(await eyes.decide(gone.id, "approve", eyes.bo.token), "conflict");
    assert.equal(await eyes.nameOf(id), "Another Person");
  });

  test("of approvers who decide at the same time one does, and it is carried out once", async (t) => {
    const school = await open(t);
    const eyes = await openEyes(school);
    const more = await Promise.all(["cy", "di", "ed"].map((login) => school.person(eyes.schoolId, "administrator", login)));
    const deciders = [eyes.bo, ...more];
    for (let round = 0; round < 5; round++) {
      const { body: approval } = await eyes.askErase(await eyes.pupil());
      const said = await Promise.all([
        ...deciders.map(({ token }) => eyes.decide(approval.id, "approve", token)),
        eyes.decide(approval.id, "withdraw", eyes.ada.token),
        eyes.decide(approval.id, "refuse", eyes.bo.token),
      ]);
      const decided = said.filter((one) => ["done", "refused", "withdrawn"].includes(one));
      assert.equal(decided.length, 1, String(said));
      assert.ok(
        said.every((one) => decided.includes(one) || one === "approval-closed" || one === "conflict"),
        String(said),
      );
    }
    const done = (await auditOf(school, "approval.approve")).length;
    assert.equal((await auditOf(school, "user.erase")).length, done);
  });

  test("turning a switch off waits for the second person too, and turning on needs two administrators", async (t) => {
    const school = await open(t);
    const { ok, call, person } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const ada = await person(schoolId, "administrator", "ada");
    const path = `/schools/${schoolId}/four-eyes`;
    const put = (body: object, as = ada.token) => call("PUT", path, { as, body: { ...ALL_OFF, ...body } });
    assert.equal((await put({ erase: true })).body.code, "conflict", "alone");
    const bo = await person(schoolId, "administrator", "bo");
    assert.deepEqual((await put({ erase: true, operatorEntry: true })).body, { erase: true, publish: false, operatorEntry: true });
    assert.equal((await put({ publish: true, operatorEntry: true })).body.code, "conflict", "on and off in one");
    assert.equal((await put({ erase: true }, "operator-token")).body.code, "school-entry-needed", "an operator");
    const { status, body: asked } = await put({ operatorEntry: true });
    assert.deepEqual([status, asked.act, asked.params], [202, "turn-off", { erase: false }]);
    assert.deepEqual(await ok("GET", path, { as: ada.token }), { erase: true, publish: false, operatorEntry: true });
    assert.equal((await call("POST", `/approvals/${asked.id}/approve`, { as: ada.token })).body.code, "not-the-second-person");
    // Another switch was turned since: the request was about another state.
    await put({ erase: true, publish: true, operatorEntry: true });
    assert.equal((await call("POST", `/approvals/${asked.id}/approve`, { as: bo.token })).body.code, "approval-outdated");
    const { body: again } = await put({ publish: true, operatorEntry: true });
    assert.equal((await call("POST", `/approvals/${again.id}/approve`, { as: bo.token })).body.state, "done");
    assert.deepEqual(await ok("GET", path, { as: ada.token }), { erase: false, publish: true, operatorEntry: true });
    const key = await ok("POST", "/api-keys", { as: ada.token, body: { name: "k", scopes: ["schools:write"] } });
    assert.equal((await put({}, key.key)).body.code, "refused-by-rule");
  });

  test("guests see a recording only when a second person has approved that; people of the school see it as before", async (t) => {
    const school = await open(t);
    const { ok, call, person, service } = school;
    const { id: schoolId } = (await ok("GET", "/schools")).items[0];
    const [ada, bo] = [await person(schoolId, "administrator", "ada"), await person(schoolId, "administrator", "bo")];
    const teacher = await person(schoolId, "teacher", "tom");
    const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Maths", guests: true } });
    const record = async (name: string) => {
      const id = newId();
      const row = {
        id,
        school_id: schoolId,
        lesson_id: lesson.id,
        app: "live",
        name,
        epoch: id,
        title: name,
        started_at: new Date(),
      };
      const rest = { seconds: 60, bytes: 1, whole: true, files: JSON.stringify([]), chapters: JSON.stringify([]), published: true };
      await service.db
        .insertInto("recordings")
        .values({ ...row, ...rest } as never)
        .execute();
      return id;
    };
    const guests = async () =>
      (await ok("GET", `/invitations/${lesson.code}/recordings`, { as: null })).items.map(({ id }: { id: string }) => id);
    const links = async (id: string) =>
      (await call("POST", `/recordings/${id}/links`, { as: null, body: { code: lesson.code } })).status;
    const before = await record("before");
    await ok("PUT", `/schools/${schoolId}/four-eyes`, { as: ada.token, body: { ...ALL_OFF, publish: true } });
    const later = await record("later");
    assert.deepEqual([await guests(), await links(before), await links(later)], [[before], 200, 404], "what was public stays so");
    assert.deepEqual((await service.answers.recordingRule({ id: later }))?.removed, ["guest"]);
    const wanted = { published: true, title: "Maths, part two", reason: "for parents" };
    const { status, body: asked } = await call("PATCH", `/recordings/${later}`, { as: teacher.token, body: wanted });
    assert.deepEqual([status, asked.act, asked.params], [202, "publish-recording", { published: true, title: "Maths, part two" }]);
    assert.deepEqual(
      (await ok("GET", "/approvals", { as: teacher.token })).items.map(({ id }: { id: string }) => id),
      [asked.id],
    );
    assert.equal((await call("POST", `/approvals/${asked.id}/approve`, { as: teacher.token })).body.code, "not-the-second-person");
    assert.equal((await ok("GET", `/recordings/${later}`, { as: teacher.token })).title, "later", "the whole change waits");
    assert.equal((await ok("POST", `/approvals/${asked.id}/approve`, { as: bo.token })).state, "done");
    assert.deepEqual([await guests(), await links(later)], [[before, later], 200]);
    assert.deepEqual((await service.answers.recordingRule({ id: later }))?.removed, []);
    assert.equal((await ok("GET", `/recordings/${later}`, { as: teacher.token })).title, "Maths, part two");
    // Published in the school while the lesson admitted no guests, which it does later: still not outside.
    await ok("PATCH", `/lessons/${lesson.id}`, { as: teacher.token, body: { guests: false } });
    const quiet = await record("quiet");
    assert.equal((await call("PATCH", `/recordings/${quiet}`, { as: teacher.token, body: { published: true } })).status, 200);
    await ok("PATCH", `/lessons/${lesson.id}`, { as: teacher.token, body: { guests: true } });
    assert.deepEqual(await guests(), [before, later]);
    // Taken back needs nobody, and published again needs the second person again.
    assert.equal((await call("PATCH", `/recordings/${later}`, { as: teacher.token, body: { published: false } })).status, 200);
    assert.equal((await call("PATCH", `/recordings/${later}`, { as: teacher.token, body: { published: true } })).status, 202);
  });

  test("an operator enters a school with its approval, for a time that it sees and can end", async (t) => {
    const school = await open(t);
    const { ok, call, person, service } = school;
    const eyes = await openEyes(school, { operatorEntry: true });
    const { schoolId, bo } = eyes;
    const operator = await person(schoolId, "operator", "root2");
    const as = operator.token;
    const look = async (token = as) => (await call("GET", `/users?schoolId=${schoolId}`, { as: token })).body.code ?? "seen";
    assert.deepEqual([await look(), await look("operator-token")], ["school-entry-needed", "school-entry-needed"]);
    const { items } = await ok("GET", "/users", { as });
    assert.ok(
      items.every(({ schoolId: of }: { schoolId: string | null }) => of === null),
      "lists have nothing of it",
    );
    assert.equal((await call("POST", "/users", { as, body: { login: "spy", name: "Spy", role: "administrator" } })).status, 403);
    assert.equal((await call("GET", `/users/${bo.id}`, { as })).body.code, "school-entry-needed");
    assert.equal((await call("POST", `/users/${bo.id}/password-reset`, { as })).body.code, "school-entry-needed");
    assert.equal(
      (await call("POST", "/api-keys", { as, body: { name: "k", schoolId, scopes: ["people:read"] } })).body.code,
      "school-entry-needed",
    );
    assert.equal((await call("PATCH", `/schools/${schoolId}`, { as, body: { name: "Mine" } })).body.code, "school-entry-needed");
    assert.equal((await call("PATCH", `/schools/${schoolId}`, { as, body: { quotaBytes: 5 } })).status, 200, "the platform's own");
    const ask = { minutes: 30, reason: "the timetable does not load" };
    const asked = await ok("POST", `/schools/${schoolId}/operator-entries`, { as, body: ask });
    assert.equal(await eyes.decide(asked.id, "approve", as), "school-entry-needed");
    assert.equal(await look(), "school-entry-needed");
    assert.equal(await eyes.decide(asked.id, "approve", bo.token), "done");
    assert.deepEqual([await look(), await look("operator-token")], ["seen", "school-entry-needed"], "this operator alone");
    const entered = (await ok("GET", "/approvals?state=entered", { as: bo.token })).items;
    assert.deepEqual([entered.length, entered[0].askedBy.name], [1, "The operator"]);
    assert.equal((await call("POST", `/schools/${schoolId}/operator-entries`, { as, body: ask })).body.code, "conflict");
    assert.equal(await eyes.decide(asked.id, "end", bo.token), "done");
    assert.equal(await look(), "school-entry-needed", "ended by a press");
    assert.equal(await eyes.decide(asked.id, "end", bo.token), "approval-closed");
    assert.equal(await eyes.decide(asked.id, "approve", bo.token), "approval-closed", "used twice");
    const second = await ok("POST", `/schools/${schoolId}/operator-entries`, { as, body: ask });
    assert.equal(await eyes.decide(second.id, "approve", bo.token), "done");
    assert.equal(await look(), "seen");
    await service.db
      .updateTable("approvals")
      .set({ ends_at: new Date(Date.now() - 1) })
      .where("id", "=", second.id)
      .execute();
    assert.equal(await look(), "school-entry-needed", "ended by itself");
    assert.deepEqual((await ok("GET", "/approvals?state=entered", { as: bo.token })).items, []);
  });

  test("a break-glass account approves where an administrator is alone, never its own request, and enters without asking", async (t) => {
    const school = await open(t);
    const { ok, call, service } = school;
    const eyes = await openEyes(school);
    await service.db.updateTable("users").set({ disabled_at: new Date() }).where("id", "=", eyes.bo.id).execute();
    const id = await eyes.pupil();
    const { body: asked } = await eyes.askErase(id);
    assert.equal(asked.others, 0);
    const account = await service.breakGlass({ minutes: 30, reason: "bo has left", madeBy: "root" });
    const { token } = await ok("POST", "/sessions", { as: null, body: { login: account.login, password: account.password } });
    assert.equal((await call("GET", `/users?schoolId=${eyes.schoolId}`, { as: token })).status, 200);
    assert.equal(await eyes.decide(asked.id, "approve", token), "done");
    assert.equal(await eyes.nameOf(id), "removed person");
    const own = await eyes.askErase(await eyes.pupil(), token);
    assert.equal(own.status, 202);
    assert.equal(await eyes.decide(own.body.id, "approve", token), "not-the-second-person");
  });
});
