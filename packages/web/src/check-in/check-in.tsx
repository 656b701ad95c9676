/** Shows `/check-in`: a student answers the forms of the school's daily check-in. */
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect } from "react";
import { Wordmark } from "../brand/wordmark.tsx";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { api, unwrap } from "../session/api.ts";
import { pageQueries } from "../session/queries.ts";
import { useSignedInQuery } from "../session/use-signed-in-query.ts";
import { SignIn } from "../sign-in/sign-in.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import "../class/class.css";
import "./check-in.css";
import { CheckInForm } from "./check-in-form.tsx";
import { CHECK_IN_MESSAGES } from "./messages.ts";

initTranslations(CHECK_IN_MESSAGES);

async function load() {
  const { role } = await unwrap(api().GET("/api/v1/me"));
  if (role !== "student") return null;
  return (await unwrap(api().GET("/api/v1/check-in-forms"))).items;
}

function Page() {
  const { t } = useTranslation();
  const { signedIn, onSignedIn, data: forms, error } = useSignedInQuery("forms", load);
  useEffect(() => {
    document.title = t("title");
  }, [t]);
  if (!signedIn) return <SignIn onDone={onSignedIn} />;
  if (forms && forms.length > 0)
    return (
      <main className="check-in">
        <Wordmark />
        <h1>{t("title")}</h1>
        {forms.map((form) => (
          <CheckInForm key={form.id} form={form} />
        ))}
      </main>
    );
  const words = forms === null ? t("studentsOnly") : forms ? t("noForms") : t(error === null ? "loading" : "offline");
  return (
    <main className="card">
      <Wordmark />
      <h1>{t("title")}</h1>
      <p role={error === null ? "status" : "alert"}>{words}</p>
    </main>
  );
}

mountPage(
  <QueryClientProvider client={pageQueries()}>
    <Page />
  </QueryClientProvider>,
);
