/** Shows the terms and holidays of a school, which repeating lessons follow. */
import type { CalendarEntry } from "@lectern/client";
import { Badge } from "@lectern/ui";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatDate } from "../school/school-time.ts";
import { SettingsPage } from "./settings-page.tsx";

const KINDS = ["holiday", "term"] as const;
const params = ({ id }: CalendarEntry) => ({ path: { calendarEntryId: id } });

export function CalendarEntries() {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const query = schoolQuery(scope);
  const day = useFormatDate();
  const fields = (entry: CalendarEntry | null): readonly Field[] => [
    {
      name: "kind",
      label: t("series.calendar.kind"),
      required: true,
      value: entry?.kind ?? "holiday",
      options: KINDS.map((value) => ({ value, label: t(`series.calendar.kinds.${value}`) })),
    },
    { name: "name", label: t("series.calendar.name"), required: true, value: entry?.name ?? "" },
    { name: "startsOn", label: t("series.calendar.startsOn"), type: "date", required: true, value: entry?.startsOn ?? "" },
    { name: "endsOn", label: t("series.calendar.endsOn"), type: "date", required: true, value: entry?.endsOn ?? "" },
  ];
  if (!scope.school)
    return (
      <SettingsPage page="calendar">
        <h1>{t("series.calendar.title")}</h1>
        <p>{t("selectSchool")}</p>
      </SettingsPage>
    );
  return (
    <SettingsPage page="calendar">
      <ListPage
        title={t("series.calendar.title")}
        hint={t("series.calendar.hint")}
        queryKey={["calendar-entries", query]}
        path="/calendar-entries"
        query={query}
        load={(cursor) =>
          unwrap(api().GET("/api/v1/calendar-entries", { params: { query: { ...query, ...nonEmpty({ cursor }), limit: 1000 } } }))
        }
        arrange={(entries) => entries.toSorted((a, b) => a.startsOn.localeCompare(b.startsOn))}
        keyOf={({ id }) => id}
        nameOf={({ name }) => name}
        columns={[
          { label: t("series.calendar.name"), show: ({ name }) => <strong className="wraps">{name}</strong> },
          {
            label: t("series.calendar.kind"),
            show: ({ kind }) => <Badge tone="neutral">{t(`series.calendar.kinds.${kind}`)}</Badge>,
          },
          { label: t("series.calendar.startsOn"), show: ({ startsOn }) => day(startsOn) },
          { label: t("series.calendar.endsOn"), show: ({ endsOn }) => day(endsOn) },
        ]}
        add={{
          fields: fields(null),
          save: async (values) => {
            await unwrap(api().POST("/api/v1/calendar-entries", { body: { ...query, ...bodyOf(values) } }));
            return undefined;
          },
        }}
        edit={{
          fields,
          save: (entry, values) => {
            const header = { "If-Match": `"v${entry.version}"` };
            const call = { params: { ...params(entry), header }, body: bodyOf(values) };
            return unwrap(api().PATCH("/api/v1/calendar-entries/{calendarEntryId}", call));
          },
        }}
        actions={[
          {
            label: t("delete"),
            doneMessage: (count) => t("deletedPermanently", { count }),
            run: (entry) => unwrap(api().DELETE("/api/v1/calendar-entries/{calendarEntryId}", { params: params(entry) })),
          },
        ]}
        emptyText={t("series.calendar.empty")}
      />
    </SettingsPage>
  );
}

function bodyOf({ kind, name = "", startsOn = "", endsOn = "" }: Values) {
  return { kind: kind === "term" ? ("term" as const) : ("holiday" as const), name, startsOn, endsOn };
}
