/** Draws one of the students who are in the room, for staff: nobody again before all of them were picked, also after a restart. */
import { randomInt } from "node:crypto";
import { type ActionOf, PICK } from "@lectern/room";
import { Refusal } from "../../../platform/refusal.ts";
import { toolText } from "../../foundation/messages/tool-texts.ts";
import type { Domain, Outcome, RoomView } from "../domain.ts";
import { actionSchema, entrySchema } from "../field-schemas.ts";
import { staffOnly } from "../talk/may-talk.ts";
import { findStudents, type Student } from "./students.ts";
import { toolEntry } from "./tool-entry.ts";

type PickAction = ActionOf<typeof PICK>;
/** A whole number from 0, below another. */
type Random = (below: number) => number;

type Round = {
  readonly here: readonly Student[];
  readonly picked: Set<string>;
  /** Whose name is shown; null: nobody's. */
  shown: string | null;
};

const KEY = PICK.entries[0].key;
const entry = entrySchema(PICK.entries[0]);

export function pickDomain(random: Random = randomInt): Domain<PickAction> {
  return {
    kind: PICK.kind,
    body: actionSchema(PICK),
    decide: async (room, actions) => {
      let round: Round | null = null;
      const outcomes: Outcome[] = [];
      for (const { body, person } of actions) {
        const refused = staffOnly(person);
        if (!refused) round ??= await readRound(room);
        outcomes.push(refused ?? (round === null ? { entries: [] } : body.action === "draw" ? draw(round, random) : reset(round)));
      }
      return outcomes;
    },
  };
}

async function readRound(room: RoomView): Promise<Round> {
  const newest = entry.safeParse(room.retained.get(KEY)?.body).data ?? null;
  return {
    here: await findStudents(room, [...room.people]),
    picked: new Set(newest === null ? [] : await readPicked(room, newest.picked)),
    shown: newest?.person ?? null,
  };
}

/** An entry says how many there have been, itself among them. */
async function readPicked({ trx, lessonId }: RoomView, count: number): Promise<string[]> {
  const rows = await trx
    .selectFrom("room_entries")
    .select("body")
    .where("lesson_id", "=", lessonId)
    .where("kind", "=", PICK.kind)
    .where("gone", "=", false)
    .orderBy("at", "desc")
    .orderBy("seq", "desc")
    .limit(count)
    .execute();
  return rows.flatMap(({ body }) => entry.safeParse(body).data?.person ?? []);
}

function draw(round: Round, random: Random): Outcome {
  const { here, picked, shown } = round;
  if (here.length === 0) return new Refusal("not-found", toolText("nobody-to-pick"));
  let left = here.filter(({ id }) => !picked.has(id));
  if (left.length === 0) {
    // All were picked: a new round, which does not begin with the one who was last.
    picked.clear();
    left = here.length === 1 ? [...here] : here.filter(({ id }) => id !== shown);
  }
  const chosen = left[random(left.length)];
  if (!chosen) throw new Error("a random number beyond those to draw from");
  picked.add(chosen.id);
  round.shown = chosen.id;
  const { id: person, name: personName, role: personRole } = chosen;
  const stillLeft = here.filter(({ id }) => !picked.has(id)).length;
  const body = { person, personName, personRole, picked: picked.size, left: stillLeft };
  return { entries: [toolEntry(PICK.kind, KEY, body)], answer: body };
}

function reset(round: Round): Outcome {
  const isShown = round.shown !== null;
  round.picked.clear();
  round.shown = null;
  return { entries: isShown ? [toolEntry(PICK.kind, KEY, null)] : [] };
}
