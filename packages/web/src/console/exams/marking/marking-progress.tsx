/** Shows those who work with an examination how far its markers are, by question and marker, and the answers on which two differ, which they can decide. */
import type { ExamMarkingProgress } from "@lectern/client";
import { Button, SkeletonRows, Table } from "@lectern/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { DifferingDrawer } from "./differing-drawer.tsx";
import { PlanDrawer } from "./plan-drawer.tsx";
import { shortText } from "./short-text.ts";

const REFETCH_MS = 10_000;
type Question = ExamMarkingProgress["questions"][number];

export function MarkingProgress({ examinationId }: { readonly examinationId: string }) {
  const { t } = useTranslation();
  const [isPlanOpen, setIsPlanOpen] = useState(false);
  const [differing, setDiffering] = useState<Question | null>(null);
  const progress = useQuery({
    queryKey: ["marking-progress", examinationId],
    queryFn: () => unwrap(api().GET("/api/v1/exams/{examinationId}/marking-progress", { params: { path: { examinationId } } })),
    refetchInterval: REFETCH_MS,
  });
  if (progress.error)
    return (
      <p className="error-box" role="alert">
        {t("failed", { message: errorMessage(progress.error, t("offline")) })}
      </p>
    );
  if (!progress.data) return <SkeletonRows label={t("loading")} />;
  const { questions } = progress.data;
  if (questions.length === 0) return null;
  const marked = questions.reduce((sum, one) => sum + one.marked, 0);
  const all = questions.reduce((sum, one) => sum + one.marked + one.waiting, 0);
  return (
    <>
      <details className="marking-rubric">
        <summary>{t("exams.progressOf", { marked, of: all })}</summary>
        <Table
          label={t("exams.markingProgress")}
          rows={questions}
          keyOf={({ question }) => question}
          columns={[
            { label: t("exams.text"), cell: ({ text }) => <span dir="auto">{shortText(text)}</span> },
            { label: t("exams.markedColumn"), cell: (one) => `${one.marked} / ${one.marked + one.waiting}` },
            { label: t("exams.byMarker"), cell: ({ markers }) => <Markers markers={markers} /> },
            {
              label: t("exams.markedTwice"),
              cell: (one) =>
                one.tolerance === null ? (
                  ""
                ) : (
                  <span className="marking-states">
                    {one.once > 0 ? <span>{t("exams.onceCount", { count: one.once })}</span> : null}
                    {one.differing > 0 ? (
                      <Button onClick={() => setDiffering(one)}>{t("exams.differingCount", { count: one.differing })}</Button>
                    ) : null}
                    {one.once + one.differing === 0 ? t("exams.noneBetween") : null}
                  </span>
                ),
            },
          ]}
        />
        <Button onClick={() => setIsPlanOpen(true)}>{t("exams.planMarking")}</Button>
      </details>
      {isPlanOpen ? <PlanDrawer examinationId={examinationId} questions={questions} onClose={() => setIsPlanOpen(false)} /> : null}
      {differing ? (
        <DifferingDrawer
          examinationId={examinationId}
          question={differing}
          onDecided={() => void progress.refetch()}
          onClose={() => setDiffering(null)}
        />
      ) : null}
    </>
  );
}

function Markers({ markers }: Pick<Question, "markers">) {
  const { t } = useTranslation();
  return (
    <ul className="marking-markers">
      {markers.map(({ userId, name, marked, open }) => (
        <li key={userId}>
          {name}: {marked}
          {open > 0 ? <span className="text-muted"> {t("exams.openCount", { count: open })}</span> : null}
        </li>
      ))}
    </ul>
  );
}
