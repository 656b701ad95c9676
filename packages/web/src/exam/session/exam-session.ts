/** Runs a candidate's attempt on this device: waits for the start, gets the key, opens the paper, keeps and sends answers, and ends with the time or by handing in. */
import { type AnswerValue, type FactKind, type PaperFile, SECTION_BEGUN, SOUND_PLAYED } from "@lectern/exam";
import { after } from "../../schedule/after.ts";
import { type Attempt, DoorRefusal, type OwnAnswers, type Stored } from "../attempt/exam-types.ts";
import type { AnswerFiles } from "../files/answer-files.ts";
import type { OpenedMedia, ShownMedia } from "../media/media-context.ts";
import type { SectionTimes } from "../sections/section-times.ts";
import { EntrySender, PAUSED, SEND_AFTER_MS } from "./entry-sender.ts";
import { handInAll } from "./hand-in.ts";
import { Journal, type OwnAnswer } from "./journal.ts";
import { PackageLoader } from "./package-loader.ts";
import type { SessionParts } from "./session-parts.ts";
import { hasFileQuestions, hasTimedSections, type SessionSnapshot, type Stage } from "./session-snapshot.ts";
import { listenInWaitingRoom } from "./waiting-listener.ts";

/** The key is asked for by all at once: each within this time. */
const START_SPREAD_MS = 700;
const RETRY_MS = { first: 1000, most: 8000 } as const;
/** Longer timers overflow in browsers. */
const MAX_TIMER_MS = 3_600_000;

export class ExamSession {
  readonly attempt: Attempt;
  private readonly parts: SessionParts;
  private readonly listeners = new Set<() => void>();
  private readonly ends = new Set<() => void>();
  private state: SessionSnapshot;
  private journal: Journal | null = null;
  private files: AnswerFiles | null = null;
  private media: OpenedMedia | null = null;
  private times: SectionTimes | null = null;
  private opening: Promise<void> = Promise.resolve();
  private sender: EntrySender | null = null;
  private readonly paper: PackageLoader;
  private isClosed = false;
  private cancelWait = (): void => {};
  private cancelEnd = (): void => {};

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.paper = new PackageLoader(parts.loadPackage);
    this.attempt = parts.attempt;
    const { opensAt, endsAt, handedInAt } = parts.attempt;
    this.state = {
      stage: handedInAt === null ? "waiting" : "handed-in",
      package: "loading",
      sheet: null,
      opensAt,
      endsAt,
      handedInAt,
      pausedAt: null,
      messages: [],
      talk: null,
      awaySince: null,
      unsaved: 0,
      unsentFiles: 0,
      takesFiles: false,
      late: 0,
      isOver: false,
      isHandingIn: false,
    };
  }

  readonly snapshot = (): SessionSnapshot => this.state;

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    if (this.state.stage !== "waiting") return;
    this.ends.add(
      this.parts.clock.onStep(() => {
        this.watchEnd();
        if (this.state.stage === "waiting") this.waitForStart();
      }),
    );
    const onState = (state: "ready" | "failed") => this.set({ package: state });
    void this.paper.load({ isWanted: () => !this.isClosed, onState, rest: (tries) => this.rest(tries, 1) });
    this.waitForStart();
    if (!this.parts.isSupervised || !this.isAt("waiting")) return;
    const onStored = (stored: Stored) => this.takeStored(stored);
    this.sender = listenInWaitingRoom(this.parts, { onStored, onRefused: (refusal) => void this.takeRefusal(refusal) });
  }

  close(): void {
    this.isClosed = true;
    this.cancelWait();
    this.cancelEnd();
    this.sender?.close();
    this.files?.close();
    this.media?.close();
    for (const end of this.ends) end();
  }

  /** Null: nothing is answered by files, or what takes them is being loaded. */
  get answerFiles(): AnswerFiles | null {
    return this.files;
  }

  /** Null: the paper has no pictures and no sound. */
  get shownMedia(): ShownMedia | null {
    return this.media?.shown ?? null;
  }

  /** Null: no section has a time of its own. */
  get sectionTimes(): SectionTimes | null {
    return this.times;
  }

  readonly now = (): number => this.parts.clock.now();
  beginSection(section: string): void {
    if (!this.canWrite() || !this.times) return;
    this.times.begin(section, this.now());
    this.journal?.note(SECTION_BEGUN, Math.round(this.now()), section);
    this.sender?.sendWithin(0);
    this.set({});
    this.watchEnd();
  }

  /** Whether the question's section, where it has a time of its own, has begun and is not over. */
  takesAnswers(question: string): boolean {
    return this.times?.takesAnswers(question, this.now()) ?? true;
  }

  answerOf(question: string): OwnAnswer {
    return this.journal?.answerOf(question) ?? { value: null, isMarked: false, isSaved: true };
  }

  /** @param isTyped more letters may follow at once */
  answer(question: string, value: AnswerValue, isTyped = false): void {
    if (!this.canWrite(question)) return;
    this.write(question, value, this.answerOf(question).isMarked, isTyped);
  }

  /** @param isMarked the candidate wants to look at the question again */
  mark(question: string, isMarked: boolean): void {
    if (!this.canWrite(question)) return;
    this.write(question, this.answerOf(question).value, isMarked, false);
  }

  note(fact: FactKind, detail?: string): void {
    if (this.state.stage !== "sitting" || !this.parts.facts.includes(fact)) return;
    this.journal?.note(fact, Math.round(this.parts.clock.now()), detail);
    this.sender?.sendWithin(SEND_AFTER_MS.chosen);
  }

  /** The person has left a field, or the page is hidden: what is there is sent. */
  flush(): void {
    this.sender?.sendWithin(0);
  }

  /** The candidate has read a message. */
  confirm(id: string): void {
    this.sender?.confirm(id);
    this.set({ messages: this.state.messages.filter((message) => message.id !== id) });
  }

  networkIsBack(): void {
    this.sender?.tryNow();
    this.files?.networkIsBack();
  }

  /** Another window of this browser goes on. */
  leaveSeat(): void {
    this.end("elsewhere");
  }

  /** Hands in, as soon as the server is reached. */
  async handIn(): Promise<void> {
    if (this.state.stage !== "sitting" || this.state.isHandingIn || !this.journal) return;
    this.set({ isHandingIn: true });
    for (let tries = 0; this.state.stage === "sitting" && !this.isClosed; tries++) {
      try {
        await this.journal.settled();
        // What comes after the hand-in does not count.
        await this.opening;
        await this.files?.settled();
        if (!this.isAt("sitting")) return;
        const { handedInAt } = await handInAll(this.journal, this.parts.door);
        this.set({ handedInAt, awaySince: null });
        this.end("handed-in");
      } catch (error) {
        if (error instanceof DoorRefusal && this.takeRefusal(error)) return;
        if (error instanceof DoorRefusal && error.code === PAUSED) this.takePause(this.heardOfPause());
        else this.set({ awaySince: this.state.awaySince ?? this.parts.clock.now() });
        await this.rest(tries, 0.5);
      }
    }
  }

  private canWrite(question?: string): boolean {
    const isRunning = this.state.stage === "sitting" && this.state.pausedAt === null;
    return isRunning && (question === undefined || this.takesAnswers(question));
  }

  private write(question: string, value: AnswerValue, isMarked: boolean, isTyped: boolean): void {
    this.journal?.write(question, value, isMarked, Math.round(this.parts.clock.now()));
    this.sender?.sendWithin(isTyped ? SEND_AFTER_MS.typed : SEND_AFTER_MS.chosen);
    this.set({});
  }

  private waitForStart(): void {
    this.cancelWait();
    const left = this.state.opensAt - this.parts.clock.now();
    if (left > MAX_TIMER_MS) this.cancelWait = after(MAX_TIMER_MS, () => this.waitForStart());
    else if (left > 0) this.cancelWait = after(left + this.parts.random() * START_SPREAD_MS, () => void this.begin());
    else void this.begin();
  }

  private async begin(): Promise<void> {
    if (this.state.stage !== "waiting") return;
    this.set({ stage: "starting" });
    for (let tries = 0; !this.isClosed && this.isAt("starting"); tries++) {
      try {
        await this.open();
      } catch (error) {
        if (error instanceof DoorRefusal) {
          if (error.code === "exam-not-started") {
            this.set({ stage: "waiting", opensAt: error.startsAt ?? this.parts.clock.now() + RETRY_MS.most });
            this.waitForStart();
            return;
          }
          if (this.takeRefusal(error)) return;
        } else if (error instanceof DOMException && error.name === "OperationError") {
          // The key does not fit the package.
          this.end("lost");
          return;
        }
        this.set({ awaySince: this.state.awaySince ?? this.parts.clock.now() });
        await this.rest(tries, 0.5);
      }
    }
  }

  private isAt(stage: Stage): boolean {
    return this.state.stage === stage;
  }

  private async open(): Promise<void> {
    const { attempt, store, door, clock, random, pollSeconds } = this.parts;
    const { key, endsAt } = await door.key();
    const kept = await store.load(attempt.id);
    // A new attempt on its first device has nothing at the server.
    const isNew = attempt.startedAt === null && attempt.seat === 1 && kept.length === 0;
    const own: Pick<OwnAnswers, "answers" | "seq" | "handedInAt" | "paused" | "pausedAt" | "sections"> = isNew
      ? { answers: [], seq: 0, handedInAt: null }
      : await door.own();
    const { paper, files } = await this.parts.openPackage(await this.paper.bytes(), key);
    const sheet = this.parts.sheetOf(paper, attempt.seed);
    const journal = new Journal(store, attempt, kept, own);
    const times = hasTimedSections(sheet) ? await this.parts.openSections(sheet, own.sections, journal.begun) : null;
    if (this.isClosed) return;
    this.journal = journal;
    this.times = times;
    this.openMedia(files);
    this.sender?.close();
    this.sender = new EntrySender(
      this.journal,
      door,
      {
        onStored: (stored) => this.takeStored(stored),
        onAway: (isAway) => this.noteAway(isAway),
        onRefused: (refusal) => void this.takeRefusal(refusal),
        onPaused: () => this.takePause(this.heardOfPause()),
      },
      { elapsed: () => clock.elapsed(), random, ...(pollSeconds === undefined ? {} : { askMs: pollSeconds * 1000 }) },
    );
    const takesFiles = hasFileQuestions(sheet);
    this.set({ stage: "sitting", package: "ready", sheet, takesFiles, endsAt, handedInAt: own.handedInAt, awaySince: null });
    if (takesFiles && own.handedInAt === null) this.opening = this.openFiles();
    if (own.handedInAt !== null) return this.end("handed-in");
    if (own.paused) this.takePause(own.pausedAt ?? this.heardOfPause());
    this.sender.start();
    this.watchEnd();
  }

  private openMedia(files: readonly PaperFile[]): void {
    if (files.length === 0) return;
    this.media = this.parts.openMedia(files, {
      playsOf: (file) => this.journal?.playsOf(file) ?? 0,
      onPlayed: (file) => {
        this.journal?.note(SOUND_PLAYED, Math.round(this.parts.clock.now()), file);
        this.sender?.sendWithin(SEND_AFTER_MS.chosen);
      },
    });
  }

  private async openFiles(): Promise<void> {
    for (let tries = 0; !this.isClosed && !this.files; tries++) {
      try {
        const files = await this.parts.openFiles({
          endsAt: () => this.state.endsAt,
          onAway: (isAway) => this.noteAway(isAway),
          onRefused: (refusal) => void this.takeRefusal(refusal),
          onChange: () => this.set({}),
        });
        if (this.isClosed) return files.close();
        this.files = files;
        this.set({});
      } catch {
        // A part of the page has not come.
        await this.rest(tries, 0.5);
      }
    }
  }

  private takePause(pausedAt: number | null): void {
    if (pausedAt === this.state.pausedAt) return;
    this.media?.hold(pausedAt !== null);
    this.set({ pausedAt });
  }

  /** Since when, where the server does not say it: since it was heard first. */
  private heardOfPause(): number {
    return this.state.pausedAt ?? this.parts.clock.now();
  }

  private takeStored({ endsAt, handedIn, late = [], paused = false, pausedAt, messages = [], talk, sections }: Stored): void {
    if (late.length > 0) this.set({ late: this.state.late + late.length });
    if (handedIn) {
      this.set({ handedInAt: this.state.handedInAt ?? this.parts.clock.now() });
      return this.end("handed-in");
    }
    if (sections) this.times?.take(sections);
    this.takePause(paused ? (pausedAt ?? this.heardOfPause()) : null);
    this.set({
      endsAt: endsAt ?? this.state.endsAt,
      // The same object while it is the same talk: what is shown of it goes on.
      talk: talk?.id === this.state.talk?.id && talk?.isOn === this.state.talk?.isOn ? this.state.talk : (talk ?? null),
      messages: messages.filter(({ id }) => !this.sender?.isConfirming(id)),
    });
    this.watchEnd();
  }

  private noteAway(isAway: boolean): void {
    const wasAway = this.state.awaySince !== null;
    if (isAway === wasAway) return;
    this.set({ awaySince: isAway ? this.parts.clock.now() : null });
    this.note(isAway ? "network-away" : "network-back");
  }

  /** @returns whether the attempt goes on no more on this page */
  private takeRefusal({ code }: DoorRefusal): boolean {
    if (code === "exam-seat-taken") this.end("elsewhere");
    else if (code === "exam-ended") {
      this.set({ isOver: true, late: this.state.late + this.state.unsaved });
      this.end("time-up");
    } else if (code === "exam-attempt-unknown" || code === "bad-credential") this.end("lost");
    else return false;
    return true;
  }

  /** Extra time moves the end, also after it. */
  private watchEnd(): void {
    this.cancelEnd();
    const { endsAt, stage, pausedAt } = this.state;
    // The end moves on with the clock, when it runs again.
    if (endsAt === null || pausedAt !== null || (stage !== "sitting" && stage !== "time-up") || this.isClosed) return;
    const left = endsAt - this.parts.clock.now();
    if (left > 0) {
      if (stage === "time-up") {
        this.media?.hold(false);
        this.set({ stage: "sitting" });
      }
      const section = (this.times?.nextEnd(this.now()) ?? endsAt) - this.now();
      this.cancelEnd = after(Math.min(left, section, MAX_TIMER_MS), () => {
        if (section < left) this.sender?.sendWithin(0);
        this.set({});
        this.watchEnd();
      });
    } else if (stage === "sitting") {
      this.media?.hold(true);
      this.set({ stage: "time-up" });
      this.sender?.sendWithin(0);
    }
  }

  private end(stage: "handed-in" | "time-up" | "elsewhere" | "lost"): void {
    this.cancelWait();
    this.cancelEnd();
    this.sender?.close();
    this.media?.close();
    if (stage !== "time-up") this.files?.close();
    this.set({ stage, isHandingIn: false });
  }

  /** Before the next try. @param spread of those who try at the same moment, of the time itself */
  private rest(tries: number, spread: number): Promise<void> {
    const ms = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** tries) * (1 + this.parts.random() * spread);
    return new Promise((resolve) => after(ms, resolve));
  }

  private set(changed: Partial<SessionSnapshot>): void {
    this.state = { ...this.state, ...changed, unsaved: this.journal?.unsaved() ?? 0, unsentFiles: this.files?.unsent ?? 0 };
    for (const listener of this.listeners) listener();
  }
}
