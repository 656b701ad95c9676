/** Decides about a group of deeds of one room, and stores what comes of them in one transaction. */

import {
  MAX_MESSAGE_ID,
  type NewRoomEntry,
  type RetainedEntries,
  type RoomDeed,
  type RoomEntry,
  type RoomPerson,
  settingsOf,
} from "@lectern/room";
import type { Transaction } from "kysely";
import type { Actor } from "../../access/actor.ts";
import type { DeedResult } from "../../contracts/rooms/room-requests.ts";
import { mistakesOf } from "../../platform/api/field-mistakes.ts";
import { newId } from "../../platform/id.ts";
import { Refusal } from "../../platform/refusal.ts";
import { talkText } from "../foundation/messages/talk-texts.ts";
import { writeAudit } from "../foundation/store/audit-log.ts";
import { type QueuedEvent, queueEvents } from "../foundation/store/events.ts";
import { SYSTEM } from "../foundation/store/requester.ts";
import type { Database, Tables } from "../foundation/store/tables.ts";
import { deletedRefs, removeDeletedTexts, withoutDeletedTexts } from "./deleted-lines.ts";
import { type Asked, type Domain, type Outcome, Postponed, type RoomHandle, type RoomView } from "./domain.ts";
import { findDone, moveHead, type RoomTerm, type StoredDeed, storeEntries } from "./entry-store.ts";

/** A process that has lost the room's term stamps nothing more. */
export class TermLost extends Error {
  override readonly name = "TermLost";
}

export type GroupDeed = {
  readonly person: RoomPerson | null;
  readonly deed: RoomDeed;
  /** Seconds. The person has done more than is allowed: only a deed that was done before is acknowledged. Default: 0. */
  readonly wait?: number;
};

/** The room that a group belongs to. */
export type GroupRoom = {
  readonly db: Database;
  readonly lesson: { readonly id: string; readonly schoolId: string; readonly title: string };
  /** `NODE/INSTANCE`. */
  readonly self: string;
  readonly term: RoomTerm;
  /** Has the entries of the group as soon as they are decided: the caller loads it again after a failure. */
  readonly held: RetainedEntries;
  readonly domains: ReadonlyMap<string, Domain>;
  readonly handle: RoomHandle;
  readonly people: () => ReadonlySet<string>;
  readonly now: () => number;
  /** Results of deeds that were done before, by `PERSON/ID`. */
  readonly done: ReadonlyMap<string, DeedResult>;
};

export type Committed = {
  /** In the order of the deeds. */
  readonly results: readonly DeedResult[];
  readonly entries: readonly RoomEntry[];
  readonly hasDeliveries: boolean;
  readonly afterCommit: readonly (() => void)[];
};

const SERVER: RoomPerson = { id: "", name: "", role: "staff" };

/** The key of a deed among all deeds of a room. */
export function deedKey(person: RoomPerson | null, { id }: Pick<RoomDeed, "id">): string {
  return `${person?.id ?? ""}/${id}`;
}

/**
 * @param mayBeStored whether deeds that `done` does not know may have been done before
 * @throws TermLost where another process has claimed the room
 */
export async function commitGroup(
  room: GroupRoom,
  head: number,
  deeds: readonly GroupDeed[],
  mayBeStored = true,
): Promise<Committed> {
  const afterCommit: (() => void)[] = [];
  return await room.db.transaction().execute(async (trx) => {
    const { lesson, self, term } = room;
    const group = new Group(room, trx, head, afterCommit);
    const results = await group.decide(deeds, mayBeStored);
    const last = group.entries.at(-1)?.seq ?? head;
    if (!(await moveHead(trx, lesson.id, self, term, last))) throw new TermLost();
    await storeEntries(trx, lesson.id, term.epoch, group.entries, group.answers);
    const deleted = deletedRefs(group.entries);
    await removeDeletedTexts(trx, deleted);
    const hasDeliveries = await queueEvents(trx, lesson.schoolId, withoutDeletedTexts(group.events, deleted));
    return { results, entries: group.entries, hasDeliveries, afterCommit };
  });
}

/** The room as its domains see it in a transaction. */
export function roomView(
  room: GroupRoom,
  trx: Transaction<Tables>,
  afterCommit: (call: () => void) => void,
  onEvent: (event: QueuedEvent) => void,
): RoomView {
  const { id: lessonId, schoolId, title } = room.lesson;
  return {
    lessonId,
    schoolId,
    title,
    trx,
    afterCommit,
    epoch: room.term.epoch,
    now: room.now(),
    held: room.held,
    get settings() {
      return settingsOf(room.held.get("settings")?.body);
    },
    people: room.people(),
    emit: async (event, data) => onEvent({ event, data: { lessonId, ...data } }),
    audit: async (action, person, after, target = { kind: "lesson", id: lessonId }) => {
      await writeAudit(trx, await actorOf(trx, person, schoolId), {
        action,
        schoolId,
        targetKind: target.kind,
        targetId: target.id,
        after,
      });
    },
  };
}

/** The person behind a participant, for the audit log. */
async function actorOf(trx: Transaction<Tables>, { id, name }: RoomPerson, schoolId: string): Promise<Actor> {
  if (id === "") return SYSTEM.actor;
  const row = await trx.selectFrom("participants").select("user_id").where("id", "=", id).executeTakeFirst();
  // Staff who have not joined, and API keys, act as themselves.
  const user = row ? undefined : await trx.selectFrom("users").select("id").where("id", "=", id).executeTakeFirst();
  const key = row || user ? undefined : await trx.selectFrom("api_keys").select("id").where("id", "=", id).executeTakeFirst();
  const userId = row?.user_id ?? user?.id ?? null;
  const kind = userId !== null ? "user" : key ? "key" : "nobody";
  return { kind, id: userId ?? id, name, role: null, schoolId, scopes: null, ip: "" };
}

class Group {
  readonly entries: RoomEntry[] = [];
  /** What senders are told, by the numbers of their entries. */
  readonly answers = new Map<number, Readonly<Record<string, unknown>>>();
  /** For webhooks, which are found once for all of them. */
  readonly events: QueuedEvent[] = [];
  private readonly room: GroupRoom;
  private readonly trx: Transaction<Tables>;
  private readonly view: RoomView;
  private head: number;

  constructor(room: GroupRoom, trx: Transaction<Tables>, head: number, afterCommit: (() => void)[]) {
    this.room = room;
    this.trx = trx;
    this.head = head;
    this.view = roomView(
      room,
      trx,
      (call) => afterCommit.push(call),
      (event) => this.events.push(event),
    );
  }

  async decide(deeds: readonly GroupDeed[], mayBeStored: boolean): Promise<DeedResult[]> {
    const { room } = this;
    const stored = await this.findStored(deeds.filter(({ wait = 0 }) => mayBeStored || wait > 0));
    const results = new Map<string, DeedResult>();
    const fresh: GroupDeed[] = [];
    for (const one of deeds) {
      const key = deedKey(one.person, one.deed);
      const known = results.get(key);
      if (known && !("refused" in known)) continue;
      const earlier = room.done.get(key) ?? stored.get(key);
      const { wait = 0 } = one;
      results.set(key, earlier ?? (wait > 0 ? overAllowance(wait) : { seq: 0 }));
      if (!earlier && wait === 0) fresh.push(one);
    }
    for (const run of runsOfKind(fresh)) {
      const decided = await this.decideRun(run);
      for (const [i, one] of run.entries()) results.set(deedKey(one.person, one.deed), decided[i] ?? unknownKind(one.deed.kind));
    }
    await this.acknowledgeStored(fresh, results);
    return deeds.map(({ person, deed }) => results.get(deedKey(person, deed)) ?? unknownKind(deed.kind));
  }

  /** What was done is acknowledged, whatever has been switched off, closed or used up since: limits are for new deeds. */
  private async acknowledgeStored(decided: readonly GroupDeed[], results: Map<string, DeedResult>): Promise<void> {
    const isRefused = ({ person, deed }: GroupDeed) => "refused" in (results.get(deedKey(person, deed)) ?? {});
    for (const [key, done] of await this.findStored(decided.filter(isRefused))) results.set(key, done);
  }

  private async findStored(deeds: readonly GroupDeed[]): Promise<ReadonlyMap<string, StoredDeed>> {
    if (deeds.length === 0) return new Map();
    const asked = deeds.map(({ person, deed }) => ({ id: deed.id, person: person?.id ?? "" }));
    return await findDone(this.trx, this.room.lesson.id, asked);
  }

  /** Deeds of one kind that follow each other. */
  private async decideRun(run: readonly GroupDeed[]): Promise<DeedResult[]> {
    const kind = run[0]?.deed.kind ?? "";
    const domain = this.room.domains.get(kind);
    if (!domain) return run.map(() => unknownKind(kind));
    const asked: Asked<unknown>[] = [];
    const checked = run.map(({ person, deed }): DeedResult | null => {
      const body = domain.body.safeParse(deed.body);
      if (deed.id === "" || deed.id.length > MAX_MESSAGE_ID) return refusedResult(new Refusal("bad-request", talkText("bad-id")));
      if (!body.success) return refusedResult(badField(domain, deed));
      asked.push({ ...deed, body: body.data, person: person ?? SERVER });
      return null;
    });
    const outcomes = asked.length === 0 ? [] : await domain.decide(this.view, asked, this.room.handle);
    if (outcomes.length !== asked.length) throw new Error(`the domain ${kind} has not decided about each deed`);
    let next = 0;
    return checked.map((refused) => {
      if (refused) return refused;
      const [deed, outcome] = [asked[next], outcomes[next]];
      next++;
      if (!deed || !outcome) throw new Error("a deed without an outcome");
      return this.take(deed, outcome);
    });
  }

  private take(deed: Asked<unknown>, outcome: Outcome): DeedResult {
    if (outcome instanceof Refusal) return refusedResult(outcome);
    let own: number | null = null;
    for (const entry of outcome.entries) {
      const isOwn = own === null && entry.from === undefined;
      this.stamp(deed, entry, isOwn);
      if (isOwn) own = this.head;
    }
    const { answer } = outcome;
    if (own !== null && answer) this.answers.set(own, answer);
    return { seq: own ?? this.head, ...(answer ? { body: answer } : {}) };
  }

  private stamp(deed: Asked<unknown>, { gone = false, sampled = false, from, ...fields }: NewRoomEntry, isOwn: boolean): void {
    const sender = from ?? (deed.person === SERVER ? null : deed.person);
    const entry: RoomEntry = {
      ...fields,
      gone,
      sampled,
      from: sender,
      mediaTime: deed.mediaTime,
      seq: ++this.head,
      at: this.room.now(),
      // Only one entry proves that the deed was done.
      id: isOwn ? deed.id : newId(),
    };
    this.entries.push(entry);
    this.room.held.take(entry);
  }
}

function overAllowance(seconds: number): DeedResult {
  return refusedResult(new Refusal("too-many", talkText("too-much")).after(seconds));
}

function runsOfKind(deeds: readonly GroupDeed[]): GroupDeed[][] {
  const runs: GroupDeed[][] = [];
  for (const one of deeds) {
    const last = runs.at(-1);
    if (last?.[0]?.deed.kind === one.deed.kind) last.push(one);
    else runs.push([one]);
  }
  return runs;
}

function refusedResult(refusal: Refusal): DeedResult {
  const { code, detail, retryAfter } = refusal;
  const later = refusal instanceof Postponed ? { laterMs: refusal.laterMs } : {};
  return { refused: code, detail, retryAfter, ...later };
}

function unknownKind(kind: string): DeedResult {
  return refusedResult(new Refusal("bad-request", talkText("unknown-kind", { kind: kind.slice(0, MAX_MESSAGE_ID) })));
}

/** Names the first field that is wrong, and how. */
function badField({ body }: Domain, deed: RoomDeed): Refusal {
  const [first] = mistakesOf(body, deed.body);
  if (!first) return new Refusal("bad-request");
  const { path: field, message: mistake } = first;
  return new Refusal("bad-request", field === "" ? mistake : talkText("bad-field", { field, mistake }));
}
