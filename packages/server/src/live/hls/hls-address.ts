/** Parses the addresses of HLS playlists, segments and parts, and the delivery directives in their queries. docs/cdn.md lists them. */
import { KEY_NAME_PATTERN } from "../../access/encryption/content-keys.ts";
import type { RequestAddress } from "../http/request-address.ts";
import { NAME_PATTERN } from "../stream-name.ts";
import type { PlaylistPosition } from "./playlist.ts";

/** The query stays unparsed, because only playlists use it. */
type Named = { readonly app: string; readonly name: string; readonly query: string };

export type HlsAddress =
  /** `/APP/NAME.m3u8` */
  | (Named & { readonly kind: "multivariant" })
  /** `/APP/NAME/s/SESSION/index.m3u8` */
  | (Named & { readonly kind: "playlist"; readonly session: string })
  /** `/APP/NAME/s/SESSION/captions.m3u8` */
  | (Named & { readonly kind: "captions"; readonly session: string })
  /** `/APP/NAME/EPOCH/captions-TERM-MSN.vtt`, in strict mode behind the session: beside a segment of the media. */
  | (Named & {
      readonly kind: "caption-part";
      readonly session: string | null;
      readonly epoch: string;
      readonly term: number;
      readonly msn: number;
    })
  /** `/APP/NAME/s/SESSION/`: asks whether the session may watch, for caches that check before they answer. */
  | (Named & { readonly kind: "permission"; readonly session: string })
  /** `/APP/NAME/EPOCH/init-HASH.mp4`, in strict mode behind the session. */
  | (Named & { readonly kind: "initialisation"; readonly session: string | null; readonly epoch: string; readonly file: string })
  /** `/APP/NAME/s/SESSION/EPOCH/key-KEY` */
  | (Named & { readonly kind: "key"; readonly session: string; readonly epoch: string; readonly key: string })
  /** `/APP/NAME/EPOCH/TERM-MSN.m4s`, `…/TERM-MSN.PART.m4s`, encrypted `….kKEY.m4s`, in strict mode behind the session. */
  | (Named & {
      readonly kind: "media";
      readonly session: string | null;
      readonly epoch: string;
      readonly term: number;
      readonly msn: number;
      readonly part: number | null;
      /** The name of the key that it is encrypted with; null: it is not. */
      readonly key: string | null;
    });

/** Of the captions of a live lesson. */
export type CaptionsAddress = HlsAddress & { readonly kind: "captions" | "caption-part" };

const MULTIVARIANT = new RegExp(`^/([A-Za-z0-9_-]{1,64})/(${NAME_PATTERN})\\.m3u8$`);
const BELOW = new RegExp(`^/([A-Za-z0-9_-]{1,64})/(${NAME_PATTERN})/(?:s/([A-Za-z0-9_-]{40})/)?(.*)$`);
const INITIALISATION = /^([A-Za-z0-9_-]{12})\/(init-[0-9a-f]{16}\.mp4)$/;
const MEDIA = new RegExp(`^([A-Za-z0-9_-]{12})/(\\d{1,9})-(\\d{1,9})(?:\\.(\\d{1,5}))?(?:\\.k(${KEY_NAME_PATTERN}))?\\.m4s$`);
const CAPTION_PART = /^([A-Za-z0-9_-]{12})\/captions-(\d{1,9})-(\d{1,9})\.vtt$/;
const KEY = new RegExp(`^([A-Za-z0-9_-]{12})/key-(${KEY_NAME_PATTERN})$`);
const WHOLE_NUMBER = /^\d{1,15}$/;
/** What players send as a rule: names and numbers without an escape. */
const BLOCKING = /^_HLS_msn=(\d{1,15})(?:&_HLS_part=(\d{1,15}))?$/;

/** Null for any other address. */
export function parseHlsAddress({ path, search: query }: RequestAddress): HlsAddress | null {
  const [, app, name, session = null, rest] = BELOW.exec(path) ?? [];
  if (!app) {
    const [, streamApp, streamName] = MULTIVARIANT.exec(path) ?? [];
    return streamApp && streamName ? { kind: "multivariant", app: streamApp, name: streamName, query } : null;
  }
  if (!app || !name || rest === undefined) return null;
  const named = { app, name, query };
  if (session && rest === "index.m3u8") return { kind: "playlist", ...named, session };
  if (session && rest === "captions.m3u8") return { kind: "captions", ...named, session };
  if (session && rest === "") return { kind: "permission", ...named, session };
  const [, initEpoch, file] = INITIALISATION.exec(rest) ?? [];
  if (initEpoch && file) return { kind: "initialisation", ...named, session, epoch: initEpoch, file };
  const [, besideEpoch, besideTerm, besideMsn] = CAPTION_PART.exec(rest) ?? [];
  if (besideEpoch)
    return { kind: "caption-part", ...named, session, epoch: besideEpoch, term: Number(besideTerm), msn: Number(besideMsn) };
  const [, epoch, term, msn, part, key = null] = MEDIA.exec(rest) ?? [];
  if (!epoch) return session === null ? null : parseKey(named, session, rest);
  return {
    kind: "media",
    ...named,
    session,
    epoch,
    term: Number(term),
    msn: Number(msn),
    part: part === undefined ? null : Number(part),
    key,
  };
}

function parseKey(named: Named, session: string, rest: string): HlsAddress | null {
  const [, epoch, key] = KEY.exec(rest) ?? [];
  return epoch && key ? { kind: "key", ...named, session, epoch, key } : null;
}

/** The query of a client that plays Opus. */
export const OPUS_QUERY = "?audio=opus";

/** Whether a client says that it plays Opus. @param query without its question mark */
export function takesOpusBy(query: string): boolean {
  return query !== "" && new URLSearchParams(query).get("audio") === "opus";
}

/** A query as it stands in an address. @param query without its question mark */
export function withMark(query: string): string {
  return query === "" ? "" : `?${query}`;
}

export type PlaylistDirectives = { readonly position: PlaylistPosition | null; readonly skip: boolean };

/** Delivery directives, bis section 6.2.5; null when they are invalid. */
export function parseDirectives(query: string): PlaylistDirectives | null {
  if (query === "") return { position: null, skip: false };
  const [blocking, at, of] = BLOCKING.exec(query) ?? [];
  if (blocking) return { position: { msn: Number(at), part: of === undefined ? null : Number(of) }, skip: false };
  const given = new URLSearchParams(query);
  const [msn, part, skip] = [given.get("_HLS_msn"), given.get("_HLS_part"), given.get("_HLS_skip")];
  const skips = skip === "YES" || skip === "v2";
  // A part needs its segment: section 6.2.5.2.
  if (msn === null) return part === null ? { position: null, skip: skips } : null;
  if (!WHOLE_NUMBER.test(msn) || (part !== null && !WHOLE_NUMBER.test(part))) return null;
  return { position: { msn: Number(msn), part: part === null ? null : Number(part) }, skip: skips };
}
