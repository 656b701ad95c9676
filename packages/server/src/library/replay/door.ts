/**
 * Serves recordings: `/vod/ID.m3u8`, `.flv`, `.mp4`, and the HLS files below them. The first three ask for permission; the files of a lesson's
 * recordings have the viewer's session in their addresses, those of other recordings are open below an unguessable name.
 */
import { gzipSync } from "node:zlib";
import { writeMultivariantPlaylist } from "@lectern/media";
import type { Admission } from "../../access/admission.ts";
import { credentialsOf } from "../../access/credentials/credentials.ts";
import { KEY_NAME_PATTERN } from "../../access/encryption/content-keys.ts";
import { KEY_HEADERS } from "../../access/encryption/key-delivery.ts";
import type { Encryption } from "../../access/policies/content-protection.ts";
import type { RecordingInfo, RecordingInfoCache } from "../../access/policies/recording-info.ts";
import { RECORDINGS, type RecordingAccess } from "../../access/recording-access.ts";
import type { ViewerFiles } from "../../access/viewer-files.ts";
import type { RoomReplayMessages } from "../../contracts/rooms/room-replay.ts";
import type { Door } from "../../live/http/door.ts";
import { clientFactsOf, type MediaRequest as Request, type MediaResponse as Response } from "../../live/http/media-request.ts";
import {
  acceptsGzip,
  answerOtherMethod,
  IMMUTABLE,
  OPEN_TO_ALL,
  PLAYLIST_TYPE,
  sendPermission,
  sendRefusal,
} from "../../live/http/responses.ts";
import { liveText } from "../../live/live-texts.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { DOWNLOAD_ID, downloadPath } from "../files/download-files.ts";
import type { Timeline } from "../files/timeline.ts";
import { libraryText } from "../library-texts.ts";
import { captionPart, captionPlaylist, captionsOf } from "./caption-parts.ts";
import { flvFile, mp4File } from "./downloads.ts";
import { findInitialisation, storedPlaylist, storedVariant } from "./playlist.ts";
import type { Previews } from "./previews.ts";
import { readFailure } from "./read-failure.ts";
import type { SegmentCache } from "./segment-cache.ts";
import { disposition, fileOnDisk, sendFile } from "./send-file.ts";
import { SpokenCaptions } from "./spoken-captions.ts";
import { timelineKeys } from "./timeline-keys.ts";

export type ReplayDoorOptions = {
  readonly catalog: Catalog;
  readonly cache: SegmentCache;
  readonly previews: Previews;
  readonly rules: RecordingInfoCache;
  /** Asks for permission to watch a recording. */
  readonly ask: RecordingAccess["ask"];
  /** Asks what was said in a lesson. */
  readonly askRoom: RoomReplayMessages["roomReplay"];
  readonly now: () => number;
  /** Decides about the HLS files. */
  readonly files: Pick<ViewerFiles, "permitRecording" | "recordingFolderOf" | "recordingEncryption" | "keys">;
  readonly events: ReplayEvents;
  readonly dataDir: string;
};

/** Events for log and metrics. */
export type ReplayEvents = {
  readonly refused: (what: "play", protocol: string, stream: string, ip: string, refusal: Refusal) => void;
  readonly sent: (protocol: string, bytes: number) => void;
  /** An unexpected error. */
  readonly failed: (error: unknown) => void;
};

type FileAddress =
  | { readonly kind: "index" }
  /** What was said: the playlist, and a WebVTT segment by the first of the media's segments that it covers. */
  | { readonly kind: "captions" }
  | { readonly kind: "caption-part"; readonly term: number; readonly msn: number }
  | { readonly kind: "initialisation"; readonly file: string }
  /** `key`: the name of the key that it is encrypted with; null: it is not. */
  | { readonly kind: "segment"; readonly term: number; readonly msn: number; readonly key: string | null }
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "preview"; readonly seconds: number };

type CaptionsFile = FileAddress & { readonly kind: "captions" | "caption-part" };

/** The address of a recording or of one of its files. */
export type RecordingAddress =
  | { readonly kind: "whole"; readonly id: string; readonly format: string }
  /** `session`: null where the address has none. `plain`: the address without it. */
  | {
      readonly kind: "file";
      readonly id: string;
      readonly session: string | null;
      readonly plain: string;
      readonly epoch: string;
      readonly file: FileAddress;
    }
  /** A download with a watermark in the picture, or a board video: who knows its id may have it. */
  | { readonly kind: "marked"; readonly id: string; readonly download: string }
  /** Asks whether a session may watch, for caches that check before they answer. */
  | { readonly kind: "permission"; readonly id: string; readonly session: string }
  | { readonly kind: "unknown" };

const WHOLE = new RegExp(`^/${RECORDINGS}/([0-9a-z]{26})\\.(m3u8|flv|mp4)$`);
const BELOW = new RegExp(`^/${RECORDINGS}/([0-9a-z]{26})/(?:s/([A-Za-z0-9_-]{40})/)?(?:([A-Za-z0-9_-]{12})/([^/]+))?$`);
const MARKED = new RegExp(`^/${RECORDINGS}/([0-9a-z]{26})/(?:marked|film)/(${DOWNLOAD_ID})\\.mp4$`);
/** What the access rules call it: a whole file, but with the mark in the picture, or one that staff may have without it. */
const MARKED_PROTOCOL = "marked-mp4";
const FILE = new RegExp(
  `^(?:(index\\.m3u8)|(captions\\.m3u8)|captions-(\\d{1,9})-(\\d{1,9})\\.vtt|(init-[0-9a-f]{16})\\.mp4|(\\d{1,9})-(\\d{1,9})(?:\\.k(${KEY_NAME_PATTERN}))?\\.m4s|still-(\\d{1,11})\\.jpg|key-(${KEY_NAME_PATTERN}))$`,
);
/** The playlist of a complete recording changes only when files are deleted. */
const WHOLE_PLAYLIST = "public, max-age=60";
const GROWING_PLAYLIST = "public, max-age=1";
const CAPTIONS_CACHE = "public, max-age=5";
const MAX_PLAYLISTS = 200;

type FileOfEpoch = RecordingAddress & { readonly kind: "file" };

export class ReplayDoor implements Door<RecordingAddress> {
  readonly name = "replay";
  private readonly options: ReplayDoorOptions;
  private readonly captions: SpokenCaptions;
  /** Playlists of complete recordings, compressed and not. */
  private readonly playlists = new Map<string, { readonly plain: Buffer; readonly zipped: Buffer }>();

  constructor(options: ReplayDoorOptions) {
    this.options = options;
    this.captions = new SpokenCaptions(options.askRoom, options.now);
  }

  match({ address }: Request): RecordingAddress | null {
    return parseAddress(address.path);
  }

  /** FLV and MP4 files are sent in pieces. */
  isWhole(address: RecordingAddress): boolean {
    if (address.kind === "marked") return false;
    return address.kind !== "whole" || address.format === "m3u8";
  }

  /** The recording that a request asks for; null when it asks for something else. */
  recordingOf({ address }: Request): Exclude<RecordingAddress, { kind: "unknown" }> | null {
    const parsed = parseAddress(address.path);
    return parsed && parsed.kind !== "unknown" ? parsed : null;
  }

  handle(request: Request, response: Response, address: RecordingAddress): void {
    if (request.method !== "GET" && request.method !== "HEAD") return answerOtherMethod(request, response);
    this.serve(request, response, address).catch((error: unknown) => {
      const { refusal, isUnexpected } = readFailure(error);
      if (isUnexpected) this.options.events.failed(error);
      if (!response.headersSent) return this.refuse(request, response, request.address.url, refusal);
      response.destroy();
    });
  }

  close(): void {}

  private async serve(request: Request, response: Response, address: RecordingAddress): Promise<void> {
    if (address.kind === "unknown") return this.refuse(request, response, request.address.path, new Refusal("not-found"));
    if (address.kind === "whole") return await this.serveWhole(request, response, address.id, address.format);
    if (address.kind === "marked") return await this.serveMarked(request, response, address);
    if (address.kind === "permission") return await this.servePermission(request, response, address.id, address.session);
    return await this.serveFile(request, response, address);
  }

  private async servePermission(request: Request, response: Response, id: string, session: string): Promise<void> {
    const rule = await this.options.rules.find(id);
    // A cache that asks for permission knows 401 and 403 only.
    const refused =
      rule instanceof Refusal ? rule : await this.options.files.permitRecording(rule, session, false, clientFactsOf(request));
    if (refused)
      return this.refuse(
        request,
        response,
        id,
        refused.status === 404 || refused.status === 429 ? new Refusal("bad-signature") : refused,
      );
    sendPermission(response);
  }

  private async serveFile(request: Request, response: Response, address: RecordingAddress & { kind: "file" }): Promise<void> {
    const { id, epoch, file, session } = address;
    const rule = await this.options.rules.find(id);
    if (rule instanceof Refusal) return this.refuse(request, response, id, rule);
    const refused = await this.options.files.permitRecording(rule, session, request.client.isFromNode, clientFactsOf(request));
    if (refused) return this.refuse(request, response, id, refused);
    const timeline = await this.options.catalog.recording(rule.files);
    const belongs = epoch === rule.epoch || timeline.files.some(({ line }) => line.epoch === epoch);
    const isPlaylist = file.kind === "index" || file.kind === "captions";
    if (!belongs || (isPlaylist && epoch !== rule.epoch))
      return this.refuse(request, response, id, new Refusal("no-such-recording"));
    if (file.kind === "captions" || file.kind === "caption-part") {
      const text = await this.captionsText(rule, timeline, epoch, file);
      if (text === null) return this.refuse(request, response, id, new Refusal("not-found"));
      return this.sendCaptions(request, response, text, isPlaylist);
    }
    if (file.kind === "index") return await this.sendMedia(request, response, rule, timeline);
    if (file.kind === "preview") return sendPreview(request, response, await this.options.previews.at(timeline, file.seconds));
    if (file.kind === "initialisation") {
      const bytes = findInitialisation(timeline, file.file);
      if (!bytes) return this.refuse(request, response, id, new Refusal("not-found"));
      return this.send(request, response, bytes, { "content-type": "video/mp4", "cache-control": IMMUTABLE });
    }
    if (file.kind === "key") return this.serveKey(request, response, address, file.key);
    const key = file.key === null ? null : this.options.files.keys.find(epoch, file.key);
    // Between nodes, and to viewers of what is not encrypted, segments go as they are.
    const isOpen = file.key === null && (request.client.isFromNode || isPlain(this.options.files.recordingEncryption(rule)));
    const segment = isOpen || key ? timeline.segment(timeline.find(epoch, file.term, file.msn)) : null;
    const held = segment && (await this.options.cache.acquire(segment, key));
    if (!held) return this.refuse(request, response, id, new Refusal("not-found"));
    // The buffer is released when the response has ended, or at once when the client has closed it.
    if (response.destroyed) return held.release();
    response.on("close", held.release);
    this.send(request, response, held.bytes, { "content-type": "video/iso.segment", "cache-control": IMMUTABLE });
  }

  /** A key is never cached: each request for it shows that the viewer may still watch. */
  private serveKey(request: Request, response: Response, { id, epoch, session }: FileOfEpoch, name: string): void {
    if (session === null && !request.client.isFromNode) return this.refuse(request, response, id, new Refusal("not-signed-in"));
    const key = this.options.files.keys.find(epoch, name);
    if (key) this.send(request, response, key.key, KEY_HEADERS);
    else this.refuse(request, response, id, new Refusal("not-found"));
  }

  private async serveWhole(request: Request, response: Response, id: string, format: string): Promise<void> {
    const rule = await this.options.rules.find(id);
    if (rule instanceof Refusal) return this.refuse(request, response, id, rule);
    const protocol = format === "m3u8" ? "hls" : format;
    // A node that asks for a playlist has given its viewer a seat.
    const use = request.client.isFromNode && format === "m3u8" ? "none" : request.method === "HEAD" ? "probe" : "take";
    const admission = await this.options.ask(
      rule,
      credentialsOf(request.address.query, undefined, request.address.signedPrefix),
      clientFactsOf(request),
      protocol,
      use,
    );
    if (admission instanceof Refusal) return this.refuse(request, response, id, admission);
    admission.onWithdrawn(() => response.destroy());
    await this.serveAdmitted(request, response, rule, format, admission).finally(admission.close);
  }

  private async serveMarked(request: Request, response: Response, of: RecordingAddress & { kind: "marked" }): Promise<void> {
    const { rules, ask, dataDir, events } = this.options;
    const { id, download } = of;
    const rule = await rules.find(id);
    if (rule instanceof Refusal) return this.refuse(request, response, id, rule);
    const use = request.method === "HEAD" ? "probe" : "take";
    const { query, signedPrefix } = request.address;
    const admission = await ask(rule, credentialsOf(query, undefined, signedPrefix), clientFactsOf(request), MARKED_PROTOCOL, use);
    if (admission instanceof Refusal) return this.refuse(request, response, id, admission);
    admission.onWithdrawn(() => response.destroy());
    try {
      const file = await fileOnDisk(downloadPath(dataDir, { recording: id, id: download }));
      if (!file) return this.refuse(request, response, id, new Refusal("not-found"));
      const headers = { "content-type": "video/mp4", ...disposition(query.get("download"), "mp4") };
      await sendFile(request, response, file, headers, (bytes) => events.sent("vod", bytes));
    } finally {
      admission.close();
    }
  }

  private async serveAdmitted(
    request: Request,
    response: Response,
    rule: RecordingInfo,
    format: string,
    admission: Admission,
  ): Promise<void> {
    const { id } = rule;
    const { query } = request.address;
    const timeline = await this.options.catalog.recording(rule.files);
    if (timeline.length === 0) return this.refuse(request, response, id, new Refusal(rule.whole ? "no-such-recording" : "not-yet"));
    if (format === "m3u8") return await this.sendVariant(request, response, rule, timeline, admission);
    const start = query.get("start");
    const seconds = start === null ? 0 : Number(start);
    if (!Number.isFinite(seconds) || seconds < 0 || seconds > timeline.duration)
      return this.refuse(request, response, id, new Refusal("bad-request", libraryText("start-outside")));
    const file = format === "flv" ? flvFile(timeline, timeline.at(seconds)) : mp4File(timeline, this.options.cache);
    if (!file) return this.refuse(request, response, id, new Refusal("not-in-mp4"));
    const type = format === "flv" ? "video/x-flv" : "video/mp4";
    const headers = { "content-type": type, ...disposition(query.get("download"), format) };
    await sendFile(request, response, file, headers, (bytes) => this.options.events.sent("vod", bytes));
  }

  private async sendVariant(
    request: Request,
    response: Response,
    info: RecordingInfo,
    timeline: Timeline,
    { viewer, seat = null }: Admission,
  ): Promise<void> {
    const { id, epoch } = info;
    const variant = storedVariant(timeline);
    if (!variant) return this.refuse(request, response, id, new Refusal("not-in-hls"));
    // Another node adds the session of its own viewer.
    const folder = request.client.isFromNode ? `${id}/${epoch}` : this.options.files.recordingFolderOf(info, viewer, seat);
    const isWhole = info.whole && timeline.ended;
    const subtitles = isWhole && info.lessonId ? captionsOf(timeline, await this.captions.of(info.lessonId), folder) : null;
    const text = writeMultivariantPlaylist([{ ...variant, uri: `${folder}/index.m3u8` }], subtitles);
    this.send(request, response, Buffer.from(text), { "content-type": PLAYLIST_TYPE, "cache-control": "no-store" });
  }

  /** Of a whole recording: a growing one would need segments as long as the media's. */
  private async captionsText({ lessonId, whole }: RecordingInfo, timeline: Timeline, epoch: string, file: CaptionsFile) {
    if (!lessonId || !whole || !timeline.ended) return null;
    if (file.kind === "captions") return captionPlaylist(timeline, epoch);
    return captionPart(timeline, timeline.find(epoch, file.term, file.msn), await this.captions.of(lessonId));
  }

  private sendCaptions(request: Request, response: Response, text: string, isPlaylist: boolean): void {
    const type = isPlaylist ? PLAYLIST_TYPE : "text/vtt; charset=utf-8";
    this.send(request, response, Buffer.from(text), { "content-type": type, "cache-control": CAPTIONS_CACHE });
  }

  private async sendMedia(request: Request, response: Response, rule: RecordingInfo, timeline: Timeline): Promise<void> {
    const isWhole = rule.whole && timeline.ended;
    const { files } = this.options;
    const encryption = files.recordingEncryption(rule);
    if (encryption === undefined) return this.refuse(request, response, rule.id, new Refusal("control-away"));
    const key = `${rule.id} ${timeline.length} ${timeline.version} ${encryption?.segmentsPerKey}`;
    let bytes = isWhole ? this.playlists.get(key) : undefined;
    if (!bytes) {
      const keyOf = await timelineKeys(timeline, [0, timeline.length], files.keys, encryption);
      const plain = Buffer.from(
        storedPlaylist(timeline, 0, timeline.length, rule.epoch, isWhole ? "VOD" : "EVENT", isWhole, keyOf),
      );
      bytes = { plain, zipped: gzipSync(plain) };
      if (isWhole) this.playlists.set(key, bytes);
      const oldest = this.playlists.size > MAX_PLAYLISTS ? this.playlists.keys().next().value : undefined;
      if (oldest !== undefined) this.playlists.delete(oldest);
    }
    const zipped = acceptsGzip(request);
    this.send(request, response, zipped ? bytes.zipped : bytes.plain, {
      "content-type": PLAYLIST_TYPE,
      "cache-control": isWhole ? WHOLE_PLAYLIST : GROWING_PLAYLIST,
      vary: "accept-encoding",
      ...(zipped ? { "content-encoding": "gzip" } : {}),
    });
  }

  private send(request: Request, response: Response, bytes: Buffer, headers: Readonly<Record<string, string>>): void {
    response.writeHead(200, { ...headers, ...OPEN_TO_ALL, "content-length": bytes.length });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    response.end(bytes);
    this.options.events.sent("vod", bytes.length);
  }

  private refuse(request: Request, response: Response, id: string, refusal: Refusal): void {
    this.options.events.refused("play", "vod", id, request.ip, refusal);
    sendRefusal(request, response, refusal);
  }
}

/** Sends a preview image of the seek bar. */
export function sendPreview(request: Request, response: Response, jpeg: Buffer | null | "busy"): void {
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

/** Where it is not known whether files are encrypted, they are not given out in the clear. */
export function isPlain(encryption: Encryption | null | undefined): boolean {
  return encryption === null;
}

/** Null when the path is outside of the recordings' folder. */
function parseAddress(path: string): RecordingAddress | null {
  if (!path.startsWith(`/${RECORDINGS}/`)) return null;
  const [, whole, format] = WHOLE.exec(path) ?? [];
  if (whole && format) return { kind: "whole", id: whole, format };
  const [, marked, download] = MARKED.exec(path) ?? [];
  if (marked && download) return { kind: "marked", id: marked, download };
  const [, id, session = null, epoch, name] = BELOW.exec(path) ?? [];
  if (id && session && !epoch) return { kind: "permission", id, session };
  const file = name === undefined ? null : parseFile(name);
  if (!id || !epoch || !file) return { kind: "unknown" };
  return { kind: "file", id, session, plain: `/${RECORDINGS}/${id}/${epoch}/${name}`, epoch, file };
}

function parseFile(name: string): FileAddress | null {
  const [known, index, captions, captionTerm, captionMsn, ...media] = FILE.exec(name) ?? [];
  if (!known) return null;
  if (index) return { kind: "index" };
  if (captions) return { kind: "captions" };
  if (captionTerm) return { kind: "caption-part", term: Number(captionTerm), msn: Number(captionMsn) };
  const [initialisation, term, msn, segmentKey = null, preview, key] = media;
  if (preview) return { kind: "preview", seconds: Number(preview) };
  if (initialisation) return { kind: "initialisation", file: initialisation };
  if (key) return { kind: "key", key };
  return { kind: "segment", term: Number(term), msn: Number(msn), key: segmentKey };
}
