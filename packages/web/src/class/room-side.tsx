/**
 * Shows the room of a class: its board on the stage, and the side. It is connected beside the picture and not after it; its parts are loaded when the
 * picture is there. What happens in it draws nothing else of the class again.
 */
import type { Joined } from "@lectern/client";
import type { LecternPlayer } from "@lectern/player";
import type { ReactNode } from "react";
import { loadedLater } from "../components/loaded-later.tsx";
import { isSmallLesson } from "../stage/small-lesson-mode.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { ClassBoard } from "./class-board.tsx";
import type { Invitation } from "./lesson-door.ts";
import type { Failure } from "./parts/failure.ts";
import type { RoomReport, RoomSlots } from "./parts/room-report.ts";
import { useClassRoom } from "./use-class-room.ts";

/** Nothing of it is loaded before it is drawn. */
const ClassRoom = loadedLater(() => import("./room/class-room.tsx").then(({ ClassRoom }) => ClassRoom));

type RoomSideProps = {
  readonly invitation: Invitation;
  readonly code: string;
  /** A signed link of the lesson; its query is the credential of the room. */
  readonly address: string;
  readonly player: LecternPlayer | null;
  readonly slots: RoomSlots;
  /** This person is let in, and the lesson is not over. */
  readonly isOpen: boolean;
  readonly lesson: Joined["lesson"];
  readonly isTelevision: boolean;
  /** The stage shows what was before: the room of now stays connected behind the one of then. */
  readonly isRewound: boolean;
  /** The picture has come, or there is none to wait for. */
  readonly hasVideo: boolean;
  readonly isFolded: boolean;
  readonly onFold: (isFolded: boolean) => void;
  readonly onRoom: (report: RoomReport) => void;
  readonly onRefused: (failure: Failure) => void;
  /** The lesson is silent, because this person speaks in it. */
  readonly onSilence: (isSilent: boolean) => void;
  /** The room of then. */
  readonly children: ReactNode;
};

export function RoomSide(props: RoomSideProps) {
  const { t } = useTranslation();
  const { code, address, player, slots, isOpen, lesson, isTelevision, isRewound, isFolded, onFold, onSilence } = props;
  const { lessonId } = props.invitation;
  const isSmall = isSmallLesson(lesson);
  const room = useClassRoom({
    code,
    address,
    isOpen,
    mediaTime: () => player?.statistics.mediaTime ?? null,
    onRoom: props.onRoom,
    onRefused: props.onRefused,
  });
  return (
    <>
      {isOpen && !isRewound ? (
        <ClassBoard
          room={room}
          code={code}
          lessonId={lessonId}
          address={address}
          beside={isSmall ? "people" : "camera"}
          isViewOnly={isTelevision}
        />
      ) : null}
      <section className={isOpen && isRewound ? "side then" : "side"} aria-label={t("room")}>
        {props.children}
        {isOpen && props.hasVideo ? (
          <ClassRoom
            room={room}
            lessonId={lessonId}
            player={player}
            slots={slots}
            isFolded={isFolded}
            onFold={onFold}
            isTelevision={isTelevision}
            isRewound={isRewound}
            isSmall={isSmall}
            hasCaptions={lesson.captions}
            onSilence={onSilence}
          />
        ) : null}
      </section>
    </>
  );
}
