/** Attendance and sign-ins: what staff read of them, through restarts of the school and deaths of processes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import WebSocket from "ws";
import type { RoomAnswer } from "../packages/server/src/contracts/rooms/room-requests.ts";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import type { TestSchool } from "./school.ts";
import { onPostgresFirst } from "./school-databases.ts";
import { pidOf } from "./worker-connections.ts";

const AGENT = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36";

type Attended = {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly seconds: number;
  readonly inRoom: boolean;
  readonly devices: readonly string[];
  readonly intervals: readonly { readonly from: string; readonly to: string | null }[];
  readonly signins: readonly { readonly ref: string; readonly late: boolean }[];
};

/** A course with a teacher and two students, one of whom has joined its lesson, and a guest. */
async function openClass({ ok, person, service }: TestSchool) {
  const schoolId: string = (await ok("GET", "/schools")).items[0].id;
  const teacher = await person(schoolId, "teacher");
  const [anna, ben] = [await person(schoolId, "student", "anna"), await person(schoolId, "student", "ben")];
  const course = await ok("POST", "/courses", { body: { schoolId, name: "Maths" } });
  for (const [{ id }, role] of [
    [teacher, "teacher"],
    [anna, "student"],
    [ben, "student"],
  ] as const)
    await ok("PUT", `/courses/${course.id}/members/${id}`, { body: { role } });
  const lesson = await ok("POST", "/lessons", { as: teacher.token, body: { title: "Maths", courseId: course.id } });
  const joined = await ok("POST", `/lessons/${lesson.id}/join`, { as: anna.token });
  const guest = await ok("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name: "=Guest" } });
  const visit = (participant: string, from: number, to: number | null = null) => ({ participant, from, to, agent: AGENT });
  const report = (visits: readonly ReturnType<typeof visit>[], at = service): Promise<RoomAnswer> =>
    at.roomRequest({ kind: "visits", room: lesson.id, worker: "n1/media-1", visits });
  return { schoolId, teacher, anna, ben, lesson, path: `/lessons/${lesson.id}`, inRoom: joined.viewer, guest, visit, report };
}

onPostgresFirst((open) => {
  test("staff see who is there, then when each was there; students and strangers do not", async (t) => {
    const school = await open(t);
    const { ok, call } = school;
    const { path, teacher, anna, inRoom, guest, visit, report } = await openClass(school);
    const now = Date.now();
    assert.equal((await report([visit(inRoom, now - 60_000), visit(guest.viewer, now - 30_000)])).kind, "visits");
    const people = await until(async () => {
      const answer = await ok("GET", `${path}/room/people`, { as: teacher.token });
      return answer.count === 2 && answer;
    }, "two people in the room");
    assert.deepEqual(
      people.items.map(({ name, device }: { name: string; device: string }) => [name, device]).toSorted(),
      [
        ["=Guest", "phone, Chrome"],
        ["The student", "phone, Chrome"],
      ].toSorted(),
    );
    const found = await ok("GET", `${path}/room/people?search=guest`, { as: teacher.token });
    assert.deepEqual([found.items.length, found.count], [1, 2]);
    // An answer's version is from before its people: of the first one, it may be from before they came.
    const { version } = await ok("GET", `${path}/room/people`, { as: teacher.token });
    await report([visit(guest.viewer, now - 30_000), visit(inRoom, now - 60_000, now - 20_000)]);
    const since = await until(async () => {
      const answer = await ok("GET", `${path}/room/people?since=${version}`, { as: teacher.token });
      return answer.left.length > 0 && answer;
    }, "the difference");
    assert.deepEqual([since.left, since.items, since.count, since.again], [[inRoom], [], 1, false]);
    assert.equal((await ok("GET", `${path}/room/people?since=999999`, { as: teacher.token })).again, true);

    const attendance: Attended[] = (await ok("GET", `${path}/attendance`, { as: teacher.token })).items;
    const of = (name: string) => attendance.find((one) => one.name === name);
    assert.deepEqual([attendance.length, of("=Guest")?.inRoom, of("=Guest")?.status], [3, true, "guest"]);
    const [present] = attendance.filter(({ status }) => status === "present");
    assert.deepEqual([present?.seconds, present?.inRoom, present?.devices], [40, false, ["phone, Chrome"]]);
    assert.equal(attendance.filter(({ status }) => status === "absent").length, 1);
    const { body: text } = await call("GET", `${path}/attendance/export`, { as: teacher.token });
    assert.match(text, /^\uFEFF?participantId,.*,minutes,lessonMinutes,intervals,devices,stars\r\n/);
    assert.match(text, /,'=Guest,guest,guest,/);
    for (const route of ["room/people", "attendance", "attendance/export", "signins"])
      assert.equal((await call("GET", `${path}/${route}`, { as: anna.token })).status, 403, route);
    const archive = await ok("GET", `/users/${anna.id}/archive`, { as: anna.token });
    assert.deepEqual([archive.attendance.length, archive.attendance[0].device], [1, "phone, Chrome"]);
    await ok("POST", `/users/${anna.id}/erase`, { body: { login: "anna" } });
    const erased: Attended[] = (await ok("GET", `${path}/attendance`, { as: teacher.token })).items;
    const nameless = erased.find(({ name }) => name === "removed person");
    assert.deepEqual([nameless?.seconds, nameless?.devices], [40, []]);
  });

  test("a sign-in has a code, takes each once, is closed by its time, and is in the attendance", async (t) => {
    const school = await open(t);
    const { ok, service } = school;
    const { path, teacher, anna, lesson, inRoom, guest } = await openClass(school);
    let ids = 0;
    const act = (token: string, body: object) =>
      school.call("POST", `${path}/room/entries`, { as: token, body: { id: `s${++ids}`, kind: "signin", ...body } });
    const opened = (await act(teacher.token, { action: "open", title: "Start", code: "0417" })).body;
    const { ref } = opened.answer;
    assert.equal((await act(anna.token, { action: "sign", ref, code: "0000" })).body.code, "wrong-code");
    assert.equal((await act(anna.token, { action: "sign", ref, code: "0417" })).status, 200);
    const sign = {
      id: "g1",
      kind: "signin",
      mediaTime: null,
      body: { action: "sign", ref, code: "0417" },
      participant: guest.viewer,
    };
    const answer = await service.roomRequest({ kind: "send", room: lesson.id, actions: [sign, { ...sign, id: "g2" }] });
    assert.equal(answer.kind === "send" && answer.results.every((result) => "seq" in result), true);
    const [round] = (await ok("GET", `${path}/signins`, { as: teacher.token })).items;
    assert.deepEqual([round.ref, round.code, round.state, round.signed, round.late], [ref, "0417", "open", 2, 0]);
    assert.equal((await act(teacher.token, { action: "close", ref })).status, 200);
    assert.equal((await act(teacher.token, { action: "close", ref })).status, 200, "closing twice is no mistake");
    const late = { ...sign, id: "g3", participant: inRoom };
    const signed = await service.roomRequest({ kind: "send", room: lesson.id, actions: [late] });
    assert.ok(signed.kind === "send" && signed.results[0] && "seq" in signed.results[0], "who has signed has signed");
    const attendance: Attended[] = (await ok("GET", `${path}/attendance`, { as: teacher.token })).items;
    assert.equal(attendance.filter(({ signins }) => signins[0]?.ref === ref).length, 2);
    const { body: text } = await school.call("GET", `${path}/attendance/export`, { as: teacher.token });
    assert.match(text, /,signin 1: Start,stars\r\n/);
    // Five seconds are the shortest time limit.
    const short = (await act(teacher.token, { action: "open", seconds: 5 })).body.answer.ref;
    const closed = async () =>
      (await ok("GET", `${path}/signins`, { as: teacher.token })).items.find((one: { ref: string }) => one.ref === short)?.closedAt;
    await until(closed, "the sign-in to close by itself");
    assert.equal((await act(anna.token, { action: "sign", ref: short })).body.code, "closed");
  });
});

/** Enters the room of a lesson as its page does: again after it was cut off. */
function stay(lectern: Lectern, code: string, link: string) {
  let socket: WebSocket | null = null;
  let left = false;
  let since: number | null = null;
  let cutOffAt = 0;
  let timer: NodeJS.Timeout | null = null;
  const enter = () => {
    socket = new WebSocket(`${lectern.http.replace("http:", "ws:")}/api/v1/rooms/${code}/socket?${link}`, "lectern.room.v1");
    socket.on("error", () => {});
    socket.on("open", () => {
      since ??= Date.now();
    });
    socket.on("close", () => {
      cutOffAt = Date.now();
      if (!left) timer = setTimeout(enter, 500);
    });
  };
  enter();
  return {
    /** Since when it is there. */
    since: () => since,
    cutOffAt: () => cutOffAt,
    /** Stays only until it is cut off. */
    stayOnce: () => {
      left = true;
    },
    isThere: () => socket?.readyState === WebSocket.OPEN,
    leave: () => {
      left = true;
      if (timer) clearTimeout(timer);
      socket?.close();
    },
  };
}

test("attendance is right within two seconds after a worker and the control process were killed", {
  timeout: 300_000,
}, async (t) => {
  const lectern = await sharedLectern({ workers: "2" });
  const lesson = await done(lectern, "POST", "/lessons", { title: "Maths" });
  // A request that the killed worker had taken is lost.
  const ask = (path: string) =>
    until(async () => await done(lectern, "GET", `/lessons/${lesson.id}/${path}`).catch(() => null), "an answer");
  const people = () => ask("room/people");
  const attendance = async (): Promise<Attended[]> => (await ask("attendance")).items;
  const members: ReturnType<typeof stay>[] = [];
  for (const name of ["Ada", "Bob", "Cyd", "Dan"]) {
    const { play } = await done(lectern, "POST", `/lessons/${lesson.code}/join`, { name });
    members.push(stay(lectern, lesson.code, play.flv.split("?")[1]));
  }
  t.after(() => {
    for (const { leave } of members) leave();
  });
  await until(async () => (await people()).count === 4, "four people");
  const [ada, bob] = members;
  bob?.stayOnce();
  for (const worker of ["media-1", "media-2"]) {
    process.kill(pidOf(lectern, worker), "SIGKILL");
    await until(() => lectern.said().includes(`"process":"${worker}","code":null,"signal":"SIGKILL"`), "the worker's end");
    await until(() => members.every((one) => one === bob || one.isThere()), "all others to be there again");
    assert.equal((await people()).count, 4);
  }
  const bobLeft = async () => (await attendance()).some(({ name, intervals }) => name === "Bob" && intervals[0]?.to !== null);
  await until(bobLeft, "the end of the one who did not come back");
  process.kill(pidOf(lectern, "control"), "SIGKILL");
  // One leaves while nobody can note it.
  ada?.leave();
  const leftAt = Date.now();
  const items = await until(async () => {
    const now = await attendance();
    const there = now.filter(({ intervals }) => intervals[0]?.to === null).map(({ name }) => name);
    return there.toSorted().join() === "Cyd,Dan" && now;
  }, "the control process to know again");
  for (const [i, { name, intervals }] of items.toSorted((one, other) => one.name.localeCompare(other.name)).entries()) {
    assert.equal(intervals.length, 1, name);
    const [{ from, to } = { from: "", to: null }] = intervals;
    assert.ok(Math.abs(Date.parse(from) - (members[i]?.since() ?? 0)) <= 2000, `${name} came at ${from}`);
    const end = name === "Bob" ? (bob?.cutOffAt() ?? 0) : leftAt;
    if (to !== null) assert.ok(Math.abs(Date.parse(to) - end) <= 2000, `${name} left at ${to}`);
  }
});
