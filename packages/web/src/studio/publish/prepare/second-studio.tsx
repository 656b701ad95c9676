/** Shows another page teaches this lesson: whether this one helps beside it, or is to take its place. */
import { useTranslation } from "react-i18next";

export function SecondStudio({ onTeach }: { readonly onTeach: () => void }) {
  const { t } = useTranslation();
  return (
    <section className="decision" aria-label={t("publishing.second.title")}>
      <h2>{t("publishing.second.title")}</h2>
      <p>{t("publishing.second.hint")}</p>
      <div className="row start">
        <button type="button" className="button" onClick={onTeach}>
          {t("publishing.second.teach")}
        </button>
      </div>
    </section>
  );
}
