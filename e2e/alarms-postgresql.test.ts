/**
 * The unit tests of resources, of series of lessons, of alarms, of lesson quality, of the stage, the board and the replay of rooms on PostgreSQL: they run on the embedded database wherever they run. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { rareUnless } from "./long-tests.ts";
import { copyOfMigrated } from "./school-postgres.ts";

const SCHOOL = join(import.meta.dirname, "../packages/server/src/school");
const FILES = globSync(
  [
    "foundation/resource/resource.test.ts",
    "insight/alarms/{alarm-service,rule-watch,two-days}.test.ts",
    "insight/alarms/channels/alarm-notices.test.ts",
    "insight/quality/*.test.ts",
    "lessons/series/series.test.ts",
    "classroom/stage/stage-domains.test.ts",
    "classroom/board/board.test.ts",
    "classroom/replay/room-replay.test.ts",
  ],
  {
    cwd: SCHOOL,
  },
);
/** A test of a test would report to this one. */
const { NODE_TEST_CONTEXT: _, ...environment } = process.env;

assert.equal(FILES.length, 10);
/** Two days of a school are minutes of work, and run on the embedded database each time. */
const MINUTES = "alarms/two-days.test.ts";
for (const file of FILES) {
  rareUnless(file !== MINUTES, `${file} passes on PostgreSQL`, async () => {
    const env = { ...environment, TEST_POSTGRESQL: await copyOfMigrated() };
    const { stdout } = await promisify(execFile)(process.execPath, ["--test", "--test-reporter=spec", join(SCHOOL, file)], { env });
    assert.match(stdout, /pass [1-9]/);
    assert.match(stdout, /fail 0/);
  });
}
