/** Mounts `/supervision` and `/supervision/ID`: the examinations that somebody supervises, and the wall of one. */
import { ToastRegion } from "@lectern/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { api, unwrap } from "../session/api.ts";
import { pageQueries } from "../session/queries.ts";
import { useSignedInQuery } from "../session/use-signed-in-query.ts";
import { SignIn } from "../sign-in/sign-in.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import "./supervision.css";
import { SUPERVISION_MESSAGES } from "./messages.ts";
import { SupervisedExams } from "./supervised-exams.tsx";
import { Wall } from "./wall-page.tsx";

initTranslations(SUPERVISION_MESSAGES);

const [, , examId = ""] = location.pathname.split("/");

function Page() {
  const { t } = useTranslation();
  const me = useSignedInQuery("me", () => unwrap(api().GET("/api/v1/me")));
  if (!me.signedIn) return <SignIn onDone={me.onSignedIn} />;
  return (
    <>
      {examId === "" ? <SupervisedExams /> : <Wall examId={decodeURIComponent(examId)} />}
      <ToastRegion dismissLabel={t("dismiss")} />
    </>
  );
}

mountPage(
  <QueryClientProvider client={pageQueries()}>
    <Page />
  </QueryClientProvider>,
);
