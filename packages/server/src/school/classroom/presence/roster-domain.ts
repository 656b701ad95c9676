/**
 * Tells members the names of those who are in the room, where the teacher allows it: names and roles only. The names are read at most every few
 * seconds for a whole room, however many ask.
 */
import { type ActionOf, ROSTER, type RoomRole } from "@lectern/room";
import type { Sheds } from "../../../contracts/degradation/degradation.ts";
import { type Clock, systemClock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { type Domain, type Outcome, oneByOne, type RoomView } from "../domain.ts";
import { actionSchema } from "../field-schemas.ts";
import { shedRefusal } from "../talk/may-talk.ts";
import { allPeople } from "./people-now.ts";

/** Names in one answer. */
const PAGE = 50;
const READ_AGAIN_MS = 3000;

type RosterBody = ActionOf<typeof ROSTER>;

type Name = { readonly name: string; readonly role: RoomRole };
type Names = { readonly at: number; readonly names: readonly Name[] };

export type RosterContext = { readonly degradation: Sheds; readonly clock?: Clock };

export function rosterDomain({ degradation, clock = systemClock }: RosterContext): Domain<RosterBody> {
  const rooms = new Map<string, Names>();
  const namesOf = async ({ lessonId, trx }: RoomView): Promise<readonly Name[]> => {
    const known = rooms.get(lessonId);
    const now = clock.monotonic();
    if (known && now - known.at < READ_AGAIN_MS) return known.names;
    const names = await readNames(trx, lessonId, clock.utc());
    rooms.set(lessonId, { at: now, names });
    return names;
  };
  return {
    kind: ROSTER.kind,
    body: actionSchema(ROSTER),
    decide: oneByOne(async (room, { body: { search = "", from = 0 }, person }): Promise<Outcome> => {
      if (person.role !== "staff" && !room.settings.roster) return new Refusal("switched-off");
      const shed = person.role === "staff" ? null : shedRefusal(degradation, "roster", room);
      if (shed) return shed;
      const wanted = search.trim().toLowerCase();
      const all = await namesOf(room);
      const matching = wanted === "" ? all : all.filter(({ name }) => name.toLowerCase().includes(wanted));
      const names = matching.slice(from, from + PAGE);
      const next = from + PAGE < matching.length ? from + PAGE : null;
      return { entries: [], answer: { names, count: all.length, next } };
    }),
    closed: (lessonId) => rooms.delete(lessonId),
  };
}

async function readNames(db: Db, lessonId: string, now: number): Promise<Name[]> {
  const people = await allPeople(db, lessonId, now);
  return people.map(({ name, role, userId }) => ({ name, role: roleOf(role, userId) }));
}

/** As members see it: those who teach and assist, those with an account, guests. */
function roleOf(role: string, userId: string | null): RoomRole {
  if (userId === null) return "guest";
  return role === "student" || role === "supervisor" || role === "guest" ? "member" : "staff";
}
