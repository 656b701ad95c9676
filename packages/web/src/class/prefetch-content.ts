/** Asks for what a class shows first, as soon as joining names it, beside the scripts that show it. */
import type { Joined } from "@lectern/client";
import { pictureOf, prefetchPage, roomDoor } from "../board/pages/board-door.ts";
import { preconnectSocket, roomSocket } from "../room/preconnect-socket.ts";

let isRequested = false;

/** Only once: a page that joins again, for other links, has it. */
export function requestContent({ lesson, play, shownPage }: Joined, code: string): void {
  if (isRequested || play === null) return;
  isRequested = true;
  preconnectSocket(roomSocket(lesson.code ?? code, play.hls));
  if (shownPage === null) return;
  const door = roomDoor(lesson.code ?? code, play.hls);
  prefetchPage(door, shownPage.page);
  const picture = pictureOf(shownPage, door);
  if (picture !== null) new Image().src = picture;
  // The board asks for its code again, and tells what is wrong.
  import("../board/stage-board.tsx").catch(() => {});
}
