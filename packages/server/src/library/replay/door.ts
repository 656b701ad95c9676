/**
 * The door for recordings: `/vod/ID.m3u8`, `.flv`, `.mp4`, and the files of HLS below the recording's unguessable name. Permission is asked
 * for the first three; what is below needs none, so that any cache may stand in front.
 */

import type { ServerResponse } from "node:http";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { writeMultivariantPlaylist } from "@lectern/media";
import { RECORDINGS } from "../../access/access.ts";
import { type Credentials, credentialsOf } from "../../access/credentials/credentials.ts";
import type { RecordingInfo, RecordingInfoCache } from "../../access/policies/recording-info.ts";
import { packageInitialisation } from "../../live/hls/package.ts";
import { answerOtherMethod, type HttpRequest, IMMUTABLE, OPEN_TO_ALL, PLAYLIST_TYPE, sendRefusal } from "../../live/http/answer.ts";
import { Http2Response } from "../../live/http/http2-exchange.ts";
import { liveText } from "../../live/live-messages.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Timeline } from "../files/timeline.ts";
import { libraryText } from "../library-messages.ts";
import { StorageUnreachable } from "../storage/piece-cache.ts";
import { flvFile, mp4File } from "./downloads.ts";
import { initialisationName, storedPlaylist, storedVariant } from "./playlist.ts";
import type { Previews } from "./previews.ts";
import type { SegmentCache } from "./segment-cache.ts";
import { parseRange, type VirtualFile } from "./virtual-file.ts";

export type ReplayDoorOptions = {
  readonly catalog: Catalog;
  readonly cache: SegmentCache;
  readonly previews: Previews;
  readonly rules: RecordingInfoCache;
  /** Whether somebody may watch a recording. */
  readonly permit: (rule: RecordingInfo, credentials: Credentials, ip: string) => Refusal | null;
  readonly ipOf: (request: HttpRequest) => string;
  readonly events: ReplayEvents;
};

/** What happened, for log and metrics. */
export type ReplayEvents = {
  readonly refused: (what: "play", protocol: string, stream: string, ip: string, refusal: Refusal) => void;
  readonly sent: (protocol: string, bytes: number) => void;
  /** Something went wrong that should not. */
  readonly failed: (error: unknown) => void;
};

export type Response = ServerResponse | Http2Response;

const FIRST = new RegExp(`^/${RECORDINGS}/([0-9a-z]{26})\\.(m3u8|flv|mp4)$`);
const BELOW = new RegExp(
  `^/${RECORDINGS}/([0-9a-z]{26})/([A-Za-z0-9_-]{12})/(?:(index\\.m3u8)|(init-[0-9a-f]{16})\\.mp4|(\\d{1,9})-(\\d{1,9})\\.m4s|still-(\\d{1,11})\\.jpg)$`,
);
/** A playlist of what is whole changes only when something is taken away. */
const WHOLE_PLAYLIST = "public, max-age=60";
const GROWING_PLAYLIST = "public, max-age=1";
const PLAYLISTS = 200;

export class ReplayDoor {
  private readonly options: ReplayDoorOptions;
  /** Of whole recordings, zipped and plain. */
  private readonly playlists = new Map<string, { readonly plain: Buffer; readonly zipped: Buffer }>();

  constructor(options: ReplayDoorOptions) {
    this.options = options;
  }

  /** The recording that a request wants; null when it wants something else. */
  recordingOf(url: string): string | null {
    const path = url.split("?", 1)[0] ?? "";
    return FIRST.exec(path)?.[1] ?? BELOW.exec(path)?.[1] ?? null;
  }

  /** Takes a request if it is one for a recording. False when it is somebody else's. */
  handle(request: HttpRequest, response: Response): boolean {
    const url = request.url ?? "";
    if (!url.startsWith(`/${RECORDINGS}/`)) return false;
    if (request.method !== "GET" && request.method !== "HEAD") answerOtherMethod(request, response);
    else {
      this.serve(request, response, url).catch((error: unknown) => {
        if (error instanceof StorageUnreachable && !response.headersSent)
          return this.refuse(request, response, url, new Refusal("storage-away"));
        this.options.events.failed(error);
        writableOf(response).destroy();
      });
    }
    return true;
  }

  private async serve(request: HttpRequest, response: Response, url: string): Promise<void> {
    const cut = url.indexOf("?");
    const path = cut < 0 ? url : url.slice(0, cut);
    const [, id, kind] = FIRST.exec(path) ?? [];
    if (id && kind)
      return await this.serveFirst(request, response, id, kind, new URLSearchParams(cut < 0 ? "" : url.slice(cut + 1)));
    const [, below, epoch, index, initialisation, term, msn, still] = BELOW.exec(path) ?? [];
    if (!below) return this.refuse(request, response, path, new Refusal("not-found"));
    const rule = await this.options.rules.find(below);
    if (rule instanceof Refusal) return this.refuse(request, response, below, rule);
    const timeline = await this.options.catalog.recording(rule.files);
    const isOfIt = epoch === rule.epoch || timeline.files.some(({ line }) => line.epoch === epoch);
    if (!epoch || !isOfIt || (index && epoch !== rule.epoch))
      return this.refuse(request, response, below, new Refusal("no-such-recording"));
    if (index) return this.sendMedia(request, response, rule, timeline);
    if (still) return sendPreview(request, response, await this.options.previews.at(timeline, Number(still)));
    if (initialisation) {
      const bytes = findInitialisation(timeline, initialisation);
      if (!bytes) return this.refuse(request, response, below, new Refusal("not-found"));
      return this.send(request, response, bytes, { "content-type": "video/mp4", "cache-control": IMMUTABLE });
    }
    const segment = timeline.segment(timeline.find(epoch, Number(term), Number(msn)));
    const held = segment && (await this.options.cache.acquire(segment));
    if (!held) return this.refuse(request, response, below, new Refusal("not-found"));
    // All of it was sent, or nobody waits for it any more.
    if (writableOf(response).destroyed) return held.release();
    writableOf(response).on("close", held.release);
    this.send(request, response, held.bytes, { "content-type": "video/iso.segment", "cache-control": IMMUTABLE });
  }

  private async serveFirst(
    request: HttpRequest,
    response: Response,
    id: string,
    kind: string,
    query: URLSearchParams,
  ): Promise<void> {
    const rule = await this.options.rules.find(id);
    if (rule instanceof Refusal) return this.refuse(request, response, id, rule);
    const refusal = this.options.permit(rule, credentialsOf(query), this.options.ipOf(request));
    if (refusal) return this.refuse(request, response, id, refusal);
    const timeline = await this.options.catalog.recording(rule.files);
    if (timeline.length === 0) return this.refuse(request, response, id, new Refusal(rule.whole ? "no-such-recording" : "not-yet"));
    if (kind === "m3u8") return this.sendVariant(request, response, rule, timeline);
    const start = query.get("start");
    const seconds = start === null ? 0 : Number(start);
    if (!Number.isFinite(seconds) || seconds < 0 || seconds > timeline.duration)
      return this.refuse(request, response, id, new Refusal("bad-request", libraryText("start-outside")));
    const file = kind === "flv" ? flvFile(timeline, timeline.at(seconds)) : mp4File(timeline, this.options.cache);
    if (!file) return this.refuse(request, response, id, new Refusal("not-in-mp4"));
    const name = query.get("download");
    const disposition =
      name === null
        ? {}
        : {
            "content-disposition": `attachment; filename="${asciiName(name)}.${kind}"; filename*=UTF-8''${encodeURIComponent(`${name}.${kind}`)}`,
          };
    await this.sendFile(request, response, file, { "content-type": kind === "flv" ? "video/x-flv" : "video/mp4", ...disposition });
  }

  private sendVariant(request: HttpRequest, response: Response, { id, epoch }: RecordingInfo, timeline: Timeline): void {
    const variant = storedVariant(timeline);
    if (!variant) return this.refuse(request, response, id, new Refusal("not-in-hls"));
    const text = writeMultivariantPlaylist([{ ...variant, uri: `${id}/${epoch}/index.m3u8` }]);
    this.send(request, response, Buffer.from(text), { "content-type": PLAYLIST_TYPE, "cache-control": "no-store" });
  }

  private sendMedia(request: HttpRequest, response: Response, rule: RecordingInfo, timeline: Timeline): void {
    const isWhole = rule.whole && timeline.ended;
    const key = `${rule.id} ${timeline.length} ${timeline.files.length}`;
    let bytes = isWhole ? this.playlists.get(key) : undefined;
    if (!bytes) {
      const plain = Buffer.from(storedPlaylist(timeline, 0, timeline.length, rule.epoch, isWhole ? "VOD" : "EVENT", isWhole));
      bytes = { plain, zipped: gzipSync(plain) };
      if (isWhole) this.playlists.set(key, bytes);
      const oldest = this.playlists.size > PLAYLISTS ? this.playlists.keys().next().value : undefined;
      if (oldest !== undefined) this.playlists.delete(oldest);
    }
    const zipped = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
    this.send(request, response, zipped ? bytes.zipped : bytes.plain, {
      "content-type": PLAYLIST_TYPE,
      "cache-control": isWhole ? WHOLE_PLAYLIST : GROWING_PLAYLIST,
      vary: "accept-encoding",
      ...(zipped ? { "content-encoding": "gzip" } : {}),
    });
  }

  private async sendFile(
    request: HttpRequest,
    response: Response,
    file: VirtualFile,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const range = parseRange(request.headers.range, file.length);
    const always = { ...headers, "accept-ranges": "bytes", "cache-control": "no-store", ...OPEN_TO_ALL };
    if (range === "unsatisfiable") {
      response.writeHead(416, { ...always, "content-range": `bytes */${file.length}`, "content-length": 0 });
      response.end();
      return;
    }
    const { from, to } = range ?? { from: 0, to: file.length };
    const partial = range ? { "content-range": `bytes ${from}-${to - 1}/${file.length}` } : {};
    response.writeHead(range ? 206 : 200, { ...always, ...partial, "content-length": to - from });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    // Whoever goes away in the middle, or a piece that is gone, ends the connection; there is nobody left to tell.
    await pipeline(Readable.from(file.read({ from, to })), writableOf(response)).catch(() => {});
    this.options.events.sent("vod", to - from);
  }

  private send(request: HttpRequest, response: Response, bytes: Buffer, headers: Readonly<Record<string, string>>): void {
    response.writeHead(200, { ...headers, ...OPEN_TO_ALL, "content-length": bytes.length });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    response.end(bytes);
    this.options.events.sent("vod", bytes.length);
  }

  private refuse(request: HttpRequest, response: Response, id: string, refusal: Refusal): void {
    this.options.events.refused("play", "vod", id, this.options.ipOf(request), refusal);
    sendRefusal(request, response, refusal);
  }
}

/** A picture of the bar that one seeks with. */
export function sendPreview(request: HttpRequest, response: Response, jpeg: Buffer | null | "busy"): void {
  const headOnly = request.method === "HEAD";
  if (!jpeg) return sendRefusal(request, response, new Refusal("not-found"));
  if (jpeg === "busy") return sendRefusal(request, response, new Refusal("not-yet", liveText("stills-busy")));
  response.writeHead(200, {
    "content-type": "image/jpeg",
    "content-length": jpeg.length,
    "cache-control": IMMUTABLE,
    ...OPEN_TO_ALL,
  });
  if (headOnly) response.end();
  else response.end(jpeg);
}

/** What an answer is written to. */
export function writableOf(response: Response): Writable {
  return response instanceof Http2Response ? response.stream : response;
}

/** @param name without the extension */
export function findInitialisation(timeline: Timeline, name: string): Buffer | null {
  for (let number = 0; number < timeline.length; number++) {
    const segment = timeline.segment(number);
    if (segment && initialisationName(segment.context.initialisation) === `${name}.mp4`)
      return packageInitialisation(segment.context);
  }
  return null;
}

/** For programs that do not know the other form: RFC 6266 appendix D. */
function asciiName(name: string): string {
  return name.replace(/[^\w .-]/g, "_").slice(0, 100);
}
