/** Parses time-shift addresses: playlists and FLV with a delay or a time window, and thumbnails. */
import type { RequestAddress } from "../../live/http/request-address.ts";

/** The requested part of a stream. Times are milliseconds since 1970. */
export type TimeShift =
  /** Live, delayed by this many seconds. */
  | { readonly kind: "delay"; readonly seconds: number }
  /** From one time to another; `to` null: to the end. */
  | { readonly kind: "window"; readonly from: number; readonly to: number | null };

export type TimeShiftAddress = {
  readonly app: string;
  readonly name: string;
  readonly query: URLSearchParams;
  /** Null when the query is invalid. */
  readonly shift: TimeShift | null;
} & (
  | { readonly form: "m3u8" | "flv" }
  /** The media playlist, below the epoch; `session`: null where the address has none. */
  | { readonly form: "media"; readonly session: string | null; readonly epoch: string }
  /** A thumbnail, below the epoch; `utc`: seconds since 1970. */
  | { readonly form: "still"; readonly session: string | null; readonly epoch: string; readonly utc: number }
);

const FIRST = /^\/([A-Za-z0-9_-]{1,64})\/([A-Za-z0-9_-]{1,128})\.(m3u8|flv)$/;
/** The form of a stream that is recorded for it has a name of its own. */
const BELOW =
  /^\/([A-Za-z0-9_-]{1,64})\/([A-Za-z0-9_-]{1,128}(?:@[a-z0-9-]{1,16})?)\/(?:s\/([A-Za-z0-9_-]{40})\/)?([A-Za-z0-9_-]{12})\/([^/]+)$/;
const MEDIA = /^(?:delay-(\d{1,6})|window-(\d{1,15})(?:-(\d{1,15}))?)\.m3u8$/;
const STILL = /^still-(\d{1,11})\.jpg$/;
/** Of the files that `MEDIA` and `STILL` match. */
const FIRST_LETTERS = ["d", "w", "s"];
const MAX_DELAY_SECONDS = 86_400;

/** Null for any other address. */
export function parseTimeShiftAddress(address: RequestAddress): TimeShiftAddress | null {
  const below = parseBelow(address);
  if (below) return below;
  const [, app, name, form] = FIRST.exec(address.path) ?? [];
  if (!app || !name || (form !== "m3u8" && form !== "flv")) return null;
  // Most addresses of live media have no query.
  if (address.search === "") return null;
  const { query } = address;
  const shift = parseTimeShift(query);
  return shift === undefined ? null : { form, app, name, query, shift };
}

/** A media playlist or a thumbnail below an epoch. */
function parseBelow(address: RequestAddress): TimeShiftAddress | null {
  const { path } = address;
  // Live parts and playlists have such addresses, too, and are asked for most.
  if (!FIRST_LETTERS.includes(path.charAt(path.lastIndexOf("/") + 1))) return null;
  const [, app, name, session = null, epoch, file] = BELOW.exec(path) ?? [];
  if (!app || !name || !epoch || !file) return null;
  const [playlist, delay, from, to] = MEDIA.exec(file) ?? [];
  const [, utc] = STILL.exec(file) ?? [];
  if (!playlist && utc === undefined) return null;
  const { query } = address;
  if (playlist) {
    const shift: TimeShift = delay
      ? { kind: "delay", seconds: Number(delay) }
      : { kind: "window", from: Number(from), to: to === undefined ? null : Number(to) };
    return { form: "media", app, name, query, shift, session, epoch };
  }
  const shift: TimeShift = { kind: "window", from: Number(utc) * 1000, to: null };
  return { form: "still", app, name, query, shift, session, epoch, utc: Number(utc) };
}

/** The media playlist's name. */
export function timeShiftPlaylistName(shift: TimeShift): string {
  if (shift.kind === "delay") return `delay-${Math.round(shift.seconds)}.m3u8`;
  return `window-${shift.from}${shift.to === null ? "" : `-${shift.to}`}.m3u8`;
}

/** Undefined without a time-shift query; null for an invalid one. */
function parseTimeShift(query: URLSearchParams): TimeShift | null | undefined {
  const [delay, start, end] = [query.get("time_delay"), query.get("start"), query.get("end")];
  if (delay !== null) {
    const seconds = Number(delay);
    const isTime = delay !== "" && start === null && end === null && seconds >= 0 && seconds <= MAX_DELAY_SECONDS;
    return isTime ? { kind: "delay", seconds } : null;
  }
  if (start === null && end === null) return undefined;
  const from = parseTime(start);
  const to = end === null ? null : parseTime(end);
  if (from === null || (end !== null && to === null) || (to !== null && to <= from)) return null;
  return { kind: "window", from, to };
}

/** ISO 8601, or Unix seconds. */
function parseTime(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{1,11}(\.\d{1,3})?$/.test(text)) return Math.round(Number(text) * 1000);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}
