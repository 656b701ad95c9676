/** The form of a lesson: its fields, and the calls that add a lesson and change it. */
import type { Lesson } from "@lectern/client";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { useLadders } from "../ladders/use-ladders.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import type { Option } from "../list/filters.tsx";
import type { Adding, Editing } from "../list/list-drawers.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useTimeZone } from "../school/school-time.ts";
import { type CourseOption, lessonBody, lessonFields } from "./lesson-form.ts";

export type FormOptions = { readonly teachers: readonly Option[]; readonly courses: readonly CourseOption[] };

export type LessonForm = {
  readonly options: FormOptions;
  /** @param times of the new lesson, as values of its fields */
  readonly adding: (times?: Readonly<Record<string, string>>) => Adding;
  readonly editing: Editing<Lesson>;
};

export function useLessonForm(): LessonForm {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const scope = schoolQuery(place);
  const zone = useTimeZone();
  const known = useLadders(scope);
  const options = useFormOptions();
  const formOptions = {
    t,
    zone,
    known,
    ...options,
    schools: place.schools,
    schoolId: scope.schoolId,
  };
  return {
    options,
    adding: (times = {}) => ({
      fields: lessonFields(null, formOptions).map((field): Field => ({ ...field, value: times[field.name] ?? field.value ?? "" })),
      save: (values: Values) => addLesson(scope, lessonBody(values, zone)),
    }),
    editing: {
      fields: (lesson) => lessonFields(lesson, formOptions),
      save: (lesson, values) => editLesson(lesson, lessonBody(values, zone)),
    },
  };
}

/** The teachers and courses of the school. */
function useFormOptions(): FormOptions {
  const scope = schoolQuery(useSchoolScope());
  const teachers = useQuery({
    queryKey: ["users", "teachers", scope],
    queryFn: () => unwrap(api().GET("/api/v1/users", { params: { query: { ...scope, role: "teacher", limit: 1000 } } })),
  });
  const courses = useQuery({
    queryKey: ["courses", "all", scope],
    queryFn: () => unwrap(api().GET("/api/v1/courses", { params: { query: { ...scope, limit: 1000 } } })),
  });
  return {
    teachers: (teachers.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
    courses: (courses.data?.items ?? []).map(({ id, name, ladder, ladderStart }) => ({
      value: id,
      label: name,
      ladder,
      ladderStart,
    })),
  };
}

type LessonBody = ReturnType<typeof lessonBody>;

async function addLesson(scope: { schoolId?: string }, body: LessonBody): Promise<undefined> {
  const { title, mode, record, openToSchool, ...rest } = body;
  const given = nonEmpty(Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, value ?? undefined])));
  await unwrap(api().POST("/api/v1/lessons", { body: { ...scope, title, mode, record, openToSchool, ...given } }));
}

/** The server refuses the change when the lesson has changed since it was read. */
function editLesson(lesson: Lesson, body: LessonBody) {
  const params = { path: { lessonId: lesson.id }, header: { "If-Match": `"v${lesson.version}"` } };
  return unwrap(api().PATCH("/api/v1/lessons/{lessonId}", { params, body }));
}
