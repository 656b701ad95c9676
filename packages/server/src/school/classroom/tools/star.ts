/** Counts the stars that staff give to students of a lesson, and take back. */
import { type ActionOf, MAX_STARS, STAR } from "@lectern/room";
import { Refusal } from "../../../platform/refusal.ts";
import { toolText } from "../../foundation/messages/tool-texts.ts";
import { starKey } from "../../lessons/given-stars.ts";
import type { Domain, Outcome, RequestedAction, RoomView } from "../domain.ts";
import { actionSchema, entrySchema } from "../field-schemas.ts";
import { findKeyed } from "../talk/keyed-entries.ts";
import { staffOnly } from "../talk/may-talk.ts";
import { findStudents, type Student } from "./students.ts";

type StarAction = ActionOf<typeof STAR>;

const entry = entrySchema(STAR.entries[0]);

export function starDomain(): Domain<StarAction> {
  return {
    kind: STAR.kind,
    body: actionSchema(STAR),
    decide: async (room, actions) => {
      const ids = [...new Set(actions.filter(({ person }) => staffOnly(person) === null).map(({ body }) => body.person))];
      const students = new Map((await findStudents(room, ids)).map((student) => [student.id, student]));
      const counts = await countsOf(room, [...students.keys()]);
      return actions.map((action) => decide(action, students, counts));
    },
  };
}

/** 0 where the person was erased. */
function starCount(body: unknown): number {
  return entry.safeParse(body).data?.count ?? 0;
}

async function countsOf(room: RoomView, ids: readonly string[]): Promise<Map<string, number>> {
  const entries = await findKeyed(room, ids.map(starKey));
  return new Map(ids.map((id) => [id, starCount(entries.get(starKey(id))?.body)]));
}

function decide(
  { body, person: who }: RequestedAction<StarAction>,
  students: ReadonlyMap<string, Student>,
  counts: Map<string, number>,
): Outcome {
  const refused = staffOnly(who);
  if (refused) return refused;
  const student = students.get(body.person);
  if (!student) return new Refusal("not-found", toolText("no-student"));
  const given = body.action === "give" ? (body.count ?? 1) : -1;
  const count = (counts.get(student.id) ?? 0) + given;
  if (count < 0) return { entries: [] };
  if (count > MAX_STARS) return new Refusal("conflict", toolText("too-many-stars", { max: MAX_STARS }));
  counts.set(student.id, count);
  const { id: person, name: personName, role: personRole } = student;
  const content = { person, personName, personRole, count, given };
  return { entries: [{ kind: STAR.kind, to: "all", key: starKey(person), body: content }], answer: { count } };
}
