/**
 * Provides the captions of live lessons as subtitles of HLS: WebVTT segments beside the media's, of the same lengths (RFC 8216 sections 3.5 and 6.2.4). What is said is
 * written down seconds later, when players have the segment in which it was said: a line is in the segment during which it was written, from its beginning on.
 * So a segment never changes, and its lines are as late as the engine is.
 */
import { setTimeout } from "node:timers/promises";
import { type Cue, type Subtitles, writeWebVttSegment } from "@lectern/media";
import type { StreamPolicy } from "../../access/policies/stream-policy.ts";
import { captionsIn } from "../../contracts/rooms/captions-answer.ts";
import type { RoomReplayMessages, SpokenCaption } from "../../contracts/rooms/room-replay.ts";
import { RecentMap } from "../../platform/recent-map.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { SharedAnswer } from "../http/shared-answer.ts";
import type { CaptionsAddress } from "./hls-address.ts";
import { captionPartAnswer, captionsAnswer } from "./hls-answers.ts";
import { type IndexedSegment, secondsAt } from "./segment-index.ts";

export type LiveCaptionsOptions = {
  /** The lesson of a stream, as far as its policy is known here; null: there is none. */
  readonly lessonOf: (app: string, name: string) => Pick<StreamPolicy, "lessonId" | "captions"> | null;
  /** The language that is spoken, RFC 5646; empty: not known. */
  readonly language: () => string;
  readonly ask: RoomReplayMessages["roomReplay"];
  readonly now: () => number;
};

/** A stream as HLS. */
export type CaptionedStream = {
  readonly epoch: string;
  /** The playlist of subtitles; null: it has nothing yet. */
  readonly captions: () => string | null;
  readonly segment: (term: number, msn: number) => IndexedSegment | null;
};

type Known = { readonly requestedAt: number; readonly value: Promise<readonly SpokenCaption[]> };

/** Entries are stored at most this long after their time. */
const SETTLED_MS = 500;
/** What was said before is in segments that no playlist lists. */
const WINDOW_MS = 120_000;
/** A line that was written so long after it was said is a correction. */
const LATE_MS = 30_000;
/** A line is shown so long, for who reads slowly. */
const LEAST_SECONDS = 2;
const MAX_LESSONS = 200;

export class LiveCaptions {
  private readonly options: LiveCaptionsOptions;
  /** By lesson. */
  private readonly known = new RecentMap<string, Known>(MAX_LESSONS);

  constructor(options: LiveCaptionsOptions) {
    this.options = options;
  }

  /** What a multivariant playlist says of the captions; null: they are off. @param folder of the stream's playlists */
  subtitles(app: string, name: string, folder: string): Subtitles | null {
    const { language, lessonOf } = this.options;
    return lessonOf(app, name)?.captions ? { language: language(), uri: `${folder}/captions.m3u8` } : null;
  }

  /** The playlist, or one of its segments. */
  async answer(address: CaptionsAddress, hls: CaptionedStream): Promise<SharedAnswer | Refusal> {
    if (address.kind === "captions") {
      const text = hls.captions();
      return text === null ? new Refusal("not-yet") : captionsAnswer(text);
    }
    const { app, name, epoch, term, msn } = address;
    const segment = hls.epoch === epoch ? hls.segment(term, msn) : null;
    const text = segment && (await this.part(app, name, segment).catch(() => new Refusal("control-away")));
    if (text instanceof Refusal) return text;
    return text === null ? new Refusal("not-found") : captionPartAnswer(text);
  }

  /** The WebVTT segment beside one of the media; null: the stream is no lesson's. Fails where the control process cannot be asked. */
  async part(app: string, name: string, segment: IndexedSegment): Promise<string | null> {
    const { lessonId = null, captions: isOn } = this.options.lessonOf(app, name) ?? {};
    if (lessonId === null) return null;
    // Who has joined before they were switched off goes on asking.
    if (!isOn) return writeWebVttSegment([]);
    const { head } = segment.source;
    const until = head.utc + segment.duration * 1000;
    const settled = until + SETTLED_MS;
    const early = settled - this.options.now();
    // The clock of a publisher that is far ahead makes nobody wait.
    if (early > 0) await setTimeout(Math.min(early, SETTLED_MS));
    const captions = await this.heard(lessonId, Math.min(settled, this.options.now()));
    const start = secondsAt(segment.source, head.start, head.time);
    const cues = captions
      .filter(({ at, length, storedAt }) => storedAt >= head.utc && storedAt < until && storedAt - at - length < LATE_MS)
      .map(({ length, text, storedAt }): Cue => {
        const from = start + (storedAt - head.utc) / 1000;
        return { start: from, end: from + Math.max(LEAST_SECONDS, length / 1000), text };
      });
    return writeWebVttSegment(cues);
  }

  /** @param after an answer that was asked for earlier does not count; milliseconds since 1970 */
  private heard(lesson: string, after: number): Promise<readonly SpokenCaption[]> {
    const known = this.known.get(lesson);
    if (known && known.requestedAt >= after) return known.value;
    const requestedAt = this.options.now();
    const value = this.request(lesson, requestedAt - WINDOW_MS);
    const own: Known = { requestedAt, value };
    this.known.set(lesson, own);
    value.catch(() => {
      if (this.known.get(lesson) === own) this.known.delete(lesson);
    });
    return value;
  }

  private async request(lesson: string, since: number): Promise<readonly SpokenCaption[]> {
    return captionsIn(await this.options.ask({ kind: "captions", lesson, since }));
  }
}
