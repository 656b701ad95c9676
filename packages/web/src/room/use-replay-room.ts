/** Provides the room of then as a React hook, at the time that a player shows: the same `Room` as of a live lesson, to which nothing can be sent. */

import type { LecternReplay } from "@lectern/player/replay";
import { serverClock } from "@lectern/player/server-clock";
import { type RefObject, useEffect, useMemo, useState } from "react";
import { type ReplaySource, ReplayTrack } from "./replay-track.ts";
import { RoomError } from "./room-error.ts";
import type { Room } from "./use-room.ts";

/** Where on the source's timeline the picture is, in seconds; null while that is not known. */
export type PlaceOf = (player: LecternReplay) => number | null;

/** @param source stays the same as long as the recording does */
export function useReplayRoom(source: ReplaySource, player: RefObject<LecternReplay | null>, placeOf: PlaceOf): Room {
  const [version, setVersion] = useState(0);
  const track = useMemo(
    () =>
      new ReplayTrack(
        source,
        () => setVersion((count) => count + 1),
        () => serverClock.elapsed(),
      ),
    [source],
  );
  useEffect(() => {
    const follow = (event: Event): void => {
      const element = player.current;
      const place = element && event.target === element ? placeOf(element) : null;
      if (place !== null) void track.moveTo(place);
    };
    // The event bubbles, and another element may take the player's place.
    document.addEventListener("lectern-time", follow);
    return () => document.removeEventListener("lectern-time", follow);
  }, [track, player, placeOf]);
  const fixed = useMemo(() => fixedOf(track), [track]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the track holds changes with the version
  return useMemo(() => ({ ...fixed, ...contentOf(track) }), [fixed, track, version]);
}

function fixedOf(track: ReplayTrack): Omit<Room, "held" | "one" | "signal"> {
  return {
    status: "open",
    failure: null,
    you: null,
    pending: [],
    send: () => Promise.reject(new RoomError("lesson-ended")),
    openPort: () => null,
    onEntry: (listener) => track.onEntry(listener),
    onSignal: () => () => {},
    onSnapshot: (listener) => track.onSnapshot(listener),
    place: () => track.store.place,
    drawn: (page) => track.drawn(page),
  };
}

function contentOf({ store }: ReplayTrack): Pick<Room, "held" | "one" | "signal"> {
  return {
    held: (kind) => store.held(kind),
    one: (key) => store.one(key),
    signal: (kind, key) => store.signal(kind, key)?.body ?? null,
  };
}
