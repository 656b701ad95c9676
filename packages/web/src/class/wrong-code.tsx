/** Shows the page of a lesson code that leads to no lesson: a form to correct the code. */
import { type FormEvent, useState } from "react";
import { LanguageButton } from "../components/language-button.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import { CODE_PATTERN, lessonCode } from "./lesson-code.ts";

/** @param reason the server's words; empty: it says nothing */
export function WrongCode({ code, reason }: { code: string; reason: string }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(code);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    location.assign(`/j/${encodeURIComponent(lessonCode(typed) ?? typed.trim())}`);
  };
  return (
    <main className="card">
      <h1>{t("correctCode")}</h1>
      <p className="error" role="alert" id="code-wrong">
        {reason}
      </p>
      <form onSubmit={submit} className="form">
        <div className="field">
          <label htmlFor="lesson-code">{t("lessonCode")}</label>
          <input
            id="lesson-code"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            required
            pattern={CODE_PATTERN}
            title={t("lessonCodeHint")}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            aria-describedby="code-wrong lesson-code-hint"
            onFocus={(event) => event.target.select()}
          />
          <small id="lesson-code-hint" className="text-muted">
            {t("lessonCodeHint")}
          </small>
        </div>
        <button type="submit" className="button primary">
          {t("openLesson")}
        </button>
      </form>
      <LanguageButton />
    </main>
  );
}
