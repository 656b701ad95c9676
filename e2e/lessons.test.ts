/** Lessons on a running server: who may publish and watch, withdrawn permissions, and outages of the control process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { type Body, done, push, watch } from "./lesson-client.ts";

type Play = { readonly flv: string; readonly hls: string; readonly rtmp: string };

/** The address of a lesson in each protocol, with a link's parameters. */
function everyProtocol(play: Play): Record<string, string> {
  return { flv: play.flv, ws: play.flv.replace("http:", "ws:"), hls: play.hls, rtmp: play.rtmp };
}

const unsigned = (url: string) => url.split("?")[0] ?? url;

test("a lesson's stream is pushed with its key and watched with a link, in every protocol, and in no other way", async (t) => {
  // The server lets anybody publish and watch what belongs to no lesson.
  const lectern = await sharedLectern({ workers: "1" });
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  const other = await done(lectern, "POST", "/lessons", { title: "Physics" });
  for (const key of ["", "?key=wrong", `?key=${other.stream.publishKey}`]) {
    const { code, said } = await push(t, `${lectern.rtmp}/live/${lesson.stream.name}${key}`).done;
    assert.notEqual(code, 0);
    assert.match(said, key === "" ? /not-signed-in/ : /bad-key/);
  }
  assert.match((await push(t, `${lectern.rtmp}/live/lesson-aaaaaaaaaaaaaaaa?key=x`).done).said, /no-such-stream/);
  const attempts = await until(async () => {
    const found = (await done(lectern, "GET", `/lessons/${lesson.id}/stream`)).attempts;
    return found.length === 3 && found;
  }, "the attempts that failed");
  assert.deepEqual(
    attempts.map(({ protocol, ip, code }: { [field: string]: string }) => [protocol, ip, code]),
    [
      ["rtmp", "127.0.0.1", "bad-key"],
      ["rtmp", "127.0.0.1", "bad-key"],
      ["rtmp", "127.0.0.1", "not-signed-in"],
    ],
  );
  assert.match(attempts[0].agent, /./);
  assert.match(attempts[2].detail, /\?key=KEY/);
  const alarms = async (query: string): Promise<Body[]> =>
    (await done(lectern, "GET", `/alarms?${query}`)).items.filter(({ subject }: Body) => subject === `live/${lesson.stream.name}`);
  const [alarm] = await until(async () => {
    const open = await alarms("open=true");
    return open.length > 0 && open;
  }, "the alarm");
  assert.deepEqual([alarm.code, alarm.severity, alarm.lessonId], ["publish-refused", "warning", lesson.id]);
  assert.match(alarm.detail, /^The last from 127\.0\.0\.1 by rtmp, .*: The publish key is not valid/);
  push(t, lesson.stream.rtmpUrl);
  await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
  await until(async () => (await done(lectern, "GET", `/lessons/${lesson.id}`)).state === "live", "the lesson to be live");
  await until(async () => (await alarms("open=true")).length === 0, "the alarm to end with the first publisher that is let in");

  const { play } = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name: "Anna" });
  const elsewhere = await done(lectern, "POST", `/lessons/${other.code}/join`, { name: "Anna" });
  const outcomes: Record<string, string> = {};
  for (const [protocol, url] of Object.entries(everyProtocol(play))) {
    const foreign = everyProtocol(elsewhere.play)[protocol]?.split("?")[1] ?? "";
    const cases = {
      right: url,
      none: unsigned(url),
      foreign: `${unsigned(url)}?${foreign}`,
      altered: url.replace(/viewer=(.)/, (_, letter) => `viewer=${letter === "0" ? "1" : "0"}`),
      late: url.replace(/expires=\d+/, `expires=${Math.floor(Date.now() / 1000) + 99_999}`),
    };
    for (const [name, address] of Object.entries(cases)) {
      const watching = watch(address);
      let end: string | null = null;
      void watching.ended.then((how) => (end = how));
      outcomes[`${protocol} ${name}`] = await until(() => end ?? (watching.bytes() > 10_000 && "plays"), "media, or an end");
      watching.leave();
    }
  }
  const failed = (protocol: string, code: string) => (protocol === "rtmp" ? "NetStream.Play.Failed" : code);
  for (const protocol of ["flv", "ws", "hls", "rtmp"]) {
    assert.equal(outcomes[`${protocol} right`], "plays", protocol);
    assert.equal(outcomes[`${protocol} none`], failed(protocol, "not-signed-in"), protocol);
    for (const name of ["foreign", "altered", "late"])
      assert.equal(outcomes[`${protocol} ${name}`], failed(protocol, "bad-signature"), `${protocol} ${name}`);
  }
  assert.doesNotMatch(lectern.said(), new RegExp(lesson.stream.publishKey));
});

for (const workers of ["1", "2"]) {
  test(`a participant who is taken out of a lesson is cut off within 5 s, in every protocol, on ${workers} worker(s), and the others are not`, async (t) => {
    const lectern = await sharedLectern({ workers });
    const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
    push(t, lesson.stream.rtmpUrl);
    await lectern.stream(lesson.stream.name, (stream) => stream.video !== null);
    const enter = async (name: string) => {
      const joined: { viewer: string; play: Play } = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name });
      const watching = Object.entries(everyProtocol(joined.play)).map(([protocol, url]) => ({ protocol, ...watch(url) }));
      await until(() => watching.every(({ bytes }) => bytes() > 10_000), "pictures for all");
      return { ...joined, watching };
    };
    const [anna, ben] = [await enter("Anna"), await enter("Ben")];
    const begun = performance.now();
    await done(lectern, "DELETE", `/lessons/${lesson.id}/participants/${anna.viewer}`);
    const reasons = await Promise.all(anna.watching.map(async ({ protocol, ended }) => `${protocol} ${await ended}`));
    const took = performance.now() - begun;
    assert.deepEqual(reasons, ["flv closed", "ws removed-from-lesson", "hls removed-from-lesson", "rtmp removed-from-lesson"]);
    assert.ok(took < 15_000, `${Math.round(took)} ms`);
    const before = ben.watching.map(({ bytes }) => bytes());
    await until(() => ben.watching.every(({ bytes }, i) => bytes() > (before[i] ?? 0)), "pictures for Ben");
    // The link is void too, on whichever worker it is tried.
    for (let i = 0; i < 6; i++) assert.equal(await watch(anna.play.flv).ended, "removed-from-lesson");
    // And when the lesson ends, everybody goes, its publisher first.
    await done(lectern, "POST", `/lessons/${lesson.id}/end`);
    const ends = await Promise.all(ben.watching.map(({ ended }) => ended));
    assert.ok(
      ends.every((reason) => /closed|lesson-ended|ended-by-operator|no-such-stream/.test(reason)),
      `${ends}`,
    );
    assert.match((await push(t, lesson.stream.rtmpUrl).done).said, /lesson-ended/);
  });
}
