/** `/reset/TOKEN`: sets a new password by a link from the school. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { publicApi, unwrap } from "../session/api.ts";
import { errorCode, errorMessage } from "../session/error-message.ts";
import "../class/class.css";
import { RESET_MESSAGES } from "./messages.ts";

initTranslations(RESET_MESSAGES);

const token = decodeURIComponent(location.pathname.split("/")[2] ?? "");

function Page() {
  const { t } = useTranslation();
  const [isDone, setIsDone] = useState(false);
  return (
    <main className="card">
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
      <div className="field">
        <label htmlFor="password">{t("password")}</label>
        <input
          id="password"
          type="password"
          minLength={8}
          required
          autoComplete="new-password"
          aria-describedby="hint"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <small id="hint" className="text-muted">
          {t("hint")}
        </small>
      </div>
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
