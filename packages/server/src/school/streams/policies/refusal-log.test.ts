/** What media workers refuse, as it is stored and deleted again. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RefusalKind, RefusalReport } from "../../../access/policies/refusal-report.ts";
import { insertSchool, openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { storeRefusals, sweepRefusals } from "./refusal-log.ts";

let database: TestDatabase;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

const DAY_MS = 24 * 3600 * 1000;
const MINUTE = 60_000 * 29_000_000;

function reportOf(at: number, kind: Partial<RefusalKind>, count = 1): RefusalReport {
  const whole = { schoolId: null, code: "refused-by-rule", rule: "referers", source: null, dryRun: false, ...kind } as const;
  const request = {
    ...whole,
    at,
    target: "live/math",
    action: "play",
    protocol: "flv",
    ip: "192.0.2.1",
    about: "https://evil.net/",
  };
  return { at, counts: [{ ...whole, count }], requests: [request] };
}

test("reports of one minute add up, by kind; those of nodes that write at the same time too; a school that is gone counts as none", async () => {
  const { db } = database;
  const { id: schoolId } = await insertSchool(db);
  const reports = [
    ...[
      reportOf(MINUTE + 1, { schoolId }, 3),
      reportOf(MINUTE + 59_999, { schoolId }, 4),
      reportOf(MINUTE + 60_000, { schoolId }, 5),
    ],
    ...[reportOf(MINUTE, { schoolId, dryRun: true }, 6), reportOf(MINUTE, { schoolId: "gone" }, 7), reportOf(MINUTE, {}, 8)],
  ];
  await Promise.all(reports.map((report) => storeRefusals(db, report)));
  const rows = await db.selectFrom("refusal_counts").selectAll().orderBy("minute").orderBy("count").execute();
  assert.deepEqual(
    rows.map(({ minute, school_id, dry_run, count }) => [minute.getTime() - MINUTE, school_id === schoolId, dry_run, count]),
    [
      [0, true, true, 6],
      [0, true, false, 7],
      [0, false, false, 15],
      [60_000, true, false, 5],
    ],
  );
  const requests = await db.selectFrom("refused_requests").selectAll().execute();
  assert.equal(requests.length, 6);
  assert.deepEqual([...new Set(requests.map(({ about }) => about))], ["https://evil.net/"]);
});

test("requests are deleted after seven days, counts after thirty", async () => {
  const { db } = database;
  await db.deleteFrom("refusal_counts").execute();
  await db.deleteFrom("refused_requests").execute();
  const now = MINUTE + 100 * DAY_MS;
  for (const days of [1, 6, 8, 29, 31]) await storeRefusals(db, reportOf(now - days * DAY_MS, {}));
  await sweepRefusals(db, now);
  assert.equal((await db.selectFrom("refused_requests").select("id").execute()).length, 2);
  assert.equal((await db.selectFrom("refusal_counts").select("minute").execute()).length, 4);
});
