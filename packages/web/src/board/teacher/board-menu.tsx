/** Shows what is seldom done with the board: the file of it, and going on with another lesson's. */

import { listOf } from "@lectern/room";
import { MORE_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { BoardPdfButton } from "../../downloads/board-pdf-button.tsx";
import type { Room } from "../../room/use-room.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { continueBoard, showPage } from "../pages/page-actions.ts";
import { BarPopup } from "./bar-popup.tsx";
import { EarlierBoards } from "./earlier-boards.tsx";
import type { Act } from "./use-actions.ts";

type BoardMenuProps = {
  readonly room: Room;
  readonly act: Act;
  readonly lessonId: string;
  readonly hasPages: boolean;
};

export function BoardMenu({ room, act, lessonId, hasPages }: BoardMenuProps) {
  const { t } = useTranslation();
  const [isEarlier, setIsEarlier] = useState(false);
  const continueWith = (lesson: string): void => {
    setIsEarlier(false);
    act(async () => {
      const { answer } = await continueBoard(room, lesson);
      const [first] = answer ? listOf(answer["sets"]) : [];
      if (typeof first === "number") await showPage(room, `${first}.1`);
    });
  };
  return (
    <>
      <BarPopup className="board-menu" icon={MORE_ICON} label={t("teacherBoard.more")}>
        <button type="button" className="button small" data-closes="" onClick={() => setIsEarlier(true)}>
          {t("teacherBoard.continue")}
        </button>
        {hasPages ? <BoardPdfButton lessonId={lessonId} className="button small" /> : null}
      </BarPopup>
      {isEarlier ? <EarlierBoards lessonId={lessonId} onChoose={continueWith} onClose={() => setIsEarlier(false)} /> : null}
    </>
  );
}
