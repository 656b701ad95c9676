/**
 * Tells the server how a viewer sees a stream: a beacon after the first picture, then at most one in ten seconds, one where a recording ends, and one at the end
 * (`POST /api/v1/views`, docs/monitoring.md). It watches the element from outside, and does no harm where the server is unreachable or refuses.
 */
import { serverClock } from "../clock/server-clock.ts";
import { bufferedAhead } from "../engines/buffered-ahead.ts";
import { DRY_BELOW } from "../engines/dry-meter.ts";
import { BeaconQueue } from "./beacon-queue.ts";
import { describeDevice, describeNetwork } from "./device.ts";
import { FrameMeter } from "./frame-meter.ts";
import { LongTasks } from "./long-tasks.ts";
import { PlayedMinutes } from "./played-minutes.ts";
import { randomHex, randomText } from "./random-text.ts";
import { type Phase, type StallCause, ViewMeter } from "./view-meter.ts";

export type ViewFacts = {
  /** APP/NAME without a rung, or vod/ID. */
  readonly cid: string;
  readonly kind: "live" | "replay";
  readonly engine: "flv" | "ws" | "hls" | "native" | "whep";
  /** The address that is watched with: its host serves the media, its query is the link. Absolute. */
  readonly url: string;
  readonly rung: string | null;
};

type ReporterHost = {
  /** What is watched now; null: nothing, or nothing is to be told. */
  readonly facts: () => ViewFacts | null;
  /** Seconds from the server to the screen, where the engine knows it. */
  readonly delay?: () => number | null;
  /** What the player is doing; `playing` where the picture should move. */
  readonly phase: () => Exclude<Phase, "rebuffering">;
};

type End = "left" | "ended" | "failed" | "changed";

type Session = {
  readonly id: string;
  readonly trace: string;
  /** The latest of what is watched: a server or an engine may change, the stream does not. */
  facts: ViewFacts;
  readonly queue: BeaconQueue;
  readonly meter: ViewMeter;
  readonly frames: FrameMeter;
  /** Null for a live stream. */
  readonly played: PlayedMinutes | null;
  readonly beganAt: number;
  number: number;
  reportedAt: number;
  /** Infinite while nothing happens that was not told. */
  nextAt: number;
  /** When the browser showed the first frame, which may be long before it has data to go on; null: it has not, or does not tell. */
  shownAt: number | null;
  firstFrameMs: number | null;
  reportedFirstFrame: boolean;
  switches: number;
  reconnects: number;
  problems: string[];
  rung: string | null;
};

const LOOK_MS = 250;
const BEACON_MS = 10_000;
/** Beacons of a class do not come at once. */
const SPREAD_MS = 1000;
const FIRST_WITHIN_MS = 3000;
/** What was played to its end is told so long after the beacon before, at the soonest. */
const ENDED_MS = 2000;
/** A picture that did not come says so after this. */
const NO_PICTURE_MS = 15_000;
const MAX_PROBLEMS = 10;
/** The picture of another rung begins with a gap. */
const SWITCH_MS = 2000;
/** A frame with a higher number is of the stream before. */
const FIRST_FRAMES = 5;
/** A seek that has no picture for longer is a stall. */
const SEEK_MS = 500;

export class ViewReporter {
  private readonly video: HTMLVideoElement;
  private readonly host: ReporterHost;
  private readonly longTasks = new LongTasks();
  private session: Session | null = null;
  private timer = 0;
  private isWaiting = false;
  private switchedAt = Number.NEGATIVE_INFINITY;
  private seekedAt = Number.NEGATIVE_INFINITY;
  private readonly listeners: readonly (readonly [EventTarget, string, (event: Event) => void])[];

  /** @param player tells of its state, first picture and problems by its events */
  constructor(player: HTMLElement, video: HTMLVideoElement, host: ReporterHost) {
    this.video = video;
    this.host = host;
    this.listeners = [
      [player, "lectern-state", () => this.look()],
      [player, "lectern-first-frame", (event) => this.firstFrame(detailOf(event, "milliseconds"))],
      [player, "lectern-problem", (event) => this.problem(detailOf(event, "problem"))],
      [video, "waiting", () => this.waits(true)],
      [video, "playing", () => this.waits(false)],
      [video, "seeking", () => this.seeks()],
      [video, "pause", () => this.look()],
      [video, "volumechange", () => this.look()],
      [window, "pagehide", () => this.end("left")],
    ];
  }

  /** The session's id, for a report of a problem; null: nothing is told. */
  get id(): string | null {
    return this.session && !this.session.queue.isRefused ? this.session.id : null;
  }

  /**
   * The session's trace for the request for the media (W3C Trace Context); null: nothing is told. The first span, which the server records with the
   * first picture, has the beginning of the trace's id. Servers decide whether they record the trace.
   */
  get traceparent(): string | null {
    const trace = this.current()?.trace;
    return trace === undefined ? null : `00-${trace}-${trace.slice(0, 16)}-00`;
  }

  start(): void {
    clearInterval(this.timer);
    this.timer = window.setInterval(() => this.look(), LOOK_MS);
    this.longTasks.start();
    for (const [target, type, listener] of this.listeners) target.addEventListener(type, listener);
    this.look();
  }

  /** Ends the session, and tells so. */
  stop(end: End = "left"): void {
    clearInterval(this.timer);
    this.longTasks.stop();
    for (const [target, type, listener] of this.listeners) target.removeEventListener(type, listener);
    this.end(end);
  }

  private firstFrame(milliseconds: unknown): void {
    const session = this.current();
    if (!session || typeof milliseconds !== "number") return;
    const now = performance.now();
    const shownMs = milliseconds - (now - (session.shownAt ?? now));
    session.firstFrameMs ??= shownMs > 0 ? shownMs : milliseconds;
    const soon = Math.min(session.nextAt, now + Math.random() * FIRST_WITHIN_MS);
    session.nextAt = Math.max(soon, session.reportedAt + BEACON_MS);
  }

  private problem(code: unknown): void {
    const { session } = this;
    if (!session || typeof code !== "string") return;
    session.problems = [...session.problems, code].slice(-MAX_PROBLEMS);
  }

  /** Notices what has changed, regularly and at each change. */
  private look(): void {
    const session = this.current();
    if (!session) return;
    const now = performance.now();
    this.noteRung(session, now);
    const phase = this.phase(now);
    if (phase === "reconnecting" && session.meter.phase !== "reconnecting") session.reconnects++;
    const { video } = this;
    session.meter.look(now, { phase, isHeard: !video.muted && video.volume > 0, cause: this.cause(now) });
    session.frames.look(video);
    session.played?.look({ now, position: video.currentTime * 1000, isPlaying: phase === "playing", rate: video.playbackRate });
    const isQuiet = phase === "paused" || phase === "ended" || phase === "failed";
    // A recording is played to its end by each viewer in their own time. What a page tells when it goes may be lost.
    if (phase === "ended" && session.played && session.nextAt < Number.POSITIVE_INFINITY)
      session.nextAt = Math.min(session.nextAt, session.reportedAt + ENDED_MS);
    if (!isQuiet && session.nextAt === Number.POSITIVE_INFINITY) session.nextAt = Math.max(now, session.reportedAt + BEACON_MS);
    if (now >= session.nextAt) this.tell(session, now, null, isQuiet);
  }

  private waits(isWaiting: boolean): void {
    // What a seek waits for is told by its length.
    if (isWaiting && this.video.seeking) return;
    this.isWaiting = isWaiting && this.host.phase() === "playing";
    this.look();
  }

  private seeks(): void {
    this.seekedAt = performance.now();
  }

  private phase(now: number): Phase {
    const phase = this.host.phase();
    // What waited before a pause or a reconnection is told again by an event where it waits after it.
    if (phase !== "playing") this.isWaiting = false;
    const isSeeking = this.video.seeking && now - this.seekedAt > SEEK_MS;
    return phase === "playing" && (this.isWaiting || isSeeking) ? "rebuffering" : phase;
  }

  private cause(now: number): StallCause {
    const { video } = this;
    if (this.host.phase() === "reconnecting") return "reconnecting";
    if (now - this.seekedAt < SWITCH_MS) return "seeking";
    if (now - this.switchedAt < SWITCH_MS) return "switching";
    return bufferedAhead(video) > DRY_BELOW * 4 ? "decoding" : "starved";
  }

  private noteRung(session: Session, now: number): void {
    const { rung } = session.facts;
    if (rung === session.rung) return;
    if (session.rung !== null && rung !== null) session.switches++;
    this.switchedAt = now;
    session.rung = rung;
  }

  /** The session of what is watched now; it begins when there is something to watch. */
  private current(): Session | null {
    const facts = this.host.facts();
    if (this.session && this.session.facts.cid !== facts?.cid) this.end("changed");
    if (this.session && facts) this.session.facts = facts;
    if (!facts || this.host.phase() === "paused") return this.session;
    this.session ??= this.begin(facts);
    return this.session;
  }

  private begin(facts: ViewFacts): Session {
    const now = performance.now();
    this.isWaiting = false;
    const session: Session = {
      id: randomText(),
      trace: randomHex(),
      facts,
      // Where the media come from, beacons arrive as well: a server that is gone is left.
      queue: new BeaconQueue((body) => post(addressOf(session.facts.url), body)),
      meter: new ViewMeter(now),
      frames: new FrameMeter(this.video),
      played: facts.cid.startsWith("vod/") ? new PlayedMinutes() : null,
      beganAt: now,
      number: 0,
      reportedAt: Number.NEGATIVE_INFINITY,
      nextAt: now + NO_PICTURE_MS,
      shownAt: null,
      firstFrameMs: null,
      reportedFirstFrame: false,
      switches: 0,
      reconnects: 0,
      problems: [],
      rung: facts.rung,
    };
    this.awaitFrame(session);
    return session;
  }

  private awaitFrame(session: Session): void {
    // Older browsers do not have it.
    this.video.requestVideoFrameCallback?.((now, { presentedFrames }) => {
      if (presentedFrames <= FIRST_FRAMES) session.shownAt = now;
      else if (session.firstFrameMs === null) this.awaitFrame(session);
    });
  }

  private tell(session: Session, now: number, end: End | null, isQuiet: boolean): void {
    session.reportedAt = now;
    // A paused player tells it once, and then nothing until it plays.
    session.nextAt = isQuiet ? Number.POSITIVE_INFINITY : now + BEACON_MS + Math.random() * SPREAD_MS;
    void session.queue.push(this.beacon(session, now, end), now);
  }

  private end(end: End): void {
    const { session } = this;
    if (!session) return;
    this.session = null;
    if (session.queue.isRefused) return;
    const last = this.beacon(session, performance.now(), end);
    for (const body of [...session.queue.takeWaiting(), last]) navigator.sendBeacon(addressOf(session.facts.url), body);
  }

  private beacon(session: Session, now: number, end: End | null): string {
    const { video } = this;
    const { cid, kind, engine, url } = session.facts;
    const interval = session.meter.take(now);
    const delay = this.host.delay?.() ?? null;
    const frames = session.frames.take(video);
    const offset = serverClock.now() - now;
    const { searchParams: link } = new URL(url);
    for (const name of ["traceparent", "audio"]) link.delete(name);
    const firstFrame = session.reportedFirstFrame ? null : session.firstFrameMs;
    if (firstFrame !== null) session.reportedFirstFrame = true;
    const kbps = (milliseconds: number) => (milliseconds < 1000 ? null : Math.round((frames.bytes * 8) / milliseconds));
    const body = {
      v: 1,
      sid: session.id,
      sn: session.number++,
      ts: Math.round(now + offset),
      cid,
      st: kind === "replay" ? "v" : "l",
      sf: engine,
      sta: session.meter.phase === "reconnecting" ? "rebuffering" : session.meter.phase,
      ...(link.size === 0 ? {} : { link: String(link) }),
      trace: session.trace,
      edge: new URL(url).host,
      intervalMs: interval.intervalMs,
      ...(firstFrame === null ? {} : { msd: Math.round(firstFrame) }),
      watchedMs: interval.watchedMs,
      heardMs: interval.heardMs,
      stalls: interval.stalls,
      bsd: interval.stallMs,
      stallList: interval.ended.map(({ at, ms, cause }) => ({ at: Math.round(at + offset), ms, cause })),
      ...(session.played ? { played: session.played.take() } : {}),
      frames: frames.decoded,
      droppedFrames: frames.dropped,
      bytes: frames.bytes,
      switches: session.switches,
      reconnects: session.reconnects,
      ec: session.problems,
      bl: Math.round(Math.max(0, bufferedAhead(video)) * 1000),
      br: kbps(interval.watchedMs),
      // Only a line that starves is as busy as it can be.
      mtp: interval.stallMs > 0 ? kbps(interval.intervalMs) : null,
      ltc: delay === null ? null : Math.round(delay * 1000),
      pr: video.playbackRate,
      rung: session.rung,
      longTaskMs: this.longTasks.take(),
      ...(end === null ? {} : { end }),
      device: describeDevice(navigator.userAgent, navigator.maxTouchPoints, navigator.hardwareConcurrency),
      network: describeNetwork(Reflect.get(navigator, "connection")),
    };
    session.switches = 0;
    session.reconnects = 0;
    session.problems = [];
    return JSON.stringify(body);
  }
}

function detailOf(event: Event, name: string): unknown {
  const detail: unknown = event instanceof CustomEvent ? event.detail : null;
  return typeof detail === "object" && detail !== null ? Reflect.get(detail, name) : undefined;
}

function addressOf(url: string): string {
  return new URL("/api/v1/views", url.replace(/^ws/, "http")).href;
}

async function post(url: string, body: string) {
  // As text it needs no preflight at another server.
  const options: RequestInit = { method: "POST", body, keepalive: true, credentials: "omit", referrerPolicy: "origin" };
  const sentAt = serverClock.monotonic();
  const answer = await fetch(url, { ...options, headers: { "content-type": "text/plain" } });
  serverClock.takeResponse(answer, sentAt);
  const { status, headers } = answer;
  const seconds = Number(headers.get("retry-after"));
  return { status, retryAfter: seconds > 0 ? seconds : null };
}
