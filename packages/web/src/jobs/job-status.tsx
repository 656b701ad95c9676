/** Shows how a job is: a coloured mark with words, and what is wrong. The studio and the console show it. */
import { useTranslation } from "../texts/use-translation.ts";
import type { JobWord } from "./job-words.ts";
import "./job-status.css";

type Problem = { readonly code: string; readonly detail: string | null };

type JobStatusProps = {
  readonly word: JobWord;
  readonly problem: Problem | null;
  /** Words of the other side, for operators. Default: they stay in the title of the problem. */
  readonly showsDetail?: boolean;
  /** A quiet line below. */
  readonly facts?: readonly string[];
};

export function JobStatus({ word: { word, tone }, problem, showsDetail = false, facts = [] }: JobStatusProps) {
  const { t } = useTranslation();
  return (
    <span className="job-status">
      <span className={`job-word ${tone}`}>{t(`jobStates.${word}`)}</span>
      {problem ? <ProblemText problem={problem} /> : null}
      {showsDetail && problem?.detail ? <small className="text-muted">{problem.detail}</small> : null}
      {facts.length > 0 ? (
        <small className="text-muted job-facts">
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </small>
      ) : null}
    </span>
  );
}

export function ProblemText({ problem: { code, detail } }: { problem: Problem }) {
  const { t } = useTranslation();
  return <span {...(detail ? { title: detail } : {})}>{t([`jobProblems.${code}`, "jobProblems.unknown"])}</span>;
}
