/** What is wrong, and what was. */
import { useTranslation } from "react-i18next";
import { api, take } from "../../session/api.ts";
import { Choice, filled, useFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { schoolQuery, usePlace } from "../school/school-context.ts";
import { useTime } from "../school/school-time.ts";

export function Alarms() {
  const { t } = useTranslation();
  const time = useTime();
  const scope = schoolQuery(usePlace());
  const state = useFilter("open");
  const query = { ...scope, ...filled({ open: state[0] }) };
  return (
    <ListPage
      title={t("nav.alarms")}
      of={["alarms", query]}
      path="/alarms"
      query={query}
      load={(cursor) => take(api().GET("/api/v1/alarms", { params: { query: { ...query, limit: 50, ...filled({ cursor }) } } }))}
      keyOf={(alarm) => alarm.id}
      nameOf={(alarm) => t(`alarms.${alarm.code}`)}
      filters={
        <Choice
          label={t("fields.state")}
          options={[
            { value: "true", label: t("isOpen") },
            { value: "false", label: t("isOver") },
          ]}
          filter={state}
        />
      }
      columns={[
        { label: t("fields.what"), show: (alarm) => t(`alarms.${alarm.code}`) },
        { label: t("fields.subject"), show: (alarm) => alarm.subject },
        { label: t("fields.why"), show: (alarm) => alarm.detail },
        { label: t("fields.since"), show: (alarm) => time(alarm.raisedAt) },
        { label: t("fields.until"), show: (alarm) => (alarm.clearedAt ? time(alarm.clearedAt) : t("isOpen")) },
      ]}
      refetchMs={5000}
    />
  );
}
