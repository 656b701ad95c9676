/** Keeps which acts of a school need a second person. Turning one off needs a second person too. */
import type { Transaction } from "kysely";
import { z } from "zod";
import type { School, Tables } from "../store/tables.ts";

export const SWITCHES = ["erase", "publish", "operatorEntry"] as const;
export type Switch = (typeof SWITCHES)[number];
const COLUMNS = { erase: "four_eyes_erase", publish: "four_eyes_publish", operatorEntry: "four_eyes_entry" } as const;
type Columns = Pick<School, (typeof COLUMNS)[Switch]>;
export type Switches = Readonly<Record<Switch, boolean>>;

export const switchFields = {
  erase: z.boolean().describe("Erasing a person, or the name of a guest."),
  publish: z.boolean().describe("Publishing a recording to guests of its lesson."),
  operatorEntry: z.boolean().describe("What operators of the platform do in the school: they ask for entry, which ends by itself."),
};

export function switchesOf(school: Columns): Switches {
  return { erase: school.four_eyes_erase, publish: school.four_eyes_publish, operatorEntry: school.four_eyes_entry };
}

export function switchColumns(wanted: Partial<Switches>): Partial<Columns> {
  return Object.fromEntries(SWITCHES.flatMap((name) => (wanted[name] === undefined ? [] : [[COLUMNS[name], wanted[name]]])));
}

/** As text, for `object_state`. */
export function switchState(school: Columns): string {
  return SWITCHES.map((name) => `${name} ${school[COLUMNS[name]]}`).join(", ");
}

/** Whether an act needs a second person in a school. @param schoolId null: it concerns no school, and needs none */
export async function needsSecondPerson(trx: Transaction<Tables>, schoolId: string | null, act: Switch): Promise<boolean> {
  if (schoolId === null) return false;
  const column = COLUMNS[act];
  const school = await trx.selectFrom("schools").select(column).where("id", "=", schoolId).executeTakeFirst();
  return school?.[column] ?? false;
}
