/**
 * The composite recording of a small lesson whose people publish at two nodes: everybody is recorded, and tracks of both nodes are in one picture, which is made
 * once although a worker, and then the node that makes it, is killed in the middle. Runs alone. Only by name.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { joined, startNats, startNode } from "./cluster.ts";
import { FLASH_EVERY_MS, flashes, flashesIn, nearest } from "./flash-clips.ts";
import { until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { openSmallLesson, pidOfVideo, sendClip, workerOf } from "./small-lesson.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-picture-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const SECONDS = 16;
const MOST_OFF_MS = 80;
const TILE = { width: 640, height: 360, y: 180 } as const;
/** Encoding is behind everything else of the machine. */
const MADE_WITHIN_MS = 400_000;

test("people who publish at two nodes are in one picture, also when the worker and the node that make it are killed", async (t) => {
  const nats = await startNats(t);
  const set = { "publish.graceSeconds": "1" };
  const first = await startNode(t, nats, "a", "origin,edge,control", set);
  const { lesson, teacher, student } = await openSmallLesson(t, first);
  // It was told nothing of the lesson when that was made.
  const second = await startNode(t, nats, "b", "origin,edge", set);
  await joined([first, second]);
  const anna = await student("Anna");
  const { schoolId, teacherId } = lesson;
  const talk = await done(first, "POST", "/lessons", { schoolId, title: "A talk", teacherId, record: true });
  const files = [flashes(folder, 700, SECONDS), flashes(folder, 1300, SECONDS)] as const;

  const begunAt = Date.now() + 500;
  const { name, publishKey: key } = talk.stream;
  const sendings = [
    await sendClip(t, first, teacher, files[0], begunAt),
    await sendClip(t, first, { name, key }, files[0], begunAt),
  ];
  await until(() => Date.now() - begunAt > 1500, "the teacher's track to be the first");
  sendings.push(await sendClip(t, second, anna, files[1], begunAt));
  const tracks = async (of: string = lesson.id): Promise<Body[]> => (await done(first, "GET", `/recordings?lessonId=${of}`)).items;
  await until(() => Date.now() - begunAt > SECONDS * 1000 - 500, "the lesson");
  for (const sending of sendings) sending.close();
  await done(first, "POST", `/lessons/${lesson.id}/end`);
  await until(async () => (await tracks()).filter(({ whole }) => whole).length >= 2, "everybody's recordings");
  await until(async () => (await tracks(talk.id)).length === 1, "the recording of a class, at the node that did not publish it");

  // The teacher's track is at the node that did not publish it: that one makes the picture.
  const making = (not: number | null) => () => {
    const pid = pidOfVideo(second.directory);
    return pid === not ? null : pid;
  };
  const program = await until(making(null), "the picture to begin", MADE_WITHIN_MS);
  process.kill(workerOf(second, program), "SIGKILL");
  const again = await until(making(program), "another worker to take it up", MADE_WITHIN_MS);
  assert.notEqual(again, program);
  await second.kill();
  const path = `/lessons/${lesson.id}/picture`;
  await until(async () => (await ask(first, "GET", path)).body.code === "storage-away", "the end of that node");
  await startNode(t, nats, "b", "origin,edge", { ...set, dataDir: second.directory });

  const shares = new Set<number>();
  const picture = await until(
    async () => {
      const { status, body } = await ask(first, "GET", path);
      if (status !== 200) return null;
      assert.notEqual(body.state, "failed", JSON.stringify(body));
      if (body.state === "running") shares.add(body.percent);
      return body.state === "done" ? body.recording : null;
    },
    "the picture",
    MADE_WITHIN_MS,
  );
  t.diagnostic(`progress: ${[...shares].join(" ")}`);
  assert.ok([...shares].some((percent) => percent > 0));
  assert.equal((await tracks()).filter((one) => one.name === picture.name).length, 1);

  const { play } = await done(first, "POST", `/recordings/${picture.id}/links`, {});
  const saved = join(folder, "picture.mp4");
  writeFileSync(saved, Buffer.from(await (await fetch(play.mp4)).arrayBuffer()));
  const offset = begunAt - Date.parse(picture.startedAt);
  for (const [i, who] of ["teacher", "anna"].entries()) {
    const seen = await flashesIn(t, saved, { ...TILE, x: 640 * i });
    const [sent = Number.NaN] = (await flashesIn(t, files[i] ?? "", null)).filter((ms) => ms > 4000);
    const off = Array.from({ length: 3 }, (_, n) => nearest(seen, offset + sent + n * FLASH_EVERY_MS));
    t.diagnostic(`${who}: flashes ${seen.join(" ")}; ${off.join(" ")} ms off`);
    assert.ok(
      off.every((ms) => Math.abs(ms) <= MOST_OFF_MS),
      `${who}: ${off.join(" ")} ms off`,
    );
  }
  assert.equal((await tracks()).filter((one) => one.name === picture.name).length, 1);
});
