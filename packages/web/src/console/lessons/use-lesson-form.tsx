/** Shows the form of a lesson: its fields, and the calls that add a lesson or a series of them, and change a lesson. */
import type { Lesson } from "@lectern/client";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";
import { InputError } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useLadders } from "../ladders/use-ladders.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import type { Option } from "../list/filters.tsx";
import type { Adding, Editing } from "../list/list-drawers.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useTimeZone } from "../school/school-time.ts";
import { type CourseOption, type EditableLesson, lessonBody, lessonFields } from "./lesson-form.ts";
import { ModeInput } from "./mode-input.tsx";
import { PlanPreview } from "./plan-preview.tsx";
import { repeatFields } from "./repeat-fields.tsx";
import { NEVER, patternOf } from "./series-pattern.ts";

export type FormOptions = { readonly teachers: readonly Option[]; readonly courses: readonly CourseOption[] };

export type LessonForm = {
  readonly options: FormOptions;
  /** @param times of the new lesson, as values of its fields */
  readonly adding: (times?: Readonly<Record<string, string>>) => Adding;
  readonly editing: Editing<Lesson>;
  /** The fields of a lesson or a series. @param repetition after its times */
  readonly fieldsOf: (lesson: EditableLesson | null, repetition: readonly Field[]) => readonly Field[];
};

export function useLessonForm(): LessonForm {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const scope = schoolQuery(place);
  const zone = useTimeZone();
  const known = useLadders(scope);
  const options = useFormOptions();
  const fieldsOf = (lesson: EditableLesson | null, repetition: readonly Field[]) =>
    lessonFields(lesson, {
      t,
      zone,
      known,
      ...options,
      schools: place.schools,
      schoolId: scope.schoolId,
      modeInput: (value, onChange) => <ModeInput key="mode" value={value} onChange={onChange} />,
      repetition,
    });
  return {
    options,
    adding: (times = {}) => ({
      fields: fieldsOf(null, repeatFields(t)).map(
        (field): Field => ({
          ...field,
          value: times[field.name] ?? field.value ?? "",
        }),
      ),
      save: (values: Values) => addLessons(scope, values, zone, t("series.startNeeded")),
      preview: (values) => <NewLessonPreview values={values} except={{}} />,
    }),
    editing: {
      fields: (lesson) => fieldsOf(lesson, []),
      save: (lesson, values) => editLesson(lesson, lessonBody(values, zone)),
      preview: (lesson, values) => <NewLessonPreview values={values} except={{ lessonId: lesson.id }} />,
    },
    fieldsOf,
  };
}

type PreviewProps = { readonly values: Values; readonly except: { readonly lessonId?: string } };

/** Of a lesson that has a start; one by itself is looked at only for its teacher and for holidays. */
function NewLessonPreview({ values, except }: PreviewProps) {
  const pattern = patternOf(values);
  if (!pattern || pattern.weekly[0]?.from === pattern.weekly[0]?.to) return null;
  return <PlanPreview values={values} pattern={pattern} isSeries={(values["repeat"] ?? NEVER) !== NEVER} except={except} />;
}

/** The teachers and courses of the school. */
export function useFormOptions(): FormOptions {
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

/** @param startNeeded what is said where a series has no start */
async function addLessons(scope: { schoolId?: string }, values: Values, zone: string, startNeeded: string): Promise<undefined> {
  const { title, mode, record, openToSchool, startsAt, endsAt, ...rest } = lessonBody(values, zone);
  const given = (more: object) =>
    nonEmpty(Object.fromEntries(Object.entries(more).map(([key, value]) => [key, value ?? undefined])));
  const fixed = { ...scope, title, mode, record, openToSchool };
  if ((values["repeat"] ?? NEVER) === NEVER) {
    await unwrap(api().POST("/api/v1/lessons", { body: { ...fixed, ...given({ ...rest, startsAt, endsAt }) } }));
    return;
  }
  const pattern = patternOf(values);
  if (!pattern) throw new InputError(startNeeded, "startsAt");
  await unwrap(api().POST("/api/v1/lesson-series", { body: { ...fixed, ...given(rest), ...pattern, timeZone: zone } }));
}

/** The server refuses the change when the lesson has changed since it was read. */
export function editLesson(lesson: Lesson, body: LessonBody) {
  const params = { path: { lessonId: lesson.id }, header: { "If-Match": `"v${lesson.version}"` } };
  return unwrap(api().PATCH("/api/v1/lessons/{lessonId}", { params, body }));
}
