/**
 * Decides in which form a client gets a stream under its plain address: as it was published where the client can play that, else with its sound
 * as AAC (`NAME@aac`), which is made while somebody needs it. The one place where this is decided, for every way out.
 */
import { AUDIO_CODEC } from "@lectern/media";
import type { Clock } from "../../platform/clock.ts";
import { waitUntil } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { ClientTakes, Served } from "../served-rendition.ts";
import { isPlayedNowhere } from "../sound-format.ts";
import { rungOf } from "../stream-name.ts";
import type { Stream, StreamLocator, Streams } from "../streams/index.ts";
import type { Ladders } from "./ladders.ts";

type ServedStreamsOptions = {
  readonly streams: Streams;
  readonly locator: StreamLocator;
  readonly ladders: Pick<Ladders, "find">;
  readonly clock: Clock;
};

/** A stream that has just begun tells its codecs within this. */
const CODEC_WAIT = { totalMs: 500, stepMs: 50 } as const;
/** A form that could not be made is not asked for again before. */
const ASK_AGAIN_MS = 2000;
/** Who has to have a form at any price, such as a recording, waits no longer for it. */
const GIVE_UP_MS = 10_000;
const MAX_ASKED = 10_000;

type PendingRequest = { readonly since: number; pending: boolean; again: number };

export class ServedStreams {
  private readonly options: ServedStreamsOptions;
  /** Forms that are not there yet, since when they were asked for first, monotonic milliseconds; by stream and epoch. */
  private readonly asked = new Map<string, PendingRequest>();

  constructor(options: ServedStreamsOptions) {
    this.options = options;
  }

  /** The stream in the rendition that a client takes, made where it has to be; null when the stream is not live. */
  async serve(app: string, name: string, takes: ClientTakes): Promise<Served | null> {
    const { streams, ladders, clock } = this.options;
    const stream = streams.find(app, name);
    if (!stream) return null;
    if (rungOf(name) !== null || takes.sound === false) return { stream, withdrawable: false };
    await waitUntil(clock, () => stream.ended || stream.log.segments.length > 0, CODEC_WAIT);
    if (!(takes.opus ? isPlayedByNone(stream) : needsAac(stream))) return { stream, withdrawable: !takes.opus };
    const rendition = await ladders.find(app, aacOf(name));
    // Without room for it the sound as it is serves more players than a refusal.
    return { stream: rendition instanceof Refusal ? stream : rendition, withdrawable: false };
  }

  /**
   * The rendition of now for who takes no Opus and cannot wait here: null while it is being made; the stream itself where that takes too long.
   */
  now(app: string, name: string): Stream | null {
    const { streams, locator, clock } = this.options;
    const stream = streams.current(app, name);
    if (!stream || rungOf(name) !== null) return stream;
    const key = `${app}/${name} ${stream.epoch}`;
    // A form is kept for who asks, the stream itself is not: a channel that is only recorded is left.
    // Once made, a form has all that its source has, with AAC too.
    const rendition = locator.locate(app, aacOf(name)) ? streams.find(app, aacOf(name)) : null;
    if (rendition && (needsAac(stream) || rendition.log.segments.length > 0)) {
      this.asked.delete(key);
      return rendition;
    }
    if (!needsAac(stream)) return stream;
    const asked = this.ask(app, name, key);
    return clock.monotonic() - asked.since > GIVE_UP_MS ? stream : null;
  }

  /** The stream as it is recorded: itself, or its form where there is one; null when it is not live. */
  recorded(app: string, name: string): Stream | null {
    const { streams } = this.options;
    return streams.find(app, this.recordedName(app, name)) ?? streams.find(app, name);
  }

  /** The name of the stream that is recorded for another one. */
  recordedName(app: string, name: string): string {
    return rungOf(name) === null && this.options.locator.locate(app, aacOf(name)) ? aacOf(name) : name;
  }

  /** Ends the viewers of streams whose sound they cannot play any more; they come back to another form. To be called some times a second. */
  sweep(): void {
    const { streams, clock } = this.options;
    for (const stream of streams.list())
      if (rungOf(stream.name) === null && needsAac(stream)) stream.dismissWithdrawable("codec-changed");
    const now = clock.monotonic();
    for (const [key, { again }] of this.asked) if (now - again > GIVE_UP_MS) this.asked.delete(key);
  }

  private ask(app: string, name: string, key: string): PendingRequest {
    const now = this.options.clock.monotonic();
    const known = this.asked.get(key) ?? { since: now, pending: false, again: now };
    if (!this.asked.has(key) && this.asked.size < MAX_ASKED) this.asked.set(key, known);
    if (known.pending || known.again > now) return known;
    known.pending = true;
    void this.options.ladders
      .find(app, aacOf(name))
      .catch(() => null)
      .finally(() => {
        known.pending = false;
        known.again = this.options.clock.monotonic() + ASK_AGAIN_MS;
      });
    return known;
  }
}

function needsAac(stream: Stream): boolean {
  return stream.log.context.audio?.codec === AUDIO_CODEC.opus || isPlayedByNone(stream);
}

function isPlayedByNone({ log }: Stream): boolean {
  return isPlayedNowhere(log.context.audio?.codec ?? "");
}

function aacOf(name: string): string {
  return `${name}@aac`;
}
