/** Shows the series of lessons of a course: when they are, how many are ahead, and their drawers. */
import type { LessonSeries } from "@lectern/client";
import { Button, Menu, showToast } from "@lectern/ui";
import { PEN_ICON, TRASH_ICON } from "@lectern/ui/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { EditDrawer, type Editing } from "../list/list-drawers.tsx";
import { useChangeToast } from "../list/use-change-toast.ts";
import { dayName } from "../list/week-windows.ts";
import { useFormatDate, useFormatTime, useTimeZone } from "../school/school-time.ts";
import { deleteSeries } from "./delete-lessons.ts";
import { SeriesPreview } from "./lesson-drawer.tsx";
import { lessonBody } from "./lesson-form.ts";
import { patternBody, patternFields } from "./repeat-fields.tsx";
import { useLessonForm } from "./use-lesson-form.tsx";
import "./series.css";

export function CourseSeries({ courseId }: { readonly courseId: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<LessonSeries | null>(null);
  const series = useQuery({
    queryKey: ["lessons", "series of course", courseId],
    queryFn: () => unwrap(api().GET("/api/v1/lesson-series", { params: { query: { courseId, limit: 1000 } } })),
  });
  const shown = (series.data?.items ?? []).filter(({ upcoming }) => upcoming > 0);
  if (shown.length === 0) return null;
  return (
    <section aria-label={t("series.ofCourse")}>
      <ul className="course-series">
        {shown.map((one) => (
          <SeriesLine key={one.id} series={one} onEdit={() => setOpen(one)} />
        ))}
      </ul>
      {open ? <SeriesDrawer series={open} onClose={() => setOpen(null)} /> : null}
    </section>
  );
}

function SeriesLine({ series, onEdit }: { readonly series: LessonSeries; readonly onEdit: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const tell = useChangeToast();
  const time = useFormatTime();
  const day = useFormatDate();
  const { everyWeeks } = series;
  const every = everyWeeks === 1 ? t("series.lineEveryWeek") : t("series.lineEveryWeeks", { count: everyWeeks });
  const line = { times: timesOf(series, i18n.language), every };
  const facts = [
    t("series.ahead", { count: series.upcoming }),
    ...(series.nextAt === null ? [] : [t("series.next", { day: time(series.nextAt) })]),
    ...(series.exceptions.length === 0 ? [] : [t("series.exceptions", { count: series.exceptions.length })]),
  ];
  const remove = async () => {
    try {
      await deleteSeries(series.id);
      tell(t("series.deleted"));
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
    }
    await client.invalidateQueries({ queryKey: ["lessons"] });
  };
  return (
    <li>
      <div>
        <p>
          <strong>{series.title}</strong> ·{" "}
          {series.endsOn === null ? t("series.line", line) : t("series.lineUntil", { ...line, day: day(series.endsOn) })}
        </p>
        <p className="text-muted">{facts.join(" · ")}</p>
      </div>
      <Button icon={PEN_ICON} aria-label={`${t("edit")}: ${series.title}`} onClick={onEdit}>
        {t("edit")}
      </Button>
      <Menu
        label={t("series.more")}
        items={[{ label: t("series.deleteAll"), icon: TRASH_ICON, isDanger: true, run: () => void remove() }]}
      />
    </li>
  );
}

/** `Mon and Thu 09:00–09:45, Wed 14:00–14:45`. */
function timesOf({ weekly }: LessonSeries, language: string): string {
  const days = new Intl.ListFormat(language, { type: "conjunction" });
  const names = weekly.map(
    (time) => `${days.format(time.days.map((day) => dayName(day, language, "short")))} ${time.from}–${time.to}`,
  );
  return new Intl.ListFormat(language, { type: "conjunction", style: "narrow" }).format(names);
}

function SeriesDrawer({ series, onClose }: { readonly series: LessonSeries; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const zone = useTimeZone();
  const { fieldsOf } = useLessonForm();
  const edit: Editing<LessonSeries> = {
    fields: (item) =>
      fieldsOf({ ...item, startsAt: null, endsAt: null }, patternFields(item, t)).filter(
        ({ name }) => name !== "startsAt" && name !== "endsAt",
      ),
    save: async (item, values) => {
      const { startsAt: _, endsAt: __, ...rest } = lessonBody(values, zone);
      const params = { path: { lessonSeriesId: item.id }, header: { "If-Match": `"v${item.version}"` } };
      const body = { ...rest, ...patternBody(item, values) };
      await unwrap(api().PATCH("/api/v1/lesson-series/{lessonSeriesId}", { params, body }));
    },
    canUndo: () => false,
    preview: (item, values) => <SeriesPreview series={item} values={values} />,
  };
  return <EditDrawer item={series} name={series.title} edit={edit} queryKey={["lessons"]} onClose={onClose} />;
}
