/** Throws dice for staff. */
import { randomInt } from "node:crypto";
import { type ActionOf, DICE } from "@lectern/room";
import { type Domain, oneByOne } from "../domain.ts";
import { actionSchema } from "../field-schemas.ts";
import { staffOnly } from "../talk/may-talk.ts";
import { toolEntry } from "./tool-entry.ts";

const SIDES = 6;

type DiceAction = ActionOf<typeof DICE>;

/** @param random a whole number from 0, below another */
export function diceDomain(random: (below: number) => number = randomInt): Domain<DiceAction> {
  return {
    kind: DICE.kind,
    body: actionSchema(DICE),
    decide: oneByOne((_room, { body: { count = 1, sides = SIDES }, person }) => {
      const refused = staffOnly(person);
      if (refused) return refused;
      const body = { values: Array.from({ length: count }, () => random(sides) + 1), sides };
      return { entries: [toolEntry(DICE.kind, DICE.entries[0].key, body)], answer: body };
    }),
  };
}
