/** Provides a small lesson for tests: its teacher and students get keys of their own streams, and send clips so that each moment comes at its time. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { TestContext } from "node:test";
import { TAG_TYPE, writeTag } from "@lectern/media";
import { type Lectern, until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";
import { enterRoom } from "./room-client.ts";
import { readTags } from "./rtmp-client.ts";
import { WebSocketPublisher } from "./websocket-publisher.ts";

const PASSWORD = "sunlit-harbour-42";
const TICK_MS = 10;

/** A stream of a person, and its key. */
export type Member = { readonly name: string; readonly key: string };

export async function openSmallLesson(t: TestContext, server: Lectern) {
  const { id: schoolId } = (await done(server, "GET", "/schools")).items[0];
  const person = { schoolId, login: "wang", name: "Wang Fang", role: "teacher", password: PASSWORD };
  const { id: teacherId } = await done(server, "POST", "/users", person);
  const lesson = await done(server, "POST", "/lessons", { schoolId, title: "Fractions", teacherId, mode: "small", record: true });
  const { token } = (await ask(server, "POST", "/sessions", { login: "wang", password: PASSWORD }, null)).body;
  const member = async (name: string, session: string | null): Promise<Member> => {
    const { status, body } = await ask(server, "POST", `/lessons/${lesson.code}/join`, session === null ? { name } : {}, session);
    assert.equal(status, 200, JSON.stringify(body));
    const client = await enterRoom(server.http, lesson.code, body.play.flv);
    t.after(() => client.close());
    return (await client.send("stage", { action: "key" })).answer.publish;
  };
  return { lesson, token, teacher: await member("", token), student: (name: string) => member(name, null) };
}

export type Sending = { readonly close: () => void };

/**
 * Sends a clip so that each of its moments comes at `begunAt` and its time.
 * @param begunAt milliseconds since 1970; @param broken replaces what is in the frames
 */
export async function sendClip(
  t: TestContext,
  server: Lectern,
  to: Member,
  file: string,
  begunAt: number,
  broken = false,
): Promise<Sending> {
  const publisher = new WebSocketPublisher(t, `${server.http}/live/${to.name}/publish?key=${to.key}`);
  await until(() => publisher.has("started"), `${to.name} to publish`);
  const tags = readTags(file);
  const isConfiguration = ({ type, body }: (typeof tags)[number]) => type !== TAG_TYPE.script && body[1] === 0;
  for (const tag of tags) if (isConfiguration(tag)) publisher.send(writeTag(tag.type, 0, [tag.body]));
  const now = () => Date.now() - begunAt;
  let next = tags.findIndex(
    (tag) => tag.type === TAG_TYPE.video && !isConfiguration(tag) && (tag.body[0] ?? 0) >> 4 === 1 && tag.timestamp >= now(),
  );
  const timer = setInterval(() => {
    for (let tag = tags[next]; tag && tag.timestamp <= now(); tag = tags[++next]) {
      if (tag.type === TAG_TYPE.script || isConfiguration(tag)) continue;
      publisher.send(writeTag(tag.type, tag.timestamp, [broken ? garbled(tag.type, tag.body) : tag.body]));
    }
  }, TICK_MS);
  const close = (): void => {
    clearInterval(timer);
    publisher.socket.terminate();
  };
  t.after(close);
  return { close };
}

/** The heads stay, of the tag and of the first NAL unit. */
function garbled(type: number, body: Uint8Array): Uint8Array {
  const from = type === TAG_TYPE.video ? 10 : 2;
  return body.map((byte, i) => (i < from ? byte : (i * 151 + 17) & 0xff));
}

/** The program that makes a picture below a directory. */
export function pidOfVideo(directory: string): number | null {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const isIt = readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("ffmpeg\0");
      if (
        isIt &&
        readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("graph.txt") &&
        readlinkSync(`/proc/${pid}/cwd`).startsWith(directory)
      )
        return Number(pid);
    } catch {
      // It has ended.
    }
  }
  return null;
}

/** The child of a server that started a program: the worker. */
export function workerOf(server: Lectern, program: number): number {
  for (let pid = program; pid > 1; ) {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const parent = Number(fields[1]);
    if (parent === server.process.pid) return pid;
    pid = parent;
  }
  throw new Error("the program is not a server's");
}
