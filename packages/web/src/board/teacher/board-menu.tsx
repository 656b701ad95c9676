/** What is seldom done with the board: the file of it. */
import { useTranslation } from "react-i18next";
import { Popup } from "../../class/parts/popup.tsx";
import { BoardPdfButton } from "../../downloads/board-pdf-button.tsx";
import { BoardIcon } from "../parts/icons.tsx";

export function BoardMenu({ lessonId }: { readonly lessonId: string }) {
  const { t } = useTranslation();
  return (
    <Popup
      className="bar-popup board-menu"
      label={t("teacherBoard.more")}
      buttonClass="bar-button"
      face={
        <>
          <BoardIcon name="more" />
          <span>{t("teacherBoard.more")}</span>
        </>
      }
    >
      <BoardPdfButton lessonId={lessonId} className="button small" />
    </Popup>
  );
}
