/** Provides the room of a class: connected while the page is open to this person, beside the picture and not after it. */
import { useEffect } from "react";
import { roomSocket } from "../room/preconnect-socket.ts";
import { type Room, useRoom } from "../room/use-room.ts";
import type { Failure } from "./parts/failure.ts";
import { NO_REPORT, type RoomReport, reportOf } from "./parts/room-report.ts";

type ClassRoomLine = {
  readonly code: string;
  /** A signed link of the lesson; its query is the credential of the room. */
  readonly address: string;
  readonly isOpen: boolean;
  /** The stream's time that the person sees, in milliseconds. */
  readonly mediaTime: () => number | null;
  /** Told what the room says about the lesson, and whether it is connected. */
  readonly onRoom: (report: RoomReport) => void;
  /** The room does not let this person in any more. */
  readonly onRefused: (failure: Failure) => void;
};

export function useClassRoom({ code, address, isOpen, mediaTime, onRoom, onRefused }: ClassRoomLine): Room {
  const room = useRoom(isOpen ? roomSocket(code, address) : null, { mediaTime });
  const isConnected = room.status === "open";
  const { state, startedAt, publisherLeftAt } = reportOf(isConnected, room.signal("state"));
  useEffect(
    () => onRoom({ isConnected, state, startedAt, publisherLeftAt }),
    [onRoom, isConnected, state, startedAt, publisherLeftAt],
  );
  useEffect(() => () => onRoom(NO_REPORT), [onRoom]);
  const { status, failure } = room;
  useEffect(() => {
    if (status === "closed" && failure) onRefused({ code: failure.code, message: failure.detail ?? "" });
  }, [status, failure, onRefused]);
  return room;
}
