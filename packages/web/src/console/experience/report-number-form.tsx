/** Opens the page that says why from the number of a viewer's report. */
import { Button, TextField } from "@lectern/ui";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { useTranslation } from "../../texts/use-translation.ts";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import "./experience.css";

export function ReportNumberForm() {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const [, navigate] = useLocation();
  const [number, setNumber] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    navigate(schoolPath(scope, `/why/${encodeURIComponent(number.trim())}`));
  };
  return (
    <form className="report-number" onSubmit={submit}>
      <TextField
        label={t("why.reportNumber")}
        hint={t("why.reportNumberHint")}
        required
        maxLength={20}
        autoComplete="off"
        spellCheck={false}
        value={number}
        onChange={setNumber}
      />
      <Button type="submit">{t("why.open")}</Button>
    </form>
  );
}
