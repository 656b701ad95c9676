/** Provides a room as a React hook: connects while the component is shown, and draws it again when something in the room changes. */

import { type Body, isQuietFrame, type RoomPerson, type WireEntry } from "@lectern/room";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Done, PendingAction } from "./outbox.ts";
import { randomId } from "./random-id.ts";
import { RoomConnection, type RoomConnectionEvents, type RoomLine, type RoomStatus } from "./room-connection.ts";
import { RoomError } from "./room-error.ts";
import { type EntryListener, RoomStore, type SignalListener } from "./room-store.ts";

export type Room = {
  readonly status: RoomStatus;
  /** Why the room is closed or cannot be reached now; null: the line was lost, or nothing is wrong. */
  readonly failure: { readonly code: string; readonly detail: string | null } | null;
  readonly you: RoomPerson | null;
  /** The newest entries of the keys `KIND/…`, in the order in which the keys appeared; the same list until one of them changes. */
  readonly held: (kind: string) => readonly WireEntry[];
  /** The newest entry of a key, such as `settings`. */
  readonly one: (key: string) => WireEntry | null;
  readonly signal: (kind: string, key?: string) => Body | null;
  /** What was not acknowledged yet, in the order in which it was done. */
  readonly pending: readonly PendingAction[];
  /** Sends until it is acknowledged. Rejects with a RoomError. */
  readonly send: (kind: string, body: Body) => Promise<Done>;
  /** For a worker that sends by itself, past the page: see `NumberedAction`. Null: the page sends. Another function when it is another line. */
  readonly openPort: () => MessagePort | null;
  /** Told of each entry once, as it happens; not of those that were there before. @returns the function that ends it */
  readonly onEntry: (listener: EntryListener) => () => void;
  /** Told of each signal as it comes. @returns the function that ends it */
  readonly onSignal: (listener: SignalListener) => () => void;
  /** Told when all that is held was replaced: entries that pass by may have been missed. @returns the function that ends it */
  readonly onSnapshot: (listener: () => void) => () => void;
  /** The newest entry that has arrived; null: none yet. */
  readonly place: () => { readonly epoch: string; readonly seq: number } | null;
  /** What was drawn on a page up to now, in the order of the log. Null: the room does not know it by itself, the server is asked. */
  readonly drawn: ((page: string) => readonly unknown[]) | null;
};

type Fixed = "send" | "openPort" | "onEntry" | "onSignal" | "onSnapshot" | "place" | "drawn";
type Line = { readonly connection: RoomLine; readonly store: RoomStore };
export type OpenLine = (address: string, events: RoomConnectionEvents) => RoomLine;
type View = {
  readonly version: number;
  readonly status: RoomStatus;
  readonly failure: RoomError | null;
  readonly pending: readonly PendingAction[];
};

const noTime = () => null;
const openHere: OpenLine = (address, events) => new RoomConnection(address, events);
const BEGIN: View = { version: 0, status: "connecting", failure: null, pending: [] };

type RoomOptions = {
  /** The stream's time that the person sees, in milliseconds. Default: none. */
  readonly mediaTime?: () => number | null;
  /** The same function as long as the component is shown. Default: the page keeps the line. */
  readonly openLine?: OpenLine;
};

/** @param address of the room's socket with the signed query, which may be renewed at any time; null: no room yet */
export function useRoom(address: string | null, { mediaTime = noTime, openLine = openHere }: RoomOptions = {}): Room {
  const seen = useRef(mediaTime);
  useEffect(() => {
    seen.current = mediaTime;
  });
  const [line, setLine] = useState<Line | null>(null);
  const [view, setView] = useState(BEGIN);
  // Another query is a renewed link to the same room.
  const path = address?.split("?", 1)[0] ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a renewed query does not begin another line
  useEffect(() => {
    if (address === null) return;
    const store = new RoomStore();
    const change = (changes: Partial<View>) => setView((now) => ({ ...now, ...changes, version: now.version + 1 }));
    const connection = openLine(address, {
      onFrame: (frame) => {
        const isNext = store.take(frame);
        // What draws on the board hears of it by itself, and what waits for its acknowledgement too: nothing else changes.
        if (!isNext || !isQuietFrame(frame)) change({});
        return isNext;
      },
      onStatus: (status, failure) => change({ status, failure }),
      onPending: (pending) => setView((now) => (now.pending === pending ? now : { ...now, pending, version: now.version + 1 })),
      position: () => store.position,
    });
    setLine({ connection, store });
    const onOnline = () => connection.retryNow(true);
    const onShown = () => {
      if (!document.hidden) connection.retryNow();
    };
    window.addEventListener("online", onOnline);
    document.addEventListener("visibilitychange", onShown);
    return () => {
      window.removeEventListener("online", onOnline);
      document.removeEventListener("visibilitychange", onShown);
      connection.close();
      setLine(null);
      setView(BEGIN);
    };
  }, [path]);
  useEffect(() => {
    if (address !== null) line?.connection.setAddress(address);
  }, [address, line]);
  const actions = useMemo(() => actionsOf(line, () => seen.current()), [line]);
  return useMemo(() => ({ ...contentOf(line, view), ...actions }), [line, view, actions]);
}

/** These stay the same functions as long as the line does. */
function actionsOf(line: Line | null, mediaTime: () => number | null): Pick<Room, Fixed> {
  return {
    send: (kind, body) =>
      line
        ? line.connection.send({ id: randomId(), kind, mediaTime: mediaTime(), body })
        : Promise.reject(new RoomError("offline")),
    openPort: () => line?.connection.openPort() ?? null,
    onEntry: (listener) => line?.store.onEntry(listener) ?? (() => {}),
    onSignal: (listener) => line?.store.onSignal(listener) ?? (() => {}),
    onSnapshot: (listener) => line?.store.onSnapshot(listener) ?? (() => {}),
    place: () => line?.store.place ?? null,
    drawn: null,
  };
}

function contentOf(line: Line | null, { status, failure, pending }: View): Omit<Room, Fixed> {
  const store = line?.store;
  return {
    status,
    failure,
    pending,
    you: store?.you ?? null,
    held: (kind) => store?.held(kind) ?? [],
    one: (key) => store?.one(key) ?? null,
    signal: (kind, key) => store?.signal(kind, key)?.body ?? null,
  };
}
