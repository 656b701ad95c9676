/**
 * Plays one person of a test in a lesson, who comes, loads the page, joins by the API, watches, takes part in the room, goes away and comes back, and leaves. What was
 * refused with a time to wait is asked again, and what broke is opened again, as pages do.
 */
import { watchFlv, watchWebSocketFlv } from "../clients/flv-viewer.ts";
import { watchHls } from "../clients/hls-viewer.ts";
import { HttpLine } from "../clients/http-line.ts";
import { RoomMember } from "../clients/room-member.ts";
import { markedText } from "../clients/sent-marks.ts";
import { codeOf, targetOf, type Viewer, type ViewerOptions } from "../clients/viewer.ts";
import type { Measurements } from "../measure/measurements.ts";
import type { PlannedLesson, WatchProtocol } from "../plan/plan.ts";
import { pauseOf, randomOf } from "../plan/random.ts";
import type { PlannedPerson } from "../plan/schedule.ts";
import type { LessonRun } from "./lesson-run.ts";
import { loadPage } from "./page-files.ts";
import type { Timers } from "./timers.ts";

export type PersonContext = {
  readonly origin: URL;
  readonly seed: number;
  readonly measurements: Measurements;
  readonly timers: Timers;
};

type Joined = {
  readonly token: string | null;
  readonly play: { readonly flv: string; readonly hls: string };
  readonly renewAt: string;
};

const AGAIN_MS = 1000;
/** Of a hand that nobody calls on. */
const HAND_MS = 3000;
/** Links are renewed in time, and no timer is set for longer than a test lasts. */
const LEAST_RENEWAL_MS = 10_000;

export class Person {
  private readonly planned: PlannedPerson;
  private readonly lesson: LessonRun;
  private readonly context: PersonContext;
  private readonly random: () => number;
  private line: HttpLine | null = null;
  private joined: Joined | null = null;
  private viewer: Viewer | null = null;
  private member: RoomMember | null = null;
  /** Counts the visits: what an earlier one has begun does nothing any more. */
  private visit = 0;
  private readonly cancels = new Set<() => void>();
  hasFirstFrame = false;
  hasEntered = false;
  isPresent = false;

  constructor(planned: PlannedPerson, lesson: LessonRun, context: PersonContext) {
    this.planned = planned;
    this.lesson = lesson;
    this.context = context;
    this.random = randomOf(context.seed, `${planned.name}: acts`);
  }

  get isWatching(): boolean {
    return this.viewer !== null;
  }

  get isInRoom(): boolean {
    return this.member !== null;
  }

  /** Everything that the person came for was there. */
  get isServed(): boolean {
    return (this.planned.protocol === null || this.hasFirstFrame) && (!this.planned.group.room || this.hasEntered);
  }

  start(): void {
    const { timers } = this.context;
    const { arrivesAt, leavesAt, away } = this.planned;
    timers.at(arrivesAt, () => void this.come());
    if (away) {
      timers.at(away.from, () => this.leave());
      timers.at(away.to, () => void this.come());
    }
    timers.at(leavesAt, () => this.leave());
  }

  /** Answers a quiz after some thought, where this one of the group does. */
  answer(ref: string, { answers, within }: PlannedLesson["quizzes"][number], options: number): void {
    const thinks = this.random() * within * 0.9;
    if (this.random() >= answers || !this.member) return;
    const choice = Math.floor(this.random() * options);
    this.later(thinks, () => this.member?.say("answer", "answer", { quiz: ref, choice: [choice] }));
  }

  /** Media and stalls up to now. */
  look(now: number) {
    return this.viewer ? { ...this.viewer.playback.look(now), bytes: this.viewer.bytes() } : null;
  }

  leave(): void {
    this.visit++;
    this.isPresent = false;
    this.lesson.people.delete(this);
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
    this.closeViewer();
    this.member?.close();
    this.member = null;
    this.line?.drop();
    this.line = null;
  }

  private async come(): Promise<void> {
    const { group, protocol } = this.planned;
    const { measurements, origin } = this.context;
    const visit = ++this.visit;
    const came = performance.now();
    this.isPresent = true;
    measurements.count("came");
    const line = new HttpLine(() => targetOf(origin));
    this.line = line;
    if (group.pages && !(await this.loadPage(line, visit))) return;
    if (!(await this.join(line, visit)) || visit !== this.visit) return;
    line.drop();
    this.lesson.people.add(this);
    if (group.room) this.enterRoom();
    if (protocol) {
      await this.lesson.live;
      if (visit === this.visit) this.watch(protocol, came);
    }
    this.renewLater(visit);
  }

  private async loadPage(line: HttpLine, visit: number): Promise<boolean> {
    const { measurements } = this.context;
    const asked = performance.now();
    const code = await loadPage(line, `/class/${this.lesson.made.code}`);
    if (visit !== this.visit) return false;
    if (code === null) measurements.latency("page", performance.now() - asked);
    else measurements.failure("page", code);
    return true;
  }

  /** Asks again where the server says how long to wait. @returns false: refused for good, or left meanwhile */
  private async join(line: HttpLine, visit: number): Promise<boolean> {
    const { measurements } = this.context;
    const token = this.joined?.token ?? null;
    const body = JSON.stringify(token === null ? { name: this.planned.name } : { token });
    const path = `/api/v1/lessons/${this.lesson.made.code}/join`;
    while (visit === this.visit) {
      const answer = await line.request({ method: "POST", path, body });
      if (visit !== this.visit) return false;
      if (answer.status === 200) {
        measurements.latency(token === null ? "join" : "rejoin", answer.milliseconds);
        const joined = JSON.parse(answer.body.toString()) as Joined;
        this.joined = { ...joined, token: joined.token ?? token };
        return true;
      }
      measurements.failure("join", codeOf(answer.status, answer.body));
      if (answer.retryAfter === null && answer.status !== 0) return false;
      await this.pause((answer.retryAfter ?? 1) * 1000);
    }
    return false;
  }

  private renewLater(visit: number): void {
    if (!this.joined) return;
    const wait = Math.max(LEAST_RENEWAL_MS, Date.parse(this.joined.renewAt) - Date.now());
    this.later(wait, () => {
      const line = new HttpLine(() => targetOf(this.context.origin));
      void this.join(line, visit).then((isIn) => {
        line.drop();
        if (isIn) this.renewLater(visit);
      });
    });
  }

  private watch(protocol: WatchProtocol, came: number): void {
    if (!this.joined) return;
    const { measurements } = this.context;
    const link = new URL(protocol === "flv" || protocol === "ws" ? this.joined.play.flv : this.joined.play.hls);
    if (protocol === "ws") link.protocol = link.protocol === "https:" ? "wss:" : "ws:";
    const options: ViewerOptions = {
      url: link,
      sentAt: this.lesson.sentAt,
      onFirstFrame: (milliseconds) => {
        measurements.latency("firstFrame", milliseconds);
        measurements.latency(`firstFrame.${protocol}`, milliseconds);
        if (!this.hasFirstFrame) measurements.latency("start", performance.now() - came);
        this.hasFirstFrame = true;
      },
      onDelay: (milliseconds) => measurements.latency(`delay.${protocol}`, milliseconds),
      onEnd: (code) => {
        measurements.failure(`watch.${protocol}`, code);
        this.closeViewer();
        this.later(AGAIN_MS, () => this.watch(protocol, came));
      },
    };
    const isByFlv = protocol === "flv" || protocol === "ws";
    this.viewer = isByFlv ? (protocol === "ws" ? watchWebSocketFlv : watchFlv)(options) : watchHls(options, protocol === "llhls");
  }

  private closeViewer(): void {
    const { viewer } = this;
    if (!viewer) return;
    this.viewer = null;
    this.context.measurements.watched(viewer.playback.look(performance.now()), viewer.bytes());
    viewer.close();
  }

  private enterRoom(): void {
    if (!this.joined) return;
    const { measurements, origin } = this.context;
    const { group } = this.planned;
    const url = new URL(`/api/v1/rooms/${this.lesson.made.code}/socket${new URL(this.joined.play.hls).search}`, origin);
    this.member = new RoomMember(url, {
      onEntered: (milliseconds) => {
        this.hasEntered = true;
        measurements.latency("room", milliseconds);
        if (group.chat) this.repeat(group.chat.every, () => this.member?.say("chat", "chat", { text: markedText("chat") }));
        if (group.hands) this.repeat(group.hands.every, () => this.raiseHand());
      },
      onChat: (milliseconds) => measurements.latency("chat", milliseconds),
      onAcknowledged: (what, milliseconds) => {
        measurements.latency(`stored.${what}`, milliseconds);
        measurements.count(`said.${what}`);
      },
      onRefused: (what, code) => measurements.failure(what, code),
      onEnd: (code) => {
        measurements.failure("room", code);
        this.member = null;
        this.later(AGAIN_MS, () => this.enterRoom());
      },
    });
  }

  private raiseHand(): void {
    this.member?.say("hand", "hand", { action: "raise" });
    this.later(HAND_MS, () => this.member?.say("hand", "hand", { action: "lower" }));
  }

  /** At random moments, until the member is another one or has left. */
  private repeat(every: number, act: () => void): void {
    const { member } = this;
    this.later(pauseOf(this.random, every), () => {
      if (this.member !== member || !member) return;
      act();
      this.repeat(every, act);
    });
  }

  /** Unless the person has left by then. */
  private later(milliseconds: number, call: () => void): void {
    const cancel = this.context.timers.after(milliseconds, () => {
      this.cancels.delete(cancel);
      call();
    });
    this.cancels.add(cancel);
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.context.timers.after(milliseconds, resolve));
  }
}
