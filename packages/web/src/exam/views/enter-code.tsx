/** Asks for the code of an examination, where the address has none, or one that is not known. */
import { TextField } from "@lectern/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { typedCode } from "../session/exam-code.ts";
import { ExamCard } from "./exam-card.tsx";

/** @param code of the address; empty: none */
export function EnterCode({ code }: { readonly code: string }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(code);
  const open = (event: FormEvent): void => {
    event.preventDefault();
    const next = typedCode(typed);
    if (next !== "") location.assign(`/exam/${encodeURIComponent(next)}`);
  };
  return (
    <ExamCard title={t("exam.title")}>
      {code === "" ? null : (
        <p role="alert" className="error">
          {t("exam.unknownCode")}
        </p>
      )}
      <form className="form" onSubmit={open}>
        <TextField
          label={t("exam.code")}
          required
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          value={typed}
          onChange={setTyped}
        />
        <button type="submit" className="button primary">
          {t("exam.open")}
        </button>
      </form>
    </ExamCard>
  );
}
