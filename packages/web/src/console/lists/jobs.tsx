/** Shows operators what the nodes do for streams: ladders, sources and forwards, with what is wrong with them. */

import { JobStatus } from "../../jobs/job-status.tsx";
import { jobWord } from "../../jobs/job-words.ts";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { useFormatTime } from "../school/school-time.ts";
import { RungMarks } from "./rung-marks.tsx";
import { largestFirst } from "./stream-rungs.ts";

const KINDS = ["ladder", "pull", "forward"] as const;
const STATES = ["running", "starting", "retrying", "refused", "waiting"] as const;
const REFETCH_MS = 3000;

export function Jobs() {
  const { t } = useTranslation();
  const time = useFormatTime();
  const [kind, state] = [useUrlFilter("kind"), useUrlFilter("state")];
  const query = nonEmpty({ kind: KINDS.find((one) => one === kind[0]), state: STATES.find((one) => one === state[0]) });
  return (
    <ListPage
      title={t("nav.jobs")}
      hint={t("jobs.hint")}
      queryKey={["jobs", query]}
      path="/jobs"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/jobs", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={(job) => `${job.app}/${job.name} ${job.kind} ${job.id} ${job.node ?? ""}`}
      nameOf={(job) => job.name}
      filters={
        <>
          <SelectFilter
            label={t("jobs.kind")}
            options={KINDS.map((value) => ({ value, label: t(`jobs.kinds.${value}`) }))}
            filter={kind}
          />
          <SelectFilter
            label={t("fields.state")}
            options={STATES.map((value) => ({ value, label: t(`jobs.states.${value}`) }))}
            filter={state}
          />
        </>
      }
      columns={[
        {
          label: t("jobs.job"),
          show: (job) => (
            <span className="job-name">
              <strong>{t(`jobs.kinds.${job.kind}`)}</strong> <small className="text-muted">{`${job.app}/${job.name}`}</small>
            </span>
          ),
        },
        {
          label: t("fields.state"),
          show: (job) => (
            <JobStatus
              word={jobWord(job.kind, job)}
              problem={job.problem}
              showsDetail
              facts={[
                ...(job.state === "waiting" ? [] : [t("sources.since", { time: time(job.since) })]),
                ...(job.restarts > 0 ? [t("sources.restarts", { count: job.restarts })] : []),
              ]}
            />
          ),
        },
        { label: t("jobs.node"), show: ({ node }) => node },
        { label: t("jobs.cores"), show: ({ cores }) => cores?.toFixed(2) },
        { label: t("ladders.short"), show: ({ rungs }) => <RungMarks rungs={largestFirst(rungs)} isDetailed /> },
      ]}
      refetchMs={REFETCH_MS}
    />
  );
}
