/** The queue of invitations by mail. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hashSecret } from "../../../platform/secrets.ts";
import { Changes } from "../../foundation/store/change.ts";
import { insertSchool, insertUser, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { workOnce } from "../../foundation/work/test-work.ts";
import { invitationMails } from "./invitation-mails.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

type Sent = { readonly to: string | null; readonly login: string; readonly school: string; readonly token: string };

/** @param accepts whether the mail server accepts a mail */
async function openQueue(accepts: (to: string) => boolean = () => true) {
  const { db } = database;
  const school = await insertSchool(db);
  const sent: Sent[] = [];
  const mail = {
    sendInvitation: async ({ login, email }: { login: string; email: string | null }, of: string, token: string) => {
      sent.push({ to: email, login, school: of, token });
      return accepts(email ?? "");
    },
  };
  const kind = invitationMails({ db, changes: new Changes(db, () => {}), mail });
  const mails = { send: (now: number) => workOnce(kind, now) };
  const invite = async (email: string) => {
    const user = await insertUser(db, school.id, "student");
    await db.updateTable("users").set({ email }).where("id", "=", user.id).execute();
    const row = { user_id: user.id, school_id: school.id, requested_by: "user x", next_at: new Date(0) };
    await db.insertInto("account_mails").values(row).execute();
    return user;
  };
  const stateOf = async ({ id }: { readonly id: string }) => {
    const { next_at, sent_at, attempts } = await db
      .selectFrom("account_mails")
      .selectAll()
      .where("user_id", "=", id)
      .executeTakeFirstOrThrow();
    const { invited_at } = await db.selectFrom("users").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
    return { waits: next_at !== null, isSent: sent_at !== null, attempts, isInvited: invited_at !== null };
  };
  const linksOf = async ({ id }: { readonly id: string }) =>
    (await db.selectFrom("password_resets").selectAll().where("user_id", "=", id).execute()).map(({ token_hash }) => token_hash);
  return { db, school, sent, mails, invite, stateOf, linksOf };
}

test("a mail has a link of its own, of which the database has the hash", async () => {
  const { mails, invite, sent, stateOf, linksOf, school } = await openQueue();
  const ben = await invite("ben@school.cn");
  await mails.send(1000);
  assert.deepEqual(
    sent.map(({ to, login, school: of }) => [to, login, of]),
    [["ben@school.cn", ben.login, school.name]],
  );
  assert.deepEqual(await linksOf(ben), [hashSecret(sent[0]!.token)]);
  assert.deepEqual(await stateOf(ben), { waits: false, isSent: true, attempts: 1, isInvited: true });
  await mails.send(10 ** 12);
  assert.equal(sent.length, 1);
});

test("a mail that the mail server refuses is tried again, its link works no more, and after a week it is given up", async () => {
  const { mails, invite, sent, stateOf, linksOf } = await openQueue(() => false);
  const ben = await invite("ben@school.cn");
  await mails.send(1000);
  assert.deepEqual([await linksOf(ben), await stateOf(ben)], [[], { waits: true, isSent: false, attempts: 1, isInvited: false }]);
  await mails.send(2000);
  assert.equal(sent.length, 1, "not at once");
  for (let days = 1; days < 20; days++) await mails.send(days * 86_400_000);
  assert.deepEqual([sent.length, (await stateOf(ben)).waits, await linksOf(ben)], [8, false, []]);
});

test("who was suspended since is mailed nothing, and holds up nobody", async () => {
  const { db, mails, invite, sent, stateOf } = await openQueue();
  const [ben, cai] = [await invite("ben@school.cn"), await invite("cai@school.cn")];
  await db.updateTable("users").set({ disabled_at: new Date() }).where("id", "=", ben.id).execute();
  await mails.send(1000);
  assert.deepEqual(
    sent.map(({ to }) => to),
    ["cai@school.cn"],
  );
  assert.deepEqual([(await stateOf(ben)).waits, (await stateOf(cai)).isSent], [false, true]);
});

test("two invitations of a school are sent at a time, each once", async () => {
  const { mails, invite, sent } = await openQueue();
  for (let i = 0; i < 5; i++) await invite(`s${i}@school.cn`);
  await mails.send(1000);
  assert.equal(sent.length, 2);
  await mails.send(1000);
  await mails.send(1000);
  assert.equal(sent.length, 5);
  assert.equal(new Set(sent.map(({ to }) => to)).size, 5);
});
