/** Shows the page for an unknown address. */

import { Wordmark } from "../brand/wordmark.tsx";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import { NOT_FOUND_MESSAGES } from "./messages.ts";

initTranslations(NOT_FOUND_MESSAGES);

function Page() {
  const { t } = useTranslation();
  return (
    <main className="card">
      <Wordmark />
      <h1>{t("title")}</h1>
      <p>{t("hint")}</p>
      <a className="button primary" href="/">
        {t("home")}
      </a>
    </main>
  );
}

mountPage(<Page />);
