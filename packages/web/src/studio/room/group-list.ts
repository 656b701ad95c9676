/** Reads a list of groups that a teacher has pasted: a group on each line with its names, or a name and the number of its group on each line, as a spreadsheet gives it. */
import { MAX_GROUPS } from "@lectern/room";

/** A comma of either script, a semicolon, or the tab between cells. */
const BETWEEN = /[,，、;；\t]/;

type Here = { readonly id: string; readonly name: string };
export type ListedGroups = {
  readonly count: number;
  /** The ids of those who are here, by group, from the first on. */
  readonly groups: readonly (readonly string[])[];
  /** Names that nobody here has. */
  readonly unknown: readonly string[];
};

export function readGroupList(text: string, people: readonly Here[]): ListedGroups {
  const lines = text
    .split("\n")
    .map((line) =>
      line
        .split(BETWEEN)
        .map(clean)
        .filter((cell) => cell !== ""),
    )
    .filter((cells) => cells.length > 0);
  const isByNumber = lines.length > 0 && lines.every((cells) => cells.length === 2 && groupNumber(cells[1]) !== null);
  const placed = isByNumber
    ? lines.map(([name = "", group]) => ({ name, group: groupNumber(group) ?? 1 }))
    : lines.slice(0, MAX_GROUPS).flatMap((names, i) => names.map((name) => ({ name, group: i + 1 })));
  const count = Math.max(0, ...placed.map(({ group }) => group));
  const groups: string[][] = Array.from({ length: count }, () => []);
  const unknown: string[] = [];
  // Two people of the same name are two lines of the list.
  const rest = [...people];
  for (const { name, group } of placed) {
    const at = rest.findIndex((one) => clean(one.name).toLowerCase() === name.toLowerCase());
    const [found] = at < 0 ? [] : rest.splice(at, 1);
    if (found) groups[group - 1]?.push(found.id);
    else unknown.push(name);
  }
  return { count, groups, unknown };
}

function clean(cell: string): string {
  return cell
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .trim();
}

function groupNumber(cell: string | undefined): number | null {
  const number = cell !== undefined && /^\d{1,3}$/.test(cell) ? Number(cell) : 0;
  return number >= 1 && number <= MAX_GROUPS ? number : null;
}
