/** Alarms: what a source reports is raised, kept open and cleared, once each. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { pino } from "pino";
import type { AlarmCode } from "../../foundation/store/alarm-codes.ts";
import { Changes } from "../../foundation/store/change.ts";
import {
  insertLesson,
  insertSchool,
  openTestDatabase,
  silentLog,
  type TestDatabase,
} from "../../foundation/store/test-database.ts";
import { Series } from "../metrics-history/metrics-history.ts";
import { AlarmService, type AlarmSource, compareAlarms, type OpenAlarm } from "./alarm-service.ts";

let database: TestDatabase;
let changes: Changes;

before(async () => {
  database = await openTestDatabase();
  changes = new Changes(database.db, () => {});
  const row = { id: "hook", school_id: null, url: "http://hook", events: "[]" as never, secret: "s", enabled: true };
  await database.db.insertInto("webhooks").values(row).execute();
});
after(() => database.close());
beforeEach(async () => {
  await database.db.deleteFrom("alarms").execute();
  await database.db.deleteFrom("deliveries").execute();
});

const alarm = (code: AlarmCode, subject = ""): OpenAlarm => ({ code, subject, detail: "why" });

/** Reports, waits for the writes, and gives the open alarms. */
async function report(service: AlarmService, source: AlarmSource, open: readonly OpenAlarm[]): Promise<string[]> {
  service.report(source, open);
  await service["writing"];
  const rows = await database.db.selectFrom("alarms").selectAll().where("cleared_at", "is", null).orderBy("id").execute();
  return rows.map(({ source, code, subject }) => `${source} ${code} ${subject}`.trim());
}

const events = async () =>
  (await database.db.selectFrom("deliveries").select("event").orderBy("id").execute()).map(({ event }) => event);
const service = (isLeader = true) =>
  new AlarmService({ db: database.db, changes, log: silentLog, measurements: new Series(), isLeader: () => isLeader });

test("alarms are compared by code and subject", () => {
  const a = alarm("storage-away", "a");
  const b = alarm("storage-away", "b");
  const c = alarm("clock-skew", "a");
  assert.deepEqual(compareAlarms([a, b], [b, c]), { raised: [c], cleared: [a] });
  assert.deepEqual(compareAlarms([a], [{ ...a, detail: "another reason" }]), { raised: [], cleared: [] });
});

test("an alarm is raised once while it is reported, cleared when it is missing, and raised again later", async () => {
  const alarms = service();
  assert.deepEqual(await report(alarms, "media", [alarm("storage-away")]), ["media storage-away"]);
  assert.deepEqual(await report(alarms, "media", [alarm("storage-away")]), ["media storage-away"]);
  assert.deepEqual(await events(), ["alarm.raised"]);
  assert.deepEqual(await report(alarms, "media", []), []);
  assert.deepEqual(await report(alarms, "media", [alarm("storage-away")]), ["media storage-away"]);
  assert.deepEqual(await events(), ["alarm.raised", "alarm.cleared", "alarm.raised"]);
  assert.equal((await database.db.selectFrom("alarms").select("id").execute()).length, 2);
});

test("a source clears its own alarms only", async () => {
  const alarms = service();
  await report(alarms, "node a", [alarm("clock-skew", "a")]);
  assert.deepEqual(await report(alarms, "node b", []), ["node a clock-skew a"]);
});

test("an alarm survives the process that raised it", async () => {
  await report(service(), "media", [alarm("storage-away")]);
  assert.deepEqual(await report(service(), "media", [alarm("storage-away")]), ["media storage-away"]);
  assert.deepEqual(await events(), ["alarm.raised"]);
});

test("alarms that the database does not take are counted, and the log names them; once it takes them they are written", async () => {
  const said: unknown[] = [];
  let isFull = true;
  const full = new Proxy(changes, {
    get: (target, name) =>
      name === "transact" && isFull ? () => Promise.reject(new Error("No space left on device")) : Reflect.get(target, name),
  });
  const log = pino({ level: "warn" }, { write: (line: string) => said.push(JSON.parse(line)) });
  const alarms = new AlarmService({ db: database.db, changes: full, log, measurements: new Series(), isLeader: () => true });
  await report(service(), "node b", [alarm("clock-skew", "b")]);
  alarms.report("media", [alarm("recording-stopped", "live/x"), alarm("quota-reached")]);
  while (said.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual((said[0] as { alarms: string[] }).alarms, ["recording-stopped live/x", "quota-reached"]);
  assert.deepEqual(await alarms.countOpen(), { info: 0, warning: 2, critical: 1 });
  isFull = false;
  await alarms["writing"];
  assert.deepEqual(await alarms.countOpen(), { info: 0, warning: 2, critical: 1 });
  assert.equal((await database.db.selectFrom("alarms").select("id").execute()).length, 3);
});

test("an alarm of a lesson's stream belongs to the lesson's school", async () => {
  const school = await insertSchool(database.db);
  const lesson = await insertLesson(database.db, school.id);
  await report(service(), "media", [alarm("recording-stopped", `live/${lesson.stream_name}`), alarm("storage-away")]);
  const rows = await database.db.selectFrom("alarms").select("school_id").orderBy("id").execute();
  assert.deepEqual(
    rows.map(({ school_id }) => school_id),
    [school.id, null],
  );
});

test("of the sources that every control process sees, only the leader writes; a new leader writes what it has seen", async () => {
  let leads = false;
  const alarms = new AlarmService({ db: database.db, changes, log: silentLog, measurements: new Series(), isLeader: () => leads });
  assert.deepEqual(await report(alarms, "nodes", [alarm("node-gone", "n1")]), []);
  assert.deepEqual(await report(alarms, "storage", [alarm("storage-away")]), ["storage storage-away"]);
  leads = true;
  alarms.resume();
  assert.deepEqual(await report(alarms, "storage", [alarm("storage-away")]), ["storage storage-away", "nodes node-gone n1"]);
});
