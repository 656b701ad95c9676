/** For tests of rooms: an owner of one room in memory, a member's line that keeps what was written, and the entries that a client would show. */
import { gzipSync } from "node:zlib";
import { type NewRoomEntry, RetainedEntries, type RoomEntry, type RoomPerson, type RoomSignal } from "@lectern/room";
import type { ActionResult, RoomAnswer, RoomContent, RoomRequest, RoomUpdate } from "../../contracts/rooms/room-requests.ts";
import { ManualClock } from "../../platform/clock.ts";
import { FlushQueue } from "./flush-queue.ts";
import { Member, type MemberLine } from "./member.ts";
import { OpenRoom } from "./open-room.ts";
import type { Way } from "./wire-format.ts";

export const person = (id: string, role: RoomPerson["role"] = "guest"): RoomPerson => ({ id, name: `Name of ${id}`, role });

export class TestOwner {
  epoch = "e";
  term = 1;
  readonly entries: RoomEntry[] = [];
  signals: readonly RoomSignal[] = [];
  isAway = false;
  /** What `enter` answers; people who are not here are guests. */
  readonly people = new Map<string, RoomPerson | null>();
  readonly requests: RoomRequest[] = [];
  /** Decides about actions; by default each becomes an entry for all. */
  decide: (action: Extract<RoomRequest, { kind: "send" }>["actions"][number]) => ActionResult | NewRoomEntry = ({
    kind,
    body,
  }) => ({
    kind,
    body,
    to: "all",
    key: null,
  });
  readonly updates: RoomUpdate[] = [];
  private readonly done = new Map<string, ActionResult>();

  readonly ask = async (request: RoomRequest): Promise<RoomAnswer> => {
    this.requests.push(request);
    if (this.isAway) throw new Error("away");
    switch (request.kind) {
      case "enter":
        return { kind: "enter", people: request.participants.map((id) => this.person(id)) };
      case "send":
        return { kind: "send", results: request.actions.map((action) => this.do(action)) };
      case "read":
        return { kind: "read", content: this.content(request.after, request.recent) };
      case "older": {
        const older = this.entries.filter((entry) => entry.key !== null && entry.seq < request.before && !this.isReplaced(entry));
        return { kind: "older", entries: older.reverse().slice(0, 200) };
      }
      case "visits":
        return { kind: "visits" };
      case "page": {
        const { epoch, entries } = this;
        const state = { page: request.page, epoch, seq: entries.length, operations: [] };
        return request.page === "1.1"
          ? { kind: "page", epoch, seq: entries.length, gzip: gzipSync(JSON.stringify(state)).toString("base64") }
          : { kind: "refused", code: "not-found" };
      }
      default:
        throw new Error(request.kind);
    }
  };

  append(entry: NewRoomEntry, id = `id${this.entries.length + 1}`): RoomEntry {
    const stamped: RoomEntry = {
      gone: false,
      sampled: false,
      from: null,
      mediaTime: null,
      ...entry,
      id,
      seq: this.entries.length + 1,
      at: 1_700_000_000_000,
    };
    this.entries.push(stamped);
    this.updates.push(this.update([stamped]));
    return stamped;
  }

  update(entries: readonly RoomEntry[], signals: readonly RoomSignal[] = []): RoomUpdate {
    return { room: "r", epoch: this.epoch, term: this.term, entries, signals };
  }

  ofKind<K extends RoomRequest["kind"]>(kind: K): Extract<RoomRequest, { kind: K }>[] {
    return this.requests.filter((one): one is Extract<RoomRequest, { kind: K }> => one.kind === kind);
  }

  content(after: { epoch: string; seq: number } | null, recent = 0): RoomContent {
    const isNext = after !== null && after.epoch === this.epoch && after.seq <= this.entries.length;
    const held = new RetainedEntries();
    for (const entry of this.entries) held.take(entry);
    const entries = isNext ? this.entries.slice(after.seq) : held.all();
    const newest = isNext || recent === 0 ? {} : { recent: this.entries.slice(-recent) };
    return { epoch: this.epoch, term: this.term, head: this.entries.length, isNext, entries, signals: this.signals, ...newest };
  }

  private isReplaced({ key, seq }: RoomEntry): boolean {
    return this.entries.some((other) => other.key === key && other.seq > seq);
  }

  private person(id: string): RoomPerson | null {
    const known = this.people.get(id);
    return known === undefined ? person(id) : known;
  }

  private do(action: Extract<RoomRequest, { kind: "send" }>["actions"][number]): ActionResult {
    const key = `${action.participant} ${action.id}`;
    const before = this.done.get(key);
    if (before) return before;
    if (action.wait !== undefined) return { refused: "too-many", detail: "You send too much.", retryAfter: action.wait };
    const decided = this.decide(action);
    const sender = this.person(action.participant);
    const isResult = "refused" in decided || "seq" in decided;
    const result = isResult ? decided : { seq: this.append({ ...(sender ? { from: sender } : {}), ...decided }, action.id).seq };
    if (!("refused" in result)) this.done.set(key, result);
    return result;
  }
}

export type TestFrame = {
  readonly you?: RoomPerson;
  readonly epoch?: string;
  readonly seq?: number;
  readonly snapshot?: readonly TestEntry[];
  readonly entries?: readonly TestEntry[];
  readonly older?: readonly TestEntry[];
  readonly signals?: readonly Readonly<Record<string, unknown>>[];
  readonly acks?: readonly Readonly<Record<string, unknown>>[];
};
export type TestEntry = { readonly seq: number; readonly kind: string; readonly [field: string]: unknown };

export class TestLine implements MemberLine {
  readonly way: Way;
  pending = 0;
  readonly writes: Buffer[] = [];
  /** The pieces as they were written, to see which are shared. */
  readonly pieces: Uint8Array[] = [];
  closed: readonly [code: number, reason: string] | null = null;

  constructor(way: Way = "socket") {
    this.way = way;
  }

  write(pieces: readonly Uint8Array[]): void {
    this.writes.push(Buffer.concat(pieces));
    this.pieces.push(...pieces);
  }

  close(code: number, reason: string): void {
    this.closed = [code, reason];
  }

  get frames(): readonly TestFrame[] {
    return this.writes.map((bytes) => JSON.parse(this.way === "socket" ? textOf(bytes) : dataOf(bytes)));
  }

  get entries(): readonly TestEntry[] {
    return this.frames.flatMap(({ entries }) => entries ?? []);
  }

  get acks(): readonly Readonly<Record<string, unknown>>[] {
    return this.frames.flatMap(({ acks }) => acks ?? []);
  }
}

/** The text of one WebSocket message. */
function textOf(bytes: Buffer): string {
  const length = bytes[1] ?? 0;
  return bytes.toString("utf8", length < 126 ? 2 : length === 126 ? 4 : 10);
}

function dataOf(bytes: Buffer): string {
  return /^data: (.*)$/m.exec(bytes.toString())?.[1] ?? "null";
}

/** A room at a worker, with an owner and a clock of the test. */
export function openTestRoom(owner = new TestOwner(), clock = new ManualClock(), onWritten: (at: number) => void = () => {}) {
  const queue = new FlushQueue(
    clock.monotonic,
    (call) => void clock.after(0, call),
    () => 0,
  );
  const room = new OpenRoom({ id: "r", worker: "n/media-1", ask: owner.ask, clock, queue, onWritten });
  const pass = async (milliseconds = 0): Promise<void> => {
    await settled();
    for (let left = milliseconds; ; left -= 50) {
      clock.advance(Math.max(0, Math.min(50, left)));
      await settled();
      if (left <= 0) return;
    }
  };
  const join = (
    id: string,
    { role = "guest", after = null, line = new TestLine(), isSure = true, mayWrite = true }: JoinOptions = {},
  ) => {
    const withdrawn: { code: string | null } = { code: null };
    const member = new Member({
      line,
      participant: id,
      person: person(id, role),
      isSure,
      mayWrite,
      isWithdrawn: () => withdrawn.code,
    });
    room.join(member, after, "Firefox");
    return { member, line, withdrawn };
  };
  /** Gives the room all that the owner has told since. */
  const deliver = (): void => {
    for (const update of owner.updates.splice(0)) room.take(update);
  };
  return { owner, clock, room, pass, join, deliver };
}

type JoinOptions = {
  readonly role?: RoomPerson["role"];
  readonly after?: { readonly epoch: string; readonly seq: number } | null;
  readonly line?: TestLine;
  readonly isSure?: boolean;
  readonly mayWrite?: boolean;
};

/** What promises call has been called. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
