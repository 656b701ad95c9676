/** Shows the page before the class: the lesson, and a form to join it as a guest or with an account. */
import { type FormEvent, useState } from "react";
import { BrandMark } from "../brand/wordmark.tsx";
import { LanguageButton } from "../components/language-button.tsx";
import { keepValue, keptValue } from "../session/kept-values.ts";
import { hasPasskeys } from "../session/passkey-support.ts";
import { PasswordField } from "../session/password-field.tsx";
import { signInWithPasskey, signInWithPassword } from "../session/sign-in.ts";
import { OnlySchoolChoices } from "../session/sign-on-choices.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import type { Invitation } from "./lesson-door.ts";
import { LessonStart, LessonTitle } from "./lesson-header.tsx";
import type { Joining } from "./use-joining.ts";

/** Remembers a guest's name for the next lesson. */
const NAME_KEY = "lectern.name";

export function JoinPage({ invitation, joining }: { invitation: Invitation; joining: Joining }) {
  const { t } = useTranslation();
  const [withAccount, setWithAccount] = useState(!invitation.guests);
  const { failure } = joining;
  // The form would be refused again; an account may be let in.
  const isRemoved = failure?.code === "removed-from-lesson";
  return (
    <main className="card">
      <header>
        <BrandMark />
        <LessonTitle invitation={invitation} />
      </header>
      {isRemoved ? null : <LessonStart invitation={invitation} />}
      {withAccount ? <AccountForm joining={joining} /> : null}
      {withAccount || isRemoved ? null : <GuestForm joining={joining} terms={invitation.guestConsent} />}
      {withAccount ? <OnlySchoolChoices labelOf={(name) => t("signInWith", { name })} /> : null}
      {failure && failure.code !== "guests-not-allowed" ? (
        <p className="error" role="alert">
          {failure.message || t(failure.code === "passkey-unusable" ? "passkeyUnusable" : "offline")}
        </p>
      ) : null}
      {invitation.guests ? (
        <button type="button" className="button" onClick={() => setWithAccount(!withAccount)}>
          {t(withAccount ? "joinAsGuest" : "useAccount")}
        </button>
      ) : null}
      <div className="row">
        <a className="button" href="/">
          {t("otherCode")}
        </a>
        <LanguageButton />
      </div>
    </main>
  );
}

/** @param terms what the guest agrees to; empty: nothing */
function GuestForm({ joining, terms }: { joining: Joining; terms: string }) {
  const { t } = useTranslation();
  const [name, setName] = useState(keptValue("device", NAME_KEY) ?? "");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    keepValue("device", NAME_KEY, name.trim());
    // The form cannot be sent without the required tick.
    void joining.join(name.trim(), terms !== "");
  };
  return (
    <form onSubmit={submit} className="form">
      <div className="field">
        <label htmlFor="name">{t("name")}</label>
        <input
          id="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
          required
          maxLength={100}
          autoComplete="nickname"
          aria-describedby="name-hint"
        />
        <small id="name-hint" className="text-muted">
          {t("nameHint")}
        </small>
      </div>
      {terms === "" ? null : (
        <div className="field consent">
          <p className="consent-terms">{terms}</p>
          <label>
            <input type="checkbox" required /> {t("consent")}
          </label>
        </div>
      )}
      <button type="submit" className="button primary" disabled={joining.busy}>
        {t(joining.busy ? "joining" : "join")}
      </button>
    </form>
  );
}

function AccountForm({ joining }: { joining: Joining }) {
  const { t } = useTranslation();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const asksCode = code !== "" || ["second-factor-required", "wrong-code"].includes(joining.failure?.code ?? "");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void joining.signIn(() => signInWithPassword({ login, password, code }));
  };
  return (
    <form onSubmit={submit} className="form">
      {joining.failure?.code === "guests-not-allowed" ? <p>{t("membersOnly")}</p> : null}
      <div className="field">
        <label htmlFor="login">{t("login")}</label>
        <input
          id="login"
          value={login}
          onChange={(event) => setLogin(event.target.value)}
          required
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
      </div>
      <PasswordField
        id="password"
        label={t("password")}
        showLabel={t("showCharacters")}
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
      {asksCode ? (
        <div className="field">
          <label htmlFor="code">{t("code")}</label>
          <input id="code" value={code} onChange={(event) => setCode(event.target.value)} required autoComplete="one-time-code" />
        </div>
      ) : null}
      <button type="submit" className="button primary" disabled={joining.busy}>
        {t(joining.busy ? "joining" : "signIn")}
      </button>
      {hasPasskeys() ? (
        <button
          type="button"
          className="button"
          disabled={joining.busy}
          onClick={() => void joining.signIn(() => signInWithPasskey(asksCode ? { login, password } : null))}
        >
          {t("signInPasskey")}
        </button>
      ) : null}
      <a className="button quiet" href="/console?forgotten">
        {t("forgotPassword")}
      </a>
    </form>
  );
}
