/** Requests a link for a new password; where the server sends no mail, says whom to ask. */
import { type FormEvent, useState } from "react";
import { publicApi, unwrap } from "../session/api.ts";
import { errorMessage } from "../session/error-message.ts";
import { useTranslation } from "../texts/use-translation.ts";

type ForgottenPasswordProps = {
  /** What was typed into the form before. */
  readonly login: string;
  /** Whether the server sends mail. */
  readonly canMail: boolean;
  readonly onBack: () => void;
};

export function ForgottenPassword({ login: typed, canMail, onBack }: ForgottenPasswordProps) {
  const { t } = useTranslation();
  const [login, setLogin] = useState(typed);
  const [isSent, setIsSent] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const [error, setError] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsPending(true);
    try {
      await unwrap(publicApi().POST("/api/v1/password-resets", { body: { login } }));
      setIsSent(true);
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
    }
    setIsPending(false);
  };
  return (
    <>
      <h1>{t("signInPage.forgot")}</h1>
      {!canMail || isSent ? (
        <p role="status">{t(canMail ? "signInPage.linkSent" : "signInPage.noMail")}</p>
      ) : (
        <form onSubmit={(event) => void submit(event)} className="form">
          <p>{t("signInPage.forgotLead")}</p>
          <div className="field">
            <label htmlFor="login">{t("login")}</label>
            <input
              id="login"
              required
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              value={login}
              onChange={(event) => setLogin(event.target.value)}
            />
          </div>
          {error ? (
            <p className="error" role="alert">
              {error}
            </p>
          ) : null}
          <button type="submit" className="button primary" disabled={isPending}>
            {t("signInPage.sendLink")}
          </button>
        </form>
      )}
      <button type="button" className="button" onClick={onBack}>
        {t("signInPage.backToSignIn")}
      </button>
    </>
  );
}
