/** Provides the lessons in the pictures: live ones, planned ones in a timetable, one that waits, one that has ended, and one with a recording to replay. */
import type { Browser } from "playwright-core";
import { clip } from "../clips.ts";
import { publishForever } from "../ffmpeg.ts";
import { type Lectern, type Scope, until } from "../lectern.ts";
import { type Body, done } from "../lesson-client.ts";
import { beaconViewer } from "../view-beacons.ts";
import { STUDENTS, TEACHERS, videoPerson } from "./camera.ts";
import { act, enter, fillClass, showBoard, uploadSlides } from "./classroom.ts";
import { nth, type People } from "./people.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RECORDED_SECONDS = 16;

export type Courses = Readonly<Record<"maths" | "chinese" | "biology", string>>;
export type Lessons = Readonly<
  Record<"board" | "camera" | "poems" | "waiting" | "planned" | "ended" | "recorded" | "small", Body>
> & {
  /** Of a viewer who has complained. */
  readonly view: string;
  readonly recordingId: string;
};
export type Stage = {
  readonly scope: Scope;
  readonly server: Lectern;
  readonly browser: Browser;
  readonly directory: string;
  readonly schoolId: string;
  readonly people: People;
};

export async function openCourses({ server, schoolId, people }: Stage): Promise<Courses> {
  const course = async (name: string, teacher: string): Promise<string> => {
    const { id } = await done(server, "POST", "/courses", { schoolId, name });
    await done(server, "PUT", `/courses/${id}/members/${teacher}`, { role: "teacher" });
    for (const one of people.students) await done(server, "PUT", `/courses/${id}/members/${one.id}`, { role: "student" });
    return id;
  };
  return {
    maths: await course("Mathematics 7b 数学", people.wang.id),
    chinese: await course("语文 七年级二班", people.chen.id),
    biology: await course("Biology 8a", people.carter.id),
  };
}

/** A week of lessons around now, in hours of the day. */
export async function fillTimetable({ server, people, schoolId }: Stage, courses: Courses): Promise<void> {
  const monday = new Date();
  monday.setUTCHours(0, 0, 0, 0);
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  const plan = [
    { title: "Fractions: adding 分数的加法", courseId: courses.maths, teacherId: people.wang.id, days: [0, 2, 4], hour: 1 },
    { title: "唐诗三首", courseId: courses.chinese, teacherId: people.chen.id, days: [0, 1, 3], hour: 2 },
    { title: "Photosynthesis", courseId: courses.biology, teacherId: people.carter.id, days: [1, 2, 4], hour: 3 },
    { title: "Mental arithmetic", courseId: courses.maths, teacherId: people.wang.id, days: [1, 3], hour: 6 },
    { title: "作文讲评", courseId: courses.chinese, teacherId: people.chen.id, days: [2, 4], hour: 7 },
  ];
  for (const { days, hour, ...lesson } of plan)
    for (const day of days) {
      const start = monday.getTime() + day * DAY_MS + hour * HOUR_MS;
      const times = { startsAt: new Date(start).toISOString(), endsAt: new Date(start + 45 * 60_000).toISOString() };
      await done(server, "POST", "/lessons", { schoolId, ...lesson, ...times });
    }
}

export async function giveLessons(stage: Stage, courses: Courses): Promise<Lessons> {
  const { scope, server, browser, directory, people } = stage;
  const lesson = (title: string, more: object = {}): Promise<Body> =>
    done(server, "POST", "/lessons", { schoolId: stage.schoolId, title, ...more });
  const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const wang = await videoPerson(scope, browser, directory, "wang", TEACHERS.wang);
  const carter = await videoPerson(scope, browser, directory, "carter", TEACHERS.carter);
  const chen = await videoPerson(scope, browser, directory, "chen", TEACHERS.chen);

  const material = await uploadSlides(server, browser, people.wang);
  const ofMaths = { courseId: courses.maths, teacherId: people.wang.id };
  const recorded = await record(
    stage,
    await lesson("Fractions: the first steps 分数初步", { ...ofMaths, record: true }),
    wang,
    material,
  );
  const board = await lesson("Fractions: adding 分数的加法", { ...ofMaths, record: true, startsAt: soon(-12), endsAt: soon(33) });
  const camera = await lesson("Photosynthesis 光合作用", { courseId: courses.biology, teacherId: people.carter.id });
  const poems = await lesson("唐诗三首", { courseId: courses.chinese, teacherId: people.chen.id });
  for (const [one, film] of [
    [board, wang],
    [camera, carter],
    [poems, chen],
  ] as const) {
    publishForever(scope, film, one.stream.rtmpUrl);
    await server.stream(one.stream.name, (stream) => stream.video !== null);
  }
  // A channel that everybody may watch.
  publishForever(scope, carter, `${server.rtmp}/live/open-day`);
  await showBoard(server, board, people.wang, material);
  await fillClass(scope, server, board, people);
  for (const one of people.students.slice(14)) await enter(scope, server, camera, one);

  const planned = await lesson("Fractions: comparing 分数的大小", { ...ofMaths, startsAt: soon(90), endsAt: soon(135) });
  await done(server, "PUT", `/lessons/${planned.id}/invited/${nth(people.students, 3).id}`);
  const waiting = await lesson("Fractions: word problems 应用题", { ...ofMaths, startsAt: soon(25), endsAt: soon(70) });
  const ended = await lesson("Angles in triangles 三角形的内角", ofMaths);
  await done(server, "POST", `/lessons/${ended.id}/start`);
  await done(server, "POST", `/lessons/${ended.id}/end`);
  const binned = await lesson("A mistake");
  await done(server, "DELETE", `/lessons/${binned.id}`);
  const small = await lesson("Maths circle 数学小组", { teacherId: people.wang.id, mode: "small" });
  await meet(stage, small, wang);
  return { board, camera, poems, waiting, planned, ended, small, ...recorded, view: await complain(server, camera) };
}

/** A lesson of some seconds with slides, writing and chat, whose recording is whole. */
async function record(
  { server, scope, people }: Stage,
  lesson: Body,
  film: string,
  material: Body,
): Promise<Pick<Lessons, "recorded" | "recordingId">> {
  const sending = publishForever(scope, film, lesson.stream.rtmpUrl);
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  await showBoard(server, lesson, people.wang, material);
  for (const one of people.students.slice(0, 3)) await enter(scope, server, lesson, one);
  await act(server, lesson, people.wang, "chat", { text: "A quarter is half of a half." });
  await act(server, lesson, people.li, "chat", { text: "四分之一是一半的一半" });
  await act(server, lesson, nth(people.students, 1), "question", { action: "ask", text: "Can a fraction be larger than one?" });
  const recordings = async (): Promise<Body[]> => (await done(server, "GET", `/recordings?lessonId=${lesson.id}`)).items;
  const begun = Date.now();
  await until(() => Date.now() > begun + RECORDED_SECONDS * 1000, "some of the lesson");
  sending.child.kill("SIGKILL");
  await done(server, "POST", `/lessons/${lesson.id}/end`);
  const recording = await until(async () => (await recordings()).find(({ whole }) => whole) ?? null, "the recording");
  const chapters = [
    { seconds: 0, title: "Welcome 开始" },
    { seconds: 6, title: "Thirds" },
    { seconds: 11, title: "Quarters" },
  ];
  await done(server, "PATCH", `/recordings/${recording.id}`, { title: "Thirds and quarters", chapters });
  return { recorded: lesson, recordingId: recording.id };
}

/** The teacher and two students in a small lesson, who send films of themselves. */
async function meet(stage: Stage, lesson: Body, film: string): Promise<void> {
  const { scope, server, people, browser, directory } = stage;
  await done(server, "POST", `/lessons/${lesson.id}/start`);
  const films = [film];
  for (const [i, person] of STUDENTS.entries()) films.push(await videoPerson(scope, browser, directory, `student-${i}`, person));
  for (const [i, one] of [people.wang, ...people.students.slice(4, 6)].entries()) {
    const client = await enter(scope, server, lesson, one);
    const { publish } = (await client.send("stage", { action: "key" })).answer;
    publishForever(scope, films[i] ?? clip("tiny"), `${server.rtmp}/live/${publish.name}?key=${publish.key}`);
  }
}

/** A viewer whose picture stands still, and who reports it. Gives the session's id. */
async function complain(server: Lectern, lesson: Body): Promise<string> {
  const { view, tell } = await beaconViewer(server, lesson.code, "Anna Schmidt-Hohenstein 安娜", {
    device: { class: "phone", os: "Android" },
  });
  await tell();
  await tell({ watchedMs: 4000, bsd: 6000, stalls: 2, bl: 0, mtp: 300, frames: 100, end: "left" });
  await done(server, "POST", `/lessons/${lesson.id}/trouble`, { view, state: "live" });
  await until(
    async () =>
      await done(server, "GET", `/views/${view}`).then(
        () => true,
        () => false,
      ),
    "the session",
  );
  return view;
}
