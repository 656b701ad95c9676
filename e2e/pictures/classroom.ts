/** Plays what goes on in the live lesson of the pictures: people, chat, questions, a quiz, raised hands, slides, and a board that was written on. */
import { encodePoints, type Operation, type Point } from "@lectern/board";
import type { Browser } from "playwright-core";
import { word } from "../handwriting.ts";
import { type Lectern, type Scope, until } from "../lectern.ts";
import { ask, type Body, done } from "../lesson-client.ts";
import { enterRoom, type RoomClient } from "../room-client.ts";
import { settled, upload } from "../uploads.ts";
import { nth, type People, type Someone } from "./people.ts";
import { slidesPdf } from "./slides.ts";

/** Board units in a pixel of the words that `word` writes. */
const SCALE = 6;
let actions = 0;

/** Does something in a lesson's room. Gives the answer. */
export async function act(server: Lectern, lesson: Body, someone: Someone, kind: string, body: object): Promise<Body> {
  const answer = await ask(
    server,
    "POST",
    `/lessons/${lesson.id}/room/entries`,
    { id: `picture-${++actions}`, kind, ...body },
    someone.token,
  );
  if (answer.status >= 300) throw new Error(`${kind} of ${someone.name}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.answer;
}

/** A member of the school comes into the room, and stays. */
export async function enter(scope: Scope, server: Lectern, lesson: Body, someone: Someone): Promise<RoomClient> {
  const { status, body } = await ask(server, "POST", `/lessons/${lesson.code}/join`, {}, someone.token);
  if (status !== 200) throw new Error(`${someone.name}: ${status} ${JSON.stringify(body)}`);
  const client = await enterRoom(server.http, lesson.code, body.play.flv);
  scope.after(() => client.close());
  await until(() => client.you !== null, `${someone.name} in the room`);
  return client;
}

/** The slides in the teacher's library. */
export async function uploadSlides(server: Lectern, browser: Browser, { token }: Someone): Promise<Body> {
  const id = await upload(server, "fractions.pdf", await slidesPdf(browser), { token, title: "Fractions 分数" });
  const material = await settled(server, id);
  if (material.state !== "ready") throw new Error(`the slides: ${JSON.stringify(material)}`);
  return material;
}

/** Shows the second slide, with writing on it. */
export async function showBoard(server: Lectern, lesson: Body, teacher: Someone, material: Body): Promise<void> {
  await done(server, "PUT", `/lessons/${lesson.id}/materials/${material.id}`, { opened: true });
  const { set } = await act(server, lesson, teacher, "page", { action: "open", material: material.id });
  await act(server, lesson, teacher, "page", { action: "board", background: "grid" });
  const page = `${set}.2`;
  await act(server, lesson, teacher, "page", { action: "show", page });
  await act(server, lesson, teacher, "stroke", { page, ops: writing() });
}

function writing(): readonly Operation[] {
  const points = (all: readonly { x: number; y: number; pressure: number }[]): string =>
    encodePoints(all.map(({ x, y, pressure }, i): Point => ({ x: Math.round(x), y: Math.round(y), pressure, at: i * 16 })));
  const ring = Array.from({ length: 60 }, (_, i) => {
    const turn = (i / 56) * 2 * Math.PI;
    return { x: 3900 + 420 * Math.cos(turn), y: 2570 + 190 * Math.sin(turn), pressure: 0.5 };
  });
  const letters = word(5, { x: 0, y: 0 }, 40).map(({ x, y, pressure }) => ({ x: 4700 + x * SCALE, y: 1350 + y * SCALE, pressure }));
  return [
    ["s", "pict.1", "pen", "red", 17, points(ring), 1],
    ["s", "pict.2", "pen", "blue", 15, points(letters), 1],
    ["i", "pict.3", { type: "shape", shape: "arrow", color: "red", stroke: 15, x: 4700, y: 2250, width: -420, height: 200 }],
    ["i", "pict.4", { type: "text", text: "½ = 2/4 !", color: "red", size: 260, x: 4750, y: 1950, width: 1500, height: 320 }],
  ];
}

/** Students come, write, ask, answer and raise their hands. */
export async function fillClass(scope: Scope, server: Lectern, lesson: Body, people: People): Promise<void> {
  const { wang, students } = people;
  const here = students.slice(0, 14);
  const rooms = await Promise.all(here.map((someone) => enter(scope, server, lesson, someone)));
  const say = (someone: Someone, text: string) => act(server, lesson, someone, "chat", { text });
  await say(wang, "Good morning, everybody! 同学们早上好!");
  await say(nth(here, 0), "老师好!");
  await say(nth(here, 2), "Good morning, Ms Wang");
  await say(nth(here, 4), "I can see the slides now, thank you.");
  await say(wang, "Please open your books at page 44. 请翻到第 44 页。");
  await say(nth(here, 7), "为什么要先通分?");
  await say(nth(here, 8), "Because the pieces must be the same size before we can count them together.");
  await act(server, lesson, wang, "announcement", { action: "post", text: "The test is on Friday 星期五测验" });
  const asked = await act(server, lesson, nth(here, 6), "question", { action: "ask", text: "Is 2/4 the same number as ½?" });
  await act(server, lesson, nth(here, 3), "question", { action: "ask", text: "如果分母是 3 和 5,公分母是多少?" });
  for (const someone of here.slice(8, 12))
    await act(server, lesson, someone, "question", { action: "vote", ref: asked.ref, on: true });
  const quiz = await act(server, lesson, wang, "quiz", {
    action: "open",
    type: "single",
    text: "½ + ¼ = ?",
    options: ["2/6", "3/4", "1/8", "I do not know 不知道"],
    correct: [1],
  });
  for (const [i, room] of rooms.slice(0, 9).entries()) await room.send("answer", { quiz: quiz.ref, choice: [i % 4 === 0 ? 0 : 1] });
  for (const room of rooms.slice(1, 4)) await room.send("hand", { action: "raise" });
}
