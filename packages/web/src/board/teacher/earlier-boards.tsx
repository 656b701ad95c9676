/** The drawer with the boards of earlier lessons: a press continues with one of them in this lesson. */
import { Icon } from "@lectern/ui";
import { CLOSE_ICON } from "@lectern/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { formatDateTime } from "../../language.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useReturnOfFocus } from "./use-return-of-focus.ts";

type EarlierBoardsProps = {
  readonly lessonId: string;
  readonly onChoose: (lesson: string) => void;
  readonly onClose: () => void;
};

export function EarlierBoards({ lessonId, onChoose, onClose }: EarlierBoardsProps) {
  const { t, i18n } = useTranslation();
  const panel = useRef<HTMLElement>(null);
  const boards = useQuery({
    queryKey: ["earlier-boards", lessonId],
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/earlier-boards", { params: { path: { lessonId } } })),
  });
  useReturnOfFocus(panel, ".strip-close", onClose);
  const items = boards.data?.items;
  return createPortal(
    <section className="slide-library" ref={panel} role="dialog" aria-label={t("earlierBoards.title")}>
      <div className="library-head">
        <h2>{t("earlierBoards.title")}</h2>
        <button type="button" className="strip-close" aria-label={t("earlierBoards.close")} onClick={onClose}>
          <Icon drawing={CLOSE_ICON} />
        </button>
      </div>
      <small className="text-muted">{t("earlierBoards.hint")}</small>
      {boards.isPending ? <p role="status">{t("earlierBoards.loading")}</p> : null}
      {boards.error ? <p role="alert">{errorMessage(boards.error, t("earlierBoards.offline"))}</p> : null}
      {items?.length === 0 ? <p className="text-muted">{t("earlierBoards.empty")}</p> : null}
      <ul className="material-list">
        {items?.map(({ lessonId: lesson, title, at, pages }) => (
          <li key={lesson}>
            <button type="button" className="material" onClick={() => onChoose(lesson)}>
              <span>
                <span className="material-title">{title}</span>
                <small className="text-muted">
                  {formatDateTime(at, i18n.language)} · {t("earlierBoards.pages", { count: pages })}
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>,
    document.querySelector("main") ?? document.body,
  );
}
