/** Shows `/sign-on/PROVIDER/callback`: passes the response of a school's sign-in service, query or form, on to the server, and goes back to where the person came from. */
import { useEffect, useState } from "react";
import { Wordmark } from "../brand/wordmark.tsx";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { pageSubject } from "../page-subject.ts";
import { publicApi, unwrap } from "../session/api.ts";
import { errorMessage } from "../session/error-message.ts";
import { useTranslation } from "../texts/use-translation.ts";
import "../class/class.css";
import { SIGN_ON_MESSAGES } from "./messages.ts";
import { postedForm } from "./posted-form.ts";

initTranslations(SIGN_ON_MESSAGES);

const providerId = pageSubject();
// The response counts once, and does not stay in the history of the browser.
const query = location.search.slice(1);
history.replaceState(null, "", location.pathname);
const form = postedForm(document.querySelector<HTMLMetaElement>('meta[name="lectern-response"]')?.content ?? "");
const finished = unwrap(publicApi().POST("/api/v1/sign-on/response", { body: { providerId, query, form } }));

function Page() {
  const { t } = useTranslation();
  const [error, setError] = useState("");
  useEffect(() => {
    finished.then(
      ({ returnTo }) => location.replace(ownAddress(returnTo)),
      (failure: unknown) => setError(errorMessage(failure, t("offline"))),
    );
  }, [t]);
  return (
    <main className="card">
      <Wordmark />
      <h1>{t(error === "" ? "title" : "failed")}</h1>
      {error === "" ? (
        <p role="status">{t("working")}</p>
      ) : (
        <>
          <p className="error" role="alert">
            {error}
          </p>
          <a className="button" href="/console">
            {t("again")}
          </a>
        </>
      )}
    </main>
  );
}

/** The server gives paths of own pages only; this page goes nowhere else either. */
function ownAddress(path: string): string {
  const url = new URL(path, location.origin);
  return url.origin === location.origin ? url.href : location.origin;
}

mountPage(<Page />);
