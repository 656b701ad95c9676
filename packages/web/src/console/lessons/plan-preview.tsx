/** Says below the form of a lesson what it would be: how many lessons, which holidays, and which other lessons its teacher has then. */
import type { LessonSeriesPreview } from "@lectern/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { Values } from "../list/fields-form.tsx";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatDate, useFormatTime, useTimeZone } from "../school/school-time.ts";
import type { patternOf } from "./series-pattern.ts";
import "./series.css";

const MAX_SHOWN = 4;

type PlanPreviewProps = {
  readonly values: Values;
  readonly pattern: NonNullable<ReturnType<typeof patternOf>>;
  readonly isSeries: boolean;
  /** What is changed: it is no conflict of itself. */
  readonly except: { readonly lessonId?: string; readonly seriesId?: string };
};

export function PlanPreview({ values: { teacherId = "" }, pattern, isSeries, except }: PlanPreviewProps) {
  const scope = schoolQuery(useSchoolScope());
  const timeZone = useTimeZone();
  const body = { ...scope, ...except, ...pattern, timeZone, ...(teacherId === "" ? {} : { teacherId }) };
  const preview = useQuery({
    queryKey: ["series preview", body],
    queryFn: () => unwrap(api().POST("/api/v1/lesson-series/preview", { body })),
    placeholderData: keepPreviousData,
    // A day that is typed in part is refused; the form says what is wrong when it is sent.
    retry: false,
  });
  if (!preview.data) return null;
  return (
    <div className="plan-preview" role="status">
      {isSeries ? <Planned plan={preview.data} /> : <OnHoliday plan={preview.data} />}
      <Conflicts plan={preview.data} />
    </div>
  );
}

type PlanProps = { readonly plan: LessonSeriesPreview };

function Planned({ plan: { count, lastDay, holidays } }: PlanProps) {
  const { t, i18n } = useTranslation();
  const day = useFormatDate();
  if (count === 0) return <p className="plan-warning">{t("series.nothing")}</p>;
  const days = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(
    holidays.slice(0, MAX_SHOWN).map((holiday) => t("series.holidayName", { day: day(holiday.day), name: holiday.name })),
  );
  return (
    <>
      <p>{lastDay === null ? t("series.endless") : t("series.planned", { count, day: day(lastDay) })}</p>
      {holidays.length > 0 ? <p>{t("series.holidays", { days: holidays.length > MAX_SHOWN ? `${days} …` : days })}</p> : null}
    </>
  );
}

function OnHoliday({ plan: { holidays } }: PlanProps) {
  const { t } = useTranslation();
  const day = useFormatDate();
  const [holiday] = holidays;
  return holiday ? <p className="plan-warning">{t("series.onHoliday", { day: day(holiday.day), name: holiday.name })}</p> : null;
}

function Conflicts({ plan: { conflicts, conflictCount } }: PlanProps) {
  const { t } = useTranslation();
  const time = useFormatTime();
  if (conflictCount === 0) return null;
  const more = conflictCount - Math.min(MAX_SHOWN, conflicts.length);
  return (
    <div className="plan-warning">
      <p>{t("series.conflicts")}</p>
      <ul>
        {conflicts.slice(0, MAX_SHOWN).map(({ lessonId, title, startsAt }) => (
          <li key={lessonId}>
            {time(startsAt)} · {title}
          </li>
        ))}
        {more > 0 ? <li>{t("series.moreConflicts", { count: more })}</li> : null}
      </ul>
    </div>
  );
}
