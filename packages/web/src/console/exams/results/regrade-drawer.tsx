/** Corrects what is right for a question after the examination, and lists whose points that changes. */
import type { Examination, ExamRegrade } from "@lectern/client";
import type { AuthoredQuestion, Solution } from "@lectern/exam";
import { Button, Drawer, SkeletonRows, Table } from "@lectern/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { RichText } from "../../../exam/paper/rich-text.tsx";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { SolutionFields } from "./solution-fields.tsx";

const REFETCH_MS = 1000;
const MAX_CHANGES = 200;

type RegradeDrawerProps = {
  readonly exam: Examination;
  /** Its id. */
  readonly question: string;
  readonly onClose: () => void;
};

export function RegradeDrawer({ exam, question, onClose }: RegradeDrawerProps) {
  const { t } = useTranslation();
  const params = { path: { examinationId: exam.id } };
  const paper = useQuery({
    queryKey: ["exam-frozen-paper", exam.id],
    queryFn: () => unwrap(api().GET("/api/v1/exams/{examinationId}/paper", { params })),
    refetchOnWindowFocus: false,
  });
  const questions: readonly AuthoredQuestion[] = paper.data?.sections.flatMap((section) => section.questions) ?? [];
  const authored = questions.find((each) => each.question.id === question);
  return (
    <Drawer title={t("exams.correct")} closeLabel={t("close")} onClose={onClose}>
      {paper.error ? <Failure error={paper.error} /> : null}
      {authored ? <Correction exam={exam} authored={authored} /> : paper.error ? null : <SkeletonRows label={t("loading")} />}
    </Drawer>
  );
}

function Correction({ exam, authored }: { readonly exam: Examination; readonly authored: AuthoredQuestion }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [solution, setSolution] = useState<Solution>(authored.solution);
  const [regrade, setRegrade] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const send = async (): Promise<void> => {
    setIsBusy(true);
    setError(null);
    try {
      const { id } = await unwrap(
        api().POST("/api/v1/exams/{examinationId}/regrade", {
          params: { path: { examinationId: exam.id } },
          body: { question: authored.question.id, solution: structuredClone(solution) as ExamRegrade["solution"] },
        }),
      );
      setRegrade(id);
      await client.invalidateQueries({ queryKey: ["exam-frozen-paper", exam.id] });
    } catch (failure) {
      setError(failure);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div className="fields-form">
      <p>
        <RichText text={authored.question.text} />
      </p>
      {regrade === null ? (
        <>
          <p className="text-muted">{t("exams.correctHint")}</p>
          <SolutionFields question={authored.question} solution={solution} onChange={setSolution} />
          {error ? <Failure error={error} /> : null}
          <div className="form-end">
            <Button kind="primary" disabled={isBusy || solution === authored.solution} onClick={() => void send()}>
              {t("exams.gradeAgain")}
            </Button>
          </div>
        </>
      ) : (
        <Changes exam={exam} regradeId={regrade} />
      )}
    </div>
  );
}

function Changes({ exam, regradeId }: { readonly exam: Examination; readonly regradeId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = { examinationId: exam.id, regradeId };
  const regrades = useQuery({
    queryKey: ["exam-regrades", exam.id, regradeId],
    queryFn: async () => {
      const { items } = await unwrap(
        api().GET("/api/v1/exams/{examinationId}/regrades", { params: { path: { examinationId: exam.id } } }),
      );
      const own = items.find(({ id }) => id === regradeId);
      if (own?.remaining !== 0) return { remaining: own?.remaining ?? 0, count: 0, changes: null };
      const query = { limit: MAX_CHANGES };
      const listed = await unwrap(
        api().GET("/api/v1/exams/{examinationId}/regrades/{regradeId}/changes", { params: { path, query } }),
      );
      await client.invalidateQueries({ queryKey: ["exam-attempts", exam.id] });
      await client.invalidateQueries({ queryKey: ["exam-analysis", exam.id] });
      return { remaining: 0, count: own.changes, changes: listed.items };
    },
    refetchInterval: ({ state: { data } }) => (data?.changes ? false : REFETCH_MS),
  });
  if (regrades.error) return <Failure error={regrades.error} />;
  const { remaining = 0, count = 0, changes = null } = regrades.data ?? {};
  if (changes === null) return <p role="status">{t("exams.gradingAgain", { count: remaining })}</p>;
  return (
    <>
      <p role="status">{t("exams.scoreChanges", { count })}</p>
      {changes.length > 0 ? (
        <Table
          label={t("exams.changes")}
          rows={changes}
          keyOf={({ attemptId }) => attemptId}
          columns={[
            { label: t("fields.name"), cell: ({ name }) => name },
            { label: t("exams.pointsBefore"), isNumber: true, cell: ({ pointsBefore }) => pointsBefore },
            { label: t("exams.score"), isNumber: true, cell: ({ points }) => points },
          ]}
        />
      ) : null}
      {count > changes.length ? <p className="text-muted">{t("exams.moreChanges", { count: count - changes.length })}</p> : null}
    </>
  );
}

function Failure({ error }: { readonly error: unknown }) {
  const { t } = useTranslation();
  return (
    <p className="error-box" role="alert">
      {t("failed", { message: errorMessage(error, t("offline")) })}
    </p>
  );
}
