/** A server that starts while its PostgreSQL is stopped: live streams are served, the API says so, and all is there once the database is. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { publishTo } from "./cluster.ts";
import { startLectern, until } from "./lectern.ts";
import { ask } from "./lesson-client.ts";
import { startPostgres } from "./postgres.ts";
import { Viewer } from "./viewers.ts";

test("a server that starts without its PostgreSQL serves live streams, answers database-away, and goes on when it is back", async (t) => {
  const postgres = await startPostgres(t);
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-start-"));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const set = { "database.url": postgres.database(), dataDir };
  const first = await startLectern(t, set);
  assert.equal((await ask(first, "GET", "/schools")).status, 200);
  await first.stop();

  postgres.stop();
  const second = await startLectern(t, set);
  publishTo(t, clip("b-frames"), "x", () => [second]);
  const viewer = new Viewer("flv", () => [second], "x");
  t.after(() => viewer.close());
  await until(() => viewer.seen.pieces > 10, "pictures");
  const away = await ask(second, "GET", "/schools");
  assert.deepEqual([away.status, away.body.code], [503, "database-away"]);
  assert.equal((await fetch(`${second.http}/readyz`)).status, 200);
  assert.match(second.said(), /database unreachable, waiting/);

  viewer.measure();
  postgres.start();
  await until(async () => (await ask(second, "GET", "/schools")).status === 200, "the API");
  const { reconnects } = viewer.look();
  assert.equal(reconnects, 0);
});
