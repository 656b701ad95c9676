/**
 * Provides the pages of a lesson's board in the memory of the room's owner. A page is loaded when it is first needed, follows what is stored, and is
 * written as a whole from time to time, so that loading it never reads many entries.
 */
import { newTag, type Operation, Page, type PageId } from "@lectern/board";
import type { RoomEntry } from "@lectern/room";
import { refill, type TokenBucket } from "../../../platform/rate-limit.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { RoomView } from "../domain.ts";
import { lastSetOf, loadPage, loadStrokes, loadTags, operationsOf, storePage, storeTag } from "./board-rows.ts";

export type RetainedPage = {
  readonly id: PageId;
  readonly page: Page;
  /** The last entry that is a part of it. */
  seq: number;
  at: Date;
  /** Since it was last written. */
  operations: number;
  bytes: number;
};

/** A page is written after so many operations, and when that much of it is new: a long page is not written again for each word. */
const WRITTEN_AFTER = { operations: 300, share: 0.5, most: 3000 } as const;
/** When the page is turned, fewer are enough. */
const WRITTEN_ON_TURN = 20;
/** Others are loaded again when they are needed. */
const MAX_PAGES = 8;
/** Each load of a page takes a tag. */
const MAX_TAGS_OF_PERSON = 300;
/** Bytes of operations of one person: writing takes about 1 kB a second. */
const BYTES = { burst: 512 * 1024, perSecond: 20 * 1024 } as const;
const MAX_BUCKETS = 1000;

export class LessonBoard {
  readonly lessonId: string;
  /** In the order of use. */
  private readonly pages = new Map<PageId, RetainedPage>();
  /** Entries that were stored while pages are loaded. */
  private readonly loading = new Map<PageId, RoomEntry[]>();
  private tags: Map<string, string> | null = null;
  /** Of the group that is being decided. */
  private newTags: { readonly room: RoomView; readonly of: Map<string, string> } | null = null;
  private lastSet: number | null = null;
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(lessonId: string) {
    this.lessonId = lessonId;
  }

  /** A page as it is before the group: nothing is stored while a group is decided. */
  async inGroup({ trx, epoch }: RoomView, id: PageId): Promise<RetainedPage> {
    return this.known(id) ?? this.hold(await loadRetainedPage(trx, this.lessonId, epoch, id));
  }

  /** A page with all that is stored, at any time. */
  async read(db: Db, epoch: string, id: PageId): Promise<RetainedPage> {
    const known = this.known(id);
    if (known) return known;
    const missed = this.loading.get(id) ?? [];
    this.loading.set(id, missed);
    try {
      const loaded = await loadRetainedPage(db, this.lessonId, epoch, id);
      const meanwhile = this.known(id);
      if (meanwhile) return meanwhile;
      for (const entry of missed) apply(loaded, entry);
      return this.hold(loaded);
    } finally {
      this.loading.delete(id);
    }
  }

  /** Whether a page follows what is stored: one that was not needed for long does not. */
  holds(retained: RetainedPage): boolean {
    return this.pages.get(retained.id) === retained;
  }

  /** Entries were stored. */
  committed(entries: readonly RoomEntry[]): void {
    for (const entry of entries) {
      const { kind, body } = entry;
      if (kind !== "stroke" || typeof body["page"] !== "string") continue;
      this.loading.get(body["page"])?.push(entry);
      const retained = this.pages.get(body["page"]);
      if (retained) apply(retained, entry);
    }
  }

  /** Writes a page before the operations of a group come to it, if it is time. */
  async writeIfDue(room: RoomView, retained: RetainedPage): Promise<void> {
    const { operations, bytes, page } = retained;
    const { share, most, ...after } = WRITTEN_AFTER;
    if (operations >= most || (operations >= after.operations && bytes >= share * page.size.bytes))
      await this.write(room, retained);
  }

  /** The page is not shown any more. */
  async turned(room: RoomView, id: PageId): Promise<void> {
    const retained = this.pages.get(id);
    if (retained && retained.operations >= WRITTEN_ON_TURN) await this.write(room, retained);
  }

  /**
   * Whether a tag is the person's; one that nobody has becomes so.
   * @returns tooMany: the person has as many as one may have
   */
  async claim(room: RoomView, tag: string, person: string): Promise<"own" | "foreign" | "tooMany"> {
    const tags = await this.tagsOf(room);
    const owner = tags.get(tag) ?? this.claimed(room).get(tag);
    if (owner !== undefined) return owner === person ? "own" : "foreign";
    const count = [...tags.values(), ...this.claimed(room).values()].filter((one) => one === person).length;
    if (count >= MAX_TAGS_OF_PERSON) return "tooMany";
    await this.take(room, tag, person);
    return "own";
  }

  /**
   * Takes the tag of items that come from another lesson.
   * @param person whose items they are; empty: nobody's who is known
   * @param reserved tags that are not to be given to others. @returns the tag, or another one where it is somebody else's here
   */
  async adopt(room: RoomView, tag: string, person: string, reserved: ReadonlySet<string>): Promise<string> {
    const owner = await this.ownerOf(room, tag);
    if (owner === person) return tag;
    let free = tag;
    for (let taken = owner; taken !== null; taken = await this.ownerOf(room, free))
      do free = newTag();
      while (reserved.has(free));
    await this.take(room, free, person);
    return free;
  }

  /** Whose items a tag marks; null: nobody's. */
  async ownerOf(room: RoomView, tag: string): Promise<string | null> {
    return (await this.tagsOf(room)).get(tag) ?? this.claimed(room).get(tag) ?? null;
  }

  /** A number that no set of the room ever had. A group that fails leaves a hole. */
  async nextSet({ trx }: RoomView): Promise<number> {
    this.lastSet = (this.lastSet ?? (await lastSetOf(trx, this.lessonId))) + 1;
    return this.lastSet;
  }

  /** Counts what a person sends. @returns seconds to wait; 0: none. @param now milliseconds */
  spend(person: string, bytes: number, now: number): number {
    const bucket = this.buckets.get(person) ?? { tokens: BYTES.burst, refilledAt: now };
    if (this.buckets.size >= MAX_BUCKETS) this.buckets.clear();
    this.buckets.set(person, bucket);
    refill(bucket, BYTES, Math.max(now, bucket.refilledAt));
    if (bucket.tokens < bytes) return (bytes - bucket.tokens) / BYTES.perSecond;
    bucket.tokens -= bytes;
    return 0;
  }

  private async write({ trx, epoch, afterCommit }: RoomView, retained: RetainedPage): Promise<void> {
    const { id, page, seq, at, operations, bytes } = retained;
    await storePage(trx, this.lessonId, { page: id, epoch, seq, at, operations: page.operations() });
    afterCommit(() => {
      retained.operations -= operations;
      retained.bytes -= bytes;
    });
  }

  private async take(room: RoomView, tag: string, person: string): Promise<void> {
    await storeTag(room.trx, this.lessonId, tag, person);
    this.claimed(room).set(tag, person);
    room.afterCommit(() => this.tags?.set(tag, person));
  }

  private async tagsOf({ trx }: RoomView): Promise<ReadonlyMap<string, string>> {
    this.tags ??= await loadTags(trx, this.lessonId);
    return this.tags;
  }

  /** A group that fails has claimed nothing. */
  private claimed(room: RoomView): Map<string, string> {
    if (this.newTags?.room !== room) this.newTags = { room, of: new Map() };
    return this.newTags.of;
  }

  private known(id: PageId): RetainedPage | null {
    const retained = this.pages.get(id);
    return retained ? this.hold(retained) : null;
  }

  private hold(retained: RetainedPage): RetainedPage {
    this.pages.delete(retained.id);
    this.pages.set(retained.id, retained);
    const oldest = this.pages.size > MAX_PAGES ? this.pages.keys().next().value : undefined;
    if (oldest !== undefined) this.pages.delete(oldest);
    return retained;
  }
}

/** A page with all that is stored. */
export async function loadRetainedPage(db: Db, lessonId: string, epoch: string, id: PageId): Promise<RetainedPage> {
  const stored = await loadPage(db, lessonId, epoch, id);
  const retained: RetainedPage = {
    id,
    page: Page.of(stored?.operations ?? []),
    seq: stored?.seq ?? 0,
    at: stored?.at ?? new Date(0),
    operations: 0,
    bytes: 0,
  };
  await loadStrokes(db, lessonId, { epoch, seq: retained.seq }, id, ({ seq, at, ops }) => add(retained, seq, at, ops));
  return retained;
}

function apply(retained: RetainedPage, { seq, at, body }: RoomEntry): void {
  if (seq > retained.seq) add(retained, seq, new Date(at), operationsOf(body));
}

function add(retained: RetainedPage, seq: number, at: Date, operations: readonly Operation[]): void {
  for (const operation of operations) retained.page.apply(operation);
  Object.assign(retained, { seq, at });
  retained.operations += operations.length;
  retained.bytes += JSON.stringify(operations).length;
}
