/**
 * The ladders of a media worker: each is made where its source is published, starts with the first viewer of a rung or with the stream, and
 * ends when nobody has watched a rung for a while.
 */
import type { Variant } from "@lectern/media";
import { plainName } from "../../access/policies/stream-policy.ts";
import type { Clock } from "../../platform/clock.ts";
import type { LadderName } from "../../platform/config/schema.ts";
import { rungOf } from "../stream-name.ts";
import type { Log, LogSegment, Stream, StreamLocator, Streams } from "../streams/index.ts";
import { Ladder, type LadderEvents } from "./ladder.ts";
import { type LadderSource, type Rung, rungsOf, variantOf } from "./rungs.ts";

export type LaddersOptions = {
  readonly streams: Streams;
  readonly locator: StreamLocator;
  readonly clock: Clock;
  readonly settings: () => LadderSettings;
  /** Asks the process that writes a stream for one of its rungs. */
  readonly request: (app: string, name: string) => void;
  readonly events: LadderEvents;
};

export type LadderSettings = {
  readonly ladder: LadderName;
  /** demand: with the first viewer of a rung. publish: with the stream. */
  readonly start: "demand" | "publish";
  /** A ladder ends when nobody has watched a rung for so long. */
  readonly idleMs: number;
  /** The program that encodes. */
  readonly command: string;
};

const SWEEP_MS = 1000;
/** A viewer of a rung waits so long for it to begin. */
const WAIT = { totalMs: 10_000, stepMs: 50 } as const;

export class Ladders {
  private readonly options: LaddersOptions;
  private readonly running = new Map<Stream, Ladder>();
  private cancelSweep: () => void;

  constructor(options: LaddersOptions) {
    this.options = options;
    this.cancelSweep = options.clock.after(SWEEP_MS, () => this.sweep());
    options.streams.onEnded((stream, reason) => this.end(stream, reason));
  }

  /** Ladders that are made here. */
  list(): readonly Ladder[] {
    return [...this.running.values()];
  }

  /** The rungs that a source has, or would have if somebody asked for one. */
  rungsOf(parent: Stream): readonly Rung[] {
    const ladder = this.running.get(parent);
    return rungsOf(this.options.settings().ladder, sourceOf(parent)).filter(({ name }) => !ladder?.hasDropped(name));
  }

  /** The rungs of a source as HLS lists them; none for a rung. */
  variantsOf(parent: Stream): readonly (Omit<Variant, "uri"> & { readonly name: string })[] {
    if (rungOf(parent.name) !== null) return [];
    const source = sourceOf(parent);
    return this.rungsOf(parent).map((rung) => ({ name: `${parent.name}@${rung.name}`, ...variantOf(rung, source) }));
  }

  /** The stream that a rung is made from, or the stream itself; null when it is not live. */
  sourceOf(app: string, name: string): { readonly app: string; readonly name: string; readonly epoch: string } | null {
    const plain = plainName(name);
    const { streams, locator } = this.options;
    const epoch = streams.local(app, plain)?.epoch ?? locator.locate(app, plain)?.epoch;
    return epoch === undefined ? null : { app, name: plain, epoch };
  }

  /** A live stream or a rung, which is made for the first viewer who asks for it. */
  async find(app: string, name: string): Promise<Stream | null> {
    const { streams, clock, request } = this.options;
    const found = streams.find(app, name);
    const rung = rungOf(name);
    if (rung === null || (found && this.isCurrent(found))) return found;
    const parent = streams.find(app, plainName(name));
    if (!parent || !this.hasRung(parent, rung)) return found;
    if (parent.writing) this.begin(parent);
    else if (!found) request(app, name);
    for (let waited = 0; waited < WAIT.totalMs && !parent.ended; waited += WAIT.stepMs) {
      const made = streams.find(app, name);
      if (made && this.isCurrent(made)) return made;
      await new Promise<void>((resolve) => clock.after(WAIT.stepMs, resolve));
    }
    return streams.find(app, name);
  }

  /** Another process has a viewer for a rung of a stream that is published here. */
  requested(app: string, name: string): void {
    const parent = this.options.streams.local(app, plainName(name));
    const rung = rungOf(name);
    if (parent?.writing && rung !== null && this.hasRung(parent, rung)) this.begin(parent);
  }

  close(): void {
    this.cancelSweep();
    for (const ladder of this.running.values()) ladder.handOver();
    this.running.clear();
  }

  /** A new rung begins with segments of the past. Who is let in before it has come to the present would see them. */
  private isCurrent({ app, name, log }: Stream): boolean {
    const newest = log.segments.at(-1)?.head.msn;
    if (newest === undefined) return false;
    const parent = this.options.streams.local(app, plainName(name));
    return newest >= (parent?.log.segments.at(-1)?.head.msn ?? newest);
  }

  private hasRung(parent: Stream, rung: string): boolean {
    return this.rungsOf(parent).some(({ name }) => name === rung);
  }

  private begin(parent: Stream): void {
    if (this.running.has(parent)) return;
    const { streams, clock, settings, events } = this.options;
    const { command } = settings();
    this.running.set(parent, new Ladder({ parent, rungs: this.rungsOf(parent), streams, clock, command, events }));
  }

  private end(parent: Stream, reason: string): void {
    const ladder = this.running.get(parent);
    this.running.delete(parent);
    ladder?.close(reason);
  }

  private sweep(): void {
    this.cancelSweep = this.options.clock.after(SWEEP_MS, () => this.sweep());
    const { streams, settings } = this.options;
    const { ladder: name, start, idleMs } = settings();
    for (const [parent, ladder] of this.running) {
      if (!parent.writing) {
        this.running.delete(parent);
        ladder.handOver();
      } else if (name === "none" || (start === "demand" && this.idleMs(ladder) > idleMs)) this.end(parent, "idle");
      else ladder.relieve();
    }
    if (name === "none") return;
    for (const stream of streams.list()) if (stream.writing && rungOf(stream.name) === null) this.beginIfDue(stream, start);
  }

  /** A ladder that another process has made goes on where the publisher has come to. */
  private beginIfDue(parent: Stream, start: LadderSettings["start"]): void {
    if (this.running.has(parent) || parent.log.segments.length === 0) return;
    const { locator } = this.options;
    const isDue =
      start === "publish" || this.rungsOf(parent).some(({ name }) => locator.locate(parent.app, `${parent.name}@${name}`));
    if (isDue && this.rungsOf(parent).length > 0) this.begin(parent);
  }

  private idleMs({ parent, rungs, ageMs }: Ladder): number {
    const idle = rungs.map((rung) => this.options.streams.local(parent.app, `${parent.name}@${rung}`)?.idleMs ?? 0);
    return idle.length === 0 ? ageMs : Math.min(...idle);
  }
}

function sourceOf({ log }: Stream): LadderSource {
  const { video, audio } = log.context;
  const isDecodable = video?.format && video.format.width > 0 && video.data.length > 0;
  return {
    video: isDecodable ? { ...video.format, codec: video.codec } : null,
    audio: audio?.format ? { ...audio.format, codec: audio.codec } : null,
    ...ratesOf(log),
  };
}

type Bytes = { readonly video: number; readonly audio: number };
const counted = new WeakMap<LogSegment, Bytes>();

/** Bit rates of the complete segments: the same in every process that has the stream. */
function ratesOf({ segments }: Log): Pick<LadderSource, "videoKbps" | "audioKbps"> {
  const whole = segments.slice(0, -1);
  const milliseconds = (segments.at(-1)?.head.time ?? 0) - (whole[0]?.head.time ?? 0);
  if (milliseconds <= 0) return { videoKbps: 0, audioKbps: 0 };
  const kbps = (track: keyof Bytes) => (whole.reduce((sum, segment) => sum + bytesOf(segment)[track], 0) * 8) / milliseconds;
  return { videoKbps: kbps("video"), audioKbps: kbps("audio") };
}

function bytesOf(segment: LogSegment): Bytes {
  const known = counted.get(segment);
  if (known) return known;
  const bytes = { video: 0, audio: 0 };
  segment.entries.visit(0, segment.entries.length, (entry) => {
    if (entry.kind === "media" && entry.track !== "data") bytes[entry.track] += entry.payload.length;
  });
  counted.set(segment, bytes);
  return bytes;
}
