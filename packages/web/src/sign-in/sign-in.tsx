/** Shows the sign-in page of the studio, the console and the check-in: a password, a passkey, the providers that are set up, and what to do without one. */
import { type FormEvent, useState } from "react";
import { Wordmark } from "../brand/wordmark.tsx";
import { LanguageButton } from "../components/language-button.tsx";
import { hasPasskeys } from "../session/passkey-support.ts";
import { PasswordField } from "../session/password-field.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import { ForgottenPassword } from "./forgotten-password.tsx";
import "./sign-in.css";
import { SignOnChoices } from "../session/sign-on-choices.tsx";
import { useSignOn } from "../session/use-sign-on.ts";
import { useSignIn } from "./use-sign-in.ts";

const FIELDS = {
  login: { type: "text", autoComplete: "username" },
  password: { type: "password", autoComplete: "current-password" },
  school: { type: "text", autoComplete: "organization" },
  code: { type: "text", autoComplete: "one-time-code" },
} as const;
/** Of an address at which another page asks for a new password. */
const FORGOTTEN = "forgotten";

type FieldName = keyof typeof FIELDS;

export function SignIn({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [isForgotten, setIsForgotten] = useState(() => new URLSearchParams(location.search).has(FORGOTTEN));
  const { fields, setFields, asksSchool, askSchool, asksCode, error, busy, withPassword, withPasskey } = useSignIn(onDone);
  const ways = useSignOn(asksSchool && fields.school !== "" ? fields.school : null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void withPassword();
  };
  const shown: readonly FieldName[] = [
    ...(["login", "password"] as const),
    ...(asksSchool ? (["school"] as const) : []),
    ...(asksCode ? (["code"] as const) : []),
  ];
  const canNameSchool = ways?.schoolNeeded && ways.hasProviders && !asksSchool;
  return (
    <main className="card">
      <header className="sign-in-head">
        <Wordmark href="/" />
        <LanguageButton />
      </header>
      {isForgotten ? (
        <ForgottenPassword login={fields.login} canMail={ways?.mailsPasswords ?? true} onBack={() => setIsForgotten(false)} />
      ) : (
        <>
          <h1>{t("signIn")}</h1>
          <form onSubmit={submit} className="form sign-in-fields">
            {shown.map((name) => (
              <Field key={name} name={name} value={fields[name]} onChange={(value) => setFields({ ...fields, [name]: value })} />
            ))}
            {error ? (
              <p className="error" role="alert">
                {error}
              </p>
            ) : null}
            <button type="submit" className="button primary" disabled={busy}>
              {t("signIn")}
            </button>
          </form>
          {hasPasskeys() ? (
            <button type="button" className="button" disabled={busy} onClick={() => void withPasskey()}>
              {t("signInPasskey")}
            </button>
          ) : null}
          <SignOnChoices choices={ways?.items ?? []} labelOf={(name) => t("signInWith", { name })} />
          {canNameSchool ? (
            <button type="button" className="button" onClick={askSchool}>
              {t("otherSchool")}
            </button>
          ) : null}
          <button type="button" className="button quiet" onClick={() => setIsForgotten(true)}>
            {t("signInPage.forgot")}
          </button>
          <p className="sign-in-hint text-muted">{t(ways?.isFirstStart ? "signInPage.firstStart" : "signInPage.firstTime")}</p>
        </>
      )}
    </main>
  );
}

function Field({ name, value, onChange }: { name: FieldName; value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  if (name === "password")
    return (
      <PasswordField
        id={name}
        label={t(name)}
        showLabel={t("showCharacters")}
        autoComplete="current-password"
        value={value}
        onChange={onChange}
      />
    );
  return (
    <div className="field">
      <label htmlFor={name}>{t(name)}</label>
      <input
        id={name}
        {...FIELDS[name]}
        required={name !== "school"}
        autoCapitalize="none"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {name === "school" ? <small className="text-muted">{t("schoolHint")}</small> : null}
    </div>
  );
}
