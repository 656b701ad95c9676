/** Shows the board on the stage of a class, once there is one; staff open one. */

import { showsPage } from "@lectern/room";
import { useEffect, useMemo } from "react";
import { roomDoor } from "../board/pages/board-door.ts";
import { stageSlots } from "../board/stage-slots.ts";
import { loadable, useLoaded } from "../components/use-loaded.ts";
import type { Room } from "../room/use-room.ts";

// Loaded beside the picture, and not when the room says that there is one: it would come later than the picture.
const stageBoard = loadable(() => import("../board/stage-board.tsx"));

type ClassBoardProps = {
  readonly room: Room;
  readonly code: string;
  readonly lessonId: string;
  /** A signed link of the lesson; its query is the permission. */
  readonly address: string;
  /** What is beside it: the camera, or in a small lesson the people. */
  readonly beside: "camera" | "people";
  readonly isViewOnly: boolean;
};

export function ClassBoard({ room, code, lessonId, address, beside, isViewOnly }: ClassBoardProps) {
  const loaded = useLoaded(stageBoard);
  const door = useMemo(() => roomDoor(code, address), [code, address]);
  const isShown = showsPage(room);
  const isEmpty = room.place() !== null && !isShown;
  useEffect(() => {
    if (isEmpty) stageSlots.known();
  }, [isEmpty]);
  if (loaded === null || (!isShown && room.you?.role !== "staff")) return null;
  const { StageBoard } = loaded;
  return <StageBoard {...{ room, door, lessonId, beside, isViewOnly }} />;
}
