/** Decides about a group of deeds of one room, and stores what comes of them in one transaction. */
import type { Transaction } from "kysely";
import type { Actor } from "../../access/actor.ts";
import { newId } from "../../platform/id.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { HeldEntries } from "../../platform/rooms/held-entries.ts";
import type { NewRoomEntry, RoomDeed, RoomEntry, RoomPerson } from "../../platform/rooms/room-entry.ts";
import type { DeedResult } from "../../platform/rooms/room-requests.ts";
import { writeAudit } from "../store/audit-log.ts";
import { type QueuedEvent, queueEvents } from "../store/events.ts";
import { SYSTEM } from "../store/requester.ts";
import type { Database, Tables } from "../store/tables.ts";
import type { Asked, Domain, Outcome, RoomHandle, RoomView } from "./domain.ts";
import { findDone, moveHead, type RoomTerm, storeEntries } from "./entry-store.ts";
import { settingsOf } from "./settings.ts";

/** A process that has lost the room's term stamps nothing more. */
export class TermLost extends Error {
  override readonly name = "TermLost";
}

export type GroupDeed = { readonly person: RoomPerson | null; readonly deed: RoomDeed };

/** The room that a group belongs to. */
export type GroupRoom = {
  readonly db: Database;
  readonly lesson: { readonly id: string; readonly schoolId: string; readonly title: string };
  /** `NODE/INSTANCE`. */
  readonly self: string;
  readonly term: RoomTerm;
  /** Has the entries of the group as soon as they are decided: the caller loads it again after a failure. */
  readonly held: HeldEntries;
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
const MAX_ID = 64;

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
    await storeEntries(trx, lesson.id, term.epoch, group.entries);
    const hasDeliveries = await queueEvents(trx, lesson.schoolId, group.events);
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
    ...{ lessonId, schoolId, title, trx, afterCommit },
    epoch: room.term.epoch,
    now: room.now(),
    held: room.held,
    get settings() {
      return settingsOf(room.held);
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
    const asked = deeds.map(({ person, deed }) => ({ id: deed.id, person: person?.id ?? "" }));
    const stored: ReadonlyMap<string, number> = mayBeStored ? await findDone(this.trx, room.lesson.id, asked) : new Map();
    const results = new Map<string, DeedResult>();
    const fresh: GroupDeed[] = [];
    for (const one of deeds) {
      const key = deedKey(one.person, one.deed);
      if (results.has(key)) continue;
      const seq = stored.get(key);
      const earlier = room.done.get(key) ?? (seq === undefined ? null : { seq });
      results.set(key, earlier ?? { seq: 0 });
      if (!earlier) fresh.push(one);
    }
    for (const run of runsOfKind(fresh)) {
      const decided = await this.decideRun(run);
      for (const [i, one] of run.entries()) results.set(deedKey(one.person, one.deed), decided[i] ?? unknownKind(one.deed.kind));
    }
    return deeds.map(({ person, deed }) => results.get(deedKey(person, deed)) ?? unknownKind(deed.kind));
  }

  /** Deeds of one kind that follow each other. */
  private async decideRun(run: readonly GroupDeed[]): Promise<DeedResult[]> {
    const kind = run[0]?.deed.kind ?? "";
    const domain = this.room.domains.get(kind);
    if (!domain) return run.map(() => unknownKind(kind));
    const asked: Asked<unknown>[] = [];
    const checked = run.map(({ person, deed }): DeedResult | null => {
      const body = domain.body.safeParse(deed.body);
      if (deed.id === "" || deed.id.length > MAX_ID) return refusedResult(new Refusal("bad-request"), "id");
      if (!body.success) return refusedResult(new Refusal("bad-request"), firstMistake(body.error.issues));
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
    if (outcome instanceof Refusal) return refusedResult(outcome, outcome.message === null ? null : outcome.detail);
    let isOwn = true;
    for (const entry of outcome.entries) {
      this.stamp(deed, entry, isOwn && entry.from === undefined);
      if (entry.from === undefined) isOwn = false;
    }
    return { seq: this.head, ...(outcome.answer ? { body: outcome.answer } : {}) };
  }

  private stamp(deed: Asked<unknown>, { gone = false, sampled = false, from, ...fields }: NewRoomEntry, isOwn: boolean): void {
    const sender = from ?? (deed.person === SERVER ? null : deed.person);
    const entry: RoomEntry = {
      ...fields,
      ...{ gone, sampled, from: sender, mediaTime: deed.mediaTime },
      seq: ++this.head,
      at: this.room.now(),
      // Only one entry proves that the deed was done.
      id: isOwn ? deed.id : newId(),
    };
    this.entries.push(entry);
    this.room.held.take(entry);
  }
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

function refusedResult(refusal: Refusal, detail: string | null): DeedResult {
  return { refused: refusal.code, detail, retryAfter: refusal.retryAfter };
}

function unknownKind(kind: string): DeedResult {
  return { refused: "bad-request", detail: `kind: ${kind.slice(0, MAX_ID)}`, retryAfter: null };
}

function firstMistake(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string | null {
  const [first] = issues;
  return first ? `${first.path.join(".")}: ${first.message}` : null;
}
