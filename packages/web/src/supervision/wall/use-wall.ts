/** Provides what the wall shows: asks every few seconds for the tiles that are in sight, and keeps them in place while somebody points at them. */
import { serverClock } from "@lectern/player/server-clock";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { loadWall } from "./wall-calls.ts";
import { heldOrder } from "./wall-order.ts";
import { STREAM_KINDS, type StreamKind, type Wall, type WallItem, type WallView } from "./wall-types.ts";

const REFETCH_MS = 3000;
/** After the pointer has moved. */
const HELD_MS = 8000;
/** Figures that are older are said to be. */
const STALE_MS = 12_000;
const ALL: WallView = { groupId: null, state: null, q: "", offset: 0, kind: "camera" };

export type WallData = ReturnType<typeof useWall>;

/** What the examination asks for. */
function kindsOf({ camera, screen, phone }: Wall["supervision"]): readonly StreamKind[] {
  return STREAM_KINDS.filter((kind) => ({ camera: camera !== "none", screen, phone })[kind]);
}

/** @param tiles how many are shown at once */
export function useWall(examId: string, tiles: number) {
  const [view, change] = useState(ALL);
  const query = useQuery({
    queryKey: ["wall", examId, view.groupId, view.state, view.q, view.offset, tiles],
    queryFn: () => loadWall(examId, view, tiles),
    refetchInterval: REFETCH_MS,
    refetchIntervalInBackground: false,
    placeholderData: keepPreviousData,
  });
  const data: Wall | null = query.data ?? null;
  const heldUntil = useRef(0);
  const order = useRef<readonly string[]>([]);
  const idOf = ({ attemptId }: WallItem) => attemptId;
  const isHeld = serverClock.elapsed() < heldUntil.current;
  const items = data === null ? [] : isHeld ? heldOrder(order.current, data.items, idOf) : data.items;
  useEffect(() => {
    order.current = items.map(idOf);
  });
  // The last page may have gone.
  const isPastEnd = data !== null && data.total > 0 && view.offset >= data.total;
  useEffect(() => {
    if (isPastEnd) change((now) => ({ ...now, offset: 0 }));
  }, [isPastEnd]);
  const kinds = data ? kindsOf(data.supervision) : [];
  return {
    data,
    items,
    kinds,
    /** Which stream the tiles show. */
    kind: kinds.includes(view.kind) ? view.kind : (kinds[0] ?? "camera"),
    view,
    error: query.error,
    isFiltered: view.q !== "" || view.groupId !== null || view.state !== null,
    /** The server does not answer: what is shown is of `updatedAt`. */
    isStale: query.isError && data !== null && serverClock.now() - query.dataUpdatedAt > STALE_MS,
    updatedAt: query.dataUpdatedAt,
    /** Another selection begins with its first page, at once in its own order. */
    setView: useCallback((next: Partial<WallView>) => {
      heldUntil.current = 0;
      change((now) => ({ ...now, offset: 0, ...next }));
    }, []),
    /** Somebody points at the wall. */
    hold: useCallback(() => {
      heldUntil.current = serverClock.elapsed() + HELD_MS;
    }, []),
  };
}
