/**
 * Recordings in object storage: upload during the recording, playback from the storage, and failures of the storage.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { clip } from "./clips.ts";
import { ffmpegDone, frames, publishFast, publishForever } from "./ffmpeg.ts";
import { wholeFile } from "./fixtures.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { type ObjectStorage, type ReceivedRequest, startObjectStorage } from "./object-storage.ts";
import { MAIN } from "./program.ts";

const directory = mkdtempSync(join(tmpdir(), "lectern-storage-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const SET = { "recording.auto": "pushed", "publish.graceSeconds": "1", "timeshift.windowSeconds": "0" };
/** Nothing that is stored stays on the disk. */
const NO_CACHE = { "storage.cacheBytes": "1" };
/** 30 MB: three parts of an upload, and more than one file. */
const LESSON = clip("12 Mb/s of filler", 20);

const send = (t: TestContext, lectern: Lectern, name: string, speed: number) =>
  publishFast(t, LESSON, `${lectern.rtmp}/live/${name}`, speed);

const flvsOf = ({ directory }: Lectern, name: string) => {
  const folder = join(directory, "recordings/live", name);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".flv")) : [];
};

/** The recording, when it is whole, and all of it in the storage. */
const stored = (lectern: Lectern, name = "math"): Promise<Body> =>
  until(async () => {
    const { items } = await done(lectern, "GET", "/recordings");
    const recording = items.find((item: Body) => item.name === name);
    return flvsOf(lectern, name).length === 0 && recording?.whole ? recording : null;
  }, "the recording in the storage");

/** A server that keeps nothing of what is stored on its disk, for two tests. */
const startUncached = async () => {
  const storage = await startObjectStorage(wholeFile);
  const set = { ...SET, ...NO_CACHE, ...storage.set, "recording.maxSegmentBytes": "22000000" };
  return { storage, lectern: await startLectern(wholeFile, set) };
};
let started: ReturnType<typeof startUncached> | null = null;
const uncached = (): ReturnType<typeof startUncached> => {
  started ??= startUncached();
  return started;
};

async function assertSame(t: TestContext, lectern: Lectern, { id }: Body): Promise<void> {
  const sent = await frames(t, LESSON, "decoded", "0:v");
  for (const kind of ["m3u8", "mp4", "flv"]) {
    const seen = await frames(t, `${lectern.http}/vod/${id}.${kind}`, "decoded", "0:v");
    assert.deepEqual(
      seen.map(({ hash }) => hash),
      sent.map(({ hash }) => hash),
      kind,
    );
  }
}

/** A request as far as all storages must understand it. */
function shapeOf({ method, path, query, headers }: ReceivedRequest): string {
  const where = path.replace(/live\/\w+\/\d{8}-\d{6}-\d{3}/, "live/NAME/TIME");
  const names = [...query.keys()].filter((name) => name !== "x-id").sort();
  const special = Object.keys(headers).filter((name) =>
    /^x-amz-|^content-(md5|encoding|type)$|^range$|^expect$|^trailer$/.test(name),
  );
  return [method, `${where}${names.length > 0 ? `?${names.join("&")}` : ""}`, ...special.sort()].join(" ");
}

const SIGNED = "x-amz-content-sha256 x-amz-date x-amz-user-agent";

test("it is stored while it is made, in calls that every storage knows, and played from there", async (t) => {
  const { storage, lectern } = await uncached();
  await send(t, lectern, "math", 4).done;
  const short = ["-t", "3", "-i", LESSON, "-c", "copy", "-f", "flv", `${lectern.rtmp}/live/short`];
  await ffmpegDone(t, short);
  const recording = await stored(lectern);
  await until(() => storage.asked.some(({ path }) => /short.*index$/.test(path)), "the short one");
  assert.ok(flvsOf(lectern, "math").length === 0, "the disk has nothing of it");
  await assertSame(t, lectern, recording);
  // Whether the storage answers is asked every ten seconds, by the HEAD of an object that is not there.
  const ofRecordings = storage.asked.filter(({ path }) => !path.endsWith("/lectern-sample"));
  const shapes = [...new Set(ofRecordings.map(shapeOf))].sort();
  const key = "/lessons/live/NAME/TIME.flv";
  assert.deepEqual(shapes, [
    `GET ${key} range ${SIGNED}`,
    `HEAD ${key} ${SIGNED}`,
    `POST ${key}?uploadId content-type ${SIGNED}`,
    `POST ${key}?uploads content-type ${SIGNED}`,
    `PUT ${key} content-type ${SIGNED}`,
    `PUT ${key}.index content-type ${SIGNED}`,
    `PUT ${key}?partNumber&uploadId content-type ${SIGNED}`,
  ]);
  publishForever(t, LESSON, `${lectern.rtmp}/live/endless`);
  await until(
    () => storage.asked.some((asked) => isPart(asked) && asked.path.includes("/endless/")),
    "a part of a stream that goes on",
  );
});

/** The address of a recording's first segment. */
async function firstSegment({ http }: Lectern, id: string): Promise<string> {
  const playlistOf = async (url: string) => new URL((await (await fetch(url)).text()).match(/^[^#\s].*$/m)?.[0] ?? "", url).href;
  return playlistOf(await playlistOf(`${http}/vod/${id}.m3u8`));
}

const isPart = ({ query, method }: Pick<ReceivedRequest, "query" | "method">) => method === "PUT" && query.has("partNumber");

test("what fails is tried again; a process that dies goes on where it was", async (t) => {
  const storage: ObjectStorage = await startObjectStorage(t);
  const set = { ...SET, ...NO_CACHE, ...storage.set, dataDir: mkdtempSync(join(tmpdir(), "lectern-test-")) };
  let refused = 0;
  // Every other part is refused once by each of the tries of one call, then taken.
  storage.fault = (asked) => (isPart(asked) && asked.query.get("partNumber") === "2" && refused++ < 4 ? "500" : null);
  const first = await startLectern(t, set);
  const sending = send(t, first, "math", 3);
  await until(() => storage.asked.some((asked) => isPart(asked) && asked.status === 200), "a part in the storage");
  const sent = storage.asked.filter((asked) => isPart(asked) && asked.status === 200).map(({ query }) => query.get("partNumber"));
  first.process.kill("SIGKILL");
  await sending.done;
  const again = await startLectern(t, set);
  const recording = await stored(again);
  const alarms = (await done(again, "GET", "/alarms")).items;
  assert.deepEqual(
    alarms.map(({ code, clearedAt }: Body) => [code, clearedAt !== null]),
    [["storage-away", true]],
  );
  const parts = storage.asked.filter((asked) => isPart(asked) && asked.status === 200).map(({ query }) => query.get("partNumber"));
  for (const number of sent) assert.equal(parts.filter((other) => other === number).length, 1, `part ${number} once`);
  assert.equal(storage.asked.filter(({ query }) => query.has("uploads")).length, 1, "one upload");
  const seen = await frames(t, `${again.http}/vod/${recording.id}.mp4`, "decoded", "0:v");
  const source = await frames(t, LESSON, "decoded", "0:v");
  // Of the last ones, those that they are made from may not have come.
  const sure = seen.length - 4;
  assert.ok(sure > 80, `${sure} pictures`);
  assert.deepEqual(
    seen.slice(0, sure).map(({ hash }) => hash),
    source.slice(0, sure).map(({ hash }) => hash),
  );
});

test("a storage that answers 500 or breaks off: viewers are told, nothing wrong is played, and then all is well", async (t) => {
  const { storage, lectern } = await uncached();
  await send(t, lectern, "fails", 4).done;
  const { id } = await stored(lectern, "fails");
  storage.fault = ({ method }) => (method === "GET" ? "500" : null);
  const segment = await firstSegment(lectern, id);
  const refused = await fetch(segment);
  assert.equal(refused.status, 503);
  assert.equal(((await refused.json()) as Body).code, "storage-away");
  assert.ok(refused.headers.has("retry-after"));
  // Each answer breaks off twice.
  const tries = new Map<string, number>();
  storage.fault = ({ method, path, query }) => {
    const what = `${method} ${path} ${query}`;
    tries.set(what, (tries.get(what) ?? 0) + 1);
    return method === "GET" && (tries.get(what) ?? 0) % 3 !== 0 ? "cut" : null;
  };
  await assertSame(t, lectern, { id });
});

test("the beginning is fetched before it is asked for: by hand, and when somebody looks at the lesson's recordings", async (t) => {
  const storage = await startObjectStorage(t);
  // The whole is too large for the disk, its beginning is not.
  const lectern = await startLectern(t, { ...SET, ...storage.set, "storage.cacheBytes": "12000000", workers: "2" });
  const made = await done(lectern, "POST", "/lessons", { title: "Fractions", guests: true, record: true });
  const push = ["-readrate", "4", "-i", LESSON, "-c", "copy", "-f", "flv", `${lectern.rtmp}/live/math`];
  await ffmpegDone(t, push);
  const recording = await stored(lectern);
  const fetched = () => storage.asked.filter(({ method }) => method === "GET").length;
  assert.equal(fetched(), 0);
  const { seconds } = await done(lectern, "POST", `/recordings/${recording.id}/prefetch`);
  assert.ok(seconds > 14, `${seconds} s`);
  const before = fetched();
  assert.ok(before > 0);
  for (let i = 0; i < 10; i++) assert.equal((await fetch(await firstSegment(lectern, recording.id))).status, 200);
  assert.equal(fetched(), before, "nothing more is fetched");

  await ffmpegDone(t, [...push.slice(0, -1), `${lectern.rtmp}/live/${made.stream.name}?key=${made.stream.publishKey}`]);
  const folder = join(lectern.directory, "recordings/live", made.stream.name);
  await until(() => !readdirSync(folder).some((name) => name.endsWith(".flv")), "the lesson in the storage");
  const sofar = fetched();
  const seen = await (await fetch(`${lectern.http}/api/v1/invitations/${made.code}/recordings`)).json();
  assert.equal((seen as Body).items.length, 1);
  await until(() => fetched() > sofar, "what was fetched ahead");
});

test("the doctor tries the storage, and says what is wrong with it", async (t) => {
  const storage = await startObjectStorage(t);
  const doctor = (set: Readonly<Record<string, string>>) => {
    const args = ["--data", mkdtempSync(join(directory, "doctor-")), "--http-port", "0", "--rtmp-port", "0"];
    const sets = Object.entries(set).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
    // The server that answers runs in this process, so this must not block it.
    return new Promise<string>((resolve) => {
      execFile(process.execPath, [MAIN, "doctor", ...args, ...sets], (_, stdout, stderr) => resolve(stdout + stderr));
    });
  };
  assert.match(await doctor(storage.set), /ok +the object storage writes, reads and deletes/);
  assert.deepEqual(
    storage.asked.map(({ method }) => method),
    ["PUT", "GET", "DELETE"],
  );
  storage.fault = () => "500";
  assert.match(await doctor(storage.set), /BAD +the object storage cannot be used \(http:.*\n.*endpoint, bucket, keys/);
});
