/** Shows what the room adds to the dock: the hand, reactions, a running quiz that waits for an answer, and the side where it can be folded. */

import { settingsOf } from "@lectern/room";
import { CHAT_ICON, QUIZ_ICON } from "@lectern/ui/icons";
import { isObserver, isStudent } from "../../room/roles.ts";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { DockFace } from "../parts/dock-face.tsx";
import { HandButton } from "./hand-button.tsx";
import { Reactions } from "./reactions.tsx";

type DockActionsProps = {
  readonly room: Room;
  readonly unread: number;
  /** How many quizzes wait for an answer. */
  readonly waiting: number;
  readonly onQuiz: () => void;
  readonly isFolded: boolean;
  readonly onFold: (isFolded: boolean) => void;
};

export function DockActions({ room, unread, waiting, onQuiz, isFolded, onFold }: DockActionsProps) {
  const { t } = useTranslation();
  const settings = settingsOf(room.one("settings")?.body);
  return (
    <>
      {settings.hands && isStudent(room) ? <HandButton room={room} /> : null}
      {settings.reactions && !isObserver(room) ? <Reactions room={room} /> : null}
      {waiting > 0 ? (
        <button type="button" className="dock-button urgent" title={t("openQuiz")} onClick={onQuiz}>
          <DockFace icon={QUIZ_ICON} label={t("quiz")} />
          <span className="count" aria-hidden="true">
            {waiting}
          </span>
        </button>
      ) : null}
      <button
        type="button"
        className="dock-button dock-fold"
        aria-expanded={!isFolded}
        aria-label={t(isFolded ? "showSide" : "hideSide")}
        onClick={() => onFold(!isFolded)}
      >
        <DockFace icon={CHAT_ICON} label={t("chat")} />
        {unread > 0 && isFolded ? (
          <span className="count" aria-hidden="true">
            {unread}
          </span>
        ) : null}
      </button>
    </>
  );
}
