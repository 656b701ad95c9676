/** Shows the rungs of a ladder as small marks: the name of each, and why one was given up. */
import { useTranslation } from "../../texts/use-translation.ts";
import { rungName } from "../ladders/quality-fields.ts";
import type { JobRung } from "./stream-rungs.ts";

type RungMarksProps = {
  readonly rungs: readonly JobRung[];
  /** Says how far each is behind its source, and why a dropped one was. Default: only in the title. */
  readonly isDetailed?: boolean;
};

const MS_PER_SECOND = 1000;

export function RungMarks({ rungs, isDetailed = false }: RungMarksProps) {
  const { t } = useTranslation();
  const factOf = ({ state, lagMs, problem }: JobRung): string => {
    if (state === "running") return t("jobs.lag", { seconds: (lagMs / MS_PER_SECOND).toFixed(1) });
    const why = problem === null ? [] : [t([`jobProblems.${problem}`, "jobProblems.unknown"])];
    return [t("jobs.dropped"), ...why].join(" · ");
  };
  if (rungs.length === 0) return null;
  return (
    <ul className={isDetailed ? "rungs" : "rung-marks"}>
      {rungs.map((rung) => (
        <li key={rung.name} className={rung.state} title={factOf(rung)}>
          <strong>{rungName(rung.name, t)}</strong>
          {isDetailed ? <span className="text-muted"> {factOf(rung)}</span> : null}
        </li>
      ))}
    </ul>
  );
}
