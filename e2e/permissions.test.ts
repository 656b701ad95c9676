/**
 * A permission that ends is withdrawn at every door: from who watches live, goes back, or replays, on every worker and on every node. Those who
 * keep theirs go on watching.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { joined as nodesJoined, startNats, startNode } from "./cluster.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { ask, type Body, done, push, type Watching, watch } from "./lesson-client.ts";
import { long } from "./long-tests.ts";

const PASSWORD = "sunlit-harbour-42";
const SHORT = { "hls.windowSegments": "3", "hls.segmentSeconds": "1", "recording.maxSegmentSeconds": "3600" };

/** Somebody at all doors: connections that are open, and addresses that give something. */
type Watcher = {
  readonly name: string;
  readonly viewer: string;
  readonly open: readonly (Watching & { readonly door: string })[];
  readonly files: ReadonlyMap<string, string>;
};

type Scene = {
  /** Answers the API. */
  readonly control: Lectern;
  /** Who watches, watches here. */
  readonly door: Lectern;
  readonly course: Body;
  readonly lesson: Body;
  readonly recording: Body;
};

async function scene(
  t: TestContext,
  control: Lectern,
  door: Lectern,
): Promise<Scene & { readonly publisher: ReturnType<typeof push> }> {
  const { id: schoolId } = await done(control, "POST", "/schools", { slug: "north", name: "North" });
  const course = await done(control, "POST", "/courses", { schoolId, name: "Algebra" });
  const lesson = await done(control, "POST", "/lessons", { schoolId, title: "Maths", courseId: course.id, record: true });
  const { pathname, search } = new URL(lesson.stream.rtmpUrl.replace("rtmp:", "http:"));
  const publisher = push(t, `${control.rtmp}${pathname}${search}`);
  await control.stream(lesson.stream.name, (stream) => stream.video !== null);
  const recording = await until(
    async () => (await done(control, "GET", `/recordings?lessonId=${lesson.id}`)).items[0] ?? null,
    "the recording",
  );
  return { control, door, course, lesson, recording, publisher };
}

async function member({ control, course }: Scene, role: string): Promise<{ readonly id: string; readonly token: string }> {
  const login = `${role}-${Math.random().toString(36).slice(2, 10)}`;
  const { id } = await done(control, "POST", "/users", { schoolId: course.schoolId, login, name: login, role, password: PASSWORD });
  await done(control, "PUT", `/courses/${course.id}/members/${id}`, { role });
  const { body } = await ask(control, "POST", "/sessions", { login, password: PASSWORD, school: "north" }, null);
  return { id, token: body.token };
}

/** The same address at the node where the viewer is. */
function at({ http, rtmp }: Lectern, address: string): string {
  const { pathname, search } = new URL(address.replace(/^rtmp:/, "http:"));
  return (address.startsWith("rtmp:") ? rtmp : http) + pathname + search;
}

/** The first address of a playlist, once it has one. */
function firstOf(address: string, what: string): Promise<string> {
  return until(async () => {
    const answer = await fetch(address);
    const uri = answer.ok ? /^[^#\n].*$/m.exec(await answer.text())?.[0] : undefined;
    return uri === undefined ? null : new URL(uri, address).href;
  }, what);
}

/** Opens every door. @param token null: a guest */
async function enter(of: Scene, name: string, token: string | null): Promise<Watcher> {
  const { control, door, lesson, recording } = of;
  const joined = await ask(control, "POST", `/lessons/${lesson.code}/join`, { name }, token);
  assert.equal(joined.status, 200, JSON.stringify(joined.body));
  const links = await ask(control, "POST", `/recordings/${recording.id}/links`, token ? {} : { code: lesson.code }, token);
  // What is being recorded is for guests after the lesson.
  assert.equal(links.status, token ? 200 : 404, JSON.stringify(links.body));
  const { viewer, play } = joined.body;
  const [flv, hls, rtmp] = [at(door, play.flv), at(door, play.hls), at(door, play.rtmp)];
  const live = { flv, ws: flv.replace("http:", "ws:"), hls, rtmp, "delayed flv": `${flv}&time_delay=1` };
  const open = Object.entries(live).map(([protocol, url]) => ({ door: protocol, ...watch(url) }));
  const delayed = await firstOf(`${hls}&time_delay=2`, "the playlist of before");
  const still = new URL(`still-${Math.floor(Date.now() / 10_000) * 10}.jpg`, delayed).href;
  const files = new Map([
    ["hls", hls],
    ["still", hls.replace(".m3u8", ".jpg")],
    ["time-shift", `${hls}&time_delay=2`],
    ["time-shift playlist", delayed],
    ["time-shift segment", await firstOf(delayed, "a segment of before")],
    ["preview", still],
  ]);
  if (token !== null) {
    const { hls: replay, mp4, flv: file } = links.body.play;
    const playlist = await firstOf(at(door, replay), "the playlist of the recording");
    files.set("recording", at(door, replay));
    files.set("recording playlist", playlist);
    files.set("recording segment", await firstOf(playlist, "a segment of the recording"));
    files.set("recording mp4", at(door, mp4));
    files.set("recording flv", at(door, file));
  }
  const watcher = { name, viewer, open, files };
  await goesOn(watcher);
  return watcher;
}

async function statusOf(address: string): Promise<number> {
  const answer = await fetch(address);
  await answer.body?.cancel();
  return answer.status;
}

/** Waits until more comes over every connection, and every address answers. */
async function goesOn({ name, open, files }: Watcher, doors: (door: string) => boolean = () => true): Promise<void> {
  await Promise.all(
    open.map(async ({ door, bytes, ended }) => {
      const before = bytes();
      let end = "";
      void ended.then((how) => (end = how));
      await until(() => bytes() > before || end !== "", `pictures for ${name} by ${door}, after ${before} bytes`);
      assert.equal(end, "", `${name} was closed out by ${door}`);
    }),
  );
  for (const [door, address] of files)
    if (doors(door)) await until(async () => (await statusOf(address)) === 200, `${door} for ${name}`);
}

/** Waits until every connection is closed and every address refused. Returns how long that took, milliseconds. */
async function isOut({ name, open, files }: Watcher, doors: (door: string) => boolean = () => true): Promise<number> {
  const begun = performance.now();
  const closed = await Promise.all(open.filter(({ door }) => doors(door)).map(async ({ door, ended }) => `${door} ${await ended}`));
  // Whichever refusal a request meets first; the addresses below are asked until each is refused for good.
  for (const one of closed) assert.doesNotMatch(one, / left$|Error/, name);
  for (const [door, address] of files)
    if (doors(door)) await until(async () => [401, 403, 404, 409].includes(await statusOf(address)), `${door} closed to ${name}`);
  return performance.now() - begun;
}

const ofRecording = (door: string) => door.startsWith("recording");
const ofLesson = (door: string) => !ofRecording(door);

/** Ends one permission after the other, and looks at all doors of those concerned, and of one who stays. */
async function endPermissions(t: TestContext, of: Awaited<ReturnType<typeof scene>>): Promise<void> {
  const { control, course, lesson, recording } = of;
  const people = {
    removed: await member(of, "student"),
    disabled: await member(of, "student"),
    left: await member(of, "student"),
    stays: await member(of, "student"),
    teacher: await member(of, "teacher"),
  };
  const watchers = new Map<string, Watcher>();
  for (const [name, { token }] of Object.entries(people)) watchers.set(name, await enter(of, name, token));
  watchers.set("guest", await enter(of, "guest", null));
  const one = (name: string): Watcher => watchers.get(name) ?? assert.fail(name);
  const report = (what: string, milliseconds: number) => t.diagnostic(`${what}: out after ${Math.round(milliseconds)} ms`);

  await done(control, "DELETE", `/lessons/${lesson.id}/participants/${one("removed").viewer}`);
  report("removed from the lesson", await isOut(one("removed"), ofLesson));
  const again = await ask(control, "POST", `/lessons/${lesson.code}/join`, {}, people.removed.token);
  assert.equal(again.body.code, "removed-from-lesson");

  await done(control, "PATCH", `/users/${people.disabled.id}`, { disabled: true });
  report("account disabled", await isOut(one("disabled")));

  await done(control, "DELETE", `/courses/${course.id}/members/${people.left.id}`);
  report("course left", await isOut(one("left")));

  await done(control, "PATCH", `/lessons/${lesson.id}`, { guests: false });
  report("guests no longer allowed", await isOut(one("guest")));

  await goesOn(one("stays"));
  await done(control, "PATCH", `/recordings/${recording.id}`, { published: false });
  report("recording hidden", await isOut(one("stays"), ofRecording));
  await goesOn(one("stays"), ofLesson);
  await goesOn(one("teacher"));

  const other = await done(control, "POST", "/courses", { schoolId: course.schoolId, name: "Geometry" });
  await done(control, "PUT", `/courses/${other.id}/members/${people.teacher.id}`, { role: "teacher" });
  await done(control, "PATCH", `/lessons/${lesson.id}`, { courseId: other.id });
  report("lesson moved to another course", await isOut(one("stays"), ofLesson));
  await goesOn(one("teacher"));

  await done(control, "PATCH", `/schools/${course.schoolId}`, { archived: true });
  report("school archived", await isOut(one("teacher")));
  // The publisher too, who cannot come back.
  await of.publisher.done;
  assert.match((await push(t, at(control, lesson.stream.rtmpUrl)).done).said, /lesson-ended/);
}

describe("who loses a permission is out at every door, and the others go on watching", () => {
  test("on a server with two workers", async (t) => {
    const lectern = await startLectern(t, { ...SHORT, workers: "2" });
    await endPermissions(t, await scene(t, lectern, lectern));
  });

  long("at a node that asks another one for permissions and recordings", async (t) => {
    const nats = await startNats(t);
    const [control, edge] = await Promise.all([
      startNode(t, nats, "c", "control,origin", SHORT),
      startNode(t, nats, "e", "edge", SHORT),
    ]);
    await nodesJoined([control, edge]);
    await endPermissions(t, await scene(t, control, edge));
  });
});
