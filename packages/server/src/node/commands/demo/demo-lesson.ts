/**
 * Gives the demonstration's lesson a teacher who writes and asks, and students who answer, by the same API as everybody: while somebody else is there, and at
 * no other time.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Operation } from "@lectern/board";
import type { Logger } from "../../../platform/log.ts";
import type { DemoSchool } from "../../../school/school.ts";
import { PIECE_MS, penOperations } from "./handwriting.ts";
import { LESSON_ROUND, type Moment, ROUND_SECONDS, type StudentName } from "./lesson-script.ts";

export type DemoLesson = { readonly close: () => void };

/** Whether somebody is there is asked so often. */
const LOOK_MS = 4000;
const MOST_WAIT_MS = 300_000;
const REQUEST_MS = 10_000;
/** A stroke between two that follow each other. */
const LIFT_MS = 180;

type Answer = Readonly<Record<string, unknown>>;
type Sends = Readonly<Record<string, unknown>>;

/** @param base the server's own address */
export function startDemoLesson(base: string, school: DemoSchool, log: Logger): DemoLesson {
  const stop = new AbortController();
  void run(new Class(base, school, stop.signal), stop.signal, log);
  return { close: () => stop.abort() };
}

/** Until it is stopped. What fails, such as a restart of the server's processes, is tried again, ever less often: somebody may have deleted the school. */
async function run(lesson: Class, signal: AbortSignal, log: Logger): Promise<void> {
  let waitMs = LOOK_MS;
  while (!signal.aborted) {
    try {
      if (await lesson.hasVisitors()) await lesson.round();
      waitMs = LOOK_MS;
    } catch (error) {
      waitMs = Math.min(2 * waitMs, MOST_WAIT_MS);
      if (!signal.aborted) log.debug({ err: error }, "the demonstration's lesson goes on later");
    }
    await sleep(waitMs, undefined, { signal }).catch(() => {});
  }
}

class Class {
  private readonly base: string;
  private readonly school: DemoSchool;
  private readonly signal: AbortSignal;
  /** The teacher's session. */
  private session: string | null = null;
  /** Tokens by which students are the same guests again. */
  private readonly tokens = new Map<StudentName, string>();
  /** Of this round: the queries of students' links, which are their permission for the room. */
  private readonly links = new Map<StudentName, string>();
  private page: string | null = null;
  private strokes = 0;
  private quiz: string | null = null;
  private readonly tag = randomBytes(2).toString("hex");

  constructor(base: string, school: DemoSchool, signal: AbortSignal) {
    this.base = base;
    this.school = school;
    this.signal = signal;
  }

  async hasVisitors(): Promise<boolean> {
    const { people } = await this.asTeacher("GET", "/room");
    return typeof people === "number" && people > 0;
  }

  async round(): Promise<void> {
    await this.asTeacher("POST", "/join", {});
    this.links.clear();
    this.page ??= `${(await this.send("teacher", { kind: "page", action: "board", background: "grid" }))["set"]}.1`;
    await this.send("teacher", { kind: "page", action: "show", page: this.page });
    const begun = performance.now();
    for (const moment of LESSON_ROUND) {
      await this.until(begun, moment.atSeconds);
      await this.happen(moment);
    }
    await this.until(begun, ROUND_SECONDS);
  }

  private async happen(moment: Moment): Promise<void> {
    if ("sends" in moment) await this.send(moment.who, moment.sends);
    else if ("writes" in moment) for (const line of moment.writes) await this.write(line, moment.color);
    else if ("clears" in moment) await this.draw(["x"]);
    else if ("asks" in moment) await this.ask(moment.asks, moment.answers);
    else await this.reveal();
  }

  private async write(line: readonly (readonly [number, number])[], color: "black" | "blue" | "red" | "green"): Promise<void> {
    this.strokes++;
    for (const operation of penOperations(`${this.tag}.${this.strokes}`, line, color)) {
      await this.draw(operation);
      await this.wait(PIECE_MS);
    }
    await this.wait(LIFT_MS);
  }

  private async draw(operation: Operation): Promise<void> {
    await this.send("teacher", { kind: "stroke", page: this.page, ops: [operation] });
  }

  /** Visitors answer too. */
  private async ask(question: Sends, answers: readonly (readonly [StudentName, number])[]): Promise<void> {
    const { ref } = await this.send("teacher", { kind: "quiz", action: "open", ...question });
    this.quiz = String(ref);
    for (const [who, place] of answers) {
      await this.wait(3000);
      await this.send(who, { kind: "answer", quiz: this.quiz, choice: [place] });
    }
  }

  private async reveal(): Promise<void> {
    if (this.quiz !== null) await this.send("teacher", { kind: "quiz", action: "reveal", ref: this.quiz });
    this.quiz = null;
  }

  private async send(who: StudentName | "teacher", sends: Sends): Promise<Answer> {
    const body = { id: randomBytes(8).toString("hex"), ...sends };
    const { answer } =
      who === "teacher"
        ? await this.asTeacher("POST", "/room/entries", body)
        : await this.call("POST", `/rooms/${this.school.lesson.code}/entries?${await this.linkOf(who)}`, body);
    return isAnswer(answer) ? answer : {};
  }

  /** A student joins before the first thing that they do in a round. */
  private async linkOf(who: StudentName): Promise<string> {
    const known = this.links.get(who);
    if (known !== undefined) return known;
    const token = this.tokens.get(who);
    const joined = await this.call(
      "POST",
      `/lessons/${this.school.lesson.code}/join`,
      token === undefined ? { name: who } : { name: who, token },
    );
    const play = isAnswer(joined["play"]) ? joined["play"] : {};
    const link = new URL(String(play["flv"])).searchParams.toString();
    this.tokens.set(who, String(joined["token"]));
    this.links.set(who, link);
    return link;
  }

  private async asTeacher(method: "GET" | "POST", path: string, body?: Sends): Promise<Answer> {
    const { login, password, lesson } = this.school;
    if (this.session === null) this.session = String((await this.call("POST", "/sessions", { login, password }))["token"]);
    try {
      return await this.call(method, `/lessons/${lesson.id}${path}`, body, this.session);
    } catch (error) {
      // Somebody may have ended the session; the next try signs in again.
      this.session = null;
      throw error;
    }
  }

  private async call(method: string, path: string, body?: Sends, session?: string): Promise<Answer> {
    const response = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: {
        ...(body ? { "content-type": "application/json" } : {}),
        ...(session ? { authorization: `Bearer ${session}` } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.any([this.signal, AbortSignal.timeout(REQUEST_MS)]),
    });
    const answer: unknown = await response.json();
    if (!response.ok || !isAnswer(answer))
      throw new Error(`${method} ${path.split("?")[0]}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  private async until(begun: number, seconds: number): Promise<void> {
    await this.wait(begun + seconds * 1000 - performance.now());
  }

  private async wait(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await sleep(milliseconds, undefined, { signal: this.signal });
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
