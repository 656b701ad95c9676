/** Lessons, and those in the bin. */
import type { Lesson } from "@lectern/client";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { CsvImport } from "../list/csv-import.tsx";
import type { Field, Values } from "../list/fields-form.tsx";
import { nonEmpty, SearchFilter, SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { fromLocalInput, toLocalInput, useFormatTime, useTimeZone } from "../school/school-time.ts";

const STATES = ["scheduled", "live", "ended"] as const;
/** In the filter, beside the states. */
const BIN = "deleted";

export function Lessons() {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const time = useFormatTime();
  const zone = useTimeZone();
  const stateFilter = useUrlFilter("state");
  const searchFilter = useUrlFilter("search");
  const courseFilter = useUrlFilter("course");
  const scope = schoolQuery(place);
  const teachers = useQuery({
    queryKey: ["users", "teachers", place.school?.id],
    queryFn: () => unwrap(api().GET("/api/v1/users", { params: { query: { ...scope, role: "teacher", limit: 1000 } } })),
  });
  const courses = useQuery({
    queryKey: ["courses", "all", place.school?.id],
    queryFn: () => unwrap(api().GET("/api/v1/courses", { params: { query: { ...scope, limit: 1000 } } })),
  });
  const named = (of: { items: readonly { readonly id: string; readonly name: string }[] } | undefined) =>
    (of?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const nameIn = (options: readonly { value: string; label: string }[], id: string | null) =>
    options.find(({ value }) => value === id)?.label ?? "";
  const [teacherOptions, courseOptions] = [named(teachers.data), named(courses.data)];
  const inBin = stateFilter[0] === BIN;
  const state = STATES.find((one) => one === stateFilter[0]);
  const query = {
    ...scope,
    ...nonEmpty({ state, deleted: inBin ? "true" : undefined, search: searchFilter[0], courseId: courseFilter[0] }),
  };
  const fields = (lesson: Lesson | null): Field[] => [
    { name: "title", label: t("fields.title"), required: true, value: lesson?.title ?? "" },
    {
      name: "startsAt",
      label: t("inZone", { what: t("fields.startsAt"), zone }),
      type: "datetime-local",
      value: toLocalInput(lesson?.startsAt ?? null, zone),
    },
    {
      name: "endsAt",
      label: t("inZone", { what: t("fields.endsAt"), zone }),
      type: "datetime-local",
      value: toLocalInput(lesson?.endsAt ?? null, zone),
    },
    { name: "teacherId", label: t("fields.teacher"), options: teacherOptions, value: lesson?.teacherId ?? "" },
    { name: "courseId", label: t("fields.course"), options: courseOptions, value: lesson?.courseId ?? "" },
    {
      name: "record",
      label: t("fields.record"),
      required: true,
      value: lesson?.record ? "yes" : "no",
      options: ["no", "yes"].map((value) => ({ value, label: t(value) })),
    },
  ];
  const body = ({ title = "", startsAt, endsAt, teacherId, courseId, record }: Values) => ({
    title,
    record: record === "yes",
    startsAt: fromLocalInput(startsAt, zone),
    endsAt: fromLocalInput(endsAt, zone),
    teacherId: teacherId || null,
    courseId: courseId || null,
  });
  const params = ({ id }: Lesson) => ({ params: { path: { lessonId: id } } });
  const toBin = {
    label: t("remove"),
    doneMessage: (count: number) => t("binned", { count }),
    run: (lesson: Lesson) => unwrap(api().DELETE("/api/v1/lessons/{lessonId}", params(lesson))),
    undo: (lesson: Lesson) => unwrap(api().POST("/api/v1/lessons/{lessonId}/restore", params(lesson))),
    appliesTo: (lesson: Lesson) => lesson.state !== "live",
  };
  const fromBin = {
    label: t("restore"),
    doneMessage: (count: number) => t("restored", { count }),
    run: toBin.undo,
    undo: toBin.run,
  };
  const end = {
    label: t("endLessons"),
    doneMessage: (count: number) => t("ended", { count }),
    run: (lesson: Lesson) => unwrap(api().POST("/api/v1/lessons/{lessonId}/end", params(lesson))),
    appliesTo: (lesson: Lesson) => lesson.state === "live",
  };
  return (
    <ListPage
      title={t("nav.lessons")}
      queryKey={["lessons", query]}
      path="/lessons"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/lessons", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={(lesson) => lesson.id}
      nameOf={(lesson) => lesson.title}
      filters={
        <>
          <SearchFilter filter={searchFilter} />
          <SelectFilter
            label={t("fields.state")}
            options={[...STATES, BIN].map((value) => ({ value, label: t(`states.${value}`) }))}
            filter={stateFilter}
          />
          <SelectFilter label={t("fields.course")} options={courseOptions} filter={courseFilter} />
          <CsvImport kind="timetable" of="lessons" />
        </>
      }
      columns={[
        {
          label: t("fields.title"),
          show: (lesson) => (inBin ? lesson.title : <a href={`/studio/${lesson.id}`}>{lesson.title}</a>),
        },
        { label: t("fields.state"), show: (lesson) => t(`states.${lesson.deletedAt ? BIN : lesson.state}`) },
        { label: t("fields.startsAt"), show: (lesson) => time(lesson.startsAt) },
        { label: t("fields.teacher"), show: (lesson) => nameIn(teacherOptions, lesson.teacherId) },
        { label: t("fields.course"), show: (lesson) => nameIn(courseOptions, lesson.courseId) },
        {
          label: t("fields.code"),
          show: (lesson) => (lesson.code && !inBin ? <a href={`/j/${lesson.code}`}>{lesson.code}</a> : ""),
        },
      ]}
      add={{
        fields: fields(null),
        save: async (values) => {
          const { title, record, ...rest } = body(values);
          const given = nonEmpty(Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, value ?? undefined])));
          await unwrap(api().POST("/api/v1/lessons", { body: { ...scope, title, mode: "broadcast", record, ...given } }));
          return undefined;
        },
      }}
      {...(inBin
        ? {}
        : {
            edit: {
              fields,
              save: (lesson: Lesson, values: Values) =>
                unwrap(
                  api().PATCH("/api/v1/lessons/{lessonId}", {
                    // Somebody else may have changed it since it was read; then nothing is overwritten.
                    params: { path: { lessonId: lesson.id }, header: { "If-Match": `"v${lesson.version}"` } },
                    body: body(values),
                  }),
                ),
            },
          })}
      actions={inBin ? [fromBin] : [toBin, end]}
      refetchMs={5000}
    />
  );
}
