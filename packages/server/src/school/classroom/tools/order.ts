/** Decides about the order in which students speak: drawn at random from those who are here, and gone through by staff. */
import { randomInt } from "node:crypto";
import { type ActionOf, type FieldsOf, MAX_ORDERED, ORDER } from "@lectern/room";
import { Refusal } from "../../../platform/refusal.ts";
import { toolText } from "../../foundation/messages/tool-texts.ts";
import type { Domain, Outcome, RoomView } from "../domain.ts";
import { actionSchema, entrySchema } from "../field-schemas.ts";
import { staffOnly } from "../talk/may-talk.ts";
import { findStudents } from "./students.ts";
import { toolEntry } from "./tool-entry.ts";

type OrderAction = ActionOf<typeof ORDER>;
type Order = FieldsOf<(typeof ORDER.entries)[0]["fields"]>;
/** A whole number from 0, below another. */
type Random = (below: number) => number;

const KEY = ORDER.entries[0].key;
const entry = entrySchema(ORDER.entries[0]);

export function orderDomain(random: Random = randomInt): Domain<OrderAction> {
  return {
    kind: ORDER.kind,
    body: actionSchema(ORDER),
    decide: async (room, actions) => {
      let order: Order | null = entry.safeParse(room.retained.get(KEY)?.body).data ?? null;
      const outcomes: Outcome[] = [];
      for (const { body, person } of actions) {
        const changed = staffOnly(person) ?? (body.action === "draw" ? await drawn(room, random) : moved(order, body.action, room));
        if (!(changed instanceof Refusal)) {
          const isSame = changed === order;
          order = changed;
          outcomes.push({ entries: isSame ? [] : [toolEntry(ORDER.kind, KEY, order)] });
        } else outcomes.push(changed);
      }
      return outcomes;
    },
  };
}

async function drawn(room: RoomView, random: Random): Promise<Order | Refusal> {
  const here = await findStudents(room, [...room.people]);
  if (here.length === 0) return new Refusal("not-found", toolText("nobody-to-pick"));
  const places = Array.from({ length: Math.min(here.length, MAX_ORDERED) }, () => here.splice(random(here.length), 1)).flat();
  return { people: places.map(({ id, name, role }) => ({ person: id, name, role })), place: 0 };
}

function moved(order: Order | null, action: "next" | "end", { people }: Pick<RoomView, "people">): Order | null | Refusal {
  if (action === "end") return null;
  if (order === null) return new Refusal("not-found", toolText("no-order"));
  const place = order.people.findIndex(({ person }, i) => i > order.place && people.has(person));
  return place < 0 ? null : { ...order, place };
}
