/** Provides the names of those who are in the room, a page at a time, where the teacher allows it. */
import { serverClock } from "@lectern/player/server-clock";
import { type RosterName, type RosterPage, rosterPageOf } from "@lectern/room";
import { useCallback, useEffect, useState } from "react";
import type { Room } from "../../room/use-room.ts";

/** How often the first page is read again while it is shown and the number of people has changed. */
const AGAIN_MS = 10_000;

export type Roster = { readonly names: readonly RosterName[]; readonly hasMore: boolean; readonly loadMore: () => void };

/** @param count of people: another one makes the list old */
export function useRoster({ send, status }: Room, isAllowed: boolean, count: number | null): Roster {
  const [pages, setPages] = useState<RosterPage>({ names: [], next: null });
  const [requestedAt, setAskedAt] = useState(Number.NEGATIVE_INFINITY);
  const load = useCallback(
    (from: number) => {
      send("roster", from === 0 ? {} : { from }).then(
        ({ answer }) => {
          const { names, next } = rosterPageOf(answer);
          setPages((known) => ({ names: from === 0 ? names : [...known.names, ...names], next }));
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
    const wait = Math.max(0, requestedAt + AGAIN_MS - serverClock.elapsed());
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
