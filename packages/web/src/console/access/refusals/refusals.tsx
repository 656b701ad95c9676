/** Shows what the rules have refused, and what those in dry-run would refuse: counts over time, and single requests. */
import { serverClock } from "@lectern/player/server-clock";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, unwrap } from "../../../session/api.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { SelectFilter, TextFilter, useUrlFilter } from "../../list/filters.tsx";
import { ListPage } from "../../list/list-page.tsx";
import type { Column } from "../../list/list-table.tsx";
import { nonEmpty } from "../../list/url-filters.ts";
import { schoolPath, useSchoolScope } from "../../school/school-context.ts";
import { useFormatTime } from "../../school/school-time.ts";
import { AccessPage } from "../access-page.tsx";
import { explainPath } from "../explain/explain-request.ts";
import { ownedQuery } from "../owner.ts";
import { targetOfName, useTargetText } from "../policies/target.ts";
import { type RefusedRequest, reasonName, ruleName } from "../rules/refused-request.ts";
import { RULE_KINDS } from "../rules/rule.ts";
import { RefusalPlot } from "./refusal-plot.tsx";
import { SPAN_NAMES, type Span, seriesOf, spanStart } from "./refusal-series.ts";

const REFETCH_MS = 5000;
/** Rules that no policy has, and that refuse. */
const OTHER_RULES = ["signed-link", "publish-key", "lesson-publish-key", "lesson-open", "lesson-removed", "recording-removed"];

export function Refusals() {
  const { t } = useTranslation();
  const [span, rule, target] = [useUrlFilter("span"), useUrlFilter("rule"), useUrlFilter("target")];
  const shownSpan = SPAN_NAMES.find((one) => one === span[0]) ?? "d1";
  const rules = [...RULE_KINDS, ...OTHER_RULES];
  const filters = nonEmpty({ rule: rules.find((one) => one === rule[0]), target: target[0].trim() });
  const query = { ...ownedQuery(useSchoolScope()), ...filters };
  return (
    <AccessPage page="refusals">
      <ListPage
        title={t("access.pages.refusals")}
        hint={t("refusals.hint")}
        queryKey={["refused requests", query]}
        path="/policies/refused-requests"
        query={query}
        load={(cursor) =>
          unwrap(api().GET("/api/v1/policies/refused-requests", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))
        }
        keyOf={(request) => request.id}
        nameOf={(request) => `${request.target} ${request.ip}`}
        filters={
          <>
            <SelectFilter
              label={t("refusals.span")}
              options={SPAN_NAMES.map((value) => ({ value, label: t(`refusals.spans.${value}`) }))}
              filter={[shownSpan, span[1]]}
            />
            <SelectFilter
              label={t("refusals.rule")}
              options={rules.map((value) => ({ value, label: ruleName(value, t) }))}
              filter={rule}
            />
            <TextFilter label={t("refusals.target")} filter={target} />
          </>
        }
        overview={<Plots span={shownSpan} rule={filters.rule ?? null} />}
        columns={useColumns()}
        emptyText={t("refusals.empty")}
        noMatchText={t("refusals.noMatch")}
        refetchMs={REFETCH_MS}
      />
    </AccessPage>
  );
}

/** @param rule null: all */
function Plots({ span, rule }: { span: Span; rule: string | null }) {
  const { t } = useTranslation();
  const query = ownedQuery(useSchoolScope());
  const counts = useQuery({
    queryKey: ["refusal counts", span, query],
    queryFn: async () => {
      const start = spanStart(span, serverClock.now());
      const from = new Date(start).toISOString();
      const { items } = await unwrap(api().GET("/api/v1/policies/refusals", { params: { query: { ...query, from } } }));
      return { start, items };
    },
    refetchInterval: REFETCH_MS,
  });
  const { start, items } = counts.data ?? { start: spanStart(span, serverClock.now()), items: [] };
  const shown = items.filter((item) => rule === null || item.rule === rule);
  return (
    <div className="plots">
      {[false, true].map((dryRun) => (
        <RefusalPlot
          key={String(dryRun)}
          title={t(dryRun ? "refusals.dryRun" : "refusals.refused")}
          series={seriesOf(
            shown.filter((item) => item.dryRun === dryRun),
            span,
            start,
          )}
          span={span}
          start={start}
        />
      ))}
    </div>
  );
}

function useColumns(): readonly Column<RefusedRequest>[] {
  const { t } = useTranslation();
  const time = useFormatTime();
  const scope = useSchoolScope();
  return [
    { label: t("fields.time"), show: ({ at }) => time(at) },
    {
      label: t("refusals.what"),
      show: ({ target, protocol }) => (
        <span className="policy-target">
          <span className="wraps">{target}</span>
          <small className="text-muted">{protocol}</small>
        </span>
      ),
    },
    { label: t("refusals.why"), show: (request) => <Reason request={request} /> },
    {
      label: t("refusals.about"),
      show: ({ about, rule }) => <span className="wraps">{about ?? t(`refusals.missing.${rule}`, { defaultValue: "" })}</span>,
    },
    { label: t("fields.ip"), show: ({ ip }) => ip },
    {
      label: t("explain.submit"),
      show: (request) => (
        <Link
          href={schoolPath(scope, explainPath(request))}
          aria-label={t("refusals.explainOne", { target: request.target, ip: request.ip })}
        >
          {t("refusals.explain")}
        </Link>
      ),
    },
  ];
}

function Reason({ request }: { request: RefusedRequest }) {
  const { t } = useTranslation();
  const name = useTargetText(targetOfName(request.source));
  return (
    <span className="list-facts">
      <span className="rule-head">
        {reasonName(request, t)}
        {request.dryRun ? <span className="rule-mark trial">{t("rules.isDryRun")}</span> : null}
      </span>
      {name === "" ? null : <small className="text-muted">{t("policies.from", { name })}</small>}
    </span>
  );
}
