/** Shows the results of an examination: how the points are spread, each candidate, the release, the export. */
import type { ExamAttempt, Examination } from "@lectern/client";
import { Button, SkeletonRows, showToast } from "@lectern/ui";
import { DOWNLOAD_ICON } from "@lectern/ui/icons";
import { Switch } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { saveCsv, withoutHeader } from "../../../downloads/save-csv.ts";
import { BarPlot } from "../../../plots/bar-plot.tsx";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { ListTable } from "../../list/list-table.tsx";
import { scoreFigures } from "./score-bins.ts";

const REFETCH_MS = 15_000;
const PAGE = 200;
/** Ten thousand candidates: more are in the export. */
const MAX_PAGES = 50;

export function ExamResults({ exam }: { readonly exam: Examination }) {
  const { t, i18n } = useTranslation();
  const attempts = useQuery({
    queryKey: ["exam-results", exam.id],
    queryFn: () => loadAttempts(exam.id),
    refetchInterval: REFETCH_MS,
  });
  const number = (value: number) => value.toLocaleString(i18n.language, { maximumFractionDigits: 1 });
  const handedIn = (attempts.data ?? []).filter(({ state }) => state === "handed-in");
  const figures = scoreFigures(handedIn);
  const waiting = handedIn.reduce((sum, one) => sum + (one.waiting ?? 0), 0);
  const ranked = [...handedIn].sort((a, b) => (b.points ?? -1) - (a.points ?? -1));
  return (
    <div className="exam-overview">
      <div className="page-head list-head">
        <h1>{t("exams.resultsTab")}</h1>
        <div className="row">
          <CsvButton exam={exam} />
        </div>
      </div>
      <ReleaseSwitch exam={exam} waiting={waiting} />
      {attempts.error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: errorMessage(attempts.error, t("offline")) })}
        </p>
      ) : null}
      {attempts.isPending ? <SkeletonRows label={t("loading")} /> : null}
      {attempts.data && figures === null ? <p>{t("exams.noResults")}</p> : null}
      {figures ? (
        <>
          <dl className="exam-figures">
            {(
              [
                ["candidateCount", figures.candidates],
                ["mean", figures.mean],
                ["median", figures.median],
                ["highest", figures.highest],
                ["lowest", figures.lowest],
              ] as const
            ).map(([name, value]) => (
              <div key={name}>
                <dt>{t(`exams.figures.${name}`)}</dt>
                <dd>{number(value)}</dd>
              </div>
            ))}
          </dl>
          <BarPlot
            title={t("exams.distribution")}
            unit={t("exams.figures.candidateCount")}
            bars={figures.bins.map((count, at) => ({ label: `${at * 10}%`, count }))}
          />
          <ListTable
            title={t("exams.resultsTab")}
            columns={[
              { label: t("fields.name"), show: ({ name }: ExamAttempt) => name },
              {
                label: t("exams.points"),
                show: ({ points, pointsOf }: ExamAttempt) =>
                  points === null || pointsOf === null ? t("exams.notGraded") : `${number(points)} / ${number(pointsOf)}`,
              },
              {
                label: t("exams.share"),
                show: ({ points, pointsOf }: ExamAttempt) =>
                  points === null || !pointsOf ? "" : `${Math.round((100 * points) / pointsOf)} %`,
              },
              {
                label: t("exams.stillToMark"),
                show: ({ waiting: count }: ExamAttempt) => (count === null || count === 0 ? "" : count),
              },
              {
                label: t("exams.handedInBy"),
                show: ({ handedInBy }: ExamAttempt) => (handedInBy === null ? "" : t(`exams.by.${handedInBy}`)),
              },
            ]}
            items={ranked}
            keyOf={({ id }) => id}
            nameOf={({ name }) => name}
            selection={null}
            onSelect={() => {}}
            onEdit={null}
            menuOf={() => []}
          />
        </>
      ) : null}
    </div>
  );
}

async function loadAttempts(examinationId: string): Promise<readonly ExamAttempt[]> {
  const found: ExamAttempt[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query: { limit: number; cursor?: string } = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
    const answer: { items: ExamAttempt[]; nextCursor: string | null } = await unwrap(
      api().GET("/api/v1/examinations/{examinationId}/attempts", { params: { path: { examinationId }, query } }),
    );
    found.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return found;
}

function ReleaseSwitch({ exam, waiting }: { readonly exam: Examination; readonly waiting: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [isBusy, setIsBusy] = useState(false);
  const release = async (released: boolean): Promise<void> => {
    setIsBusy(true);
    try {
      const changed = await unwrap(
        api().POST("/api/v1/examinations/{examinationId}/release", {
          params: { path: { examinationId: exam.id }, header: { "If-Match": `"v${exam.version}"` } },
          body: { released },
        }),
      );
      client.setQueryData(["examination", exam.id], changed);
      showToast(t(released ? "exams.releasedNow" : "exams.hiddenNow"));
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
      await client.invalidateQueries({ queryKey: ["examination", exam.id] });
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div className="exam-box">
      <Switch
        label={t("exams.release")}
        description={t(exam.practice ? "exams.releasePractice" : "exams.releaseHint")}
        checked={exam.releasedAt !== null}
        disabled={isBusy}
        onChange={(event) => void release(event.target.checked)}
      />
      {waiting > 0 ? <p className="text-muted">{t("exams.waitingCount", { count: waiting })}</p> : null}
    </div>
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

/** All pages of the export as one file. */
async function loadCsv(examinationId: string): Promise<string> {
  let text = "";
  let cursor: string | null = null;
  do {
    const query: { cursor?: string } = cursor === null ? {} : { cursor };
    const answer = await api().GET("/api/v1/examinations/{examinationId}/results.csv", {
      params: { path: { examinationId }, query },
      parseAs: "text",
    });
    const page: string = await unwrap(Promise.resolve(answer));
    text += cursor === null ? page : withoutHeader(page);
    cursor = answer.response.headers.get("lectern-next-cursor");
  } while (cursor !== null);
  return text;
}
