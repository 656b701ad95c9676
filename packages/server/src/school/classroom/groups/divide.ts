/** Divides people into groups at random, as evenly as it goes. */
import { MAX_GROUP_SIZE, MAX_GROUPS } from "@lectern/room";
import { Refusal } from "../../../platform/refusal.ts";
import { groupText } from "../../foundation/messages/group-texts.ts";

/** A whole number from 0, below another. */
export type Random = (below: number) => number;

/** @returns the groups, from the first on: their sizes differ by one at most */
export function divideInto<Person>(people: readonly Person[], count: number, random: Random): Person[][] | Refusal {
  if (people.length > count * MAX_GROUP_SIZE) return new Refusal("full", groupText("too-large", { max: MAX_GROUP_SIZE }));
  const rest = [...people];
  const groups = Array.from({ length: count }, (): Person[] => []);
  for (let i = 0; rest.length > 0; i++) groups[i % count]?.push(...rest.splice(random(rest.length), 1));
  return groups;
}

/** How many groups of at most so many people there are. */
export function countForSize(people: number, size: number): number | Refusal {
  if (size > MAX_GROUP_SIZE) return new Refusal("full", groupText("too-large", { max: MAX_GROUP_SIZE }));
  if (people === 0) return new Refusal("not-found", groupText("nobody-here"));
  const count = Math.ceil(people / size);
  return count > MAX_GROUPS ? new Refusal("full", groupText("too-many", { max: MAX_GROUPS })) : count;
}
