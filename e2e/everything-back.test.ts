/** What docs/backup.md promises of a lost machine: a backup of the database and the bucket bring everything back. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { clip } from "./clips.ts";
import { ffmpegDone, frames } from "./ffmpeg.ts";
import { startLectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { startObjectStorage } from "./object-storage.ts";
import { MAIN } from "./program.ts";

long("a new machine with the restored database and the bucket plays the recordings of the one that was lost", async (t) => {
  const storage = await startObjectStorage(t);
  const set = { "recording.auto": "pushed", "publish.graceSeconds": "1", "timeshift.windowSeconds": "0", "cluster.node.id": "one" };
  const lost = mkdtempSync(join(tmpdir(), "lectern-lost-"));
  const found = mkdtempSync(join(tmpdir(), "lectern-found-"));
  t.after(() => rmSync(found, { recursive: true, force: true }));
  const first = await startLectern(t, { ...set, ...storage.set, dataDir: lost });
  await ffmpegDone(t, ["-t", "3", "-i", clip("12 Mb/s", 20), "-c", "copy", "-f", "flv", `${first.rtmp}/live/math`]);
  const { id } = await until(async () => {
    const [recording] = (await done(first, "GET", "/recordings")).items;
    return recording?.whole && storage.asked.some(({ path, status }) => path.endsWith(".index") && status === 200)
      ? recording
      : null;
  }, "the recording in the bucket");
  const before = await frames(t, `${first.http}/vod/${id}.mp4`, "decoded", "0:v");
  const file = join(found, "backup.gz");
  const run = promisify(execFile);
  await run(process.execPath, [MAIN, "backup", file, "--data", lost], { cwd: found });
  await first.stop();
  rmSync(lost, { recursive: true });
  await run(process.execPath, [MAIN, "restore", file, "--data", found], { cwd: found });
  const second = await startLectern(t, { ...set, ...storage.set, dataDir: found });
  assert.equal((await done(second, "GET", "/recordings")).items[0]?.id, id);
  const after = await frames(t, `${second.http}/vod/${id}.mp4`, "decoded", "0:v");
  assert.deepEqual(after, before);
  assert.ok(before.length > 20, `${before.length} frames`);
});
