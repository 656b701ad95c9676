/** Divides the class into groups, among the other tools of a lesson; what follows is in the bar above the tabs. */
import { addTranslations } from "../../i18n.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { DivideForm } from "./divide-form.tsx";
import "./groups.css";
import { DIVISION_MESSAGES } from "./groups/messages.ts";
import { useDivision } from "./use-groups.ts";

addTranslations(DIVISION_MESSAGES);

export function GroupTool() {
  const { t } = useTranslation();
  const division = useDivision();
  return (
    <section aria-label={t("division.title")}>
      <h3>{t("division.title")}</h3>
      {division === null ? <p className="text-muted">{t("division.explain")}</p> : null}
      <DivideForm isAgain={division !== null} />
    </section>
  );
}
