/**
 * Serves time-shift of live streams, `?time_delay=SECONDS` and `?start=T&end=T`, as HLS and FLV. It reads the recorder's files, so every process
 * produces the same bytes, and a segment has the name that it had when it was live.
 */

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { writeMultivariantPlaylist } from "@lectern/media";
import type { Ask } from "../../access/access.ts";
import type { Admission } from "../../access/admission.ts";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import type { ContentKey } from "../../access/encryption/content-keys.ts";
import { plainName } from "../../access/policies/stream-policy.ts";
import type { SeatUse } from "../../access/seats/viewer-seats.ts";
import type { ViewerFiles } from "../../access/viewer-files.ts";
import type { Door } from "../../live/http/door.ts";
import {
  clientFactsOf,
  type MediaRequest as Request,
  type MediaResponse as Response,
  writableOf,
} from "../../live/http/media-request.ts";
import { answerOtherMethod, OPEN_TO_ALL, PLAYLIST_TYPE, sendRefusal } from "../../live/http/responses.ts";
import { liveText } from "../../live/live-texts.ts";
import type { Stream, Streams } from "../../live/streams/index.ts";
import { systemClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Timeline } from "../files/timeline.ts";
import { libraryText } from "../library-texts.ts";
import { sendPreview } from "./door.ts";
import { flvInitBytes, flvTags } from "./downloads.ts";
import { findInitialisation, storedPlaylist, storedVariant } from "./playlist.ts";
import type { Previews } from "./previews.ts";
import { readFailure } from "./read-failure.ts";
import type { SegmentCache } from "./segment-cache.ts";
import { parseTimeShiftAddress, type TimeShift, type TimeShiftAddress, timeShiftPlaylistName } from "./time-shift-address.ts";
import { timelineKeys } from "./timeline-keys.ts";

export type { TimeShiftAddress };

export type TimeShiftDoorOptions = {
  readonly streams: Pick<Streams, "find">;
  /** The stream as it is recorded: itself or its form; null when it is not live. */
  readonly recordedOf: (app: string, name: string) => Stream | null;
  readonly catalog: Catalog;
  readonly cache: SegmentCache;
  readonly previews: Previews;
  readonly ask: Ask;
  readonly apps: () => readonly string[];
  /** Null when one more viewer is within the limits. */
  readonly admitViewer: () => Refusal | null;
  /** How far back viewers can go, in seconds; the segments of a delayed live playlist. */
  readonly windowSeconds: () => number;
  readonly windowSegments: () => number;
  /** Decides about playlists and thumbnails below an epoch. */
  readonly files: Pick<ViewerFiles, "permit" | "folderOf" | "findEncryption" | "keys">;
  readonly events: TimeShiftEvents;
};

/** Events for log and metrics. */
export type TimeShiftEvents = {
  readonly refused: (what: "play", protocol: string, stream: string, ip: string, refusal: Refusal) => void;
  readonly sent: (protocol: string, bytes: number) => void;
  readonly failed: (error: unknown) => void;
};

/** The longest window of one playlist. */
const MAX_WINDOW_MS = 3600 * 1000;
/** Files that began up to this long before the window may reach into it. */
const FILE_MS = 120_000;
const POLL_MS = 500;

export class TimeShiftDoor implements Door<TimeShiftAddress> {
  readonly name = "time-shift";
  private readonly options: TimeShiftDoorOptions;

  constructor(options: TimeShiftDoorOptions) {
    this.options = options;
  }

  match({ address }: Request): TimeShiftAddress | null {
    const parsed = parseTimeShiftAddress(address);
    return parsed && this.options.apps().includes(parsed.app) ? parsed : null;
  }

  /** FLV is sent in pieces. */
  isWhole({ form }: TimeShiftAddress): boolean {
    return form !== "flv";
  }

  handle(request: Request, response: Response, address: TimeShiftAddress): void {
    if (request.method !== "GET" && request.method !== "HEAD") return answerOtherMethod(request, response);
    this.serve(request, response, address).catch((error: unknown) => {
      const { refusal, isUnexpected } = readFailure(error);
      if (isUnexpected) this.options.events.failed(error);
      if (!response.headersSent) return this.refuse(request, response, address, refusal);
      response.destroy();
    });
  }

  close(): void {}

  /**
   * Reads a segment or an initialisation segment that is no longer in memory; null when it is not recorded.
   * @param key to encrypt a segment with
   */
  async stored(
    app: string,
    name: string,
    epoch: string,
    file: { readonly initialisation: string } | { readonly term: number; readonly msn: number },
    key: ContentKey | null,
  ): Promise<Buffer | null> {
    const timeline = await this.options.catalog.epoch(app, plainName(name), epoch, 0);
    if ("initialisation" in file) return findInitialisation(timeline, file.initialisation);
    const segment = timeline.segment(timeline.find(epoch, file.term, file.msn));
    const held = segment && (await this.options.cache.acquire(segment, key));
    if (!held) return null;
    const bytes = Buffer.from(held.bytes);
    held.release();
    return bytes;
  }

  private async serve(request: Request, response: Response, address: TimeShiftAddress): Promise<void> {
    const { app, name, shift } = address;
    const refuse = (refusal: Refusal) => this.refuse(request, response, address, refusal);
    if (!shift) return refuse(new Refusal("bad-request", libraryText("times")));
    if (address.form === "media" || address.form === "still") return await this.serveBelow(request, response, address, shift);
    const { streams, recordedOf, admitViewer } = this.options;
    const admission = await this.options.ask(
      {
        action: "play",
        protocol: address.form === "flv" ? "flv" : "hls",
        app,
        name,
        client: clientFactsOf(request),
        credentials: credentialsOf(address.query, undefined, request.address.signedPrefix),
        seat: seatUseOf(request, address.form),
      },
      (known) => admitViewer() ?? (streams.find(app, known) ? null : new Refusal("no-such-stream")),
    );
    if (admission instanceof Refusal) return refuse(admission);
    const stream = recordedOf(app, admission.name);
    const wrong = stream ? this.check(shift) : new Refusal("no-such-stream");
    if (!stream || wrong) {
      admission.close();
      return refuse(wrong ?? new Refusal("no-such-stream"));
    }
    if (address.form === "flv") return await this.sendFlv(request, response, stream, shift, admission);
    // From here on the session in the addresses stands for the admission; below an epoch that is open, nothing does.
    await this.sendVariant(request, response, address, stream, shift, admission).finally(admission.close);
  }

  private async sendVariant(
    request: Request,
    response: Response,
    address: TimeShiftAddress,
    stream: Stream,
    shift: TimeShift,
    { viewer, seat = null }: Admission,
  ): Promise<void> {
    const { app } = address;
    const { name } = stream;
    const refuse = (refusal: Refusal) => this.refuse(request, response, address, refusal);
    const timeline = await this.timeline(stream, shift);
    const variant = storedVariant(timeline);
    if (!variant) return refuse(new Refusal(timeline.length === 0 ? "not-yet" : "not-in-hls"));
    // Another node adds the session of its own viewer.
    const folder = request.client.isFromNode
      ? `${name}/${stream.epoch}`
      : this.options.files.folderOf(app, name, stream.epoch, viewer, seat);
    const text = writeMultivariantPlaylist([{ ...variant, uri: `${folder}/${timeShiftPlaylistName(shift)}` }]);
    this.sendPlaylist(request, response, text, "no-store");
  }

  /** Serves a media playlist or a thumbnail. */
  private async serveBelow(
    request: Request,
    response: Response,
    address: TimeShiftAddress & { readonly form: "media" | "still" },
    shift: TimeShift,
  ): Promise<void> {
    const { app, name } = address;
    const refuse = (refusal: Refusal) => this.refuse(request, response, address, refusal);
    const refused = await this.options.files.permit(address, request.client.isFromNode, clientFactsOf(request));
    if (refused) return refuse(refused);
    const stream = this.options.streams.find(app, name);
    if (!stream || stream.epoch !== address.epoch) return refuse(new Refusal("not-found"));
    if (address.form === "media") return await this.sendMedia(request, response, address, stream, shift);
    const wrong = this.check({ kind: "delay", seconds: Math.max(0, systemClock.utc() / 1000 - address.utc) });
    if (wrong) return refuse(wrong);
    return sendPreview(request, response, await this.options.previews.at(await this.timeline(stream, shift), address.utc));
  }

  private check(shift: TimeShift): Refusal | null {
    const back = this.options.windowSeconds();
    const notKept = new Refusal("not-found", liveText("not-kept"));
    if (back === 0) return notKept;
    if (shift.kind === "delay") return shift.seconds > back ? notKept : null;
    if (shift.from > systemClock.utc()) return new Refusal("bad-request", libraryText("in-the-future"));
    if ((shift.to ?? systemClock.utc()) - shift.from > MAX_WINDOW_MS) return new Refusal("bad-request", libraryText("too-long"));
    return shift.from < systemClock.utc() - back * 1000 ? notKept : null;
  }

  private async sendMedia(
    request: Request,
    response: Response,
    address: TimeShiftAddress,
    stream: Stream,
    shift: TimeShift,
  ): Promise<void> {
    const wrong = this.check(shift);
    if (wrong) return this.refuse(request, response, address, wrong);
    const timeline = await this.timeline(stream, shift);
    const [from, to] = this.rangeOf(timeline, shift);
    if (to <= from) return this.refuse(request, response, address, new Refusal("not-yet"));
    const { files } = this.options;
    const encryption = await files.findEncryption(stream.app, stream.name);
    if (encryption instanceof Refusal) return this.refuse(request, response, address, encryption);
    const keyOf = await timelineKeys(timeline, [from, to], files.keys, encryption);
    if (shift.kind === "delay")
      return this.sendPlaylist(
        request,
        response,
        storedPlaylist(timeline, from, to, stream.epoch, null, false, keyOf),
        "public, max-age=1",
      );
    const isOver = shift.to !== null && (timeline.segment(timeline.length - 1)?.utc ?? 0) > shift.to;
    const text = storedPlaylist(timeline, from, to, stream.epoch, isOver ? "VOD" : "EVENT", isOver, keyOf);
    this.sendPlaylist(request, response, text, isOver ? "public, max-age=60" : "public, max-age=1");
  }

  /** The segments that the playlist lists. */
  private rangeOf(timeline: Timeline, shift: TimeShift): readonly [from: number, to: number] {
    if (timeline.length === 0) return [0, 0];
    if (shift.kind === "delay") {
      const at = systemClock.utc() - shift.seconds * 1000;
      const newest = timeline.atUtc(at);
      // A live playlist of that time did not list the segment in progress.
      const to =
        (timeline.segment(newest)?.utc ?? 0) + (timeline.segment(newest)?.duration ?? 0) * 1000 <= at ? newest + 1 : newest;
      return [Math.max(0, to - this.options.windowSegments()), to];
    }
    const from = timeline.atUtc(shift.from);
    return [from, shift.to === null ? timeline.length : timeline.atUtc(shift.to) + 1];
  }

  private async sendFlv(
    request: Request,
    response: Response,
    stream: Stream,
    shift: TimeShift,
    admission: Admission,
  ): Promise<void> {
    const writable = writableOf(response);
    admission.onWithdrawn(() => writable.destroy());
    // A copy of a stream that only viewers of its past watch is in use, too.
    const release = stream.use();
    writable.on("close", () => {
      admission.close();
      release();
    });
    response.writeHead(200, {
      "content-type": "video/x-flv",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      ...OPEN_TO_ALL,
    });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    let bytes = 0;
    const counted = async function* (source: AsyncGenerator<Buffer>) {
      for await (const piece of source) {
        bytes += piece.length;
        yield piece;
      }
    };
    // A client that disconnects ends the pipeline.
    await pipeline(Readable.from(counted(this.flv(stream, shift, writable))), writable).catch(() => {});
    this.options.events.sent("flv", bytes);
  }

  /** The segments in order; those of a delayed stream when they are due. */
  private async *flv(stream: Stream, shift: TimeShift, until: { readonly destroyed: boolean }): AsyncGenerator<Buffer> {
    let sequence = -1;
    let origin = 0;
    while (!until.destroyed) {
      const timeline = await this.timeline(stream, shift);
      const [from, to] = this.rangeOf(timeline, shift);
      let number = sequence < 0 ? Math.max(0, shift.kind === "delay" ? to - 1 : from) : nextOf(timeline, sequence);
      for (; number < to && !until.destroyed; number++) {
        const segment = timeline.segment(number);
        const end = segment?.file.endOf(segment.index);
        if (!segment || !end) break;
        if (sequence < 0) {
          origin = segment.seconds;
          yield flvInitBytes(segment.context);
        }
        const tags = await flvTags(segment, end.at, Math.max(0, segment.seconds - origin));
        if (tags) yield tags;
        sequence = segment.sequence;
      }
      const last = timeline.segment(timeline.length - 1);
      const isOver = shift.kind === "window" && shift.to !== null && (last?.utc ?? 0) > shift.to;
      if (isOver || (this.hasEnded(stream) && nextOf(timeline, sequence) >= timeline.length)) return;
      await pause(POLL_MS, undefined, { ref: false });
    }
  }

  /** Whether the stream is over everywhere. This process's copy may have ended alone, because it fell too far behind. */
  private hasEnded({ ended, app, name, epoch }: Stream): boolean {
    return ended && this.options.streams.find(app, name)?.epoch !== epoch;
  }

  private timeline(stream: Stream, shift: TimeShift): Promise<Timeline> {
    const from = shift.kind === "delay" ? systemClock.utc() - shift.seconds * 1000 : shift.from;
    return this.options.catalog.epoch(stream.app, plainName(stream.name), stream.epoch, from - FILE_MS);
  }

  private sendPlaylist(request: Request, response: Response, text: string, cacheControl: string): void {
    const bytes = Buffer.from(text);
    response.writeHead(200, {
      "content-type": PLAYLIST_TYPE,
      "cache-control": cacheControl,
      "content-length": bytes.length,
      ...OPEN_TO_ALL,
    });
    if (request.method === "HEAD") response.end();
    else {
      response.end(bytes);
      this.options.events.sent("hls", bytes.length);
    }
  }

  private refuse(request: Request, response: Response, { app, name, form }: TimeShiftAddress, refusal: Refusal): void {
    const protocol = form === "flv" ? "flv" : "hls";
    this.options.events.refused("play", protocol, `${app}/${name}`, request.ip, refusal);
    sendRefusal(request, response, refusal);
  }
}

/** A node that asks for a playlist has given its viewer a seat. */
function seatUseOf({ method, client }: Request, form: TimeShiftAddress["form"]): SeatUse {
  if (form !== "flv" && client.isFromNode) return "none";
  return method === "HEAD" ? "probe" : "take";
}

/** The first segment that begins behind a log entry. */
function nextOf(timeline: Timeline, sequence: number): number {
  let number = timeline.length;
  while (number > 0 && (timeline.segment(number - 1)?.sequence ?? -1) > sequence) number--;
  return number;
}
