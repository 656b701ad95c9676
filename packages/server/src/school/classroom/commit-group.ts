/** Decides about a group of actions of one room, and stores what comes of them in one transaction. */

import {
  MAX_MESSAGE_ID,
  type NewRoomEntry,
  type RetainedEntries,
  type RoomAction,
  type RoomEntry,
  type RoomPerson,
  settingsOf,
} from "@lectern/room";
import type { Transaction } from "kysely";
import type { Actor } from "../../access/actor.ts";
import type { ActionResult } from "../../contracts/rooms/room-requests.ts";
import { validationErrorsOf } from "../../platform/api/validation-errors.ts";
import { newId } from "../../platform/id.ts";
import { Refusal } from "../../platform/refusal.ts";
import { talkText } from "../foundation/messages/talk-texts.ts";
import { writeAudit } from "../foundation/store/audit-log.ts";
import { type QueuedEvent, queueEvents } from "../foundation/store/events.ts";
import { SYSTEM } from "../foundation/store/requester.ts";
import type { Database, Tables } from "../foundation/store/tables.ts";
import { deletedRefs, removeDeletedTexts, withoutDeletedTexts } from "./deleted-lines.ts";
import { type Domain, type Outcome, Postponed, type RequestedAction, type RoomHandle, type RoomView } from "./domain.ts";
import { findDone, moveHead, type RoomTerm, type StoredAction, storeEntries } from "./entry-store.ts";

/** A process that has lost the room's term stamps nothing more. */
export class TermLost extends Error {
  override readonly name = "TermLost";
}

export type GroupAction = {
  readonly person: RoomPerson | null;
  readonly action: RoomAction;
  /** Seconds. The person has done more than is allowed: only an action that was done before is acknowledged. Default: 0. */
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
  readonly retained: RetainedEntries;
  readonly domains: ReadonlyMap<string, Domain>;
  readonly handle: RoomHandle;
  readonly people: () => ReadonlySet<string>;
  readonly now: () => number;
  /** Results of actions that were done before, by `PERSON/ID`. */
  readonly done: ReadonlyMap<string, ActionResult>;
};

export type Committed = {
  /** In the order of the actions. */
  readonly results: readonly ActionResult[];
  readonly entries: readonly RoomEntry[];
  readonly hasDeliveries: boolean;
  readonly afterCommit: readonly (() => void)[];
};

const SERVER: RoomPerson = { id: "", name: "", role: "staff" };

/** The key of an action among all actions of a room. */
export function actionKey(person: RoomPerson | null, { id }: Pick<RoomAction, "id">): string {
  return `${person?.id ?? ""}/${id}`;
}

/**
 * @param mayBeStored whether actions that `done` does not know may have been done before
 * @throws TermLost where another process has claimed the room
 */
export async function commitGroup(
  room: GroupRoom,
  head: number,
  actions: readonly GroupAction[],
  mayBeStored = true,
): Promise<Committed> {
  const afterCommit: (() => void)[] = [];
  return await room.db.transaction().execute(async (trx) => {
    const { lesson, self, term } = room;
    const group = new Group(room, trx, head, afterCommit);
    const results = await group.decide(actions, mayBeStored);
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
    retained: room.retained,
    get settings() {
      return settingsOf(room.retained.get("settings")?.body);
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

  async decide(actions: readonly GroupAction[], mayBeStored: boolean): Promise<ActionResult[]> {
    const { room } = this;
    const stored = await this.findStored(actions.filter(({ wait = 0 }) => mayBeStored || wait > 0));
    const results = new Map<string, ActionResult>();
    const fresh: GroupAction[] = [];
    for (const one of actions) {
      const key = actionKey(one.person, one.action);
      const known = results.get(key);
      if (known && !("refused" in known)) continue;
      const earlier = room.done.get(key) ?? stored.get(key);
      const { wait = 0 } = one;
      results.set(key, earlier ?? (wait > 0 ? overAllowance(wait) : { seq: 0 }));
      if (!earlier && wait === 0) fresh.push(one);
    }
    for (const run of runsOfKind(fresh)) {
      const decided = await this.decideRun(run);
      for (const [i, one] of run.entries())
        results.set(actionKey(one.person, one.action), decided[i] ?? unknownKind(one.action.kind));
    }
    await this.acknowledgeStored(fresh, results);
    return actions.map(({ person, action }) => results.get(actionKey(person, action)) ?? unknownKind(action.kind));
  }

  /** What was done is acknowledged, whatever has been switched off, closed or used up since: limits are for new actions. */
  private async acknowledgeStored(decided: readonly GroupAction[], results: Map<string, ActionResult>): Promise<void> {
    const isRefused = ({ person, action }: GroupAction) => "refused" in (results.get(actionKey(person, action)) ?? {});
    for (const [key, done] of await this.findStored(decided.filter(isRefused))) results.set(key, done);
  }

  private async findStored(actions: readonly GroupAction[]): Promise<ReadonlyMap<string, StoredAction>> {
    if (actions.length === 0) return new Map();
    const asked = actions.map(({ person, action }) => ({ id: action.id, person: person?.id ?? "" }));
    return await findDone(this.trx, this.room.lesson.id, asked);
  }

  /** Actions of one kind that follow each other. */
  private async decideRun(run: readonly GroupAction[]): Promise<ActionResult[]> {
    const kind = run[0]?.action.kind ?? "";
    const domain = this.room.domains.get(kind);
    if (!domain) return run.map(() => unknownKind(kind));
    const asked: RequestedAction<unknown>[] = [];
    const checked = run.map(({ person, action }): ActionResult | null => {
      const body = domain.body.safeParse(action.body);
      if (action.id === "" || action.id.length > MAX_MESSAGE_ID)
        return refusedResult(new Refusal("bad-request", talkText("bad-id")));
      if (!body.success) return refusedResult(badField(domain, action));
      asked.push({ ...action, body: body.data, person: person ?? SERVER });
      return null;
    });
    const outcomes = asked.length === 0 ? [] : await domain.decide(this.view, asked, this.room.handle);
    if (outcomes.length !== asked.length) throw new Error(`the domain ${kind} has not decided about each action`);
    let next = 0;
    return checked.map((refused) => {
      if (refused) return refused;
      const [action, outcome] = [asked[next], outcomes[next]];
      next++;
      if (!action || !outcome) throw new Error("an action without an outcome");
      return this.take(action, outcome);
    });
  }

  private take(action: RequestedAction<unknown>, outcome: Outcome): ActionResult {
    if (outcome instanceof Refusal) return refusedResult(outcome);
    let own: number | null = null;
    for (const entry of outcome.entries) {
      const isOwn = own === null && entry.from === undefined;
      this.stamp(action, entry, isOwn);
      if (isOwn) own = this.head;
    }
    const { answer } = outcome;
    if (own !== null && answer) this.answers.set(own, answer);
    return { seq: own ?? this.head, ...(answer ? { body: answer } : {}) };
  }

  private stamp(
    action: RequestedAction<unknown>,
    { gone = false, sampled = false, from, ...fields }: NewRoomEntry,
    isOwn: boolean,
  ): void {
    const sender = from ?? (action.person === SERVER ? null : action.person);
    const entry: RoomEntry = {
      ...fields,
      gone,
      sampled,
      from: sender,
      mediaTime: action.mediaTime,
      seq: ++this.head,
      at: this.room.now(),
      // Only one entry proves that the action was done.
      id: isOwn ? action.id : newId(),
    };
    this.entries.push(entry);
    this.room.retained.take(entry);
  }
}

function overAllowance(seconds: number): ActionResult {
  return refusedResult(new Refusal("too-many", talkText("too-much")).after(seconds));
}

function runsOfKind(actions: readonly GroupAction[]): GroupAction[][] {
  const runs: GroupAction[][] = [];
  for (const one of actions) {
    const last = runs.at(-1);
    if (last?.[0]?.action.kind === one.action.kind) last.push(one);
    else runs.push([one]);
  }
  return runs;
}

function refusedResult(refusal: Refusal): ActionResult {
  const { code, detail, retryAfter } = refusal;
  const later = refusal instanceof Postponed ? { laterMs: refusal.laterMs } : {};
  return { refused: code, detail, retryAfter, ...later };
}

function unknownKind(kind: string): ActionResult {
  return refusedResult(new Refusal("bad-request", talkText("unknown-kind", { kind: kind.slice(0, MAX_MESSAGE_ID) })));
}

/** Names the first field that is wrong, and how. */
function badField({ body }: Domain, action: RoomAction): Refusal {
  const [first] = validationErrorsOf(body, action.body);
  if (!first) return new Refusal("bad-request");
  const { path: field, message: mistake } = first;
  return new Refusal("bad-request", field === "" ? mistake : talkText("bad-field", { field, mistake }));
}
