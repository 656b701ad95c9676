/**
 * Provides the ladders of a media worker, and the forms of streams, which are ladders of one rung. A ladder is a leased job: the process with a
 * viewer for a rung asks for the ladder, one node of those with room gets the lease, and one of its workers makes the rungs, until nobody has watched
 * one for a while.
 */
import type { Variant } from "@lectern/media";
import { plainName } from "../../access/policies/stream-policy.ts";
import { type Clock, waitUntil } from "../../platform/clock.ts";
import type { EncoderSetting, LadderChoice } from "../../platform/config/schema.ts";
import { Refusal } from "../../platform/refusal.ts";
import { liveText } from "../live-texts.ts";
import { type Rendition, renditionOf, rungOf } from "../stream-name.ts";
import type { Stream, StreamLocator, Streams } from "../streams/index.ts";
import { AwaitedRungs, type RungEncoder } from "./awaited-rungs.ts";
import type { EncoderKind } from "./encoder-arguments.ts";
import { Ladder, type LadderEvents } from "./ladder.ts";
import { ladderSource } from "./ladder-source.ts";
import { isRenditionUseful, needsPlayable, renditionRung } from "./renditions.ts";
import { isEncoded, type Rung, rungsOf, variantOf, workOf } from "./rungs.ts";

/** A ladder, or one rendition of a stream. */
export type LadderOf = { readonly app: string; readonly name: string; readonly rendition: Rendition | null };

export type LaddersOptions = {
  readonly streams: Streams;
  readonly locator: StreamLocator;
  readonly clock: Clock;
  /** Of a stream, by its own name. */
  readonly settings: (app: string, name: string) => LadderSettings;
  /** Whether the largest rung of a stream's ladder is not to be made for now. */
  readonly isTopRungShed: (parent: Stream) => boolean;
  /** Asks for the ladder of a stream, which some node then makes. */
  readonly request: (of: LadderRequest) => Promise<LadderAnswer>;
  /** Nobody watches the rungs of a ladder that is made here; it has ended. */
  readonly released: (of: LadderOf) => void;
  /** Whether a form is needed here besides by those who watch it. */
  readonly isNeeded: (parent: Stream, rendition: Rendition) => boolean;
  /** What a setting means on this machine; null while that is found out. */
  readonly encoderOf: (setting: EncoderSetting) => EncoderKind | null;
  readonly events: LadderEvents;
};

export type LadderSettings = {
  readonly ladder: LadderChoice;
  /** demand: with the first viewer of a rung. publish: with the stream. */
  readonly start: "demand" | "publish";
  /** A ladder ends when nobody has watched a rung for so long. */
  readonly idleMs: number;
  /** The program that encodes. */
  readonly command: string;
  readonly encoder: EncoderSetting;
};

/** work: in encoded megapixels a second (`workOf`). */
export type LadderRequest = LadderOf & { readonly work: number };
/** coming: a node makes it, or begins to. refused: no node has room now. never: no node's configuration leaves ladders cores. */
export type LadderAnswer = "coming" | "refused" | "never";

const SWEEP_MS = 1000;
/** A viewer waits so long for what it asks for at most. */
export const VIEWER_WAIT = { totalMs: 10_000, stepMs: 50 } as const;
/** All rungs of a ladder have begun within this. */
const SETTLED_MS = 5000;
/** A ladder that no node had room for is asked for again after so long, while somebody wants it. */
const REFUSED_MS = 5000;

export class Ladders {
  private readonly options: LaddersOptions;
  private readonly running = new Map<string, Ladder>();
  /** The ladders that this process makes, or begins to make as soon as their streams are here. */
  private assigned: readonly LadderOf[] = [];
  /** Ladders that were refused, and until when they are not asked for again, by stream. */
  private readonly refused = new Map<string, { readonly answer: LadderAnswer; readonly until: number }>();
  private readonly asking = new Map<string, Promise<LadderAnswer>>();
  private readonly awaited: AwaitedRungs;
  private cancelSweep: () => void;

  constructor(options: LaddersOptions) {
    this.options = options;
    this.awaited = new AwaitedRungs(options.streams, options.clock);
    this.cancelSweep = options.clock.after(SWEEP_MS, () => this.sweep());
    options.streams.onEnded((stream, reason) => this.ended(stream, reason));
  }

  /** Ladders that are made here. */
  list(): readonly Ladder[] {
    return [...this.running.values()];
  }

  /** The rungs that a source has, or would have if somebody asked for one. */
  rungsOf(parent: Stream): readonly Rung[] {
    const { app, name } = parent;
    const { settings, locator, clock } = this.options;
    const all = rungsOf(settings(app, name).ladder, ladderSource(parent));
    const ladder = this.running.get(keyOf({ app, name, rendition: null }));
    if (ladder) return all.filter((rung) => !ladder.hasDropped(rung.name));
    // What another node has given up is not there, as soon as all have had time to begin.
    const located = all.flatMap((rung) => {
      const location = locator.locate(app, `${name}@${rung.name}`);
      return location ? [{ rung, startedAt: location.startedAt }] : [];
    });
    const isSettled = located.some(({ startedAt }) => clock.utc() - startedAt > SETTLED_MS);
    return isSettled ? located.map(({ rung }) => rung) : all;
  }

  /** The rungs of a source as HLS lists them: none for a rung, none where no node has room to make them, and none that was waited for in vain. */
  variantsOf(parent: Stream): readonly (Omit<Variant, "uri"> & { readonly name: string })[] {
    const { app, name } = parent;
    if (rungOf(name) !== null) return [];
    const source = ladderSource(parent);
    const made = this.isRefused(keyOf({ app, name, rendition: null })) ? [] : this.rungsOf(parent);
    const encoded = encodedOf(name, made);
    const rungs = made.filter((rung) => {
      const whole = `${name}@${rung.name}`;
      return !this.awaited.isOverdue(app, whole, encoded.includes(whole) ? encoded : []);
    });
    const largest = Math.max(0, ...rungs.map(({ video }) => video?.height ?? 0));
    const playable =
      needsPlayable(source) && !this.isRefused(keyOf({ app, name, rendition: "rtc" })) ? renditionRung("rtc", source) : null;
    const added = playable?.video && playable.video.height > largest ? [playable] : [];
    return [...added, ...rungs].map((rung) => ({ name: `${name}@${rung.name}`, ...variantOf(rung, source) }));
  }

  /** The stream that a rung is made from, or the stream itself; null when it is not live. */
  sourceOf(app: string, name: string): { readonly app: string; readonly name: string; readonly epoch: string } | null {
    const plain = plainName(name);
    const { streams, locator } = this.options;
    const epoch = streams.local(app, plain)?.epoch ?? locator.locate(app, plain)?.epoch;
    return epoch === undefined ? null : { app, name: plain, epoch };
  }

  /** A live stream, or a rung, which is made for the first viewer who asks for it. Refuses with `no-such-stream`, `full` and `not-yet`. */
  async find(app: string, name: string): Promise<Stream | Refusal> {
    const { streams } = this.options;
    const found = streams.find(app, name);
    if (rungOf(name) === null) return found ?? new Refusal("no-such-stream");
    if (found && this.isCurrent(found)) return found;
    const parent = streams.find(app, plainName(name));
    if (!parent) return found ?? new Refusal("no-such-stream");
    const isOver = this.awaited.ask(app, name, this.encoderOf(parent, name));
    const made = await this.awaitRung(parent, name, isOver);
    if (!isOver()) this.awaited.forget(app, name);
    return made ?? streams.find(app, name) ?? new Refusal("no-such-stream");
  }

  /** Whether a form was refused just now because no node makes any, so that nobody has to ask again. */
  isMadeNowhere(app: string, name: string): boolean {
    return this.refusalOf(keyOf({ app, name: plainName(name), rendition: renditionOf(name) })) === "never";
  }

  /** The ladders that this process has to make, and no others. */
  assign(of: readonly LadderOf[]): void {
    this.assigned = of;
    const wanted = new Set(of.map(keyOf));
    for (const [key, ladder] of this.running) {
      if (wanted.has(key)) continue;
      this.running.delete(key);
      ladder.handOver();
    }
    this.beginAssigned();
  }

  close(): void {
    this.cancelSweep();
    for (const ladder of this.running.values()) ladder.handOver();
    this.running.clear();
  }

  /** Has a rung made, and waits until it is there; null where its source has no such rung. */
  private async awaitRung(parent: Stream, name: string, isOver: () => boolean): Promise<Stream | Refusal | null> {
    const { streams, clock } = this.options;
    const { app } = parent;
    // A copy that has just begun does not know yet what it is a copy of.
    await waitUntil(clock, () => parent.ended || parent.log.segments.length > 0 || isOver(), VIEWER_WAIT);
    const rendition = renditionOf(name);
    const isMade = rendition
      ? isRenditionUseful(rendition, ladderSource(parent))
      : this.rungsOf(parent).some((rung) => rung.name === rungOf(name));
    if (!isMade) return null;
    const noRoom = new Refusal("full", liveText("no-room-for-rung"));
    if ((await this.ask(parent, rendition)) !== "coming") return noRoom;
    // Others have waited for it in vain: the machine does not get round to it.
    if (isOver()) return this.awaited.late(app, name) ?? noRoom;
    const made = () => {
      const rung = streams.find(app, name);
      return rung && this.isCurrent(rung) ? rung : null;
    };
    await waitUntil(clock, () => parent.ended || made() !== null || isOver(), VIEWER_WAIT);
    if (parent.ended) return null;
    return made() ?? this.awaited.late(app, name) ?? new Refusal("not-yet", liveText("rung-not-made"));
  }

  private encoderOf(parent: Stream, name: string): RungEncoder {
    const rendition = renditionOf(name);
    const ladder = this.running.get(keyOf({ app: parent.app, name: parent.name, rendition }));
    const encoded = rendition ? [] : encodedOf(parent.name, this.rungsOf(parent));
    const isEncoded = encoded.includes(name);
    return { since: isEncoded ? (ladder?.encodingSince ?? null) : null, makes: isEncoded ? encoded : [] };
  }

  /** A new rung begins with segments of the past. Who is let in before it has come to the present would see them. */
  private isCurrent({ app, name, log }: Stream): boolean {
    const newest = log.segments.at(-1)?.head.msn;
    if (newest === undefined) return false;
    const parent = this.options.streams.local(app, plainName(name));
    return newest >= (parent?.log.segments.at(-1)?.head.msn ?? newest);
  }

  private isRefused(key: string): boolean {
    return this.refusalOf(key) !== null;
  }

  private refusalOf(key: string): LadderAnswer | null {
    const refused = this.refused.get(key);
    return refused && refused.until > this.options.clock.monotonic() ? refused.answer : null;
  }

  /** Asks for the ladder of a stream; at once for all who ask at the same time, and not again soon after it was refused. */
  private ask(parent: Stream, rendition: Rendition | null): Promise<LadderAnswer> {
    const { app, name } = parent;
    const key = keyOf({ app, name, rendition });
    if (this.running.has(key)) return Promise.resolve("coming");
    const refused = this.refusalOf(key);
    if (refused) return Promise.resolve(refused);
    const asked = this.asking.get(key);
    if (asked) return asked;
    const { request, clock } = this.options;
    const source = ladderSource(parent);
    const rungs = rendition ? [renditionRung(rendition, source)].filter((rung) => rung !== null) : this.rungsOf(parent);
    const asking = request({ app, name, rendition, work: workOf(rungs, source) })
      .then((answer) => {
        if (answer !== "coming") this.refused.set(key, { answer, until: clock.monotonic() + REFUSED_MS });
        return answer;
      })
      .catch((): LadderAnswer => "refused")
      .finally(() => this.asking.delete(key));
    this.asking.set(key, asking);
    return asking;
  }

  private beginAssigned(): void {
    for (const of of this.assigned) if (!this.running.has(keyOf(of))) this.begin(of);
  }

  private begin(of: LadderOf): void {
    const { streams, clock, settings, events } = this.options;
    const { app, name, rendition } = of;
    const parent = streams.find(app, name);
    // A copy that goes on with another process's rungs needs the segments since they stopped.
    if (!parent || parent.backfill.missing || parent.log.segments.length === 0 || !(rendition || isMeasured(parent))) return;
    const { command, encoder, ladder: choice } = settings(app, name);
    const source = ladderSource(parent);
    const rungs = rendition ? [renditionRung(rendition, source)].filter((rung) => rung !== null) : rungsOf(choice, source);
    if (rungs.length === 0) return this.release(of);
    const encoderKind = () => this.options.encoderOf(encoder);
    const isTopRungShed = () => this.options.isTopRungShed(parent);
    const ladder = new Ladder({ parent, rendition, choice, rungs, streams, clock, command, encoderKind, isTopRungShed, events });
    this.running.set(keyOf(of), ladder);
  }

  private ended(stream: Stream, reason: string): void {
    for (const [key, ladder] of this.running) {
      if (ladder.parent !== stream) continue;
      this.running.delete(key);
      // A copy that was lost is fetched again, and its rungs go on.
      const goesOn = !stream.writing && this.options.locator.locate(stream.app, stream.name)?.epoch === stream.epoch;
      if (goesOn) ladder.handOver();
      else ladder.finish(reason);
    }
  }

  private sweep(): void {
    const { clock, settings, streams } = this.options;
    this.cancelSweep = clock.after(SWEEP_MS, () => this.sweep());
    const now = clock.monotonic();
    for (const [key, { until }] of this.refused) if (until <= now) this.refused.delete(key);
    this.awaited.sweep((app, name) => {
      const rung = streams.local(app, name);
      return rung !== null && this.isCurrent(rung);
    });
    for (const [key, ladder] of this.running) {
      const { parent, rendition } = ladder;
      const { app, name } = parent;
      const { ladder: choice, start, idleMs } = settings(app, name);
      const isIdle = ladder.unwatchedMs > idleMs;
      const isUnwanted = rendition
        ? isIdle && !this.options.isNeeded(parent, rendition)
        : choice === "none" || (start === "demand" && isIdle);
      if (isUnwanted || !(rendition || isSameChoice(choice, ladder.choice))) {
        this.running.delete(key);
        ladder.close("idle");
        if (isUnwanted) this.release({ app, name, rendition });
      } else ladder.check();
    }
    this.beginAssigned();
    for (const stream of streams.list()) if (stream.writing && rungOf(stream.name) === null) this.askIfDue(stream);
  }

  private release(of: LadderOf): void {
    this.assigned = this.assigned.filter((one) => keyOf(one) !== keyOf(of));
    this.options.released(of);
  }

  /** A ladder that begins with its stream is asked for where the stream is published. */
  private askIfDue(parent: Stream): void {
    const { settings, locator } = this.options;
    if (settings(parent.app, parent.name).start !== "publish" || !isMeasured(parent)) return;
    const rungs = this.rungsOf(parent);
    const isMade = rungs.some((rung) => locator.locate(parent.app, `${parent.name}@${rung.name}`));
    if (rungs.length > 0 && !isMade) void this.ask(parent, null);
  }
}

/** Names of the rungs that the encoder of a ladder makes together. */
function encodedOf(name: string, rungs: readonly Rung[]): readonly string[] {
  return rungs.filter(isEncoded).map((rung) => `${name}@${rung.name}`);
}

/** The bits of a rung follow from its source's, which a whole segment shows. */
function isMeasured({ log }: Stream): boolean {
  return log.segments.length > 1;
}

function keyOf({ app, name, rendition }: LadderOf): string {
  return rendition ? `${app}/${name}@${rendition}` : `${app}/${name}`;
}

function isSameChoice(a: LadderChoice, b: LadderChoice): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
