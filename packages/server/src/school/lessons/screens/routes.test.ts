/** The routes of televisions: how many a person lets in, and how long they stay. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import type { Access, Actor } from "../../../access/actor.ts";
import { registerRoute } from "../../../platform/api/route.ts";
import { createApiServer } from "../../../platform/api/server.ts";
import { Changes } from "../../foundation/store/change.ts";
import type { Lesson } from "../../foundation/store/tables.ts";
import {
  actorOf,
  insertLesson,
  insertSchool,
  insertUser,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { WATCHING_MS } from "../ended-permissions.ts";
import { type ObserverContext, observerRoutes } from "../observers/routes.ts";
import { screenRoutes } from "./routes.ts";

let database: TestDatabase;
let app: ReturnType<typeof createApiServer>;
const actors = new Map<string, Actor>();

before(async () => {
  database = await openTestDatabase();
  const { db } = database;
  const attempts = { admit: async () => {}, giveBack: async () => {}, count: async () => 0 };
  const changes = new Changes(db, () => {});
  const services = { db, changes, streams: { ruleChanged: () => {} }, signIn: { attempts }, hourly: { admit: async () => {} } };
  // The routes need no more of the services.
  const context = services as unknown as ObserverContext;
  app = createApiServer({ log: silentLog, createServer: (handler) => createServer(handler) });
  for (const route of [...screenRoutes(context), ...observerRoutes(context)])
    registerRoute<Access, Actor>(app, route, {
      admit: async ({ headers }) => actors.get(String(headers["x-test-actor"])) ?? assert.fail("nobody"),
      credentialOf: () => null,
      isSecure: () => true,
      ipOf: () => "10.0.0.1",
      originOf: () => "https://school.example",
    });
});
after(async () => {
  await app.close();
  await database.close();
});

/** A lesson and its teacher. */
async function openScene(fields: Partial<Pick<Lesson, "starts_at" | "ends_at">> = {}) {
  const { db } = database;
  const school = await insertSchool(db);
  const teacher = await insertUser(db, school.id, "teacher");
  actors.set(teacher.id, actorOf(teacher));
  const lesson = await insertLesson(db, school.id, { teacher_id: teacher.id, ...fields });
  const post = async (url: string, payload: object = {}) => {
    const headers = { "x-test-actor": teacher.id };
    const answer = await app.inject({ method: "POST", url: `/api/v1${url}`, headers, payload });
    return { status: answer.statusCode, body: answer.json() };
  };
  const admit = (code: string) => post("/screens/admission", { code, lessonId: lesson.id });
  const show = async () => {
    const { body: screen } = await post("/screens");
    return { screen, admitted: await admit(screen.code) };
  };
  return { db, lesson, post, admit, show };
}

test("a person lets in three televisions at a time, and another one when one of them is out or over", async () => {
  const { db, lesson, show, admit } = await openScene();
  for (let i = 0; i < 3; i++) assert.equal((await show()).admitted.status, 201);
  const { screen, admitted } = await show();
  assert.deepEqual([admitted.status, admitted.body.code], [409, "conflict"]);
  assert.match(admitted.body.detail, /^3 televisions/);
  const watchers = await db.selectFrom("watchers").select("id").where("lesson_id", "=", lesson.id).execute();
  const set = (index: number, columns: { revoked_at?: Date; to_at?: Date }) =>
    db
      .updateTable("watchers")
      .set(columns)
      .where("id", "=", watchers[index]?.id ?? "")
      .execute();
  await set(0, { revoked_at: new Date() });
  assert.equal((await admit(screen.code)).status, 201, "the code was not used up by the refusal");
  assert.equal((await show()).admitted.status, 409);
  await set(1, { to_at: new Date(Date.now() - 1000) });
  assert.equal((await show()).admitted.status, 201);
});

test("televisions take no place of the parents and inspectors who watch a lesson", async () => {
  const { db, lesson, post, show } = await openScene();
  assert.equal((await show()).admitted.status, 201);
  await sql`
    insert into watchers (id, lesson_id, name, chat, secret_hash, from_at, to_at, screen_of)
    select id || n, lesson_id, name, chat, secret_hash || n, from_at, to_at, screen_of
    from watchers, generate_series(1, 2000) as n where lesson_id = ${lesson.id}`.execute(db);
  assert.equal((await post(`/lessons/${lesson.id}/watchers`, { name: "Inspector", chat: false })).status, 201);
});

test("a television that asks again, because an answer was lost, has the same one; its code does not work a second time", async () => {
  const { lesson, post, admit, show } = await openScene();
  const { screen } = await show();
  const ask = async () => (await post("/screens/lesson", { secret: screen.secret })).body.lessonId;
  assert.deepEqual([await ask(), await ask()], [lesson.id, lesson.id]);
  assert.equal((await admit(screen.code)).body.code, "link-expired");
});

test("a television stays two hours after the planned end, and no longer than people watch", async () => {
  const hours = (count: number) => new Date(Date.now() + count * 3600_000);
  const until = async (ends_at: Date) => Date.parse((await (await openScene({ ends_at })).show()).admitted.body.until);
  const soon = hours(1);
  assert.equal(await until(soon), soon.getTime() + 2 * 3600_000);
  assert.ok((await until(hours(200))) <= Date.now() + WATCHING_MS);
});

test("the televisions of a person are found by an index: each change of the permissions in a lesson looks for them", async () => {
  const { rows } = await sql<{ indexdef: string }>`
    select indexdef from pg_indexes where tablename = 'watchers' and indexdef like '%(screen_of)%'`.execute(database.db);
  assert.equal(rows.length, 1);
});
