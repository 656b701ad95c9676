/**
 * Provides the members of one room. Each has a position in the room's copy; members of the same view at the same position get the same bytes. The
 * first entry after a rest is written at once, later ones at most every 200 ms.
 */
import type { RoomPosition } from "@lectern/room";
import { entryTexts } from "./brief-entries.ts";
import type { FlushQueue } from "./flush-queue.ts";
import type { Member } from "./member.ts";
import type { OlderEntries } from "./older-entries.ts";
import { concerned, type RoomCopy, type View } from "./room-copy.ts";
import { type Acknowledgement, acknowledgementFrame, entryText, frameText, SharedEnd, SharedFrame } from "./wire-format.ts";
import { WriteRounds } from "./write-rounds.ts";

export type RoomOptions = {
  readonly copy: RoomCopy;
  /** Brings what newcomers do not get to members who return. */
  readonly older: OlderEntries;
  readonly queue: FlushQueue;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly utc: () => number;
  readonly after: (milliseconds: number, call: () => void) => () => void;
  /** Hears of some of the writes: the time of the newest entry in it, milliseconds since 1970. */
  readonly onWritten?: (at: number) => void;
};

/** A snapshot is encoded at most so often; who gets an older one gets the rest as others do. */
const SNAPSHOT_MS = 200;
/** So many answers of the same turn have what has happened in them. */
const MOST_WITH_NEWS = 16;
/** Members that are reviewed before others of the process have their turn. */
const REVIEWED = 500;
/** A position beyond that is none of this room. */
const MAX_AHEAD = 1000;
/** A member with so many bytes on the way is not written to, keeps its position, and gets one larger frame later. */
const MAX_PENDING = 16 * 1024;
/** A member that takes nothing for so long is disconnected. */
const MAX_LAG_MS = 30_000;
/** RFC 6455 section 7.4.1: policy violation, for withdrawn members; try again later, for lagging ones; going away. */
const CLOSE = { withdrawn: 1008, lagging: 1013, ended: 1001 } as const;

type Snapshot = { readonly end: SharedEnd; readonly change: number; readonly at: number };

/** Where everybody is brought to. */
type Target = { readonly epoch: string; readonly seq: number; readonly change: number };

/** The frame that members at one place get; null: it has nothing for their view. */
type FoundView = { readonly view: View; readonly seq: number; readonly change: number; readonly frame: SharedFrame | null };

export class Room {
  private readonly options: RoomOptions;
  private readonly members = new Set<Member>();
  private readonly snapshots = new Map<View, Snapshot>();
  /** Entries of the snapshots that only some participants see. */
  private personalHeld: { readonly head: number; readonly epoch: string; readonly of: ReadonlySet<string> } | null = null;
  private readonly withAcks = new Set<Member>();
  private readonly rounds: WriteRounds<Member>;
  private newest: Newest | null = null;

  constructor(options: RoomOptions) {
    this.options = options;
    const { members } = this;
    this.rounds = new WriteRounds({ ...options, members, write: (piece) => this.writePiece(piece) });
  }

  get size(): number {
    return this.members.size;
  }

  has(member: Member): boolean {
    return this.members.has(member);
  }

  /** Sends who the member is, with a snapshot or with what it has missed, and from then on every change. @param after null: it knows nothing */
  join(member: Member, after: RoomPosition | null): void {
    const { copy } = this.options;
    this.members.add(member);
    // Where nothing is known of the room yet, the member keeps what it has, and gets what follows once that is here.
    if (after !== null && (copy.epoch === "" || this.follows(after))) this.resume(member, after);
    else this.sendSnapshot(member, after);
  }

  /** Whether a member at a position goes on with entries. It may come from a worker that knows more than this one. */
  private follows({ epoch, seq }: RoomPosition): boolean {
    const { copy } = this.options;
    return epoch === copy.epoch && copy.reaches(seq) && seq <= copy.head + MAX_AHEAD;
  }

  leave(member: Member): void {
    this.members.delete(member);
    this.withAcks.delete(member);
  }

  /** The copy has changed: members get it in the next round. */
  changed(): void {
    this.rounds.ask();
  }

  /** Who the member is has changed: it is told so, with a snapshot of its view. */
  renew(member: Member): void {
    if (this.members.has(member)) this.sendSnapshot(member, null);
  }

  /** Tells a member what became of an action. Acknowledgements of the same turn are one frame. */
  acknowledge(member: Member, acknowledgement: Acknowledgement): void {
    if (!this.members.has(member)) return;
    member.acks.push(acknowledgement);
    if (this.withAcks.size === 0) queueMicrotask(() => this.writeAcks());
    this.withAcks.add(member);
  }

  /** Disconnects members who may not stay. */
  review(): void {
    const rest = this.members.values();
    this.options.queue.add(() => {
      for (let i = 0; i < REVIEWED; i++) {
        const next = rest.next();
        if (next.done) return true;
        const code = next.value.isWithdrawn();
        if (code !== null) this.dismiss(next.value, CLOSE.withdrawn, code);
      }
      return false;
    });
  }

  dismiss(member: Member, code: number, reason: string): void {
    this.leave(member);
    member.line.close(code, reason);
  }

  close(): void {
    this.rounds.close();
    for (const member of [...this.members]) this.dismiss(member, CLOSE.ended, "draining");
  }

  private writePiece(piece: readonly Member[]): void {
    const { onWritten } = this.options;
    const newest = this.newestNow();
    const written = piece.filter((member) => this.write(member, newest));
    if (written.length > 0 && newest.at !== null) onWritten?.(newest.at);
  }

  private newestNow(): Newest {
    const { copy } = this.options;
    if (!this.newest?.isOf(copy)) this.newest = new Newest(copy);
    return this.newest;
  }

  /** @returns whether the member got entries as they happened */
  private write(member: Member, newest: Newest): boolean {
    const { now } = this.options;
    const { target } = newest;
    const isAtHead = member.seq >= target.seq && member.seq <= target.seq + MAX_AHEAD;
    if (member.epoch === target.epoch && isAtHead && member.change === target.change) return false;
    if (member.line.pending > MAX_PENDING) {
      this.changed();
      member.laggingSince ??= now();
      if (now() - member.laggingSince > MAX_LAG_MS) this.dismiss(member, CLOSE.lagging, "too-slow");
      return false;
    }
    member.laggingSince = null;
    // Nothing is known of the room yet but the lesson's state.
    if (target.epoch === "" && member.epoch !== "") return false;
    if (target.epoch !== "" && !this.follows(member)) {
      this.sendSnapshot(member, { epoch: member.epoch, seq: member.seq });
      return false;
    }
    const hasEntries = member.seq < target.seq;
    const frame = this.advance(member, newest);
    if (frame) member.line.write([frame.bytes(member.line.way)]);
    return frame !== null && hasEntries;
  }

  /** @returns what the member has missed, and has from now on; null: nothing that it may see */
  private advance(member: Member, newest: Newest): SharedFrame | null {
    const { copy } = this.options;
    const { target } = newest;
    const isShared = member.view === "staff" || member.participant === null || !copy.hasPersonal(member.participant, member.seq);
    const frame = isShared ? newest.frame(member) : newest.personalFrame(member, member.participant);
    member.seq = Math.max(member.seq, target.seq);
    member.change = target.change;
    return frame;
  }

  private resume(member: Member, { epoch, seq }: RoomPosition): void {
    const { copy } = this.options;
    Object.assign(member, { epoch, seq });
    const newest = new Newest(copy);
    const position = { epoch, seq: Math.max(seq, copy.head) };
    const end = new SharedEnd(position, frameText(position, "entries", newest.visible(member), copy.signalsAfter(0, member.view)));
    this.writeFirst(member, end, copy.signalHead);
  }

  /** @param after what the member has of the room; null: nothing */
  private sendSnapshot(member: Member, after: RoomPosition | null): void {
    const { copy, older } = this.options;
    const { participant } = member;
    const { end, change } =
      member.view === "all" && participant !== null && this.hasPersonalHeld(participant)
        ? this.snapshot(member.view, participant)
        : this.sharedSnapshot(member.view);
    this.writeFirst(member, end, change);
    if (after !== null && after.epoch === copy.epoch && copy.hasOlder) older.bring(member, after.seq, () => this.has(member));
    // A snapshot that others got too may be older than the copy.
    if (member.seq !== copy.head || member.change !== copy.signalHead) this.changed();
  }

  private writeFirst(member: Member, end: SharedEnd, change: number): void {
    Object.assign(member, { epoch: end.position.epoch, seq: end.position.seq, change });
    member.line.write(end.bytes(member.person, member.line.way, this.options.utc()));
  }

  private sharedSnapshot(view: View): Snapshot {
    const known = this.snapshots.get(view);
    const { copy, now } = this.options;
    const isFresh = known && known.end.position.epoch === copy.epoch && now() - known.at < SNAPSHOT_MS;
    const isSame =
      known && known.end.position.epoch === copy.epoch && known.end.position.seq === copy.head && known.change === copy.signalHead;
    if (known && (isSame || (isFresh && copy.reaches(known.end.position.seq)))) return known;
    const snapshot = this.snapshot(view, null);
    this.snapshots.set(view, snapshot);
    return snapshot;
  }

  /** @param participant who sees more than the view; null: nobody */
  private snapshot(view: View, participant: string | null): Snapshot {
    const { copy, now } = this.options;
    const sees = (entry: Parameters<typeof concerned>[0]) =>
      view === "staff" || entry.to === "all" || (participant !== null && concerned(entry).includes(participant));
    const entries = copy.retainedEntries().filter(sees);
    const texts = entries.map((entry) => entryText(copy.epoch, entry));
    const position = { epoch: copy.epoch, seq: copy.head };
    const end = new SharedEnd(position, frameText(position, "snapshot", texts, copy.signalsAfter(0, view)));
    return { end, change: copy.signalHead, at: now() };
  }

  private hasPersonalHeld(participant: string): boolean {
    const { copy } = this.options;
    if (this.personalHeld?.head !== copy.head || this.personalHeld.epoch !== copy.epoch) {
      const of = new Set(copy.retainedEntries().flatMap((entry) => (entry.to === "all" ? [] : concerned(entry))));
      this.personalHeld = { head: copy.head, epoch: copy.epoch, of };
    }
    return this.personalHeld.of.has(participant);
  }

  /**
   * What has happened until now goes with the answer: who writes would get two frames for each action. When a whole class is answered, each gets it in its round,
   * in bytes that all share.
   */
  private writeAcks(): void {
    const { copy } = this.options;
    const newest = this.newestNow();
    const areFew = this.withAcks.size <= MOST_WITH_NEWS;
    for (const member of this.withAcks) {
      const { acks, line } = member;
      const takesNews = areFew && member.epoch === copy.epoch && copy.reaches(member.seq) && line.pending <= MAX_PENDING;
      const news = takesNews ? this.advance(member, newest) : null;
      line.write([news ? news.bytesAfter(acks, line.way) : acknowledgementFrame(acks, line.way)]);
      member.acks = [];
    }
    this.withAcks.clear();
  }
}

/** The newest of a room: brings members from wherever they are to it, with bytes that those at the same place share. */
class Newest {
  readonly target: Target;
  /** The newest entry, milliseconds since 1970; null: signals only. */
  readonly at: number | null;
  private readonly copy: RoomCopy;
  private readonly frames = new Map<string, FoundView>();
  /** Nearly all members are at the same place. */
  private last: FoundView | null = null;

  constructor(copy: RoomCopy) {
    this.copy = copy;
    this.target = { epoch: copy.epoch, seq: copy.head, change: copy.signalHead };
    this.at = copy.between(copy.head - 1, copy.head)[0]?.entry.at ?? null;
  }

  /** Nothing has come since. */
  isOf({ epoch, head, signalHead }: RoomCopy): boolean {
    return this.target.epoch === epoch && this.target.seq === head && this.target.change === signalHead;
  }

  /** The frame for all members of a view at a place; null: it has nothing for them. */
  frame({ view, seq, change }: Member): SharedFrame | null {
    const { last } = this;
    if (last && last.seq === seq && last.change === change && last.view === view) return last.frame;
    const key = `${view} ${seq} ${change}`;
    const found = this.frames.get(key) ?? { view, seq, change, frame: this.make(view, seq, change, null) };
    this.frames.set(key, found);
    this.last = found;
    return found.frame;
  }

  personalFrame({ view, seq, change }: Member, participant: string): SharedFrame | null {
    return this.make(view, seq, change, participant);
  }

  /** What a member has missed. */
  visible({ view, seq, participant }: Member): readonly string[] {
    return this.texts(view, seq, participant);
  }

  private make(view: View, seq: number, change: number, participant: string | null): SharedFrame | null {
    const texts = this.texts(view, seq, participant);
    const signals = this.copy.signalsAfter(change, view);
    if (texts.length === 0 && signals.length === 0) return null;
    const position = { epoch: this.target.epoch, seq: Math.max(seq, this.target.seq) };
    return new SharedFrame(position, frameText(position, "entries", texts, signals));
  }

  private texts(view: View, seq: number, participant: string | null): readonly string[] {
    // A line that was deleted meanwhile is told as what it is now, and never as what it was.
    const entries = this.copy.between(seq, this.target.seq).filter(({ entry }) => !this.copy.isReplaced(entry));
    const sees = view === "staff" ? () => true : (one: (typeof entries)[number]) => one.isForAll || isOf(one.entry, participant);
    return entryTexts(entries.filter(sees));
  }
}

function isOf(entry: Parameters<typeof concerned>[0], participant: string | null): boolean {
  return participant !== null && concerned(entry).includes(participant);
}
