/** Rows with a version: no change overwrites another one. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import { RefusalError } from "../../../platform/api/server.ts";
import { Changes, checkVersion } from "./change.ts";
import { SYSTEM } from "./requester.ts";
import type { School } from "./tables.ts";
import { insertCourse, insertSchool, openTestDatabase, refusalCode, type TestDatabase } from "./test-database.ts";
import { deleteRow, StaleRow, updateRow } from "./update-row.ts";

let database: TestDatabase;
let changes: Changes;
let school: School;

before(async () => {
  database = await openTestDatabase();
  changes = new Changes(database.db, () => {});
  school = await insertSchool(database.db);
});
after(() => database.close());

const read = (id: string) => database.db.selectFrom("courses").selectAll().where("id", "=", id).executeTakeFirst();
const transaction = <T>(work: (change: { trx: Parameters<typeof updateRow>[0]["trx"] }) => Promise<T>) =>
  database.db.transaction().execute((trx) => work({ trx }));

test("a row that was changed or deleted since it was read is neither changed nor deleted", async () => {
  const course = await insertCourse(database.db, school.id);
  const first = await transaction((change) => updateRow(change, "courses", course, { description: "first" }));
  assert.deepEqual([first.version, first.description], [course.version + 1, "first"]);
  await assert.rejects(
    transaction((change) => updateRow(change, "courses", course, { description: "second" })),
    StaleRow,
  );
  await assert.rejects(
    transaction((change) => deleteRow(change, "courses", course)),
    StaleRow,
  );
  assert.deepEqual(await read(course.id), first);
  await transaction((change) => deleteRow(change, "courses", first));
  await assert.rejects(
    transaction((change) => updateRow(change, "courses", first, { description: "third" })),
    StaleRow,
  );
});

/** A change during which somebody else changes the row once after it was read. */
async function overtaken(ifMatch: number | null) {
  const course = await insertCourse(database.db, school.id);
  let runs = 0;
  const committed: number[] = [];
  const changed = changes.transact(SYSTEM, async (change) => {
    const run = ++runs;
    const row = await change.trx.selectFrom("courses").selectAll().where("id", "=", course.id).executeTakeFirstOrThrow();
    checkVersion(row, ifMatch);
    change.afterCommit(() => committed.push(run));
    // On the embedded database nobody else gets in between: the row that was read is made an older one.
    const seen = run === 1 ? { ...row, version: row.version - 1 } : row;
    return { body: await updateRow(change, "courses", seen, { description: `by run ${run}` }) };
  });
  return { changed, course, runs: () => runs, committed };
}

test("a change that was overtaken runs again on the newer row, and only its last run counts", async () => {
  const { changed, course, runs, committed } = await overtaken(null);
  assert.equal((await changed).body.description, "by run 2");
  assert.deepEqual([runs(), committed, (await read(course.id))?.version], [2, [2], course.version + 1]);
});

test("a row that others change all the time ends in a conflict, not in an endless loop", async () => {
  const endless = changes.transact(SYSTEM, () => Promise.reject(new StaleRow("always")));
  assert.equal(await refusalCode(endless), "conflict");
  const other = changes.transact(SYSTEM, () => Promise.reject(new RefusalError("not-found")));
  assert.equal(await refusalCode(other), "not-found");
});

/**
 * Statements on versioned tables outside `updateRow`: they count the version up themselves, or set what the server counts or notes itself, or encrypt again what
 * stays as it is, or take words away that may name somebody.
 */
const WITHOUT_VERSION = [
  "exams/scoring/scoring-work.ts",
  "exchange/privacy/erase.ts",
  "exchange/webhooks/routes.ts",
  "exchange/webhooks/webhook-deliveries.ts",
  "foundation/store/rule-secrets.ts",
  "insight/alarms/channels/alarm-notices.ts",
  "lessons/calendar/routes.ts",
  "lessons/materials/material-reports.ts",
  "lessons/materials/material-task.ts",
  "lessons/materials/upload-routes.ts",
  "lessons/recording-choice.ts",
  "lessons/recordings/composite-recording.ts",
  "lessons/recordings/recording-update.ts",
  "lessons/series/plan-series.ts",
  "lessons/series/series-mails.ts",
  "lessons/series/series-work.ts",
  "people/accounts/sessions.ts",
  "people/invitations/invitation-mails.ts",
  "people/invitations/routes.ts",
  "streams/address-lists/list-content.ts",
  "streams/address-lists/list-refresh.ts",
  "streams/address-lists/stored-lists.ts",
  "streams/cameras/accounts.ts",
];

test("no other statement of the school updates a row with a version and leaves its version as it is", async () => {
  const { rows } = await sql<{ table: string }>`
    select table_name as table from information_schema.columns
    where table_schema = current_schema() and column_name in ('id', 'version') group by table_name having count(*) = 2`.execute(
    database.db,
  );
  const versioned = new Set(rows.map(({ table }) => table));
  const folder = join(import.meta.dirname, "../..");
  const found = new Set<string>();
  for (const path of globSync("**/*.ts", { cwd: folder })) {
    if (/\.test\.ts$|(^|\/)test-[^/]+$/.test(path) || path.startsWith("foundation/migrations")) continue;
    const source = readFileSync(join(folder, path), "utf8");
    for (const [, table = "", rest = ""] of source.matchAll(/updateTable\("(\w+)"\)((?:[^;]|\n){0,200})/g))
      if (versioned.has(table) && !rest.includes('version: row("version", "+", 1)')) found.add(path);
  }
  assert.deepEqual([...found].sort(), WITHOUT_VERSION);
});
