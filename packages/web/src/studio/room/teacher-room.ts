/** Defines what the panels of the class share: the room, how something is done in it, and the one line that says how that went. */

import type { Body } from "@lectern/room";
import { createContext, useContext, useState } from "react";
import { RoomError } from "../../room/room-error.ts";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";

/** A person whom a panel speaks of. */
export type Person = { readonly id: string; readonly name: string };

export type Notice = {
  readonly text: string;
  readonly isFailure: boolean;
  readonly undo: (() => void) | null;
  /** Another step that may follow. */
  readonly more?: { readonly label: string; readonly run: () => void };
};

export type TeacherRoom = {
  readonly room: Room;
  /** The lesson has ended: there is no room any more, only what was stored of it. */
  readonly isOver: boolean;
  /** Everybody is seen and heard: nobody is called on. */
  readonly isSmall: boolean;
  /** Does something in the room. False: it was refused, and the notice says why. */
  readonly act: (kind: string, body: Body) => Promise<boolean>;
  readonly notice: Notice | null;
  readonly setNotice: (notice: Notice | null) => void;
  /** Whom the next line of the chat goes to alone; null: nobody in particular. */
  readonly addressee: Person | null;
  /** Opens the chat with a private line to a person. */
  readonly writeTo: (person: Person | null) => void;
};

const Context = createContext<TeacherRoom | null>(null);
export const TeacherRoomProvider = Context.Provider;

export function useTeacherRoom(): TeacherRoom {
  const value = useContext(Context);
  if (value === null) throw new Error("a panel of the class is outside of the class");
  return value;
}

type Lesson = Pick<TeacherRoom, "isOver" | "isSmall">;

/** @param openChat shows the chat */
export function useRoomActions(room: Room, lesson: Lesson, openChat: () => void): TeacherRoom {
  const { t } = useTranslation();
  const [notice, setNotice] = useState<Notice | null>(null);
  const [addressee, setAddressee] = useState<Person | null>(null);
  const act = async (kind: string, body: Body): Promise<boolean> => {
    try {
      await room.send(kind, body);
      setNotice(null);
      return true;
    } catch (error) {
      const detail = error instanceof RoomError ? error.detail : null;
      setNotice({ text: detail ?? t("room.failed"), isFailure: true, undo: null });
      return false;
    }
  };
  const writeTo = (person: Person | null): void => {
    setAddressee(person);
    if (person !== null) openChat();
  };
  return { room, ...lesson, act, notice, setNotice, addressee, writeTo };
}
