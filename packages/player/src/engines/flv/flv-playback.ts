/**
 * Plays a live stream by FLV and changes between its rungs. The next rung is received besides the one that is shown. At a key frame that both
 * have, the decoder goes on with the next one, and nobody notices. On a connection that carries only one of them, or between sound alone
 * and a picture, the element is loaded again with what has arrived of the next one.
 */
import { bufferedAhead, lacksMedia, waitsForMedia } from "../buffered-ahead.ts";
import { DRY_BELOW } from "../dry-meter.ts";
import { type EngineStart, isSoundStillLeftOut, type SoundOnly } from "../engine.ts";
import { largestNeeded, sizeOf } from "../player-size.ts";
import type { Problem } from "../problem.ts";
import { qualityOf } from "../quality.ts";
import { addressOfRung, isPlayable, isSound, type Rung, SAVER, SOUND } from "../rung-list.ts";
import { AttachedSource } from "./attached-source.ts";
import { FedFrames } from "./fed-frames.ts";
import { Feed } from "./feed.ts";
import { KnownRungs } from "./known-rungs.ts";
import { nextReception, reaches } from "./next-reception.ts";
import type { RungDecision } from "./reception.ts";
import { RungChoice } from "./rung-choice.ts";
import { isFrame, RungStream, type Tagged, trackOf } from "./rung-stream.ts";
import { framesFrom, placeIn, Splice } from "./splice.ts";
import { missingOf, StoppedTrack } from "./stopped-track.ts";

/** With rungs to choose among, and without: then it only looks whether a track has stopped, or rungs have come. */
const TICK_MS = { choosing: 50, alone: 200 } as const;
/** Frames wait for the next rung only while the buffer has so many seconds. */
const HOLD_ABOVE = 0.15;
/** Seconds of the next rung that are needed to load the element with it. */
const RELOAD_WITH = 0.3;

export class FlvPlayback {
  private readonly options: EngineStart;
  private readonly known: KnownRungs;
  private shown: RungStream | null = null;
  private next: RungStream | null = null;
  /** In the element while the first frames are awaited. */
  private attached: AttachedSource | null = null;
  private feed: Feed | null = null;
  private splice: Splice | null = null;
  private tracks: StoppedTrack | null = null;
  private choice: RungChoice | null = null;
  private chosen: string | null;
  /** How the next rung is to be shown, once it can be. */
  private joining: "at-key-frame" | "reload" | null = null;
  private fed = new FedFrames();
  private ticking = 0;
  private closed = false;
  private reported = "";

  constructor(options: EngineStart) {
    this.options = options;
    this.known = new KnownRungs(options.url);
    this.chosen = options.chosen;
  }

  /** When bytes of the next rung have arrived last, milliseconds; null without one. */
  get receivedAt(): number | null {
    return this.next?.lastBytesAt ?? null;
  }

  /** As `Engine.needsTime`. */
  get needsTime(): boolean {
    return this.choice?.needsTime ?? false;
  }

  async open(): Promise<void> {
    const { first, isUndecodable, video } = this.options;
    this.attached = new AttachedSource(video);
    // Only a viewer who does not begin with the stream itself needs its rungs before.
    if (this.chosen !== null || first !== null || isUndecodable) await this.list();
    if (this.closed) return;
    this.show(this.beginning());
    this.tickSoon();
  }

  choose(label: string | null): void {
    this.chosen = label;
    this.choice?.choose(this.stepOf(label), performance.now());
    this.report();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.ticking);
    this.shown?.close();
    this.next?.close();
    this.attached?.release();
    this.attached = null;
    this.feed?.close();
    this.feed = null;
  }

  /** The rung to begin with; null for the stream itself, whose rungs are not known. */
  private beginning(): Rung | null {
    const { first, isUndecodable } = this.options;
    const { known } = this;
    const sound = isUndecodable ? known.list.find(isSound) : undefined;
    return sound ?? known.byLabel(this.chosen) ?? known.byLabel(first) ?? known.list[0] ?? null;
  }

  private show(rung: Rung | null): void {
    this.shown = this.receive(rung);
    this.fed = new FedFrames();
    this.watchSteps();
    this.report();
  }

  private receive(rung: Rung | null): RungStream {
    const { url, events } = this.options;
    const stream: RungStream = new RungStream(rung?.name == null ? url : addressOfRung(url, rung.name), rung, {
      onTags: (tags) => this.received(stream, tags),
      onUndecodable: (track) => stream !== this.shown || events.onUndecodable(track),
      onEnd: () => this.lost(stream, null, "the stream has ended"),
      onProblem: (problem, detail) => this.lost(stream, problem, detail),
    });
    return stream;
  }

  private received(stream: RungStream, tags: readonly Tagged[]): void {
    if (this.closed) return;
    if (stream === this.next) stream.keep(tags);
    else if (stream === this.shown && !this.feed) this.begin(stream, tags, 0);
    else if (stream === this.shown) this.pass(this.splice?.push(tags, this.joining === "at-key-frame") ?? []);
    this.tryToJoin();
  }

  /** Begins to decode a stream. @param without a track that has stopped, or that it has not */
  private begin(stream: RungStream, tags: readonly Tagged[], startAt: number, without = missingOf(stream, this.options)): void {
    const all = tags.filter(({ kind }) => isFrame(kind));
    // Of a track that is left out, nobody may know the codec.
    const frames = without === null ? all : all.filter(({ kind }) => trackOf(kind) !== without);
    if (frames.length === 0) return;
    const { video, events } = this.options;
    const attached = this.attached ?? new AttachedSource(video);
    this.attached = null;
    this.feed = new Feed(attached, startAt, {
      onError: (isCodec, detail) => {
        if (this.closed) return;
        if (isCodec) void this.leaveUnplayable(stream, detail);
        else events.onProblem("decoder", detail);
      },
    });
    this.splice = new Splice(stream.head);
    this.fed = new FedFrames();
    this.tracks = new StoppedTrack(stream.head, without);
    this.tracks.push(all);
    const head = without ? { ...stream.head, [without]: null } : stream.head;
    this.feed.begin({ audio: without !== "audio", video: without !== "video" }, head, frames);
    this.splice.push(all, false);
    this.fed.note(all);
    void this.list();
  }

  private pass(tags: readonly Tagged[]): void {
    const { shown, tracks } = this;
    if (shown && this.fed.hasJumped(tags)) return this.beginAgain(shown, tags);
    const passed = tracks?.push(tags) ?? tags;
    const returned = isSoundStillLeftOut(this.options) ? null : tracks?.returned;
    if (shown && returned) return this.beginAgain(shown, returned, placeIn(returned, this.mediaTime));
    this.feed?.push(passed);
    this.fed.note(passed);
  }

  /** Goes on without a track that the element waits for in vain. */
  private leaveStopped(shown: RungStream): void {
    const stopped = this.tracks?.stopped;
    if (!stopped) return;
    const { track, others } = stopped;
    this.beginAgain(shown, others, this.fed[track] === null ? 0 : placeIn(others, this.mediaTime), track);
  }

  private beginAgain(stream: RungStream, tags: readonly Tagged[], startAt = 0, without = missingOf(stream, this.options)): void {
    this.options.events.onReload();
    this.feed?.close();
    this.begin(stream, tags, startAt, without);
  }

  get mediaTime(): number | null {
    const { upTo } = this.fed;
    return upTo === null ? null : upTo - bufferedAhead(this.options.video) * 1000;
  }

  /** Goes over to the next rung at the key frame that is held back, if it has it. */
  private tryToJoin(): void {
    const { next, splice } = this;
    if (this.joining !== "at-key-frame" || !next || !splice?.isHolding) return;
    switch (splice.canJoin(next)) {
      case "yes": {
        const joined = splice.join({ kept: next.take(), head: next.head });
        this.arrived(next);
        return this.pass(joined);
      }
      case "other-format":
        this.joining = "reload";
        return this.release();
      case "no-key-frame":
        return this.release();
      case "not-yet":
    }
  }

  private release(): void {
    this.pass(this.splice?.release() ?? []);
  }

  /** Loads the element again with what has arrived of the next rung. */
  private reload(): void {
    const { next, mediaTime } = this;
    if (!next) return;
    const frames = framesFrom(next.kept, mediaTime ?? Number.POSITIVE_INFINITY);
    if (frames.length === 0) return;
    next.take();
    this.beginAgain(next, frames, placeIn(frames, this.mediaTime));
    this.arrived(next);
  }

  private arrived(next: RungStream): void {
    this.shown?.close();
    this.shown = next;
    this.next = null;
    this.joining = null;
    this.choice?.arrived(performance.now());
    this.report();
  }

  private lost(stream: RungStream, problem: Problem | null, detail: string): void {
    if (this.closed) return;
    const { events } = this.options;
    const isLast = stream === this.shown ? !stream.isCut : this.shown?.isCut === true;
    if (stream === this.next) {
      this.choice?.failed(performance.now(), problem === "not-live" || problem === "refused");
      this.leaveNext();
    }
    // The server may have given up this rung alone.
    const other =
      isLast && stream === this.shown && stream.rung?.name != null ? (this.choice?.gone(performance.now()) ?? null) : null;
    if (other) {
      stream.close();
      this.act(other);
    } else if (isLast && problem) events.onProblem(problem, detail);
    else if (isLast) events.onEnd();
  }

  private leaveNext(): void {
    this.next?.close();
    this.next = null;
    this.joining = null;
    this.release();
    this.report();
  }

  /** Goes over to the first rung that this browser can play. */
  private async leaveUnplayable(stream: RungStream, detail: string): Promise<void> {
    const { events } = this.options;
    const name = stream.rung?.name ?? null;
    this.known.leaveOut(name);
    const all = await this.list();
    if (this.closed || stream !== this.shown) return;
    const own = all.find((rung) => rung.name === name);
    const other = this.known.list[0];
    // What the browser can play otherwise than by FLV, another engine plays.
    if (!other || (name === null && own && own.codecs !== "" && isPlayable(own))) return events.onProblem("codec", detail);
    this.feed?.close();
    this.feed = null;
    this.splice = null;
    this.leaveNext();
    stream.close();
    this.show(other);
  }

  /** Asks for the rungs, where that was not done lately. Returns all of them, with those that cannot be played. */
  private async list(): Promise<readonly Rung[]> {
    const all = await this.known.ask(performance.now(), this.feed ? (this.shown?.rung?.name ?? null) : undefined);
    if (!this.closed) this.useList();
    return all;
  }

  /** Takes a new list over, but not while the viewer changes to a rung of the last one. */
  private useList(): void {
    const before = this.next ? null : this.known.use();
    if (!before) return;
    if (this.shown) this.watchSteps(before);
    this.report();
  }

  /** Begins to choose among the rungs that are known now. */
  private watchSteps(before: readonly Rung[] = []): void {
    const at = this.shownStep;
    const rungs = this.known.list;
    // A rung that the server has given up ends soon.
    if (at < 0) {
      this.choice = null;
      return;
    }
    const steps = rungs.map((rung) => ({ kbps: rung.kbps, isSound: isSound(rung) }));
    const labels = (of: readonly Rung[]) => of.map(({ label }) => label).join();
    if (this.choice && labels(before) === labels(rungs)) return this.choice.measured(steps);
    const isRefuge = this.options.isUndecodable && steps[at]?.isSound === true;
    this.choice = new RungChoice(steps, at, performance.now(), isRefuge);
    if (this.chosen !== null && !isRefuge) this.choice.choose(this.stepOf(this.chosen), performance.now());
  }

  private get shownStep(): number {
    return this.known.indexOf(this.shown?.rung?.name ?? null);
  }

  private stepOf(label: string | null): number | null {
    const rung = label === null ? undefined : this.known.byLabel(label);
    return rung ? this.known.indexOf(rung.name) : null;
  }

  private tickSoon(): void {
    const ms = this.choice ? TICK_MS.choosing : TICK_MS.alone;
    this.ticking = window.setTimeout(() => {
      this.tickSoon();
      this.tick(performance.now());
    }, ms);
  }

  private tick(now: number): void {
    const { shown, choice } = this;
    const { video } = this.options;
    const ahead = bufferedAhead(video);
    if (this.splice?.isHolding && ahead < HOLD_ABOVE) this.release();
    const isWaiting = waitsForMedia(video);
    if (!shown?.arrivals || !this.feed || (video.paused && !isWaiting)) return;
    // A stream that has just begun has no rungs yet, or its own bits are not measured yet.
    if (this.known.list[0]?.kbps === 0 || (!choice && ahead < DRY_BELOW) || this.known.isDue(now)) void this.list();
    this.useList();
    const isStill = isWaiting || ahead < DRY_BELOW || (lacksMedia(video) && !video.seeking);
    if (isStill) this.leaveStopped(shown);
    if (!choice) return;
    choice.limit(this.largestStep(), now);
    const arrival = shown.arrivals.measure(now);
    const next = this.next && nextReception(this.next, shown, this.mediaTime, now);
    const decision = choice.decide({ ...arrival, now, ahead, isStill, isHolding: this.splice?.isHolding ?? false, next });
    if (decision) this.act(decision);
    const canReload = next && next.ahead >= RELOAD_WITH && this.next && reaches(this.next, this.mediaTime);
    if (this.joining === "reload" && canReload) this.reload();
  }

  private act(decision: RungDecision): void {
    switch (decision.kind) {
      case "open": {
        const rung = this.known.list[decision.step];
        this.leaveNext();
        if (rung) this.next = this.receive(rung);
        void this.list();
        return;
      }
      case "join": {
        const isReload = isSound(this.next?.rung ?? NO_RUNG) || isSound(this.shown?.rung ?? NO_RUNG);
        this.joining = isReload ? "reload" : "at-key-frame";
        return;
      }
      case "cut":
        this.joining = null;
        this.release();
        this.shown?.close();
        return;
      case "swap":
        return this.reload();
      case "drop":
        if (this.shown?.isCut) return this.options.events.onProblem("network", "no rung arrives in time");
        this.leaveNext();
    }
  }

  private largestStep(): number {
    const pictures = this.known.list.filter((rung) => !isSound(rung) && rung.name !== SAVER);
    const largest = pictures[largestNeeded(pictures, sizeOf(this.options.video))];
    return largest ? this.known.indexOf(largest.name) : 0;
  }

  private report(): void {
    const { choice, shown } = this;
    const rungs = this.known.list;
    const playing = rungs[this.shownStep];
    if (!shown || (rungs.length < 2 && !isSound(playing ?? NO_RUNG))) return;
    const quality = qualityOf(rungs, {
      chosen: rungs[choice?.wanted ?? -1]?.label ?? null,
      playing: playing?.label ?? null,
      soundOnly: playing && isSound(playing) ? this.soundOnly() : null,
    });
    const before = this.reported;
    this.reported = JSON.stringify(quality);
    if (this.reported !== before) this.options.events.onQuality(quality);
  }

  private soundOnly(): SoundOnly {
    if (this.known.hasUnplayable || this.options.isUndecodable) return "undecodable";
    return this.choice?.isSoundForNow && this.chosen !== SOUND ? "slow" : "chosen";
  }
}

/** The stream itself, before its rungs are known: it has a picture. */
const NO_RUNG = { name: null, width: 0 };
