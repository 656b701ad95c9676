/** Several media workers on one port: the same bytes from each, and the loss of one. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { mediaPlaylistOf } from "./hls-conformance.ts";
import { startLectern, until } from "./lectern.ts";
import { anyWorker, get, onWorker, pidOf } from "./worker-connections.ts";
import { publishForEver, watchOn } from "./worker-viewers.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-workers-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("playlists, maps, segments and parts are the same bytes over fifty connections to two workers", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  await publishForEver(t, lectern, "same");
  const playlist = new URL(await mediaPlaylistOf(`${lectern.http}/live/same.m3u8`));
  const connections = await Promise.all(Array.from({ length: 50 }, () => anyWorker(lectern)));
  t.after(() => {
    for (const { socket } of connections) socket.destroy();
  });
  assert.equal(new Set(connections.map(({ worker }) => worker)).size, 2);
  const same = async (path: string): Promise<string> => {
    const answers = await Promise.all(connections.map(({ socket }) => get(socket, path)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200], path);
    assert.equal(new Set(answers.map(({ body }) => hash(body))).size, 1, path);
    return answers[0]?.body.toString() ?? "";
  };
  const now = await (await fetch(playlist)).text();
  const first = Number(/MEDIA-SEQUENCE:(\d+)/.exec(now)?.[1]) + (now.match(/#EXTINF/g)?.length ?? 0);
  for (const place of ["_HLS_part=1", "_HLS_part=3", "_HLS_part=4"]) {
    await same(`${playlist.pathname}?_HLS_msn=${first + 1}&${place}`);
  }
  const last = await same(`${playlist.pathname}?_HLS_msn=${first + 2}&_HLS_part=0&_HLS_skip=YES`);
  const whole = await same(`${playlist.pathname}?_HLS_msn=${first + 2}&_HLS_part=1`);
  const names = [...`${last}${whole}`.matchAll(/URI="([^"]+)"|^([^#\n].*)$/gm)].map(([, uri, line]) => uri ?? line ?? "");
  const files = [...new Set(names.map((name) => new URL(name, playlist).pathname))];
  assert.ok(files.length > 15, `${files.length} files`);
  for (const file of files) await same(file);
});

test("the publisher's worker is killed: viewers on the other one wait, and the same epoch goes on with the publisher", async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  await publishForEver(t, lectern, "moved");
  const { process: publishing, epoch } = await lectern.stream("moved");
  const there = await onWorker(lectern, (name) => name !== publishing);
  const viewer = watchOn(there.socket, "moved");
  t.after(() => there.socket.destroy());
  await until(() => viewer.bytes > 50_000, "a picture");
  process.kill(pidOf(lectern, publishing), "SIGKILL");
  const stream = await lectern.stream("moved", (report) => report.term === 2 && report.publisher !== null);
  assert.equal(stream.epoch, epoch);
  const before = viewer.bytes;
  await until(() => viewer.bytes > before + 50_000, "the picture to go on");
  assert.equal(viewer.closed, false);
});

test("nothing is left when the supervisor is killed", async (t) => {
  const lectern = await startLectern(t, { workers: "2" });
  await publishForEver(t, lectern, "gone");
  const children = ["control", "media-1", "media-2"].map((name) => pidOf(lectern, name));
  lectern.process.kill("SIGKILL");
  await until(() => children.every((pid) => !existsSync(`/proc/${pid}`)), "the children's end", 8000);
});
