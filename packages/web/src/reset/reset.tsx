/** `/reset/TOKEN`: sets a new password by a link from the school. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Wordmark } from "../brand/wordmark.tsx";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { pageSubject } from "../page-subject.ts";
import { publicApi, unwrap } from "../session/api.ts";
import { errorCode, errorMessage } from "../session/error-message.ts";
import { PasswordField } from "../session/password-field.tsx";
import "../class/class.css";
import { RESET_MESSAGES } from "./messages.ts";

initTranslations(RESET_MESSAGES);

const token = pageSubject();

function Page() {
  const { t } = useTranslation();
  const [isDone, setIsDone] = useState(false);
  return (
    <main className="card">
      <Wordmark />
      <h1>{t("title")}</h1>
      {isDone ? <p role="status">{t("done")}</p> : <PasswordForm onDone={() => setIsDone(true)} />}
    </main>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await unwrap(publicApi().POST("/api/v1/password-resets/{token}", { params: { path: { token } }, body: { password } }));
      onDone();
    } catch (failure) {
      setBusy(false);
      setError(errorCode(failure) === "link-expired" ? t("linkInvalid") : errorMessage(failure, t("offline")));
    }
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <PasswordField
        id="password"
        label={t("password")}
        showLabel={t("showCharacters")}
        autoComplete="new-password"
        minLength={8}
        value={password}
        onChange={setPassword}
        hint={t("hint")}
      />
      {error ? (
        <p className="error" role="alert">
          {error}
        </p>
      ) : null}
      <button type="submit" className="button primary" disabled={busy}>
        {t("save")}
      </button>
    </form>
  );
}

mountPage(<Page />);
