/** Shows what an examination is, publishes it, and gives its address to candidates: a link, a code, a QR code. */
import type { Examination } from "@lectern/client";
import { Badge, Button, showToast } from "@lectern/ui";
import { COPY_ICON } from "@lectern/ui/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { QrCode } from "../../../components/qr-code.tsx";
import { useNow } from "../../../schedule/use-now.ts";
import { ApiError, api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { EditDrawer } from "../../list/list-drawers.tsx";
import { schoolPath, useSchoolScope } from "../../school/school-context.ts";
import { useFormatTime } from "../../school/school-time.ts";
import { examStage } from "./exam-form.ts";
import { STAGE_TONES } from "./examinations.tsx";
import { useExamForm } from "./use-exam-form.tsx";

export function ExamOverview({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  const now = useNow();
  const time = useFormatTime();
  const form = useExamForm({}, () => {});
  const [isEditing, setIsEditing] = useState(false);
  const stage = examStage(exam, now);
  return (
    <div className="exam-overview">
      <div className="page-head list-head">
        <h1 dir="auto">{exam.title}</h1>
        <div className="row">
          <Badge tone={STAGE_TONES[stage]}>{t(`exams.stages.${stage}`)}</Badge>
          <Button onClick={() => setIsEditing(true)}>{t("edit")}</Button>
        </div>
      </div>
      {exam.publishedAt === null ? <Publishing exam={exam} /> : <Address exam={exam} />}
      <dl className="exam-figures">
        <Figure label={t("exams.opensAt")}>{time(exam.opensAt)}</Figure>
        <Figure label={t("exams.closesAt")}>{time(exam.closesAt)}</Figure>
        {exam.latestEntryAt === null ? null : <Figure label={t("exams.latestEntryAt")}>{time(exam.latestEntryAt)}</Figure>}
        <Figure label={t("exams.minutes")}>{Math.round(exam.seconds / 60)}</Figure>
        <Figure label={t("exams.candidates")}>
          {t(exam.guests ? "exams.withGuests" : exam.courseId ? "exams.ofCourse" : "exams.ofSchool")}
        </Figure>
        {exam.accessCode === "" ? null : <Figure label={t("exams.accessCode")}>{exam.accessCode}</Figure>}
        <Figure label={t("exams.resultsShown")}>
          {t(exam.practice ? "exams.practice" : `exams.results.${exam.resultsShown}`)}
        </Figure>
      </dl>
      {isEditing ? (
        <EditDrawer
          item={exam}
          name={exam.title}
          edit={form.edit}
          queryKey={["examination", exam.id]}
          onClose={() => setIsEditing(false)}
        />
      ) : null}
    </div>
  );
}

function Figure({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Publishing({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const place = useSchoolScope();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const { paperId } = exam;
  const paper = useQuery({
    queryKey: ["exam-paper", "of", paperId],
    queryFn: () => unwrap(api().GET("/api/v1/papers/{paperId}", { params: { path: { paperId: paperId ?? "" } } })),
    enabled: paperId !== null,
  });
  const publish = async (): Promise<void> => {
    setIsBusy(true);
    setError(null);
    try {
      await unwrap(
        api().POST("/api/v1/exams/{examinationId}/publish", {
          params: { path: { examinationId: exam.id }, header: { "If-Match": `"v${exam.version}"` } },
        }),
      );
      await client.invalidateQueries({ queryKey: ["examination", exam.id] });
      showToast(t("exams.published"));
    } catch (failure) {
      setError(failure);
      setIsBusy(false);
    }
  };
  const mistakes = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  return (
    <section className="exam-box" aria-labelledby="exam-publish">
      <h2 id="exam-publish">{t("exams.publishTitle")}</h2>
      <p>
        {paper.data ? (
          <>
            {t("exams.paper")}: <Link href={schoolPath(place, `/examinations/papers/${paper.data.id}`)}>{paper.data.title}</Link>
            {` · ${t("exams.questionCount", { count: paper.data.questions })} · ${t("paper.points", { count: paper.data.points })}`}
          </>
        ) : (
          t("exams.noPaper")
        )}
      </p>
      <p className="text-muted">{t("exams.publishHint")}</p>
      {error === null ? null : (
        <div className="error-box" role="alert">
          {errorMessage(error, t("offline"))}
          {mistakes.length > 0 && paperId !== null ? (
            <p>
              <Link href={schoolPath(place, `/examinations/papers/${paperId}`)}>{t("exams.mendPaper")}</Link>
            </p>
          ) : null}
        </div>
      )}
      <Button kind="primary" disabled={isBusy || paperId === null} onClick={() => void publish()}>
        {t("exams.publish")}
      </Button>
    </section>
  );
}

function Address({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  const address = `${location.origin}/exam/${exam.code}`;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(address);
    showToast(t("exams.copied"));
  };
  return (
    <section className="exam-box exam-address" aria-labelledby="exam-address">
      <div>
        <h2 id="exam-address">{t("exams.address")}</h2>
        <p>
          <a href={address} target="_blank" rel="noreferrer">
            {address}
          </a>
        </p>
        <p>
          {t("exams.code")}: <strong className="exam-code">{exam.code}</strong>
        </p>
        {navigator.clipboard ? (
          <Button icon={COPY_ICON} onClick={() => void copy()}>
            {t("exams.copy")}
          </Button>
        ) : null}
      </div>
      <QrCode text={address} label={t("exams.qr")} />
    </section>
  );
}
