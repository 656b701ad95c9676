/** Shows `/reset/TOKEN`: a person sets a password by a link from the school, in their language, and is signed in: the first sign-in, or a new password. */
import type { Lesson, PasswordResetOwner } from "@lectern/client";
import { type FormEvent, useEffect, useState } from "react";
import { Wordmark } from "../brand/wordmark.tsx";
import { LanguageButton } from "../components/language-button.tsx";
import { initTranslations } from "../i18n.ts";
import { formatDateTime } from "../language.ts";
import { mountPage } from "../mount-page.tsx";
import { pageSubject } from "../page-subject.ts";
import { api, publicApi, unwrap } from "../session/api.ts";
import { errorCode, errorMessage } from "../session/error-message.ts";
import { PasswordField } from "../session/password-field.tsx";
import { LISTED_MS, lessonPage, nextLessons } from "../start/next-lessons.ts";
import { useTranslation } from "../texts/use-translation.ts";
import "../class/class.css";
import "../sign-in/sign-in.css";
import "./reset.css";
import { RESET_MESSAGES } from "./messages.ts";

initTranslations(RESET_MESSAGES);

const token = pageSubject();

const MAX_ASKED = 20;
const LEARN_OR_TEACH: readonly string[] = ["student", "assistant", "teacher"];

/** Whether the person is signed in afterwards: who has a second factor, or may not sign in from here, does so by hand. */
type Done = { readonly isSignedIn: boolean };

function Page() {
  const { t } = useTranslation();
  const [done, setDone] = useState<Done | null>(null);
  const { owner, error } = useOwner();
  const isWelcome = owner?.isFirst ?? false;
  return (
    <main className="card reset">
      <header className="sign-in-head">
        <Wordmark />
        <LanguageButton />
      </header>
      <h1>{isWelcome ? t("welcome", { name: owner?.name ?? "" }) : t("title")}</h1>
      {error === "" ? null : (
        <p className="error" role="alert">
          {error === "link-expired" ? t("linkInvalid") : error === "offline" ? t("offline") : error}
        </p>
      )}
      {owner === null && error === "" ? <p role="status">{t("loading")}</p> : null}
      {owner && done === null ? <PasswordForm owner={owner} onDone={setDone} /> : null}
      {owner && done ? <AfterwardsLinks owner={owner} done={done} /> : null}
    </main>
  );
}

/** Whose link it is; a code or the text of the error where that is not known. */
function useOwner(): { readonly owner: PasswordResetOwner | null; readonly error: string } {
  const [owner, setOwner] = useState<PasswordResetOwner | null>(null);
  const [error, setError] = useState("");
  useEffect(() => {
    unwrap(publicApi().GET("/api/v1/password-resets/{token}", { params: { path: { token } } })).then(
      setOwner,
      (failure: unknown) => {
        const code = errorCode(failure);
        setError(code === "link-expired" || code === "offline" ? code : errorMessage(failure, ""));
      },
    );
  }, []);
  return { owner, error };
}

type PasswordFormProps = { readonly owner: PasswordResetOwner; readonly onDone: (done: Done) => void };

function PasswordForm({ owner, onDone }: PasswordFormProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await unwrap(publicApi().POST("/api/v1/password-resets/{token}", { params: { path: { token } }, body: { password } }));
      onDone({ isSignedIn: await signIn(owner, password) });
    } catch (failure) {
      setBusy(false);
      setError(errorCode(failure) === "link-expired" ? t("linkInvalid") : errorMessage(failure, t("offline")));
    }
  };
  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <p>
        {owner.school ? <span className="reset-school">{owner.school.name}</span> : null}
        {t("usernameIs")} <strong className="reset-login">{owner.login}</strong>
        <br />
        <small className="text-muted">{t("usernameHint")}</small>
      </p>
      {/* Programs that keep passwords find the username here. */}
      <input type="text" name="username" autoComplete="username" value={owner.login} readOnly hidden />
      <PasswordField
        id="password"
        label={t("password")}
        showLabel={t("showCharacters")}
        autoComplete="new-password"
        minLength={owner.minPassword}
        value={password}
        onChange={setPassword}
        hint={t("hint", { count: owner.minPassword })}
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

/** The password is set in any case: a sign-in that is refused is no failure of it. */
async function signIn({ login, school }: PasswordResetOwner, password: string): Promise<boolean> {
  const body = { login, password, cookie: true, ...(school ? { school: school.slug } : {}) };
  try {
    await unwrap(publicApi().POST("/api/v1/sessions", { body }));
    return true;
  } catch {
    return false;
  }
}

type AfterwardsProps = { readonly owner: PasswordResetOwner; readonly done: Done };

/** Who has a lesson ahead goes there by one press. */
function AfterwardsLinks({ owner, done: { isSignedIn } }: AfterwardsProps) {
  const { t, i18n } = useTranslation();
  const next = useNextLesson(isSignedIn);
  return (
    <>
      <p role="status">
        {t(isSignedIn ? "doneSignedIn" : "done")}{" "}
        {next?.startsAt ? t("nextAt", { when: formatDateTime(next.startsAt, i18n.language) }) : ""}
      </p>
      {next === undefined ? null : (
        <>
          {next ? (
            <a className="button primary" href={lessonPage(next)}>
              {t("next", { title: next.title })}
            </a>
          ) : null}
          <a className={next ? "button" : "button primary"} href="/console">
            {t(isSignedIn ? "open" : "signIn")}
          </a>
        </>
      )}
      {isSignedIn && owner.isFirst ? (
        <a className="button" href="/console/account">
          {t("secondStep")}
        </a>
      ) : null}
    </>
  );
}

/** Undefined while it is not known; null where there is none, or where it cannot be told. */
function useNextLesson(isSignedIn: boolean): Lesson | null | undefined {
  const [next, setNext] = useState<Lesson | null | undefined>(isSignedIn ? undefined : null);
  useEffect(() => {
    if (!isSignedIn) return;
    ownNextLesson().then(setNext, () => setNext(null));
  }, [isSignedIn]);
  return next;
}

async function ownNextLesson(): Promise<Lesson | null> {
  const { role } = await unwrap(api().GET("/api/v1/me"));
  // To administrators, the lessons of the whole school are listed.
  if (!LEARN_OR_TEACH.includes(role)) return null;
  return (await nextLessons(LISTED_MS, MAX_ASKED))?.[0] ?? null;
}

mountPage(<Page />);
