/** Where a teacher goes from the studio: the other lessons with their recordings, the other language, out. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LanguageButton } from "../components/language-button.tsx";
import { api, unwrap } from "../session/api.ts";
import { errorCode, errorMessage } from "../session/error-message.ts";
import { forgetSignIn, isSignedOut } from "../session/signed-in.ts";

export function StudioNavigation() {
  const { t } = useTranslation();
  const [error, setError] = useState("");
  const signOut = async (): Promise<void> => {
    try {
      await unwrap(api().DELETE("/api/v1/sessions/current"));
    } catch (failure) {
      // Only the server can end the session and remove its cookie.
      if (!isSignedOut(errorCode(failure))) return setError(errorMessage(failure, t("offline")));
    }
    forgetSignIn();
    location.assign("/console");
  };
  return (
    <nav className="studio-navigation" aria-label={t("studioNavigation")}>
      <a href="/console">{t("myLessons")}</a>
      <span className="chips">
        {error ? <span role="alert">{error}</span> : null}
        <LanguageButton />
        <button type="button" className="button" onClick={() => void signOut()}>
          {t("signOut")}
        </button>
      </span>
    </nav>
  );
}
