/** Shows what a candidate has reached: points, by section and by what was tested, and the answers where the school shows them. */
import { loadedLater } from "../../components/loaded-later.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import type { ExamResult } from "../attempt/exam-calls.ts";
import type { MediaSource } from "../media/media-source.ts";
import { ResultAnswers } from "./result-answers.tsx";

const PrintResult = loadedLater(async () => (await import("../print/print-result.tsx")).PrintResult);

type Share = { readonly name: string; readonly points: number; readonly of: number; readonly classShare: number | null };

type ResultProps = {
  readonly result: ExamResult;
  readonly loadFile: (id: string) => Promise<Blob | null>;
  readonly media: MediaSource;
  /** Whether it is on a sheet that is printed as a whole. */
  readonly isPrinted?: boolean;
};

export function Result({ result, loadFile, media, isPrinted = false }: ResultProps) {
  const { t, i18n } = useTranslation();
  const number = (value: number) => value.toLocaleString(i18n.language, { maximumFractionDigits: 1 });
  const { points, of, sections, knowledge, questions, waiting, standing, classShare } = result;
  if (points === null || of === null) return <p role="status">{t("exam.gradingNow")}</p>;
  return (
    <section className="exam-result" aria-labelledby="exam-result">
      <h2 id="exam-result">{t("exam.result")}</h2>
      {isPrinted ? null : <PrintResult name={result.name} handedInAt={result.handedInAt} />}
      <p className="result-points">{t("exam.pointsOf", { points: number(points), of: number(of) })}</p>
      {standing?.rank ? <p>{t("exam.rank", { rank: number(standing.rank), candidates: number(standing.candidates) })}</p> : null}
      {typeof standing?.percentile === "number" ? <p>{t("exam.percentile", { percentile: standing.percentile })}</p> : null}
      {classShare === null ? null : <p>{t("exam.classMean", { share: percent(classShare) })}</p>}
      {waiting ? <p role="status">{t("exam.stillMarking", { count: waiting })}</p> : null}
      {sections.length > 1 ? (
        <Shares title={t("exam.bySection")} shares={sections.map((one) => ({ ...one, name: one.title }))} />
      ) : null}
      {knowledge.length > 0 ? <Shares title={t("exam.byKnowledge")} shares={knowledge} /> : null}
      {questions ? <ResultAnswers questions={questions} attemptId={result.attemptId} loadFile={loadFile} media={media} /> : null}
    </section>
  );
}

function percent(share: number): number {
  return Math.round(100 * share);
}

function Shares({ title, shares }: { readonly title: string; readonly shares: readonly Share[] }) {
  const { t, i18n } = useTranslation();
  const number = (value: number) => value.toLocaleString(i18n.language, { maximumFractionDigits: 1 });
  return (
    <>
      <h3>{title}</h3>
      <ul className="result-shares">
        {shares.map(({ name, points, of, classShare }) => (
          <li key={name}>
            <span dir="auto">{name}</span>
            <span>{t("exam.pointsOf", { points: number(points), of: number(of) })}</span>
            <span className="share-bar" aria-hidden="true">
              <span style={{ width: `${of > 0 ? percent(points / of) : 0}%` }} />
              {classShare === null ? null : <i style={{ insetInlineStart: `${percent(classShare)}%` }} />}
            </span>
            {classShare === null ? null : (
              <span className="class-mean">
                {t("exam.besideClass", { own: of > 0 ? percent(points / of) : 0, share: percent(classShare) })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
