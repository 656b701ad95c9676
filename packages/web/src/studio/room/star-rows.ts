/** Lists the students of a lesson with their stars: those who are here, and those who have left with some. */
import type { Stars } from "@lectern/room";

export type StarRow = { readonly person: string; readonly name: string; readonly isGuest: boolean; readonly count: number };

type Here = { readonly id: string; readonly name: string; readonly role: string };

/** Who has most is first, then by name. @param search part of a name, as the people were asked for */
export function starRows(here: readonly Here[], stars: readonly Stars[], search: string): readonly StarRow[] {
  const counts = new Map(stars.map(({ person, count }) => [person, count]));
  const students = here.filter(({ role }) => role === "student" || role === "guest");
  const present = new Set(students.map(({ id }) => id));
  const wanted = search.toLowerCase();
  const rows = [
    ...students.map(({ id, name, role }) => ({ person: id, name, isGuest: role === "guest", count: counts.get(id) ?? 0 })),
    ...stars.filter(({ person, name, count }) => count > 0 && !present.has(person) && name.toLowerCase().includes(wanted)),
  ];
  return rows
    .map(({ person, name, isGuest, count }) => ({ person, name, isGuest, count }))
    .sort((one, other) => other.count - one.count || one.name.localeCompare(other.name));
}
