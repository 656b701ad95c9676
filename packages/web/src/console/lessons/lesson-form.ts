/** Provides the form fields of a lesson, and the body of the API call that they stand for. */
import type { Lesson } from "@lectern/client";
import type { Translate } from "../../texts/use-translation.ts";
import { inheritedSetting, type KnownLadders, type LadderSetting, qualityFields, settingOf } from "../ladders/quality-fields.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import type { Option } from "../list/filters.tsx";
import { withZone } from "../school/zone-name.ts";
import { fromLocalInput, toLocalInput } from "../school/zoned-time.ts";
import { LESSON_MODES } from "./lesson-modes.ts";

export type LessonFormOptions = {
  readonly t: Translate;
  /** IANA name; the fields hold local times of it. */
  readonly zone: string;
  readonly teachers: readonly Option[];
  readonly courses: readonly CourseOption[];
  /** What the lesson's ladder can be. */
  readonly known: KnownLadders;
  /** The school of a new lesson, and the setting that its lessons inherit. */
  readonly schools: readonly (LadderSetting & { readonly id: string })[];
  readonly schoolId: string | undefined;
  /** Shows the kinds of lessons. Default: a select. */
  readonly modeInput?: Field["input"];
  /** Between the times and the teacher. */
  readonly repetition?: readonly Field[];
};

export type CourseOption = Option & LadderSetting;

export type EditableLesson = LadderSetting &
  Pick<Lesson, "title" | "startsAt" | "endsAt" | "teacherId" | "courseId" | "mode" | "openToSchool" | "record" | "schoolId">;

/** Title, when and who; the rest, which has a value that most lessons keep, is folded. @param lesson null for a new one */
export function lessonFields(lesson: EditableLesson | null, options: LessonFormOptions): readonly Field[] {
  const { t, zone, teachers, courses, modeInput, repetition = [] } = options;
  const time = (name: "startsAt" | "endsAt"): Field => ({
    name,
    label: withZone(t(`fields.${name}`), zone, t),
    type: "datetime-local",
    value: toLocalInput(lesson?.[name] ?? null, zone),
  });
  return [
    { name: "title", label: t("fields.title"), required: true, value: lesson?.title ?? "" },
    time("startsAt"),
    time("endsAt"),
    ...repetition,
    { name: "teacherId", label: t("fields.teacher"), options: teachers, value: lesson?.teacherId ?? "" },
    { name: "courseId", label: t("fields.course"), options: courses, value: lesson?.courseId ?? "" },
    ...[
      {
        name: "mode",
        label: t("fields.mode"),
        required: true,
        value: lesson?.mode ?? "broadcast",
        options: LESSON_MODES.map((value) => ({ value, label: t(`lessonModes.${value}`) })),
        ...(modeInput ? { input: modeInput } : {}),
      },
      whoMayJoin(lesson?.openToSchool ?? false, t),
      yesOrNo("record", t("fields.record"), lesson?.record ?? false, t),
      ...qualities(lesson, options),
    ].map((field): Field => ({ ...field, isFolded: true })),
  ];
}

function qualities(lesson: EditableLesson | null, { t, courses, known, schools, schoolId: ofNew }: LessonFormOptions) {
  const schoolId = lesson?.schoolId ?? ofNew;
  const inherited = ({ courseId }: Values) =>
    inheritedSetting([courses.find(({ value }) => value === courseId), schools.find(({ id }) => id === schoolId)]);
  return qualityFields(lesson, known, schoolId, inherited, t);
}

/** A course decides it for its lessons. */
function whoMayJoin(isOpen: boolean, t: LessonFormOptions["t"]): Field {
  const options = [
    { value: "no", label: t("whoMayJoin.invited") },
    { value: "yes", label: t("whoMayJoin.students") },
  ];
  return {
    name: "openToSchool",
    label: t("fields.openToSchool"),
    required: true,
    value: isOpen ? "yes" : "no",
    options,
    isShown: ({ courseId = "" }) => courseId === "",
  };
}

function yesOrNo(name: string, label: string, isYes: boolean, t: LessonFormOptions["t"]): Field {
  const options = (["no", "yes"] as const).map((value) => ({ value, label: t(value) }));
  return { name, label, required: true, value: isYes ? "yes" : "no", options };
}

/** Empty fields become null. */
export function lessonBody(
  { title = "", startsAt, endsAt, teacherId, courseId, mode, openToSchool, record, ...rest }: Values,
  zone: string,
) {
  return {
    title,
    mode: LESSON_MODES.find((known) => known === mode) ?? "broadcast",
    openToSchool: openToSchool === "yes",
    record: record === "yes",
    startsAt: fromLocalInput(startsAt, zone),
    endsAt: fromLocalInput(endsAt, zone),
    teacherId: teacherId || null,
    courseId: courseId || null,
    ...settingOf(rest),
  };
}
