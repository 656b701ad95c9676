/** The answers with a stream's files and playlists: all requests for the same bytes get the same one. */
import { IMMUTABLE, OPEN_TO_ALL, PLAYLIST_TYPE } from "../http/responses.ts";
import { SharedAnswer } from "../http/shared-answer.ts";
import type { PlaylistBytes } from "./hls-stream.ts";

/** A playlist as of a part never changes. Caches keep it for as many target durations (Apple, "Enabling Low-Latency HLS", caching). */
const PLAYLIST_CACHE_TARGETS = 6;

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

  /** @param targetSeconds EXT-X-TARGETDURATION */
  playlist({ plain, gzip, cacheable }: PlaylistBytes, zipped: boolean, targetSeconds: number): SharedAnswer {
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
    };
    const made = new SharedAnswer(200, headers, bytes);
    answers.set(bytes, made);
    return made;
  }
}
