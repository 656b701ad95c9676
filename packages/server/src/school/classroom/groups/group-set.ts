/**
 * Reads the groups of a room from its entries, and changes them within a run of actions. Nothing else is kept of them: a process that opens the room reads them again.
 */
import {
  type FieldsOf,
  GROUP,
  MAX_GROUP_SIZE,
  type NewRoomEntry,
  type RetainedEntries,
  type RoomAudience,
  type RoomPerson,
} from "@lectern/room";
import { entrySchema } from "../field-schemas.ts";

const [GROUPS, ONE] = GROUP.entries;
const groupsSchema = entrySchema(GROUPS);
export const groupSchema = entrySchema(ONE);

type Shared = FieldsOf<(typeof GROUPS)["fields"]>;
export type GroupBody = FieldsOf<(typeof ONE)["fields"]>;
export type Placed = GroupBody["people"][number];
/** What groups begin with. */
export type NewDivision = Pick<Shared, "division" | "placing" | "since"> & Partial<Pick<Shared, "earlier">>;

export class GroupSet {
  private shared: Omit<Shared, "sizes">;
  /** From the first on. */
  private readonly groups: GroupBody[];
  /** Of groups that have changed: those who have just left. */
  private readonly changed = new Map<number, Set<string>>();
  private hasSharedChanged = false;

  private constructor(shared: Omit<Shared, "sizes">, groups: GroupBody[]) {
    this.shared = shared;
    this.groups = groups;
  }

  /** Null: there are none. */
  static of({ retained }: { readonly retained: RetainedEntries }): GroupSet | null {
    const { data } = groupsSchema.safeParse(retained.get(GROUPS.key)?.body);
    if (!data) return null;
    const { sizes: _, ...shared } = data;
    const groups = Array.from({ length: shared.count }, (_, i): GroupBody => {
      const stored = groupSchema.safeParse(retained.get(keyOf(i + 1))?.body).data;
      return stored?.division === shared.division ? stored : empty(shared.division, i + 1);
    });
    return new GroupSet(shared, groups);
  }

  /** @param groups from the first on */
  static begin(division: NewDivision, groups: readonly (readonly Placed[])[]): GroupSet {
    const bodies = groups.map((people, i): GroupBody => ({ ...empty(division.division, i + 1), people: [...people] }));
    const set = new GroupSet({ ...division, count: groups.length, endsAt: null }, bodies);
    set.hasSharedChanged = true;
    for (const { group } of bodies) set.changed.set(group, new Set());
    return set;
  }

  get division(): string {
    return this.shared.division;
  }

  get count(): number {
    return this.shared.count;
  }

  get placing(): Shared["placing"] {
    return this.shared.placing;
  }

  get endsAt(): number | null {
    return this.shared.endsAt;
  }

  get earlier(): Shared["earlier"] {
    return this.shared.earlier;
  }

  /** The group that a person is in; null: in none. */
  groupOf(person: string): number | null {
    return this.groups.find(({ people }) => people.some((one) => one.person === person))?.group ?? null;
  }

  members(group: number): readonly string[] {
    return this.groups[group - 1]?.people.map(({ person }) => person) ?? [];
  }

  isFull(group: number): boolean {
    return this.members(group).length >= MAX_GROUP_SIZE;
  }

  /** The group with the fewest people, of those the first; null: all are full. */
  smallest(): number | null {
    let found: GroupBody | null = null;
    for (const group of this.groups) if (!found || group.people.length < found.people.length) found = group;
    return found && found.people.length < MAX_GROUP_SIZE ? found.group : null;
  }

  /** The group has a place. */
  place(placed: Placed, group: number): void {
    const from = this.groupOf(placed.person);
    if (from === group) return;
    if (from !== null) {
      this.update(from, ({ people, call, ...rest }) => ({
        ...rest,
        people: people.filter(({ person }) => person !== placed.person),
        call: call?.person === placed.person ? null : call,
      }));
      this.changed.get(from)?.add(placed.person);
    }
    this.update(group, ({ people, ...rest }) => ({ ...rest, people: [...people, placed] }));
    this.hasSharedChanged = true;
  }

  /** @param caller null: the call is answered */
  setCall(group: number, caller: RoomPerson | null, now: number): void {
    const known = this.groups[group - 1];
    // Who calls again is not before those who called meanwhile.
    if (!known || (known.call === null) === (caller === null)) return;
    const call = caller && { person: caller.id, name: caller.name, since: now };
    this.update(group, (body) => ({ ...body, call }));
  }

  /** A visit answers the group's call. @param group null: the person visits none */
  visit({ id, name }: RoomPerson, group: number | null): void {
    for (const one of this.groups) {
      const isThere = one.visitors.some(({ person }) => person === id);
      if (one.group === group && (!isThere || one.call !== null)) {
        const others = one.visitors.filter(({ person }) => person !== id);
        this.update(one.group, (body) => ({ ...body, call: null, visitors: [...others, { person: id, name }] }));
      } else if (one.group !== group && isThere)
        this.update(one.group, (body) => ({ ...body, visitors: body.visitors.filter(({ person }) => person !== id) }));
    }
  }

  endAt(time: number): void {
    this.shared = { ...this.shared, endsAt: time };
    this.hasSharedChanged = true;
  }

  /** What has changed since they were read, or since this was asked. */
  takeEntries(): NewRoomEntry[] {
    const entries: NewRoomEntry[] = [];
    if (this.hasSharedChanged) {
      const body = { ...this.shared, sizes: this.groups.map(({ people }) => people.length) };
      entries.push({ kind: GROUP.kind, to: "all", key: GROUPS.key, body });
    }
    for (const [group, left] of this.changed) {
      const body = this.groups[group - 1];
      if (!body) continue;
      // Who has left hears that, and nothing later.
      const to: RoomAudience = { members: [...this.members(group), ...left] };
      entries.push({ kind: GROUP.kind, to, key: keyOf(group), body });
    }
    this.hasSharedChanged = false;
    this.changed.clear();
    return entries;
  }

  private update(group: number, change: (body: GroupBody) => GroupBody): void {
    const body = this.groups[group - 1];
    if (!body) return;
    this.groups[group - 1] = change(body);
    if (!this.changed.has(group)) this.changed.set(group, new Set());
  }
}

/** Everybody is in the lesson again. What the groups were is kept, for who wants the same ones again. */
export function goneEntry(): NewRoomEntry {
  return { kind: GROUP.kind, to: "all", key: GROUPS.key, gone: true, body: {} };
}

function keyOf(group: number): string {
  return `group/${group}`;
}

function empty(division: string, group: number): GroupBody {
  return { division, group, people: [], call: null, visitors: [] };
}
