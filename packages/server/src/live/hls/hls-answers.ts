/** Provides the answers with a stream's files, keys and playlists: all requests for the same bytes get the same one. */
import type { ContentKey } from "../../access/encryption/content-keys.ts";
import { KEY_HEADERS } from "../../access/encryption/key-delivery.ts";
import type { TrackProblems } from "../../contracts/monitoring/media-problem.ts";
import { Refusal } from "../../platform/refusal.ts";
import { problemHeaders } from "../http/problem-headers.ts";
import { type HttpResponse, IMMUTABLE, OPEN_TO_ALL, PLAYLIST_TYPE } from "../http/responses.ts";
import { SharedAnswer } from "../http/shared-answer.ts";
import { liveText } from "../live-texts.ts";
import type { HlsAddress } from "./hls-address.ts";
import type { PlaylistBytes, Unavailable } from "./hls-stream.ts";

const SEGMENT_TYPE = "video/iso.segment";

/** A playlist as of a part never changes. Caches keep it for as many target durations (Apple, "Enabling Low-Latency HLS", caching). */
const PLAYLIST_CACHE_TARGETS = 6;

export function keyAnswer({ key }: ContentKey): SharedAnswer {
  return new SharedAnswer(200, { ...KEY_HEADERS, ...OPEN_TO_ALL }, key);
}

/** A newer one is made with each segment. */
export function captionsAnswer(text: string): SharedAnswer {
  return new SharedAnswer(200, { "content-type": PLAYLIST_TYPE, "cache-control": "no-store", ...OPEN_TO_ALL }, Buffer.from(text));
}

/** It does not change while a playlist lists it. */
export function captionPartAnswer(text: string): SharedAnswer {
  const headers = { "content-type": "text/vtt; charset=utf-8", "cache-control": "public, max-age=60", ...OPEN_TO_ALL };
  return new SharedAnswer(200, headers, Buffer.from(text));
}

/** The multivariant playlist has the session of one viewer. @param problems of the stream */
export function multivariantAnswer(text: string, problems: TrackProblems): SharedAnswer {
  const headers = { "content-type": PLAYLIST_TYPE, "cache-control": "no-store", ...OPEN_TO_ALL, ...problemHeaders(problems) };
  return new SharedAnswer(200, headers, Buffer.from(text));
}

/** Leads a player to another playlist of the same stream. @param to relative to what was asked for */
export function sendMoved(response: HttpResponse, to: string): void {
  response.writeHead(302, { location: to, "cache-control": "no-store", "content-length": 0, ...OPEN_TO_ALL });
  response.end();
}

export class HlsAnswers {
  /** By their bytes, and for as long as those exist. */
  private readonly files = new WeakMap<Buffer, SharedAnswer>();
  private readonly pinned = new WeakMap<Buffer, SharedAnswer>();
  private readonly newest = new WeakMap<Buffer, SharedAnswer>();

  /** @param type the media type, always the same one for the same bytes */
  file(bytes: Buffer, type: string): SharedAnswer {
    const known = this.files.get(bytes);
    if (known) return known;
    const made = new SharedAnswer(200, { "content-type": type, "cache-control": IMMUTABLE, ...OPEN_TO_ALL }, bytes);
    this.files.set(bytes, made);
    return made;
  }

  /** @param problems of the stream as the playlist is made @param targetSeconds EXT-X-TARGETDURATION */
  playlist(
    { plain, gzip, cacheable }: PlaylistBytes,
    problems: TrackProblems,
    zipped: boolean,
    targetSeconds: number,
  ): SharedAnswer {
    const bytes = zipped ? gzip : plain;
    const answers = cacheable ? this.pinned : this.newest;
    const known = answers.get(bytes);
    if (known) return known;
    const headers = {
      "content-type": PLAYLIST_TYPE,
      "cache-control": cacheable ? `public, max-age=${PLAYLIST_CACHE_TARGETS * targetSeconds}` : "no-store",
      vary: "accept-encoding",
      ...(zipped ? { "content-encoding": "gzip" } : {}),
      ...OPEN_TO_ALL,
      ...problemHeaders(problems),
    };
    const made = new SharedAnswer(200, headers, bytes);
    answers.set(bytes, made);
    return made;
  }
}

/** The media type of a file. */
export function typeOf({ kind }: HlsAddress): string {
  return kind === "initialisation" ? "video/mp4" : SEGMENT_TYPE;
}

/** A cache that asks for permission knows 401 and 403 only: a session without its stream opens nothing. */
export function permissionRefusal({ kind }: HlsAddress, refusal: Refusal): Refusal {
  return kind === "permission" && (refusal.status === 404 || refusal.status === 429) ? new Refusal("bad-signature") : refusal;
}

/** What a client is told that asks for what is not there. */
export function toRefusal(missing: Unavailable): Refusal {
  return missing === "impossible"
    ? new Refusal("bad-request", liveText("too-far-ahead"))
    : new Refusal("not-found", liveText("not-kept"));
}
