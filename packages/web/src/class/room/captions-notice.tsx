/** Tells people that what is said is written down, until they have read it. */
import { Icon } from "@lectern/ui";
import { CLOSE_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../texts/use-translation.ts";
import { useKeptSet } from "./kept-set.ts";

export function CaptionsNotice({ lessonId }: { lessonId: string }) {
  const { t } = useTranslation();
  const read = useKeptSet("captions");
  if (read.has(lessonId)) return null;
  return (
    <div className="announcement captions-notice" role="status">
      <p>{t("captionsOn")}</p>
      <button type="button" className="icon-button" aria-label={t("close")} onClick={() => read.set(lessonId, true)}>
        <Icon drawing={CLOSE_ICON} />
      </button>
    </div>
  );
}
