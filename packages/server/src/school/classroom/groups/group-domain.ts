/** Decides about groups: staff divide people, move and visit them and bring them back; students land in a group, choose one, and call. */
import { randomInt } from "node:crypto";
import { type ActionOf, GROUP, GROUP_NOTICE_SECONDS, MAX_GROUP_SIZE, type NewRoomEntry } from "@lectern/room";
import { type Clock, systemClock } from "../../../platform/clock.ts";
import { newId } from "../../../platform/id.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { groupText } from "../../foundation/messages/group-texts.ts";
import type { Domain, Outcome, RequestedAction, RoomView } from "../domain.ts";
import { actionSchema } from "../field-schemas.ts";
import { isStaff, mutedRefusal, staffOnly } from "../talk/may-talk.ts";
import { findStudents } from "../tools/students.ts";
import { countForSize, divideInto, type Random } from "./divide.ts";
import { earlierPlaces, findEarlierDivision } from "./earlier-groups.ts";
import { GroupSet, goneEntry, type NewDivision, type Placed } from "./group-set.ts";
import { GroupTimers } from "./group-timers.ts";

type GroupAction = ActionOf<typeof GROUP>;
type GroupRequest = RequestedAction<GroupAction>;
type DivideAction = Extract<GroupAction, { action: "divide" }>;
type Named<Action extends GroupAction["action"]> = Extract<GroupAction, { action: Action }>;

/** Who puts those into groups who are in none. */
const PLACING = { number: "server", size: "server", kept: "server", choice: "students", empty: "staff" } as const;

export function groupDomain(random: Random = randomInt, clock: Clock = systemClock): Domain<GroupAction> {
  const timers = new GroupTimers(clock);
  return {
    kind: GROUP.kind,
    body: actionSchema(GROUP),
    decide: async (room, actions, handle) => {
      const run = new GroupRun(room, random);
      const outcomes: Outcome[] = [];
      for (const action of actions) outcomes.push(await run.decide(action));
      const ends = run.ends;
      room.afterCommit(() => timers.set(handle, ends));
      return outcomes;
    },
    opened: async (room, handle) => timers.set(handle, endsOf(GroupSet.of(room))),
    closed: (lessonId) => timers.closeRoom(lessonId),
  };
}

function endsOf(groups: GroupSet | null) {
  return groups && groups.endsAt !== null ? { division: groups.division, at: groups.endsAt } : null;
}

/** Decides about actions that follow each other: each sees what those before it did. */
class GroupRun {
  private readonly room: RoomView;
  private readonly random: Random;
  private groups: GroupSet | null;

  constructor(room: RoomView, random: Random) {
    this.room = room;
    this.random = random;
    this.groups = GroupSet.of(room);
  }

  get ends(): { readonly division: string; readonly at: number } | null {
    return endsOf(this.groups);
  }

  async decide(asked: GroupRequest): Promise<Outcome> {
    const { body, person } = asked;
    if (body.action === "divide") return staffOnly(person) ?? (await this.divide(body));
    const { groups } = this;
    if (body.action === "end") return staffOnly(person) ?? this.end(body);
    if (!groups) return new Refusal("not-found", groupText("no-groups"));
    const refused = await this.change(groups, asked, body);
    return refused ?? outcome(groups.takeEntries(), { group: groups.groupOf(person.id) });
  }

  private async change(
    groups: GroupSet,
    { person }: GroupRequest,
    body: Exclude<GroupAction, { action: "divide" | "end" }>,
  ): Promise<Refusal | null> {
    switch (body.action) {
      case "join":
        return await this.join(groups, person.id);
      case "choose":
        return await this.choose(groups, person.id, body.group);
      case "move":
        return staffOnly(person) ?? (await this.move(groups, body));
      case "call":
        return this.call(groups, { person, isUp: true });
      case "lower":
        if (body.group === undefined) return this.call(groups, { person, isUp: false });
        return staffOnly(person) ?? this.answerCall(groups, body.group);
      case "visit":
        return staffOnly(person) ?? this.visit(groups, body, person);
      case "notice":
        return staffOnly(person) ?? this.notice(groups, body);
    }
  }

  private async divide(body: DivideAction): Promise<Outcome> {
    const { room } = this;
    const division = { division: newId(room.now), placing: PLACING[body.how], since: room.now };
    if (body.how === "kept") return await this.keep(division);
    if (body.number === undefined) return new Refusal("bad-request", groupText("no-number"));
    if (body.how === "choice" || body.how === "empty") return this.begin(GroupSet.begin(division, emptyGroups(body.number)));
    const here = await this.placedStudents([...room.people]);
    const count = body.how === "size" ? countForSize(here.length, body.number) : body.number;
    if (count instanceof Refusal) return count;
    const groups = divideInto(here, count, this.random);
    return groups instanceof Refusal ? groups : this.begin(GroupSet.begin(division, groups));
  }

  /** Everybody who was in a group is in it again, also who comes later; others who are here go to the smallest ones. */
  private async keep(division: NewDivision): Promise<Outcome> {
    const { room } = this;
    const earlier = await findEarlierDivision(room);
    if (!earlier) return new Refusal("not-found", groupText("none-before"));
    const { count, places } = await earlierPlaces(room, earlier);
    if (count === 0) return new Refusal("not-found", groupText("none-before"));
    const set = GroupSet.begin({ ...division, earlier }, emptyGroups(count));
    const students = await this.placedStudents([...new Set([...places.keys(), ...room.people])]);
    const known = students.filter(({ person }) => places.has(person));
    for (const one of known) set.place(one, places.get(one.person) ?? 1);
    for (const one of students.filter(({ person }) => !places.has(person))) {
      const group = set.smallest();
      if (group !== null) set.place(one, group);
    }
    return this.begin(set);
  }

  private begin(set: GroupSet): Outcome {
    this.groups = set;
    return outcome(set.takeEntries(), { division: set.division, count: set.count });
  }

  private async join(groups: GroupSet, person: string): Promise<Refusal | null> {
    if (groups.groupOf(person) !== null) return null;
    if (groups.placing !== "server") return new Refusal("conflict", groupText(groups.placing === "staff" ? "no-choice" : "choose"));
    const [student] = await this.placedStudents([person]);
    if (!student) return new Refusal("refused-by-rule", groupText("no-student"));
    const before = groups.earlier && (await earlierPlaces(this.room, groups.earlier)).places.get(person);
    const group = before && before <= groups.count && !groups.isFull(before) ? before : groups.smallest();
    if (group === null) return new Refusal("full", groupText("full"));
    groups.place(student, group);
    return null;
  }

  private async choose(groups: GroupSet, person: string, group: number): Promise<Refusal | null> {
    if (groups.placing !== "students") return new Refusal("refused-by-rule", groupText("no-choice"));
    if (group > groups.count) return new Refusal("not-found", groupText("no-such-group"));
    if (groups.groupOf(person) === group) return null;
    const [student] = await this.placedStudents([person]);
    if (!student) return new Refusal("refused-by-rule", groupText("no-student"));
    if (groups.isFull(group)) return new Refusal("full", groupText("full"));
    groups.place(student, group);
    return null;
  }

  /** All of them, or nobody. */
  private async move(groups: GroupSet, { people, group }: Named<"move">): Promise<Refusal | null> {
    if (group > groups.count) return new Refusal("not-found", groupText("no-such-group"));
    const ids = [...new Set(people)];
    const students = await this.placedStudents(ids);
    if (students.length < ids.length) return new Refusal("not-found", groupText("no-student"));
    const there = new Set(groups.members(group));
    const coming = students.filter(({ person }) => !there.has(person));
    if (there.size + coming.length > MAX_GROUP_SIZE) return new Refusal("full", groupText("too-large", { max: MAX_GROUP_SIZE }));
    for (const one of coming) groups.place(one, group);
    return null;
  }

  private call(
    groups: GroupSet,
    { person, isUp }: { readonly person: GroupRequest["person"]; readonly isUp: boolean },
  ): Refusal | null {
    const group = groups.groupOf(person.id);
    if (group === null) return new Refusal("not-found", groupText("not-in-group"));
    const muted = isUp && !isStaff(person) ? mutedRefusal(this.room, person) : null;
    if (muted) return muted;
    groups.setCall(group, isUp ? person : null, this.room.now);
    return null;
  }

  private visit(groups: GroupSet, { group }: Named<"visit">, person: GroupRequest["person"]): Refusal | null {
    if (group !== undefined && group > groups.count) return new Refusal("not-found", groupText("no-such-group"));
    groups.visit(person, group ?? null);
    return null;
  }

  private notice(groups: GroupSet, { seconds = GROUP_NOTICE_SECONDS }: Named<"notice">): null {
    groups.endAt(this.room.now + seconds * 1000);
    return null;
  }

  private end({ division }: Named<"end">): Outcome {
    // The time of groups that are no more may be over when there are others.
    if (!this.groups || (division !== undefined && division !== this.groups.division)) return { entries: [] };
    this.groups = null;
    return { entries: [goneEntry()] };
  }

  private answerCall(groups: GroupSet, group: number): Refusal | null {
    if (group > groups.count) return new Refusal("not-found", groupText("no-such-group"));
    groups.setCall(group, null, this.room.now);
    return null;
  }

  private async placedStudents(ids: readonly string[]): Promise<Placed[]> {
    return (await findStudents(this.room, ids)).map(({ id, name }) => ({ person: id, name }));
  }
}

function emptyGroups(count: number): readonly (readonly Placed[])[] {
  return Array.from({ length: count }, () => []);
}

function outcome(entries: readonly NewRoomEntry[], answer: Readonly<Record<string, unknown>>): Outcome {
  return { entries, answer };
}
