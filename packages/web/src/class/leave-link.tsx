/** Leads out of a lesson, to the page where people enter a code. */
import { useTranslation } from "../texts/use-translation.ts";

export function LeaveLink() {
  const { t } = useTranslation();
  return (
    <a className="button" href="/">
      {t("leave")}
    </a>
  );
}
