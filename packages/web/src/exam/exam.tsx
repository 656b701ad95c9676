/** Mounts `/exam/CODE`: a candidate enters an examination, sits it, and sees the result. */
import { QueryClientProvider } from "@tanstack/react-query";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { pageQueries } from "../session/queries.ts";
import "./exam.css";
import { ExamPage } from "./exam-page.tsx";
import { EXAM_MESSAGES } from "./messages.ts";

initTranslations(EXAM_MESSAGES);

mountPage(
  <QueryClientProvider client={pageQueries()}>
    <ExamPage />
  </QueryClientProvider>,
);
