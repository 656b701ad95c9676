/** Prints the own result as it is shown, with its name and time, and without what can be pressed. Browsers print to a PDF, too. */
import { Button } from "@lectern/ui";
import { addTranslations } from "../../i18n.ts";
import { formatDateTime } from "../../language.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { PRINT_MESSAGES } from "./messages.ts";
import "./print-result.css";

addTranslations(PRINT_MESSAGES);

type PrintResultProps = { readonly name: string; readonly handedInAt: string | null };

export function PrintResult({ name, handedInAt }: PrintResultProps) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <p className="printed-only">
        <strong dir="auto">{name}</strong>
        {handedInAt === null ? null : ` · ${t("printed.handedIn", { time: formatDateTime(handedInAt, i18n.language) })}`}
      </p>
      <p className="not-printed">
        <Button onClick={() => print()}>{t("printed.print")}</Button>
      </p>
    </>
  );
}
