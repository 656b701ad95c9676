/**
 * Shows the drawer in which a lesson is edited. One that belongs to a series says first what is changed: this lesson, those from it on, or all that
 * are ahead.
 */
import type { Lesson, LessonSeries } from "@lectern/client";
import { Menu, showToast } from "@lectern/ui";
import { TRASH_ICON } from "@lectern/ui/icons";
import { Radio } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { DateTime } from "../../schedule/dates.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { type Field, initialValues, type Values } from "../list/fields-form.tsx";
import { EditDrawer, type Editing } from "../list/list-drawers.tsx";
import { useChangeToast } from "../list/use-change-toast.ts";
import { useFormatDate, useTimeZone } from "../school/school-time.ts";
import { changedFields } from "./changed-fields.ts";
import { deleteFollowing, deleteLesson, deleteSeries } from "./delete-lessons.ts";
import { lessonBody } from "./lesson-form.ts";
import { PlanPreview } from "./plan-preview.tsx";
import { patternBody, patternFields } from "./repeat-fields.tsx";
import { editLesson, useLessonForm } from "./use-lesson-form.tsx";

const LIST_KEY = ["lessons"];
const SCOPES = ["one", "following", "all"] as const;

type LessonDrawerProps = { readonly lesson: Lesson; readonly links?: ReactNode; readonly onClose: () => void };

export function LessonDrawer({ lesson, links, onClose }: LessonDrawerProps) {
  const { editing } = useLessonForm();
  const { seriesId, occurrence } = lesson;
  const series = useQuery({
    queryKey: ["lessons", "series", seriesId],
    queryFn: () =>
      unwrap(api().GET("/api/v1/lesson-series/{lessonSeriesId}", { params: { path: { lessonSeriesId: seriesId ?? "" } } })),
    // The form begins with what is so now, and keeps what is typed.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    enabled: seriesId !== null && occurrence !== null && lesson.deletedAt === null,
  });
  if (series.isLoading) return null;
  if (series.data && occurrence !== null)
    return <OfSeries lesson={lesson} day={occurrence.slice(0, 10)} series={series.data} links={links} onClose={onClose} />;
  return <EditDrawer item={lesson} name={lesson.title} edit={editing} queryKey={LIST_KEY} links={links} onClose={onClose} />;
}

type OfSeriesProps = LessonDrawerProps & {
  readonly series: LessonSeries;
  /** Its day in the series. */
  readonly day: string;
};

function OfSeries({ lesson, day, series, links, onClose }: OfSeriesProps) {
  const { t } = useTranslation();
  const changed = useRef("one");
  const zone = useTimeZone();
  const formatDate = useFormatDate();
  const { editing, fieldsOf } = useLessonForm();
  const nameOf = (scope: (typeof SCOPES)[number]) => t(`series.${scope}`, { day: formatDate(day) });
  const scopeField: Field = {
    name: "scope",
    label: t("series.scope"),
    value: "one",
    input: (value, onChange) => (
      <Radio.Group key="scope" label={t("series.scope")} value={value} onChange={onChange}>
        <div className="series-scope">
          {SCOPES.map((scope) => (
            <Radio key={scope} value={scope} label={nameOf(scope)} />
          ))}
        </div>
      </Radio.Group>
    ),
  };
  const isOne = ({ scope }: Values) => scope === "one";
  const ofOne = ["startsAt", "endsAt"];
  const fieldsFor = (item: Lesson): readonly Field[] => [
    scopeField,
    ...fieldsOf(
      item,
      patternFields(series, t, (values) => !isOne(values)),
    ).map((field) => (ofOne.includes(field.name) ? { ...field, isShown: isOne } : field)),
  ];
  const edit: Editing<Lesson> = {
    fields: fieldsFor,
    save: async (item, values) => {
      changed.current = values["scope"] ?? "one";
      if (isOne(values)) return await editLesson(item, lessonBody(values, zone));
      // The form begins with this lesson, which may have a teacher or a title of its own: the others get only what was changed in the form.
      const bodyOf = (each: Values) => {
        const { startsAt: _, endsAt: __, ...rest } = lessonBody(each, zone);
        return { ...rest, ...patternBody(series, each) };
      };
      const changes = changedFields(bodyOf(initialValues(fieldsFor(item))), bodyOf(values));
      if (Object.keys(changes).length === 0) return;
      const params = { path: { lessonSeriesId: series.id }, header: { "If-Match": `"v${series.version}"` } };
      if (values["scope"] === "all") await unwrap(api().PATCH("/api/v1/lesson-series/{lessonSeriesId}", { params, body: changes }));
      else
        await unwrap(api().POST("/api/v1/lesson-series/{lessonSeriesId}/following", { params, body: { ...changes, from: day } }));
    },
    canUndo: () => changed.current === "one",
    preview: (item, values) => {
      if (isOne(values)) return editing.preview?.(item, values);
      const teacherId = values["teacherId"] === (item.teacherId ?? "") ? series.teacherId : values["teacherId"];
      const ofAll = { ...values, teacherId: teacherId ?? "" };
      return <SeriesPreview series={series} values={ofAll} {...(values["scope"] === "all" ? {} : { from: day })} />;
    },
  };
  return (
    <EditDrawer
      item={lesson}
      name={lesson.title}
      edit={edit}
      queryKey={LIST_KEY}
      links={
        <>
          {links}
          <DeleteMenu lesson={lesson} day={day} series={series} onClose={onClose} />
        </>
      }
      onClose={onClose}
    />
  );
}

type SeriesPreviewProps = {
  readonly series: LessonSeries;
  readonly values: Values;
  /** Default: today. */
  readonly from?: string;
};

/** What the series would be from a day on. */
export function SeriesPreview({ series, values, from = todayIn(series.timeZone) }: SeriesPreviewProps) {
  const body = patternBody(series, values);
  if (body.weekly.some(({ days }) => days.length === 0)) return null;
  const endsOn = body.endsOn === undefined ? series.endsOn : body.endsOn;
  const isEndless = endsOn === null && series.count !== null && body.count === undefined;
  // How many of its number are left is known to the server alone.
  if (isEndless) return null;
  const pattern = { ...body, startsOn: from > series.startsOn ? from : series.startsOn, endsOn };
  return <PlanPreview values={values} pattern={pattern} isSeries except={{ seriesId: series.id }} />;
}

function todayIn(timeZone: string): string {
  return DateTime.now().setZone(timeZone).toFormat("yyyy-MM-dd");
}

function DeleteMenu({ lesson, day, series, onClose }: OfSeriesProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const tell = useChangeToast();
  const formatDate = useFormatDate();
  const run = (call: () => Promise<unknown>) => async () => {
    try {
      await call();
      tell(t("series.deleted"));
      onClose();
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
    }
    await client.invalidateQueries({ queryKey: LIST_KEY });
  };
  const item = (label: string, call: () => Promise<unknown>) => ({
    label,
    icon: TRASH_ICON,
    isDanger: true,
    run: () => void run(call)(),
  });
  return (
    <Menu
      label={t("series.more")}
      items={[
        item(t("series.deleteOne"), () => deleteLesson(lesson.id)),
        item(t("series.deleteFollowing", { day: formatDate(day) }), () => deleteFollowing(series, day)),
        item(t("series.deleteAll"), () => deleteSeries(series.id)),
      ]}
    />
  );
}
