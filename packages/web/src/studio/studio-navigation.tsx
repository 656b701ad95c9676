/** Where a teacher goes from the studio: the other lessons with their recordings, the other language, out. */
import { useTranslation } from "react-i18next";
import { LanguageButton } from "../components/language-button.tsx";
import { useSignOut } from "../session/use-sign-out.ts";

export function StudioNavigation() {
  const { t } = useTranslation();
  const { signOut, error } = useSignOut(() => location.assign("/console"));
  return (
    <nav className="studio-navigation" aria-label={t("studioNavigation")}>
      <a href="/console">{t("myLessons")}</a>
      <span className="chips">
        {error ? <span role="alert">{error}</span> : null}
        <LanguageButton />
        <button type="button" className="button" onClick={signOut}>
          {t("signOut")}
        </button>
      </span>
    </nav>
  );
}
