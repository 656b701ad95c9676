/** Opens the page that says why from the number of a viewer's report. */
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
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
      <TextInput
        label={t("why.reportNumber")}
        description={t("why.reportNumberHint")}
        required
        withAsterisk={false}
        maxLength={20}
        autoComplete="off"
        spellCheck={false}
        value={number}
        onChange={(event) => setNumber(event.target.value)}
      />
      <Button type="submit" variant="default">
        {t("why.open")}
      </Button>
    </form>
  );
}
