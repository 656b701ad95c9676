/** Shows what the questions of an examination are worth: how the points are spread, and for each question how hard it was and whether the better candidates got it. */
import type { ExamItemAnalysis, Examination } from "@lectern/client";
import { type AuthoredPaper, type Media, mediaOfQuestion } from "@lectern/exam";
import { Badge, Table } from "@lectern/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { loadedLater } from "../../../components/loaded-later.tsx";
import { examFileUrl } from "../../../exam/media/media-source.ts";
import { questionLine } from "../../../exam/paper/answer-text.ts";
import { BarPlot } from "../../../plots/bar-plot.tsx";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";

const REFETCH_MS = { whileMade: 1500, after: 30_000 } as const;
const SHORT_LETTERS = 48;

const ResultMedia = loadedLater(async () => (await import("../../../exam/media/result-media.tsx")).ResultMedia);
const RegradeDrawer = loadedLater(async () => (await import("./regrade-drawer.tsx")).RegradeDrawer);

type Distribution = NonNullable<ExamItemAnalysis["distribution"]>;

export function ExamAnalysis({ exam }: { readonly exam: Examination }) {
  const { t } = useTranslation();
  const analysis = useQuery({
    queryKey: ["exam-analysis", exam.id],
    queryFn: () => unwrap(api().GET("/api/v1/exams/{examinationId}/analysis", { params: { path: { examinationId: exam.id } } })),
    refetchInterval: ({ state: { data } }) => (data && data.progress === null ? REFETCH_MS.after : REFETCH_MS.whileMade),
  });
  if (analysis.error)
    return (
      <p className="error-box" role="alert">
        {t("failed", { message: errorMessage(analysis.error, t("offline")) })}
      </p>
    );
  const { progress = null, analysis: made = null } = analysis.data ?? {};
  return (
    <>
      {progress ? (
        <div>
          <p role="status">{t("exams.analysing", progress)}</p>
          <progress max={Math.max(1, progress.of)} value={progress.done} aria-label={t("exams.analysing", progress)} />
        </div>
      ) : null}
      {made?.distribution ? <Spread distribution={made.distribution} reliability={made.reliability} /> : null}
      {made?.items.some(({ candidates }) => candidates > 0) ? <Items exam={exam} analysis={made} /> : null}
    </>
  );
}

type SpreadProps = { readonly distribution: Distribution; readonly reliability: ExamItemAnalysis["reliability"] };

function Spread({ distribution, reliability }: SpreadProps) {
  const { t } = useTranslation();
  const number = useNumber();
  const figures = [
    ["candidateCount", distribution.candidates],
    ["mean", distribution.mean],
    ["median", distribution.median],
    ["deviation", distribution.deviation],
    ["highest", distribution.highest],
    ["lowest", distribution.lowest],
  ] as const;
  return (
    <>
      <dl className="exam-figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`exams.figures.${name}`)}</dt>
            <dd>{number(value)}</dd>
          </div>
        ))}
        {reliability ? (
          <div>
            <dt>{t("exams.figures.alpha")}</dt>
            <dd>{number(reliability.alpha, 2)}</dd>
          </div>
        ) : null}
      </dl>
      <BarPlot
        title={t("exams.distribution")}
        unit={t("exams.figures.candidateCount")}
        bars={distribution.bins.map(({ from, count }) => ({ label: `${Math.round(from * 100)}%`, count }))}
      />
    </>
  );
}

function Items({ exam, analysis }: { readonly exam: Examination; readonly analysis: ExamItemAnalysis }) {
  const { t } = useTranslation();
  const number = useNumber();
  const [corrected, setCorrected] = useState<string | null>(null);
  const texts = useQuestionTexts(exam.id);
  const rows = analysis.items.map((item, at) => ({ ...item, number: at + 1, text: texts.get(item.question)?.text ?? "" }));
  return (
    <section className="exam-items" aria-labelledby="exam-items">
      <h2 id="exam-items">{t("exams.itemFigures")}</h2>
      <p className="text-muted">{t("exams.itemsMean")}</p>
      <Table
        label={t("exams.analysis")}
        rows={rows}
        keyOf={({ question }) => question}
        columns={[
          {
            label: t("exams.question"),
            cell: (item) => (
              <>
                {`${item.number}. ${item.text}`}
                <QuestionMedia exam={exam} number={item.number} media={texts.get(item.question)?.media ?? []} />
              </>
            ),
          },
          { label: t("exams.answered"), isNumber: true, cell: (item) => `${item.answered} / ${item.candidates}` },
          {
            label: t("exams.meanShare"),
            isNumber: true,
            cell: ({ difficulty }) => (difficulty === null ? "–" : `${number(difficulty * 100, 0)} %`),
          },
          {
            label: t("exams.discrimination"),
            isNumber: true,
            cell: ({ discrimination }) => (discrimination === null ? "–" : number(discrimination, 2)),
          },
          {
            label: t("exams.revise"),
            cell: ({ revise }) => (
              <span className="fact-counts">
                {revise.map((rule) => (
                  <Badge key={rule} tone="warning">
                    {t(`exams.rules.${rule}`)}
                  </Badge>
                ))}
              </span>
            ),
          },
          {
            label: t("exams.right"),
            // Of the others a person decides.
            cell: ({ question, number: at }) =>
              texts.get(question)?.hasRule ? (
                <button
                  type="button"
                  className="link-button"
                  aria-label={t("exams.correctNumber", { number: at })}
                  onClick={() => setCorrected(question)}
                >
                  {t("exams.correct")}
                </button>
              ) : null,
          },
        ]}
      />
      {corrected === null ? null : <RegradeDrawer exam={exam} question={corrected} onClose={() => setCorrected(null)} />}
    </section>
  );
}

type QuestionText = { readonly text: string; readonly hasRule: boolean; readonly media: readonly Media[] };

type QuestionMediaProps = { readonly exam: Examination; readonly number: number; readonly media: readonly Media[] };

/** Pictures and sound of a question, when somebody wants to see them. */
function QuestionMedia({ exam, number, media }: QuestionMediaProps) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  if (media.length === 0) return null;
  return (
    <>
      <button
        type="button"
        className="link-button item-media"
        aria-expanded={isOpen}
        aria-label={t("exams.mediaOf", { number })}
        onClick={() => setIsOpen(!isOpen)}
      >
        {t("exams.media")}
      </button>
      {isOpen ? <ResultMedia media={media} source={{ urlOf: (file) => examFileUrl(exam.id, file) }} /> : null}
    </>
  );
}

/** Of the paper as it was published. */
function useQuestionTexts(examinationId: string): ReadonlyMap<string, QuestionText> {
  const paper = useQuery({
    queryKey: ["exam-frozen-paper", examinationId],
    queryFn: () => unwrap(api().GET("/api/v1/exams/{examinationId}/paper", { params: { path: { examinationId } } })),
    refetchOnWindowFocus: false,
  });
  const questions = paper.data?.sections.flatMap((section) => section.questions) ?? [];
  return new Map(
    questions.map(({ question, solution }) => [
      question.id,
      {
        text: shortText(questionLine(question)),
        hasRule: !("rubric" in solution),
        media: paper.data ? mediaOfQuestion(paper.data as unknown as AuthoredPaper, question.id) : [],
      },
    ]),
  );
}

function shortText(text: string): string {
  const letters = [...text.replace(/\s+/g, " ").trim()];
  return letters.length > SHORT_LETTERS ? `${letters.slice(0, SHORT_LETTERS).join("").trim()}…` : letters.join("");
}

export function useNumber(): (value: number, digits?: number) => string {
  const { i18n } = useTranslation();
  return (value, digits = 1) => value.toLocaleString(i18n.language, { maximumFractionDigits: digits });
}
