/** One recording of which several nodes have files. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { RecordingUpdate } from "../../../contracts/recordings/recording-messages.ts";
import { Changes } from "../../foundation/store/change.ts";
import { openTestDatabase, type TestDatabase } from "../../foundation/store/test-database.ts";
import { growingRecording } from "./growing-recording.ts";
import { applyRecordingUpdate } from "./recording-update.ts";

let database: TestDatabase;
let changes: Changes;

before(async () => {
  database = await openTestDatabase();
  changes = new Changes(database.db, () => {});
});
after(() => database.close());
beforeEach(() => database.db.deleteFrom("recordings").execute());

const T0 = Date.parse("2026-11-30T08:00:00Z");
const OF = { app: "live", name: "math", epoch: "e" };

/** What a node reports. @param from seconds since the beginning; @param to seconds */
function seen(node: string, from: number, to: number, more: Partial<RecordingUpdate> = {}): RecordingUpdate {
  return {
    id: "r",
    ...OF,
    epochs: ["e"],
    node,
    startedAt: T0 + from * 1000,
    seconds: to - from,
    bytes: (to - from) * 10,
    whole: false,
    files: [`${node}:live/math/${String(from).padStart(3, "0")}.flv`],
    spans: [[T0 + from * 1000, T0 + to * 1000]],
    ...more,
  };
}

const apply = (update: RecordingUpdate) => applyRecordingUpdate(changes, update);

async function row() {
  const { seconds, bytes, whole, files, started_at } = await database.db
    .selectFrom("recordings")
    .selectAll()
    .executeTakeFirstOrThrow();
  return { seconds, bytes: Number(bytes), whole, files, startedAt: started_at.getTime() };
}

test("what two nodes have is one recording, and what both have of the same time counts once", async () => {
  await apply(seen("o1", 0, 60));
  await apply(seen("o2", 50, 90));
  assert.deepEqual(await row(), {
    seconds: 90,
    bytes: 1000,
    whole: false,
    startedAt: T0,
    files: ["o1:live/math/000.flv", "o2:live/math/050.flv"],
  });
});

test("a node that is back and reports its part again takes nothing from the others' parts", async () => {
  await apply(seen("o1", 0, 60));
  await apply(seen("o2", 50, 90, { whole: true }));
  const before = await row();
  assert.equal(await apply(seen("o1", 0, 60)), undefined);
  await apply(seen("o1", 0, 62, { whole: true }));
  assert.deepEqual(await row(), { ...before, bytes: 1020 });
});

test("a recording is whole when the part that is the newest is", async () => {
  await apply(seen("o1", 0, 60));
  await apply(seen("o2", 50, 90));
  await apply(seen("o1", 0, 60, { whole: true }));
  assert.equal((await row()).whole, false);
  await apply(seen("o2", 50, 90, { whole: true }));
  assert.equal((await row()).whole, true);
});

test("the newest file is the one of the node that took over, also where both begin at the same segment", async () => {
  await apply(seen("o1", 0, 2));
  await apply(seen("o2", 0, 1, { files: ["o2:live/math/000-1.flv"] }));
  assert.deepEqual((await row()).files, ["o1:live/math/000.flv", "o2:live/math/000-1.flv"]);
  await apply(seen("o1", 0, 2, { whole: true }));
  assert.equal((await row()).whole, false);
});

test("a row from before there were parts keeps the files of its node", async () => {
  await apply(seen("o1", 0, 60));
  await database.db.updateTable("recordings").set({ parts: null }).execute();
  await apply(seen("o2", 60, 90));
  assert.deepEqual((await row()).files, ["o1:live/math/000.flv", "o2:live/math/060.flv"]);
  assert.equal((await row()).seconds, 90);
});

test("the next node is told which recording of the same epoch goes on, and how far it is; not of one that is whole", async () => {
  assert.equal(await growingRecording(database.db, OF), null);
  await apply(seen("o1", 0, 60, { epoch: "earlier", epochs: ["earlier", "e"] }));
  assert.deepEqual(await growingRecording(database.db, OF), { id: "r", files: 1, until: T0 + 60_000 });
  assert.equal(await growingRecording(database.db, { ...OF, epoch: "other" }), null);
  await apply(seen("o1", 0, 60, { whole: true, epoch: "earlier", epochs: ["earlier", "e"] }));
  assert.equal(await growingRecording(database.db, OF), null);
});
