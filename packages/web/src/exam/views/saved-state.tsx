/** Says whether everything is with the server, and what happens where it is not. */
import { Icon } from "@lectern/ui";
import { CHECK_ICON, WARNING_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../texts/use-translation.ts";
import type { SessionSnapshot } from "../session/session-snapshot.ts";

export function SavedState({ state, hasStore }: { readonly state: SessionSnapshot; readonly hasStore: boolean }) {
  const { t, i18n } = useTranslation();
  const { awaySince, unsaved, unsentFiles, isHandingIn } = state;
  if (awaySince !== null) {
    const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" }).format(awaySince);
    return (
      <p className="saved-state away" role="status">
        <Icon drawing={WARNING_ICON} />
        <span>{t(isHandingIn ? "exam.awayHandingIn" : hasStore ? "exam.away" : "exam.awayNoStore", { time })}</span>
      </p>
    );
  }
  return (
    <p className="saved-state">
      {unsaved + unsentFiles === 0 ? <Icon drawing={CHECK_ICON} /> : null}
      <span>
        {unsaved + unsentFiles === 0 ? t("exam.allSaved") : null}
        {unsaved > 0 ? t("exam.saving", { count: unsaved }) : null}{" "}
        {unsentFiles > 0 ? t("exam.sendingFiles", { count: unsentFiles }) : null}
      </span>
    </p>
  );
}
