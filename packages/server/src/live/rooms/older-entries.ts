/**
 * Brings members who return what their snapshot leaves out: a snapshot has a limited number of keys of a kind, and a member who has missed more gets the others
 * behind it, page after page, the newest first. Members who return at the same time share the pages.
 */

import type { RoomEntry } from "@lectern/room";
import type { Clock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import { RetryDelay } from "../../platform/retry-delay.ts";
import type { Member } from "./member.ts";
import { type AskOwner, askOwner, RETRY } from "./owner-calls.ts";
import { concerned, type RoomCopy } from "./room-copy.ts";
import { entryText, olderFrame } from "./wire-format.ts";

export type OlderEntriesOptions = {
  readonly room: string;
  readonly copy: RoomCopy;
  readonly ask: AskOwner;
  readonly clock: Clock;
};

type Page = { readonly entries: Promise<readonly RoomEntry[]>; readonly at: number };
type Return = { readonly member: Member; readonly epoch: string; readonly after: number; readonly upTo: number };

/** A class that returns after a restart does so within this time. What changes meanwhile is in the room's copy. */
const SHARED_MS = 10_000;
/** All who return begin at the same number, however much is written meanwhile. */
const BEGIN = 1000;
/** A member with so many bytes on the way gets the next page later. */
const MAX_PENDING = 64 * 1024;
const WAIT_MS = 200;
/** Then the room has no owner, or another one. */
const MAX_FAILURES = 60;

export class OlderEntries {
  private readonly options: OlderEntriesOptions;
  private readonly pages = new Map<number, Page>();
  private epoch = "";

  constructor(options: OlderEntriesOptions) {
    this.options = options;
  }

  /**
   * @param member has just got a snapshot
   * @param after the newest entry that the member has from before
   * @param isHere whether the member still reads
   */
  bring(member: Member, after: number, isHere: () => boolean): void {
    const { epoch } = this.options.copy;
    void this.write({ member, epoch, after, upTo: member.seq }, isHere);
  }

  private async write(to: Return, isHere: () => boolean): Promise<void> {
    const { copy, clock } = this.options;
    const delay = new RetryDelay(RETRY);
    let before = (Math.floor(to.upTo / BEGIN) + 1) * BEGIN;
    let failures = 0;
    while (before > to.after + 1 && failures < MAX_FAILURES) {
      const page = await this.page(to.epoch, before).catch(() => null);
      if (page === null) {
        failures++;
        await pause(clock, delay.next());
      } else {
        while (isHere() && to.member.line.pending > MAX_PENDING) await pause(clock, WAIT_MS);
      }
      if (!isHere() || copy.epoch !== to.epoch) return;
      if (page === null) continue;
      const texts = page.filter((entry) => this.isMissing(to, entry)).map((entry) => entryText(to.epoch, entry));
      if (texts.length > 0) to.member.line.write([olderFrame(to.epoch, texts, to.member.line.way)]);
      before = page.at(-1)?.seq ?? 0;
    }
  }

  private isMissing({ member, after, upTo }: Return, entry: RoomEntry): boolean {
    const { copy } = this.options;
    if (entry.seq <= after || entry.seq > upTo || copy.isHeld(entry) || copy.isReplaced(entry)) return false;
    const { view, participant } = member;
    return view === "staff" || entry.to === "all" || (participant !== null && concerned(entry).includes(participant));
  }

  private page(epoch: string, before: number): Promise<readonly RoomEntry[]> {
    const now = this.options.clock.monotonic();
    if (epoch !== this.epoch) this.pages.clear();
    this.epoch = epoch;
    for (const [key, { at }] of this.pages) if (now - at > SHARED_MS) this.pages.delete(key);
    const known = this.pages.get(before);
    if (known) return known.entries;
    const page = { entries: this.read(epoch, before), at: now };
    this.pages.set(before, page);
    page.entries.catch(() => this.pages.delete(before));
    return page.entries;
  }

  private async read(epoch: string, before: number): Promise<readonly RoomEntry[]> {
    const { ask, room } = this.options;
    const answer = await askOwner(ask, { kind: "older", room, epoch, before });
    return answer instanceof Refusal ? [] : answer.entries;
  }
}

function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.after(milliseconds, resolve));
}
