/** Defines what staff do with pages, as the room's action `page` has it. */
import type { Background, PageId } from "@lectern/board";
import type { Done } from "../../room/outbox.ts";
import type { Room } from "../../room/use-room.ts";
import type { View } from "./view-box.ts";

type Sender = Pick<Room, "send">;

export function showPage({ send }: Sender, page: PageId | null, view: View | null = null): Promise<Done> {
  return send("page", { action: "show", page, view });
}

/** A new set of empty pages, with its first page. */
export function openBoard({ send }: Sender, background: Background): Promise<Done> {
  return send("page", { action: "board", background });
}

/** The pages of a material, as a set of the room. */
export function openSlides({ send }: Sender, material: string): Promise<Done> {
  return send("page", { action: "open", material });
}

/** The pages of an earlier lesson's board, as sets of the room. */
export function continueBoard({ send }: Sender, lesson: string): Promise<Done> {
  return send("page", { action: "continue", lesson });
}

/** One more page at the end of a board. */
export function addPage({ send }: Sender, set: number): Promise<Done> {
  return send("page", { action: "add", set });
}

export function changeBackground({ send }: Sender, set: number, background: Background): Promise<Done> {
  return send("page", { action: "background", set, background });
}

export function closeSet({ send }: Sender, set: number): Promise<Done> {
  return send("page", { action: "close", set });
}

export function givePensToAll({ send }: Sender, everybody: boolean): Promise<Done> {
  return send("page", { action: "pens", everybody });
}
