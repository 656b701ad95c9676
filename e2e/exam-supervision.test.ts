/** Candidates' cameras on a running server: published by their keys, seen by those who supervise at every door and by nobody else, recorded, and over with the hand-in. Shares a process. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { publishedExam, READY, shortPaper } from "./exam-paper.ts";
import { ffmpegDone } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, type Scope, TOKEN, until } from "./lectern.ts";
import { ask, type Body, done, watch } from "./lesson-client.ts";
import { WebSocketPublisher } from "./websocket-publisher.ts";

const PASSWORD = "sunlit-harbour-42";

/** An offer that is right, and that nobody stands behind. */
const WHEP_OFFER = `${[
  ...["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0", "m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0"],
  ...["a=ice-ufrag:userxxxx", `a=ice-pwd:${"p".repeat(24)}`, `a=fingerprint:sha-256 ${Array(32).fill("AB").join(":")}`],
  ...["a=setup:actpass", "a=mid:0", "a=recvonly", "a=rtcp-mux", "a=rtpmap:96 H264/90000", "a=fmtp:96 packetization-mode=1"],
].join("\r\n")}\r\n`;

/** A supervised examination that runs, for guests. */
async function openExam(lectern: Lectern, supervision: object) {
  const { id: schoolId, slug } = (await done(lectern, "GET", "/schools")).items[0];
  const call = (method: string, path: string, body?: unknown) => done(lectern, method, path, body);
  const settings = { guests: true, seconds: 1800, supervision };
  const { id } = await publishedExam(call, shortPaper("One", [READY]), { owner: { schoolId }, settings });
  const enter = (name: string, more: object = {}): Promise<Body> =>
    done(lectern, "POST", `/exams/${id}/attempts`, { name, supervisionConsent: true, ...more });
  const rights = (token: string): Promise<Body> => done(lectern, "POST", `/exams/${id}/streams`, { token });
  const wall = (path = "", as = TOKEN) => ask(lectern, "GET", `/exams/${id}/wall${path}`, undefined, as);
  const person = async (role: string) => {
    const login = `${role}-${Math.random().toString(36).slice(2, 10)}`;
    const one = await done(lectern, "POST", "/users", { schoolId, login, name: login, role, password: PASSWORD });
    const { body } = await ask(lectern, "POST", "/sessions", { login, password: PASSWORD, school: slug }, null);
    return { id: one.id as string, token: body.token as string };
  };
  return { id, enter, rights, wall, person };
}

/** Publishes as a page does, from the moment at which the server takes it. */
async function publish(t: Scope, lectern: Lectern, { webSocketUrl, key }: Body): Promise<WebSocketPublisher> {
  const publisher = new WebSocketPublisher(t, `${lectern.http}${webSocketUrl}?key=${key}`);
  await until(() => publisher.has("started") || publisher.closed, "the start");
  assert.equal(publisher.closed, null, JSON.stringify(publisher.ended));
  publisher.play(clip("tiny", 60));
  return publisher;
}

test("three candidates are seen and recorded; every door is closed to strangers, students, other candidates and people of other groups", async (t) => {
  const lectern = await sharedLectern();
  const { id, enter, rights, wall, person } = await openExam(lectern, {
    camera: "required",
    screen: false,
    phone: true,
    keepDays: 7,
  });
  const [inspector, other, student] = [await person("supervisor"), await person("supervisor"), await person("student")];
  const entries = [await enter("Ann"), await enter("Bob"), await enter("Cleo")];
  const [ann] = entries;
  const group = (name: string, supervisorId: string): Promise<Body> =>
    done(lectern, "POST", `/exams/${id}/groups`, { name, supervisorIds: [supervisorId] });
  const [room, empty] = [await group("Room 1", inspector.id), await group("Room 2", other.id)];
  for (const { attempt } of entries) await done(lectern, "PATCH", `/exams/${id}/wall/${attempt.id}`, { groupId: room.id });
  const names: string[] = [];
  for (const { token } of entries) {
    const { streams } = await rights(token);
    names.push(streams[0].name);
    await publish(t, lectern, streams[0]);
  }
  const phone = (await rights((await rights(ann.token)).phone.token)).streams[0];
  const clash = new WebSocketPublisher(t, `${lectern.http}/live/${names[0]}/publish?key=${phone.key}`);
  await until(() => clash.closed, "the refusal of a key of another stream");
  assert.equal(clash.ended?.code, "bad-key");
  await publish(t, lectern, phone);

  const tiles = await until(async () => {
    const { body } = await wall("", inspector.token);
    return body.items.length === 3 && body.items.every(({ streams }: Body) => streams.camera.live) ? body.items : null;
  }, "three live tiles");
  assert.deepEqual(
    tiles.map(({ name, attention }: Body) => [name, attention.filter((code: string) => code !== "empty-picture")]),
    [
      ["Ann", []],
      ["Bob", []],
      ["Cleo", []],
    ],
  );
  assert.equal((await wall("", other.token)).body.items.length, 0, "of another group");
  assert.equal((await wall("", student.token)).status, 403);

  // A still of each, as WebCodecs takes it, and as a file.
  const { still } = tiles[0].streams.camera;
  const frame = await until(async () => {
    const answer = await fetch(lectern.http + still);
    return answer.status === 200 ? answer : null;
  }, "a still");
  assert.match(frame.headers.get("x-codec") ?? "", /^avc1\./);
  assert.ok((frame.headers.get("x-description") ?? "").length > 20 && (await frame.arrayBuffer()).byteLength > 100);
  const mp4 = await ffmpegDone(t, ["-i", lectern.http + still.replace(".frame?", ".frame.mp4?"), "-f", "framemd5", "-"]);
  assert.equal(
    mp4
      .toString()
      .split("\n")
      .filter((line) => line.startsWith("0,")).length,
    1,
  );
  const etag = (await fetch(lectern.http + still)).headers.get("etag") ?? "";
  const again = await fetch(lectern.http + still, { headers: { "if-none-match": etag } });
  assert.ok(again.status === 304 || again.headers.get("etag") !== etag, `${again.status}`);

  // Who supervises watches at every door; the link of another stream, or for stills, or none, opens none of them.
  const detail = (await wall(`/${ann.attempt.id}`, inspector.token)).body;
  const { play } = detail.streams.camera;
  const foreign = new URL((await wall(`/${entries[1].attempt.id}`, inspector.token)).body.streams.camera.play.flv).search;
  const ofStills = new URL(still, lectern.http).search;
  const address = `/live/${names[0]}`;
  const doors = [".flv", ".m3u8", ".jpg", ".frame", ".frame.mp4", ".rungs.json", ".m3u8?time_delay=5", "@opus.flv"];
  const statusOf = async (path: string, query: string): Promise<number> => {
    const controller = new AbortController();
    const url = `${lectern.http}${address}${path}${path.includes("?") ? "&" : "?"}${query.replace("?", "")}`;
    const { status } = await fetch(url, { signal: controller.signal });
    controller.abort();
    return status;
  };
  const own = new URL(play.flv).search;
  for (const door of doors) {
    for (const query of ["", foreign, `key=${phone.key}`, `token=${ann.token}`])
      assert.ok([401, 403].includes(await statusOf(door, query)), `${door} with ${query}`);
    const isStill = door.startsWith(".frame") || door === ".jpg";
    if (!isStill) assert.ok([401, 403].includes(await statusOf(door, ofStills)), `${door} by a link for stills`);
  }
  for (const door of [".flv", ".m3u8", ".jpg", ".frame"]) assert.equal(await statusOf(door, own), 200, door);
  const offer = { method: "POST", headers: { "content-type": "application/sdp" }, body: WHEP_OFFER };
  for (const whep of [`${address}/whep`, `${address}/whep${foreign}`]) {
    const { status } = await fetch(lectern.http + whep, offer);
    assert.ok([401, 403].includes(status), `${whep}: ${status}`);
  }
  const closed = watch(`${lectern.http.replace("http", "ws")}${address}.flv${foreign}`);
  await closed.ended;
  assert.equal(closed.bytes(), 0);
  const live = watch(play.ws);
  await until(() => live.bytes() > 1000, "live by WebSocket");
  assert.equal((await fetch(`${lectern.http}${new URL(play.hls).pathname}`)).status, 401);

  // Who supervises nobody of it any more sees no more.
  await done(lectern, "PATCH", `/exams/${id}/groups/${room.id}`, { supervisorIds: [] });
  assert.match(await live.ended, /removed-from-lesson/);
  assert.ok([403].includes(await statusOf(".flv", own)));
  await done(lectern, "PATCH", `/exams/${id}/groups/${room.id}`, { supervisorIds: [inspector.id] });
  assert.notEqual(empty.id, room.id);

  // Recordings are beside the candidate, and nowhere else.
  const { recordings } = await until(async () => {
    const { body } = await wall(`/${ann.attempt.id}`, inspector.token);
    return body.recordings.length === 2 ? body : null;
  }, "the recordings");
  assert.deepEqual(recordings.map(({ kind }: Body) => kind).sort(), ["camera", "phone"]);
  const listed = await done(lectern, "GET", "/recordings");
  assert.deepEqual(
    listed.items.filter(({ name }: Body) => name?.startsWith("exam-")),
    [],
  );
  const [{ id: recording, play: replay }] = recordings;
  assert.equal((await ask(lectern, "POST", `/recordings/${recording}/links`, {}, inspector.token)).status, 404);
  assert.equal((await fetch(`${lectern.http}/vod/${recording}.m3u8`)).status, 401);
  assert.equal((await fetch(replay.hls)).status, 200);
});

test("a hand-in ends a candidate's streams, and a camera that sends far too much is ended", async (t) => {
  const lectern = await sharedLectern();
  const { id, enter, rights, wall } = await openExam(lectern, { camera: "required", screen: false, phone: false, keepDays: 0 });
  const entry = await enter("Dan");
  const { streams } = await rights(entry.token);
  const first = await publish(t, lectern, streams[0]);
  const camera = async () => (await wall(`/${entry.attempt.id}`)).body.streams.camera;
  await until(async () => (await camera()).live, "the camera");
  const handedIn = await fetch(`${lectern.http}/exams/${id}/hand-in`, {
    method: "POST",
    headers: { authorization: `Bearer ${entry.token}` },
    body: "{}",
  });
  assert.equal(handedIn.status, 200);
  await until(() => first.closed, "the end of the stream");
  assert.equal((await ask(lectern, "POST", `/exams/${id}/streams`, { token: entry.token }, null)).body.code, "exam-ended");

  const greedy = await enter("Eve");
  const { key, webSocketUrl } = (await rights(greedy.token)).streams[0];
  const publisher = new WebSocketPublisher(t, `${lectern.http}${webSocketUrl}?key=${key}`);
  await until(() => publisher.has("started"), "the start");
  publisher.play(clip("camera", 60));
  await until(() => publisher.closed, "the end of what is too fast");
  assert.equal(publisher.ended?.code, "publish-too-fast");
});
