/** Shows the make-up lessons that the rule of the school proposes, to approve or to decline; and the rule itself. */
import type { MakeUp } from "@lectern/client";
import { DOWNLOAD_ICON } from "@lectern/ui/icons";
import { Link } from "wouter";
import { shareText } from "../../lesson-quality/quality-goals.ts";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { BulkAction } from "../list/bulk-actions.tsx";
import { SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { MakeUpRule } from "./make-up-rule.tsx";
import { QualityPage } from "./quality-page.tsx";

const STATES = ["proposed", "approved", "declined"] as const;
const MINUTE_MS = 60_000;

export function MakeUps() {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const state = useUrlFilter("state");
  const query = { ...schoolQuery(place), ...stateQuery(state[0]) };
  return (
    <QualityPage page="makeUps">
      <ListPage
        title={t("quality.pages.makeUps")}
        hint={t("quality.makeUps.hint")}
        queryKey={["make-ups", query]}
        path="/make-ups"
        query={query}
        load={(cursor) => unwrap(api().GET("/api/v1/make-ups", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
        keyOf={({ lessonId }) => lessonId}
        nameOf={({ title }) => title}
        filters={
          <SelectFilter
            label={t("fields.state")}
            options={STATES.map((value) => ({ value, label: t(`quality.makeUps.states.${value}`) }))}
            filter={state}
          />
        }
        menu={[
          {
            label: t("exportCsv"),
            icon: DOWNLOAD_ICON,
            run: () => location.assign(`/api/v1/make-ups/export?${new URLSearchParams(query)}`),
          },
        ]}
        overview={place.school ? <MakeUpRule schoolId={place.school.id} /> : <p className="text-muted">{t("selectSchool")}</p>}
        columns={useColumns()}
        actions={useActions()}
        emptyText={t("quality.makeUps.empty")}
      />
    </QualityPage>
  );
}

function stateQuery(value: string): { state?: MakeUp["state"] } {
  const state = STATES.find((one) => one === value);
  return state ? { state } : {};
}

function useColumns(): readonly Column<MakeUp>[] {
  const { t, i18n } = useTranslation();
  const time = useFormatTime();
  const place = useSchoolScope();
  return [
    {
      label: t("quality.makeUps.lesson"),
      show: ({ lessonId, title, teacher }) => (
        <span className="quality-cell">
          <Link href={schoolPath(place, `/lessons/${lessonId}/quality`)} className="wraps">
            {title}
          </Link>
          {teacher === null ? null : <small className="text-muted">{teacher}</small>}
        </span>
      ),
    },
    { label: t("quality.makeUps.started"), show: ({ startedAt }) => time(startedAt) },
    {
      label: t("quality.makeUps.affected"),
      show: ({ affected, viewers, stallMs }) => (
        <span className="quality-cell">
          <span>
            {t("quality.makeUps.affectedOf", { affected, viewers })} (
            {shareText(viewers === 0 ? null : affected / viewers, i18n.language)})
          </span>
          <small className="text-muted">{t("quality.makeUps.stalled", { minutes: Math.round(stallMs / MINUTE_MS) })}</small>
        </span>
      ),
    },
    {
      label: t("fields.state"),
      show: ({ state, decidedAt, decidedBy }) => (
        <span className="quality-cell">
          {state === "proposed" ? <strong>{t("quality.makeUps.states.proposed")}</strong> : t(`quality.makeUps.states.${state}`)}
          {decidedAt === null ? null : (
            <small className="text-muted">
              {decidedBy === null ? time(decidedAt) : t("quality.makeUps.decidedBy", { name: decidedBy, time: time(decidedAt) })}
            </small>
          )}
        </span>
      ),
    },
  ];
}

function useActions(): readonly BulkAction<MakeUp>[] {
  const { t } = useTranslation();
  const decide = ({ lessonId }: MakeUp, state: MakeUp["state"]) =>
    unwrap(api().PUT("/api/v1/make-ups/{lessonId}", { params: { path: { lessonId } }, body: { state } }));
  const undo = (makeUp: MakeUp) => decide(makeUp, makeUp.state);
  return [
    {
      label: t("quality.makeUps.approve"),
      doneMessage: (count) => t("quality.makeUps.approved", { count }),
      run: (makeUp) => decide(makeUp, "approved"),
      undo,
      appliesTo: ({ state }) => state !== "approved",
    },
    {
      label: t("quality.makeUps.decline"),
      doneMessage: (count) => t("quality.makeUps.declined", { count }),
      run: (makeUp) => decide(makeUp, "declined"),
      undo,
      appliesTo: ({ state }) => state !== "declined",
    },
  ];
}
