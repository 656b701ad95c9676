/** Provides a live lesson of a school of its own, whose teacher acts by the API. */
import assert from "node:assert/strict";
import { sharedLectern } from "./fixtures.ts";
import type { Lectern, Scope } from "./lectern.ts";
import { ask, type Body, done, push } from "./lesson-client.ts";

const PASSWORD = "sunlit-harbour-42";

export type TaughtLesson = {
  readonly server: Lectern;
  readonly lesson: Body;
  /** Does something in the room as the teacher. */
  readonly teach: (kind: string, body: object) => Promise<Body>;
};

/** @param slug of the school */
export async function startTaughtLesson(t: Scope, slug: string, title: string): Promise<TaughtLesson> {
  const server = await sharedLectern();
  const { id: schoolId } = await done(server, "POST", "/schools", { slug, name: slug });
  const person = { schoolId, login: "wang", name: "Wang Fang", role: "teacher", password: PASSWORD };
  const { id: teacherId } = await done(server, "POST", "/users", person);
  const lesson = await done(server, "POST", "/lessons", { schoolId, title, teacherId });
  const signedIn = await ask(server, "POST", "/sessions", { school: slug, login: "wang", password: PASSWORD }, null);
  push(t, lesson.stream.rtmpUrl, "calm");
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  let actions = 0;
  const teach = async (kind: string, body: object): Promise<Body> => {
    const action = { id: `teacher-${++actions}`, kind, ...body };
    const answer = await ask(server, "POST", `/lessons/${lesson.id}/room/entries`, action, signedIn.body.token);
    assert.ok(answer.status < 300, `${kind}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.answer;
  };
  return { server, lesson, teach };
}
