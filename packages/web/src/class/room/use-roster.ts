/** The names of those who are in the room, a page at a time, where the teacher allows it. */
import { serverClock } from "@lectern/player/server-clock";
import { useCallback, useEffect, useState } from "react";
import type { Room } from "../../room/use-room.ts";
import { isBody, listOf, numberOf, textOf } from "../../room/wire.ts";

/** How often the first page is read again while it is shown and the number of people has changed. */
const AGAIN_MS = 10_000;

export type Name = { readonly name: string; readonly isStaff: boolean };
export type Roster = { readonly names: readonly Name[]; readonly hasMore: boolean; readonly loadMore: () => void };

type Pages = { readonly names: readonly Name[]; readonly next: number | null };

/** @param count of people: another one makes the list old */
export function useRoster({ send, status }: Room, isAllowed: boolean, count: number | null): Roster {
  const [pages, setPages] = useState<Pages>({ names: [], next: null });
  const [askedAt, setAskedAt] = useState(Number.NEGATIVE_INFINITY);
  const load = useCallback(
    (from: number) => {
      send("roster", from === 0 ? {} : { from }).then(
        ({ answer }) => {
          const names = listOf(answer?.["names"]).flatMap((item) =>
            isBody(item) ? [{ name: textOf(item, "name") ?? "", isStaff: item["role"] === "staff" }] : [],
          );
          setPages((known) => ({
            names: from === 0 ? names : [...known.names, ...names],
            next: answer ? numberOf(answer, "next") : null,
          }));
        },
        () => setPages({ names: [], next: null }),
      );
    },
    [send],
  );
  const isOpen = status === "open";
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when somebody came or left, but not at once
  useEffect(() => {
    if (!isAllowed || !isOpen) return;
    const wait = Math.max(0, askedAt + AGAIN_MS - serverClock.elapsed());
    const timer = setTimeout(() => {
      setAskedAt(serverClock.elapsed());
      load(0);
    }, wait);
    return () => clearTimeout(timer);
  }, [isAllowed, isOpen, count, load]);
  const { names, next } = pages;
  return {
    names: isAllowed ? names : [],
    hasMore: isAllowed && next !== null,
    loadMore: () => {
      if (next !== null) load(next);
    },
  };
}
