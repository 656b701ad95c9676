/** Shows the drawer with the boards of earlier lessons: a press continues with one of them in this lesson. */
import { useQuery } from "@tanstack/react-query";
import { formatDateTime } from "../../language.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { SideDrawer } from "./side-drawer.tsx";

type EarlierBoardsProps = {
  readonly lessonId: string;
  readonly onChoose: (lesson: string) => void;
  readonly onClose: () => void;
};

export function EarlierBoards({ lessonId, onChoose, onClose }: EarlierBoardsProps) {
  const { t, i18n } = useTranslation();
  const boards = useQuery({
    queryKey: ["earlier-boards", lessonId],
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/earlier-boards", { params: { path: { lessonId } } })),
  });
  const items = boards.data?.items;
  return (
    <SideDrawer
      title={t("earlierBoards.title")}
      closeLabel={t("earlierBoards.close")}
      first=".library-head button"
      onClose={onClose}
    >
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
    </SideDrawer>
  );
}
