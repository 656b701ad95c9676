/** Shows what a probe saw: its runs, newest first, with the faults and the figures of each. */
import type { ProbeRun } from "@lectern/client";
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { VerdictBadge } from "./verdict-badge.tsx";

const REFETCH_MS = 10_000;
const VERDICTS = ["good", "short", "unsure"] as const;

export function ProbeRuns({ probeId }: { readonly probeId: string }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const query = schoolQuery(useSchoolScope());
  const [verdict, setVerdict] = useUrlFilter("verdict");
  const wanted = VERDICTS.find((one) => one === verdict);
  const filter = wanted === undefined ? {} : { verdict: wanted };
  const probes = useQuery({
    queryKey: ["probes of runs", query],
    queryFn: () => unwrap(api().GET("/api/v1/probes", { params: { query } })),
  });
  const seconds = (ms: number | null) => (ms === null ? "–" : t("probes.time", { seconds: (ms / 1000).toFixed(1) }));
  return (
    <ListPage
      title={t("probes.runsOf", { name: probes.data?.items.find(({ id }) => id === probeId)?.name ?? "" })}
      hint={t("probes.runsHint")}
      queryKey={["probe runs", probeId, verdict]}
      path={`/probes/${probeId}/runs`}
      query={filter}
      load={(cursor) =>
        unwrap(
          api().GET("/api/v1/probes/{probeId}/runs", {
            params: { path: { probeId }, query: { ...filter, ...nonEmpty({ cursor }) } },
          }),
        )
      }
      keyOf={(run) => run.id}
      nameOf={(run) => `${run.lesson}, ${time(run.at)}`}
      filters={
        <Select
          label={t("probes.verdict")}
          placeholder={t("probes.anyVerdict")}
          data={VERDICTS.map((value) => ({ value, label: t(`probes.verdicts.${value}`) }))}
          value={wanted ?? null}
          onChange={(value) => setVerdict(value ?? "")}
          clearable
        />
      }
      columns={[
        { label: t("fields.time"), show: ({ at }) => time(at) },
        { label: t("probes.verdict"), show: (run) => <Result run={run} /> },
        { label: t("probes.watches"), show: ({ lesson }) => <span className="wraps">{lesson}</span> },
        { label: t("probes.from"), show: ({ node, report }) => `${node} → ${report.server ?? "–"}` },
        { label: t("probes.firstFrame"), show: ({ report }) => seconds(report.firstFrameMs) },
        {
          label: t("probes.stalled"),
          show: ({ report: { firstFrameMs, stalls, stallMs, lostMs } }) =>
            firstFrameMs === null ? "–" : t("probes.stallValue", { stalls, time: seconds(stallMs + lostMs) }),
        },
        { label: t("probes.delay"), show: ({ report }) => seconds(report.delayMs) },
      ]}
      emptyText={t("probes.noRuns")}
      refetchMs={REFETCH_MS}
    />
  );
}

/** The verdict, and each fault in words. The probe's own detail, with hosts and codes, is for engineers. */
function Result({ run: { verdict, report } }: { readonly run: ProbeRun }) {
  const { t } = useTranslation();
  return (
    <>
      <VerdictBadge verdict={verdict} />
      {report.faults.map(({ code, detail }) => (
        <div key={code} className="wraps">
          {t(`probes.faults.${code}`)}
          <div className="text-muted" lang="en">
            {detail}
          </div>
        </div>
      ))}
    </>
  );
}
