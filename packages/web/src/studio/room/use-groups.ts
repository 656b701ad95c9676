/** Provides the groups of a lesson as its staff see them: all of them, and who is in none. */
import { type Group, type GroupPerson, type Groups, groupListOf, groupsOf } from "@lectern/room";
import { useMemo } from "react";
import { useTeacherRoom } from "./teacher-room.ts";
import { usePeople } from "./use-people.ts";

/** Of those who are here; a list that is longer is not looked through. */
const MAX_PEOPLE = 1000;

export type Division = Groups & { readonly list: readonly Group[] };

/** Null: there are none. */
export function useDivision(): Division | null {
  const { room } = useTeacherRoom();
  const shared = room.one("groups");
  const entries = room.held("group");
  return useMemo(() => {
    const groups = groupsOf(shared);
    return groups && { ...groups, list: groupListOf(entries, groups) };
  }, [shared, entries]);
}

export function useStudents(): readonly GroupPerson[] {
  const { room } = useTeacherRoom();
  const people = usePeople(room, "", MAX_PEOPLE).data?.items ?? [];
  return people.filter(({ role }) => role === "student" || role === "guest").map(({ id, name }) => ({ person: id, name }));
}
