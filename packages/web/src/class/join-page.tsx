/** Before the class: what the lesson is, and one or two touches to be in it. */
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { LanguageButton } from "../components/language-button.tsx";
import { formatDateTime } from "../i18n.ts";
import type { Invitation, Joining } from "./use-lesson.ts";

const NAME_KEY = "lectern.name";

export function JoinPage({ invitation, joining }: { invitation: Invitation; joining: Joining }) {
  const { t } = useTranslation();
  const [asMember, setAsMember] = useState(!invitation.guests);
  return (
    <main className="card">
      <header>
        <p className="text-muted">{invitation.school}</p>
        <h1>{invitation.title}</h1>
        {invitation.teacher ? <p className="text-muted">{t("with", { teacher: invitation.teacher })}</p> : null}
      </header>
      <LessonTime invitation={invitation} />
      {asMember ? <SignInForm joining={joining} /> : <GuestForm joining={joining} />}
      {joining.trouble && joining.trouble.code !== "guests-not-allowed" ? (
        <p className="error" role="alert">
          {joining.trouble.words || t("offline")}
        </p>
      ) : null}
      {invitation.guests ? (
        <button type="button" className="button" onClick={() => setAsMember(!asMember)}>
          {t(asMember ? "orGuest" : "orSignIn")}
        </button>
      ) : null}
      <LanguageButton />
    </main>
  );
}

/** Live, or when it begins; the last hour counts down. */
export function LessonTime({ invitation: { state, startsAt } }: { invitation: Invitation }) {
  const { t, i18n } = useTranslation();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  if (state === "live") return <p className="live">{t("liveNow")}</p>;
  const left = startsAt ? Date.parse(startsAt) - now : 0;
  if (!startsAt || left <= 0) return <p>{t(state === "ended" ? "ended" : "notBegun")}</p>;
  if (left > 3_600_000) return <p>{t("begins", { time: formatDateTime(startsAt, i18n.language) })}</p>;
  const seconds = Math.ceil(left / 1000);
  return <p>{t("beginsIn", { time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` })}</p>;
}

function GuestForm({ joining }: { joining: Joining }) {
  const { t } = useTranslation();
  const [name, setName] = useState(localStorage.getItem(NAME_KEY) ?? "");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    localStorage.setItem(NAME_KEY, name.trim());
    void joining.join(name.trim());
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
      <button type="submit" className="button primary" disabled={joining.busy}>
        {t(joining.busy ? "joining" : "join")}
      </button>
    </form>
  );
}

function SignInForm({ joining }: { joining: Joining }) {
  const { t } = useTranslation();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void joining.signIn(login, password);
  };
  return (
    <form onSubmit={submit} className="form">
      {joining.trouble?.code === "guests-not-allowed" ? <p>{t("membersOnly")}</p> : null}
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
      <div className="field">
        <label htmlFor="password">{t("password")}</label>
        <input
          id="password"
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          required
          autoComplete="current-password"
        />
      </div>
      <button type="submit" className="button primary" disabled={joining.busy}>
        {t(joining.busy ? "joining" : "signIn")}
      </button>
    </form>
  );
}
