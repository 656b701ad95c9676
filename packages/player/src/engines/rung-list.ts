/**
 * Provides the rungs of a stream: fetches their list, names them for the quality menu, and builds their addresses. The server lists them beside the
 * stream, `/live/NAME.rungs.json`, without counting a viewer; the first is the stream itself.
 */
import { serverClock } from "../clock/server-clock.ts";
import { type Undecodable, undecodableOfList } from "./undecodable.ts";

export type Rung = {
  /** As in addresses, `NAME@RUNG`; null for the stream itself. */
  readonly name: string | null;
  /** As in the menu, and as the choice is remembered: `720p`, `saver`, `audio`. No two rungs of a stream have the same. */
  readonly label: string;
  /** What it does not exceed. */
  readonly kbps: number;
  /** RFC 6381, separated by commas. */
  readonly codecs: string;
  /** Pixels; 0 for sound alone. */
  readonly width: number;
  readonly height: number;
};

/** An entry of the quality menu. */
export type RungOption = {
  readonly label: string;
  /** The share of the largest rung's bits that the data saver saves; null for other rungs. */
  readonly saves: number | null;
};

/** Names of rungs that have the same meaning in every ladder. */
export const SAVER = "saver";
export const SOUND = "audio";

/** An answer that takes longer is not waited for: the viewer watches without a choice. */
const ANSWER_TIMEOUT_MS = 1500;
/** `/APP/NAME@RUNG.EXTENSION` before the query. */
const STREAM = /^([^?#]*\/[A-Za-z0-9_-]+\/[A-Za-z0-9_~-]+)(?:@[a-z0-9-]+)?(\.[a-z0-9]+)(?=\?|#|$)/;

/** The address of a rung in the protocol of the stream's own address. Null is the stream itself. */
export function addressOfRung(url: string, name: string | null): string {
  return url.replace(STREAM, `$1${name === null ? "" : `@${name}`}$2`);
}

/**
 * Names rungs as viewers know them: by their smaller side. Where two have the same size, those of the ladder have their own names, and the
 * stream itself its codec.
 * @param rungs in any order; returned from the largest to the smallest
 */
export function labelRungs(rungs: readonly Omit<Rung, "label">[]): readonly Rung[] {
  const sizes = rungs.map(sizeOf);
  const labels = rungs.map(({ name }, i) => {
    const size = sizes[i] ?? "";
    return name !== null && sizes.indexOf(size) !== sizes.lastIndexOf(size) ? name : size;
  });
  return rungs
    .map((rung, i) => {
      const label = labels[i] ?? "";
      const isTaken = rung.name === null && labels.some((other, n) => n !== i && other === label);
      return { ...rung, label: isTaken ? `${label} ${codecOf(rung)}` : label };
    })
    .sort((a, b) => rankOf(a) - rankOf(b) || b.width * b.height - a.width * a.height || b.kbps - a.kbps);
}

/** The stream itself is first whatever its bits: a still slide has few just now. Sound alone is last. */
function rankOf(rung: Omit<Rung, "label">): number {
  if (rung.name === null) return 0;
  return isSound(rung) ? 3 : rung.name === SAVER ? 2 : 1;
}

function sizeOf({ name, width, height, kbps }: Omit<Rung, "label">): string {
  if (name === SAVER || name === SOUND) return name;
  return width > 0 && height > 0 ? `${Math.min(width, height)}p` : `${Math.round(kbps)} kbps`;
}

/** RFC 6381 begins with these. */
const CODECS = { hev1: "HEVC", hvc1: "HEVC", av01: "AV1", vp09: "VP9" } as const;

function codecOf({ codecs }: Pick<Rung, "codecs">): string {
  const known: { readonly [fourCc: string]: string } = CODECS;
  return known[codecs.slice(0, 4)] ?? "H.264";
}

export function isSound({ name, width }: Pick<Rung, "name" | "width">): boolean {
  return name === SOUND || (name !== null && width === 0);
}

/** The entries of the menu: the rungs with a picture. */
export function rungOptions(rungs: readonly Rung[]): readonly RungOption[] {
  const largest = Math.max(...rungs.map(({ kbps }) => kbps));
  return rungs
    .filter((rung) => !isSound(rung))
    .map(({ name, label, kbps }) => ({ label, saves: name === SAVER ? 1 - kbps / largest : null }));
}

/** Whether this browser can play a rung. */
export function isPlayable({ codecs }: Pick<Rung, "codecs">): boolean {
  return codecs === "" || MediaSource.isTypeSupported(`video/mp4; codecs="${codecs}"`);
}

/**
 * Fetches the rungs of a stream, the stream itself included. Empty when there are none, or no answer.
 * @param url the stream's address, of any protocol; its parameters are those of a signed link
 */
export async function fetchRungs(url: string): Promise<readonly Rung[]> {
  const answer = await ask(url, ANSWER_TIMEOUT_MS);
  return answer?.ok ? labelRungs(parseRungs(answer.list)) : [];
}

/**
 * Asks for the time of the newest frame that the server has.
 * @param url as for `fetchRungs`
 * @returns milliseconds of the stream's time; `unreachable` without an answer, null where the answer does not tell
 */
export async function fetchNewestTime(url: string, timeoutMs: number): Promise<number | "unreachable" | null> {
  const answer = await ask(url, timeoutMs);
  if (!answer) return "unreachable";
  const time = answer.ok && isRecord(answer.list) ? answer.list["newestMs"] : null;
  return typeof time === "number" ? time : null;
}

/**
 * Asks which track nobody can decode.
 * @param url as for `fetchRungs`
 */
export async function fetchUndecodable(url: string): Promise<Undecodable | "unreachable" | null> {
  const answer = await ask(url, ANSWER_TIMEOUT_MS);
  return answer?.ok ? undecodableOfList(answer.list) : "unreachable";
}

/** Null where no answer arrives. */
async function ask(url: string, timeoutMs: number): Promise<{ readonly ok: boolean; readonly list: unknown } | null> {
  const address = url.replace(/^ws/, "http").replace(STREAM, "$1.rungs.json");
  try {
    const sentAt = serverClock.monotonic();
    const answer = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) });
    serverClock.takeResponse(answer, sentAt);
    return { ok: answer.ok, list: answer.ok ? await answer.json() : null };
  } catch {
    return null;
  }
}

/** Reads the server's list. Entries that are not understood are left out. */
export function parseRungs(answer: unknown): readonly Omit<Rung, "label">[] {
  const items: unknown = isRecord(answer) ? answer["items"] : null;
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: unknown) => {
    if (!isRecord(item)) return [];
    const { name, bandwidth, codecs, width, height } = item;
    if ((typeof name !== "string" && name !== null) || typeof bandwidth !== "number") return [];
    return [
      {
        name,
        kbps: bandwidth / 1000,
        codecs: typeof codecs === "string" ? codecs : "",
        width: typeof width === "number" ? width : 0,
        height: typeof height === "number" ? height : 0,
      },
    ];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
