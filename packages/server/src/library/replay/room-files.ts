/**
 * Provides the room beside a recording, as files: an index, a file for each minute of the recording, and what newcomers would have got at every fifth
 * minute. A file's name says which content it has, so that it can be cached for good; a name of content that is not current is not found.
 */
import { createHash } from "node:crypto";
import { lengthOf, partOf, type RoomPart, type RoomReplayMessages, type RoomSpan } from "../../contracts/rooms/room-replay.ts";

const CHUNK_MS = 60_000;
const SNAPSHOT_MS = 300_000;
/** What was said is asked for again after this time: a line may have been deleted. */
const STATE_MS = 2000;
/** An entry is stored at most this long after its time: until then, the file of a minute may get more. */
const SETTLED_MS = 60_000;
/** Of compressed files, of all recordings. */
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_STATES = 500;

type Ask = RoomReplayMessages["roomReplay"];
type State = { readonly past: string; readonly head: string; readonly first: number | null; readonly last: number | null };

/** A file of the room, by the number of its minute or of its five minutes. */
export type RoomFileName = { readonly kind: "chunk" | "snapshot"; readonly number: number; readonly version: string };

export type RoomIndex = {
  readonly chunks: readonly { readonly from: number; readonly to: number; readonly file: string }[];
  readonly snapshots: readonly { readonly at: number; readonly file: string }[];
};

const FILE_NAME = /^(chunk|snapshot)-(\d{1,6})-([A-Za-z0-9_-]{16})\.json$/;

export function parseRoomFile(name: string): RoomFileName | null {
  const [, kind, number, version] = FILE_NAME.exec(name) ?? [];
  if ((kind !== "chunk" && kind !== "snapshot") || version === undefined) return null;
  return { kind, number: Number(number), version };
}

export class RoomFiles {
  private readonly ask: Ask;
  private readonly now: () => number;
  private readonly states = new Map<string, { readonly at: number; readonly value: Promise<State> }>();
  /** Compressed, in the order of use. */
  private readonly files = new Map<string, Buffer>();
  private readonly fetching = new Map<string, Promise<Buffer>>();
  private bytes = 0;

  constructor(ask: Ask, now: () => number) {
    this.ask = ask;
    this.now = now;
  }

  /** Only parts in which something happened are listed. Times are seconds of the recording. */
  async index(lesson: string, spans: readonly RoomSpan[]): Promise<RoomIndex> {
    const state = await this.state(lesson);
    const length = lengthOf(spans);
    const chunks = numbersTo(length, CHUNK_MS).flatMap((number) => {
      const file = this.nameOf({ kind: "chunk", number }, spans, state);
      return file ? [{ from: (number * CHUNK_MS) / 1000, to: Math.min(length, (number + 1) * CHUNK_MS) / 1000, file }] : [];
    });
    const snapshots = numbersTo(length, SNAPSHOT_MS).flatMap((number) => {
      const file = this.nameOf({ kind: "snapshot", number }, spans, state);
      return file ? [{ at: (number * SNAPSHOT_MS) / 1000, file }] : [];
    });
    return { chunks, snapshots };
  }

  /** Compressed with gzip; null where there is no such content, or not any more. */
  async file(lesson: string, spans: readonly RoomSpan[], name: RoomFileName): Promise<Buffer | null> {
    const current = this.nameOf(name, spans, await this.state(lesson));
    if (current !== fileName(name)) return null;
    const key = `${lesson} ${current}`;
    const known = this.files.get(key);
    if (known) {
      this.files.delete(key);
      this.files.set(key, known);
      return known;
    }
    const fetching = this.fetching.get(key) ?? this.fetch(lesson, spans, name).finally(() => this.fetching.delete(key));
    this.fetching.set(key, fetching);
    const bytes = await fetching;
    this.keep(key, bytes);
    return bytes;
  }

  private async fetch(lesson: string, spans: readonly RoomSpan[], { kind, number }: RoomFileName): Promise<Buffer> {
    const part = chunkOf(spans, number);
    const at = snapshotTime(spans, number);
    const answer = await this.ask(
      kind === "snapshot" ? { kind, lesson, at: at ?? 0 } : { kind: "entries", lesson, ...(part ?? { from: 0, to: 0, spans: [] }) },
    );
    if (answer.kind !== "file") throw new Error("the control process answered another question");
    return Buffer.from(answer.gzip, "base64");
  }

  private keep(key: string, bytes: Buffer): void {
    if (this.files.has(key)) return;
    this.files.set(key, bytes);
    this.bytes += bytes.length;
    for (const [oldest, { length }] of this.files) {
      if (this.bytes <= MAX_BYTES) break;
      this.files.delete(oldest);
      this.bytes -= length;
    }
  }

  /** While the control process is unreachable, the last answer holds. */
  private state(lesson: string): Promise<State> {
    const known = this.states.get(lesson);
    if (known && this.now() - known.at < STATE_MS) return known.value;
    const asked = this.ask({ kind: "state", lesson }).then((answer) => {
      if (answer.kind !== "state") throw new Error("the control process answered another question");
      return answer;
    });
    const value = known ? asked.catch(() => known.value) : asked;
    this.states.delete(lesson);
    this.states.set(lesson, { at: this.now(), value });
    value.catch(() => {
      if (this.states.get(lesson)?.value === value) this.states.delete(lesson);
    });
    const oldest = this.states.size > MAX_STATES ? this.states.keys().next().value : undefined;
    if (oldest !== undefined) this.states.delete(oldest);
    return value;
  }

  /** Null where nothing happened. */
  private nameOf(
    { kind, number }: Pick<RoomFileName, "kind" | "number">,
    spans: readonly RoomSpan[],
    { past, head, first, last }: State,
  ): string | null {
    if (first === null || last === null) return null;
    const content = kind === "chunk" ? chunkOf(spans, number) : snapshotTime(spans, number);
    if (content === null) return null;
    const [from, to] = typeof content === "number" ? [Number.NEGATIVE_INFINITY, content] : [content.from, content.to];
    if (to <= first || from > last) return null;
    const growing = to > this.now() - SETTLED_MS ? head : "";
    const version = createHash("sha256")
      .update(JSON.stringify([past, growing, content]))
      .digest("base64url")
      .slice(0, 16);
    return fileName({ kind, number, version });
  }
}

function fileName({ kind, number, version }: RoomFileName): string {
  return `${kind}-${number}-${version}.json`;
}

function chunkOf(spans: readonly RoomSpan[], number: number): RoomPart | null {
  return partOf(spans, number * CHUNK_MS, (number + 1) * CHUNK_MS);
}

/** The time at which the part from a position on begins; the first one has everything from before the recording. */
function snapshotTime(spans: readonly RoomSpan[], number: number): number | null {
  return partOf(spans, number * SNAPSHOT_MS, Number.POSITIVE_INFINITY)?.from ?? null;
}

function numbersTo(length: number, each: number): number[] {
  return Array.from({ length: Math.ceil(length / each) }, (_, number) => number);
}
