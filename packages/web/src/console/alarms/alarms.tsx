/** Shows the list of alarms, active and resolved, in which a storm is one row; with acknowledging of one or many. */
import type { Alarm } from "@lectern/client";
import { Button } from "@mantine/core";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { BulkAction } from "../list/bulk-actions.tsx";
import { SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { platformQuery, schoolPath, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { acknowledge, useAcknowledge } from "./acknowledge.ts";
import { Acknowledger } from "./acknowledger.tsx";
import { alarmDetail } from "./alarm-detail.ts";
import { type AlarmGroup, groupAlarms } from "./alarm-groups.ts";
import { alarmName } from "./alarm-name.ts";
import { AlarmsPage } from "./alarms-page.tsx";
import { SEVERITIES } from "./rule-values.ts";
import { SeverityBadge } from "./severity-badge.tsx";
import { SubjectName } from "./subject-name.tsx";

const REFETCH_MS = 5000;
const LOADED = 200;
/** More subjects of a group are only counted. */
const MAX_SUBJECTS = 3;
/** More alarms of a group are found by their subjects. */
const MAX_LISTED = 50;

export function Alarms() {
  const { t } = useTranslation();
  const scope = platformQuery(useSchoolScope());
  const [open, severity] = [useUrlFilter("open"), useUrlFilter("severity")];
  const query = { ...scope, ...(open[0] === "" ? {} : { open: open[0] === "true" }), ...severityQuery(severity[0]) };
  const load = async (cursor: string | undefined) => {
    const answer = await unwrap(
      api().GET("/api/v1/alarms", { params: { query: { ...query, limit: LOADED, ...nonEmpty({ cursor }) } } }),
    );
    return { items: groupAlarms(answer.items), nextCursor: answer.nextCursor };
  };
  return (
    <AlarmsPage page="alarms">
      <ListPage
        title={t("nav.alarms")}
        hint={t("alarmPages.hint")}
        queryKey={["alarms", query]}
        path="/alarms"
        query={query}
        load={load}
        // A group may reach over the end of what was loaded at once.
        arrange={(groups) => groupAlarms(groups.flatMap(({ alarms }) => alarms))}
        keyOf={({ key }) => key}
        nameOf={({ newest }) => alarmName(newest, t)}
        filters={
          <>
            <SelectFilter
              label={t("fields.state")}
              options={[
                { value: "true", label: t("isActive") },
                { value: "false", label: t("isResolved") },
              ]}
              filter={open}
            />
            <SelectFilter
              label={t("alarmPages.severity")}
              options={SEVERITIES.map((value) => ({ value, label: t(`alarmSeverities.${value}`) }))}
              filter={severity}
            />
          </>
        }
        columns={useColumns()}
        actions={useActions()}
        emptyText={t("alarmPages.empty")}
        refetchMs={REFETCH_MS}
      />
    </AlarmsPage>
  );
}

function severityQuery(value: string): { severity?: Alarm["severity"] } {
  const severity = SEVERITIES.find((one) => one === value);
  return severity ? { severity } : {};
}

function useActions(): readonly BulkAction<AlarmGroup>[] {
  const { t } = useTranslation();
  return [
    {
      label: t("alarmPages.acknowledge"),
      doneMessage: (count) => t("alarmPages.acknowledgeDone", { count }),
      run: ({ unacknowledged }) => acknowledge(unacknowledged, true),
      undo: ({ unacknowledged }) => acknowledge(unacknowledged, false),
      appliesTo: ({ unacknowledged }) => unacknowledged.length > 0,
    },
  ];
}

function useColumns(): readonly Column<AlarmGroup>[] {
  const { t } = useTranslation();
  const time = useFormatTime();
  return [
    { label: t("fields.alarm"), show: (group) => <Name group={group} /> },
    { label: t("fields.subject"), show: (group) => <Subjects group={group} /> },
    { label: t("fields.since"), show: ({ raisedAt }) => time(raisedAt) },
    {
      label: t("fields.until"),
      show: ({ clearedAt, openCount, alarms }) => {
        if (clearedAt !== null) return time(clearedAt);
        if (openCount === alarms.length) return <strong>{t("isActive")}</strong>;
        return <strong>{t("alarmPages.openOf", { open: openCount, count: alarms.length })}</strong>;
      },
    },
    { label: t("alarmPages.acknowledged"), show: (group) => <Acknowledged group={group} /> },
  ];
}

function Name({ group: { newest, alarms } }: { group: AlarmGroup }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const path = ({ id }: Alarm) => schoolPath(scope, `/alarms/${id}`);
  return (
    <span className="alarm-name">
      <SeverityBadge severity={newest.severity} />
      <Link href={path(newest)} className="wraps">
        {alarmName(newest, t)}
      </Link>
      {alarms.length > 1 ? (
        <details>
          <summary>{t("alarmPages.count", { count: alarms.length })}</summary>
          <Listed alarms={alarms} pathOf={path} />
        </details>
      ) : null}
    </span>
  );
}

function Listed({ alarms, pathOf }: { alarms: readonly Alarm[]; pathOf: (alarm: Alarm) => string }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  return (
    <ul className="alarm-list">
      {alarms.slice(0, MAX_LISTED).map((alarm) => (
        <li key={alarm.id}>
          <Link href={pathOf(alarm)}>{time(alarm.raisedAt)}</Link> <SubjectName alarm={alarm} />
          {alarm.clearedAt === null ? <strong> {t("isActive")}</strong> : null}
        </li>
      ))}
      {alarms.length > MAX_LISTED ? <li>{t("alarmPages.more", { count: alarms.length - MAX_LISTED })}</li> : null}
    </ul>
  );
}

function Subjects({ group: { subjects, newest } }: { group: AlarmGroup }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const detail = subjects.length === 1 ? alarmDetail(newest, { t, time }) : "";
  return (
    <span className="alarm-subjects">
      {subjects.slice(0, MAX_SUBJECTS).map((alarm) => (
        <SubjectName key={alarm.subject} alarm={alarm} />
      ))}
      {subjects.length > MAX_SUBJECTS ? <span>{t("alarmPages.more", { count: subjects.length - MAX_SUBJECTS })}</span> : null}
      {detail === "" ? null : <small className="text-muted">{detail}</small>}
    </span>
  );
}

function Acknowledged({ group: { unacknowledged, newest } }: { group: AlarmGroup }) {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useAcknowledge();
  if (unacknowledged.length === 0) return <Acknowledger alarm={newest} />;
  return (
    <span className="alarm-state">
      <Button
        variant="default"
        disabled={isPending}
        aria-label={t("alarmPages.acknowledgeOne", { name: alarmName(newest, t) })}
        onClick={() => mutate({ alarms: unacknowledged, acknowledged: true })}
      >
        {t("alarmPages.acknowledge")}
      </Button>
      {error ? (
        <small className="error wraps" role="alert">
          {t("failed", { message: errorMessage(error, t("offline")) })}
        </small>
      ) : null}
    </span>
  );
}
