/** The list of alarms, active and resolved. */
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

export function Alarms() {
  const { t } = useTranslation();
  const time = useFormatTime();
  const scope = schoolQuery(useSchoolScope());
  const open = useUrlFilter("open");
  const query = { ...scope, ...nonEmpty({ open: open[0] }) };
  return (
    <ListPage
      title={t("nav.alarms")}
      queryKey={["alarms", query]}
      path="/alarms"
      query={query}
      load={(cursor) =>
        unwrap(api().GET("/api/v1/alarms", { params: { query: { ...query, limit: 50, ...nonEmpty({ cursor }) } } }))
      }
      keyOf={(alarm) => alarm.id}
      nameOf={(alarm) => t(`alarms.${alarm.code}`)}
      filters={
        <SelectFilter
          label={t("fields.state")}
          options={[
            { value: "true", label: t("isActive") },
            { value: "false", label: t("isResolved") },
          ]}
          filter={open}
        />
      }
      columns={[
        { label: t("fields.alarm"), show: (alarm) => t(`alarms.${alarm.code}`) },
        { label: t("fields.subject"), show: (alarm) => alarm.subject },
        { label: t("fields.detail"), show: (alarm) => alarm.detail },
        { label: t("fields.since"), show: (alarm) => time(alarm.raisedAt) },
        { label: t("fields.until"), show: (alarm) => (alarm.clearedAt ? time(alarm.clearedAt) : t("isActive")) },
      ]}
      refetchMs={5000}
    />
  );
}
