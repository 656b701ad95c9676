/**
 * Provides one small lesson after the other in each of many places: people join by the API, get their keys in the lesson's room, publish and watch
 * each other, and are gone.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Lectern } from "../../e2e/lectern.ts";
import { type Body, done } from "../../e2e/lesson-client.ts";
import { enterRoom, type RoomClient } from "../../e2e/room-client.ts";
import type { MemberPlan, MembersOrder, MembersReport } from "../load/small-lesson-members.ts";
import { ownCpuSeconds, pause } from "../testbed/child-process.ts";

/**
 * - leave: every session is ended by DELETE.
 * - end: the teacher ends the lesson; the server closes everybody.
 * - absent: a further member offers to publish and to watch, and never connects.
 * - vanish: the process of all its members is killed; nobody ends the lesson.
 */
type Way = "leave" | "end" | "absent" | "vanish";

export type LessonFigures = {
  begun: number;
  ended: number;
  /** Of who watches whom, in all lessons but those that vanished. */
  links: number;
  /** Of those, on which picture and sound came until the end. */
  seen: number;
  /** Lessons that could not be held to their end, and why. */
  readonly failures: string[];
  /** By code: how often a member was told to ask for the keys again. */
  readonly keysAgain: Map<string, number>;
  /** By code: why something was not opened. */
  readonly refusals: Map<string, number>;
};

type Member = { readonly client: RoomClient; readonly id: string };
type Person = Member & { readonly keys: Body };
type Left = Extract<MembersReport, { kind: "left" }>;

const WAYS: readonly Way[] = ["leave", "end", "absent", "leave", "vanish", "leave"];
const LIFE_SECONDS = { least: 15, more: 30 } as const;
/** Until the server has closed those whose lesson has ended. */
const CLOSED_SECONDS = 2;
/** After a lesson that failed, before the next one in its place. */
const FAILED_SECONDS = 5;
const PASSING = ["control-away", "database-away", "not-yet"];
const KEY_TIMES = 30;

/** The process of members of many lessons, or of one that will vanish. */
class Members {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<string, (report: MembersReport) => void>();

  constructor() {
    this.child = fork(join(import.meta.dirname, "../load/small-lesson-members.ts"), {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    // One of each lesson that waits for a report.
    this.child.setMaxListeners(0);
    this.child.on("message", (report: MembersReport) => this.waiting.get(`${report.kind} ${report.lesson}`)?.(report));
  }

  come(order: Extract<MembersOrder, { kind: "come" }>): Promise<void> {
    const came = this.report(`came ${order.lesson}`);
    this.child.send(order);
    return came.then(() => {});
  }

  leave(lesson: number, how: "delete" | "close"): Promise<Left> {
    const left = this.report(`left ${lesson}`);
    this.child.send({ kind: "leave", lesson, how } satisfies MembersOrder);
    return left as Promise<Left>;
  }

  /** They leave, and nothing is counted. */
  giveUp(lesson: number): void {
    if (this.child.connected) this.child.send({ kind: "leave", lesson, how: "delete" } satisfies MembersOrder);
  }

  /** That it has used; 0 after its end. */
  get cpuSeconds(): number {
    try {
      return ownCpuSeconds(this.child.pid ?? 0);
    } catch {
      return 0;
    }
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  private report(of: string): Promise<MembersReport> {
    return new Promise((resolve, reject) => {
      const dead = () => reject(new Error("the process of the members has ended"));
      this.child.once("exit", dead);
      this.waiting.set(of, (report) => {
        this.waiting.delete(of);
        this.child.off("exit", dead);
        resolve(report);
      });
    });
  }
}

export class SmallLessons {
  readonly figures: LessonFigures = {
    begun: 0,
    ended: 0,
    links: 0,
    seen: 0,
    failures: [],
    keysAgain: new Map(),
    refusals: new Map(),
  };
  private readonly server: Lectern;
  private readonly members = new Members();
  private readonly alive = new Set<Members>([this.members]);
  /** CPU time of members that were killed. */
  private goneSeconds = 0;
  private isOver = false;

  constructor(server: Lectern) {
    this.server = server;
  }

  /**
   * Begins with one lesson in each place, over the time of one life. Resolves when all are over, after `end`.
   */
  async run(places: number): Promise<void> {
    await Promise.all(Array.from({ length: places }, (_, place) => this.fill((place / places) * LIFE_SECONDS.least)));
  }

  /** CPU time of this process and of the members so far. */
  get cpuSeconds(): number {
    return [...this.alive].reduce((sum, one) => sum + one.cpuSeconds, ownCpuSeconds(process.pid) + this.goneSeconds);
  }

  /** No lesson begins any more. */
  end(): void {
    this.isOver = true;
  }

  /** Kills the processes of all members. */
  close(): void {
    this.isOver = true;
    for (const one of this.alive) one.kill();
  }

  private async fill(afterSeconds: number): Promise<void> {
    await pause(afterSeconds);
    while (!this.isOver)
      await this.hold(this.figures.begun++).catch(async (error: Error) => {
        const { message, cause } = error;
        this.figures.failures.push(cause === undefined ? message : `${message}: ${String(cause)}`);
        await pause(FAILED_SECONDS);
      });
  }

  private async hold(i: number): Promise<void> {
    const way = WAYS[i % WAYS.length] ?? "leave";
    const lesson = await done(this.server, "POST", "/lessons", { title: `Conversation ${i}`, mode: "small", guests: true });
    const people: Person[] = [];
    const members = way === "vanish" ? new Members() : this.members;
    this.alive.add(members);
    try {
      const size = 2 + (i % 2);
      for (let k = 0; k < size + (way === "absent" ? 1 : 0); k++) people.push(await this.enter(lesson, `Guest ${k}`));
      const plans = people.map((person) => this.planOf(person, people.slice(0, size)));
      await members.come({ kind: "come", lesson: i, members: plans.slice(0, size), absent: plans.slice(size) });
      await pause(LIFE_SECONDS.least + Math.random() * LIFE_SECONDS.more);
      if (way !== "vanish") await this.take(way, i, lesson);
    } catch (error) {
      members.giveUp(i);
      throw error;
    } finally {
      if (members !== this.members) this.kill(members);
      for (const { client } of people) client.close();
    }
    this.figures.ended++;
  }

  private kill(members: Members): void {
    this.alive.delete(members);
    this.goneSeconds += members.cpuSeconds;
    members.kill();
  }

  private async take(way: Way, i: number, { id }: Body): Promise<void> {
    const end = () => done(this.server, "POST", `/lessons/${id}/end`);
    if (way === "end") {
      await end();
      await pause(CLOSED_SECONDS);
    }
    const { links, seen, refusals } = await this.members.leave(i, way === "end" ? "close" : "delete");
    if (way !== "end") await end();
    this.figures.links += links;
    this.figures.seen += seen;
    for (const code of refusals) count(this.figures.refusals, code);
  }

  /** As a page does: joins, connects to the room, and asks there for the keys. */
  private async enter({ code }: Body, name: string): Promise<Person> {
    const { http } = this.server;
    const answer = await fetch(`${http}/api/v1/lessons/${code}/join`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name }),
    });
    const body: Body = await answer.json();
    if (!answer.ok) throw new Error(`join: ${answer.status} ${JSON.stringify(body)}`);
    const client = await enterRoom(http, code, body.play.flv);
    const keys = await this.keysOf(client).catch((error: unknown) => {
      client.close();
      throw error;
    });
    return { client, id: body.viewer, keys };
  }

  /** Asks again after a passing refusal, as pages do. @throws Error for another, and after many */
  private async keysOf(client: RoomClient): Promise<Body> {
    let refusal: string | undefined;
    for (let i = 0; i < KEY_TIMES; i++) {
      const { answer, code } = await client.send("stage", { action: "key" });
      if (answer?.publish) return answer;
      refusal = code;
      if (code === undefined || !PASSING.includes(code)) break;
      count(this.figures.keysAgain, code);
      await pause(1);
    }
    throw new Error(`no key: ${refusal}`);
  }

  private planOf({ id, keys: { publish, play } }: Person, others: readonly Person[]): MemberPlan {
    const { http } = this.server;
    const watched = others.filter((other) => other.id !== id);
    return {
      publish: `${http}/${publish.app}/${publish.name}/whip`,
      key: publish.key,
      watch: watched.map((other) => `${http}/${play.app}/${play.prefix}${other.id}/whep${play.query}`),
    };
  }
}

function count(counts: Map<string, number>, code: string): void {
  counts.set(code, (counts.get(code) ?? 0) + 1);
}
