/** Shows the results of an examination: the release, the analysis, each candidate, the export. */
import type { ExamAttempt, Examination } from "@lectern/client";
import { Button, showToast } from "@lectern/ui";
import { DOWNLOAD_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { loadedLater } from "../../../components/loaded-later.tsx";
import { loadCsvPages } from "../../../downloads/csv-pages.ts";
import { saveCsv } from "../../../downloads/save-csv.ts";
import { PRINT_MESSAGES } from "../../../exam/print/messages.ts";
import { addTranslations } from "../../../i18n.ts";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { ListPage } from "../../list/list-page.tsx";
import { nonEmpty } from "../../list/url-filters.ts";
import { ExamAnalysis, useNumber } from "./exam-analysis.tsx";
import { ReleaseSwitch } from "./release-switch.tsx";

const REFETCH_MS = 15_000;
const ClassList = loadedLater(async () => (await import("./class-list.tsx")).ClassList);
const ResultSheet = loadedLater(async () => (await import("./result-sheet.tsx")).ResultSheet);

addTranslations(PRINT_MESSAGES);

export function ExamResults({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  const number = useNumber();
  return (
    <ListPage<ExamAttempt>
      title={t("exams.resultsTab")}
      headActions={
        <>
          <ListButton exam={exam} />
          <CsvButton exam={exam} />
        </>
      }
      queryKey={["exam-attempts", exam.id, "results"]}
      path={`/exams/${exam.id}/attempts`}
      query={{ state: "handed-in" }}
      load={(cursor) =>
        unwrap(
          api().GET("/api/v1/exams/{examinationId}/attempts", {
            params: { path: { examinationId: exam.id }, query: { state: "handed-in", ...nonEmpty({ cursor }) } },
          }),
        )
      }
      arrange={(items) => [...items].sort((a, b) => (b.points ?? -1) - (a.points ?? -1))}
      keyOf={({ id }) => id}
      nameOf={({ name }) => name}
      overview={
        <>
          <ReleaseSwitch exam={exam} />
          <ExamAnalysis exam={exam} />
        </>
      }
      columns={[
        { label: t("fields.name"), show: ({ name }) => name },
        {
          label: t("exams.score"),
          show: ({ points, pointsOf }) =>
            points === null || pointsOf === null ? t("exams.notGraded") : `${number(points)} / ${number(pointsOf)}`,
        },
        {
          label: t("exams.share"),
          show: ({ points, pointsOf }) => (points === null || !pointsOf ? "" : `${number((100 * points) / pointsOf, 0)} %`),
        },
        { label: t("exams.stillToMark"), show: ({ waiting }) => waiting || "" },
        { label: t("printed.sheet"), show: (attempt) => <SheetButton exam={exam} attempt={attempt} /> },
        { label: t("exams.handedInBy"), show: ({ handedInBy }) => (handedInBy === null ? "" : t(`exams.by.${handedInBy}`)) },
      ]}
      emptyText={t("exams.noResults")}
      refetchMs={REFETCH_MS}
    />
  );
}

function ListButton({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>{t("printed.list")}</Button>
      {isOpen ? <ClassList exam={exam} onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}

function SheetButton({ exam, attempt }: { readonly exam: Examination; readonly attempt: ExamAttempt }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  if (attempt.points === null) return null;
  const label = t("printed.sheetOf", { name: attempt.name });
  return (
    <>
      <button type="button" className="link-button" aria-label={label} onClick={() => setIsOpen(true)}>
        {t("printed.sheet")}
      </button>
      {isOpen ? <ResultSheet exam={exam} attempt={attempt} onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}

function CsvButton({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const save = async (): Promise<void> => {
    setIsBusy(true);
    try {
      saveCsv(`${exam.title}.csv`, await loadCsv(exam.id));
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Button icon={DOWNLOAD_ICON} disabled={isBusy} onClick={() => void save()}>
      {t("exportCsv")}
    </Button>
  );
}

function loadCsv(examinationId: string): Promise<string> {
  return loadCsvPages((query) =>
    api().GET("/api/v1/exams/{examinationId}/results.csv", { params: { path: { examinationId }, query }, parseAs: "text" }),
  );
}
