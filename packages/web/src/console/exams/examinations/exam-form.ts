/** Provides the form of an examination: its fields, and the body of the request that they stand for. */
import type { Examination } from "@lectern/client";
import { FACT_KINDS, type FactKind } from "@lectern/exam";
import { InputError } from "../../../session/error-message.ts";
import type { Translate } from "../../../texts/use-translation.ts";
import type { Field, Values } from "../../list/fields-form.tsx";
import type { Option } from "../../list/filters.tsx";
import { isYes, yesText } from "../../question-bank/question-values.ts";
import { fromLocalInput, toLocalInput } from "../../school/zoned-time.ts";

const RESULTS = ["score", "answers", "explanations"] as const;
const STANDINGS = ["none", "rank", "percentile"] as const;
const DEFAULT_MINUTES = 45;
const DEFAULT_OFFLINE_MINUTES = 20;
const CAMERAS = ["none", "optional", "required"] as const;
const DEFAULT_KEEP_DAYS = 30;

/** Facts that a teacher switches on and off; coming back belongs to leaving. */
const FACT_GROUPS: Readonly<Record<string, readonly FactKind[]>> = {
  page: ["page-left", "page-back"],
  "full-screen": ["full-screen-left"],
  paste: ["large-paste"],
  network: ["network-away", "network-back"],
  device: ["other-device"],
};

export type ExamFormParts = {
  readonly t: Translate;
  /** IANA name. */
  readonly zone: string;
  readonly papers: readonly Option[];
  readonly courses: readonly Option[];
  /** A box that is checked or not. */
  readonly box: (label: string, hint?: string) => NonNullable<Field["input"]>;
};

/** @param exam null: a new one; @param preset values of a new one */
export function examFields(exam: Examination | null, parts: ExamFormParts, preset: Values = {}): readonly Field[] {
  const { t, box } = parts;
  return [
    { name: "title", label: t("fields.title"), required: true, value: exam?.title ?? preset["title"] ?? "" },
    ...(exam?.publishedAt ? [] : paperFields(exam, parts, preset)),
    ...timeFields(exam, parts),
    { name: "guests", label: "", value: yesText(exam?.guests ?? false), input: box(t("exams.guests"), t("exams.guestsHint")) },
    {
      name: "practice",
      label: "",
      value: yesText(exam?.practice ?? false),
      input: box(t("exams.practice"), t("exams.practiceHint")),
    },
    ...[...rareFields(exam, parts), ...supervisionFields(exam, parts)].map((field) => ({ ...field, isFolded: true })),
  ];
}

/** What stays once it is published. */
function paperFields(exam: Examination | null, { t, papers, courses }: ExamFormParts, preset: Values): readonly Field[] {
  return [
    {
      name: "paperId",
      label: t("exams.paper"),
      options: papers,
      required: true,
      searchable: true,
      value: exam?.paperId ?? preset["paperId"] ?? "",
    },
    {
      name: "courseId",
      label: t("exams.candidates"),
      hint: t("exams.candidatesHint"),
      options: courses,
      searchable: true,
      value: exam?.courseId ?? preset["courseId"] ?? "",
    },
  ];
}

function timeFields(exam: Examination | null, { t, zone }: ExamFormParts): readonly Field[] {
  const time = (name: "opensAt" | "closesAt") => ({ name, value: toLocalInput(exam?.[name] ?? null, zone), required: true });
  return [
    { ...time("opensAt"), type: "datetime-local", label: t("exams.opensAt") },
    { ...time("closesAt"), type: "datetime-local", label: t("exams.closesAt"), hint: t("exams.closesAtHint") },
    {
      name: "minutes",
      path: "seconds",
      label: t("exams.minutes"),
      type: "number",
      required: true,
      value: String(exam ? exam.seconds / 60 : DEFAULT_MINUTES),
    },
  ];
}

/** What most leave as it is. */
function rareFields(exam: Examination | null, { t, zone }: ExamFormParts): readonly Field[] {
  const facts = exam?.facts ?? FACT_KINDS;
  const chosen = Object.entries(FACT_GROUPS).filter(([, kinds]) => kinds.some((kind) => facts.includes(kind)));
  return [
    {
      name: "resultsShown",
      label: t("exams.resultsShown"),
      required: true,
      options: RESULTS.map((value) => ({ value, label: t(`exams.results.${value}`) })),
      value: exam?.resultsShown ?? "score",
    },
    {
      name: "standing",
      label: t("exams.standing"),
      hint: t("exams.standingHint"),
      required: true,
      options: STANDINGS.map((value) => ({ value, label: t(`exams.standings.${value}`) })),
      value: exam?.standing ?? "none",
    },
    { name: "accessCode", label: t("exams.accessCode"), hint: t("exams.accessCodeHint"), value: exam?.accessCode ?? "" },
    {
      name: "latestEntryAt",
      label: t("exams.latestEntryAt"),
      hint: t("exams.latestEntryHint"),
      type: "datetime-local",
      value: toLocalInput(exam?.latestEntryAt ?? null, zone),
    },
    ...(exam?.publishedAt
      ? []
      : [{ name: "attempts", label: t("exams.attempts"), type: "number" as const, value: String(exam?.attempts ?? 1) }]),
    {
      name: "offlineMinutes",
      path: "offlineSeconds",
      label: t("exams.offlineMinutes"),
      hint: t("exams.offlineHint"),
      type: "number",
      value: String(exam ? exam.offlineSeconds / 60 : DEFAULT_OFFLINE_MINUTES),
    },
    {
      name: "facts",
      label: t("exams.facts"),
      hint: t("exams.factsHint"),
      multiple: true,
      options: Object.keys(FACT_GROUPS).map((value) => ({ value, label: t(`exams.factGroups.${value}`) })),
      value: chosen.map(([name]) => name).join(" "),
    },
  ];
}

/** What candidates publish for those who supervise. */
function supervisionFields(exam: Examination | null, { t, box }: ExamFormParts): readonly Field[] {
  const { camera = "none", screen = false, phone = false, keepDays = DEFAULT_KEEP_DAYS } = exam?.supervision ?? {};
  return [
    {
      name: "camera",
      path: "supervision.camera",
      label: t("supervision.camera"),
      hint: t("supervision.cameraHint"),
      required: true,
      options: CAMERAS.map((value) => ({ value, label: t(`supervision.cameras.${value}`) })),
      value: camera,
    },
    { name: "screen", label: "", value: yesText(screen), input: box(t("supervision.screen"), t("supervision.screenHint")) },
    { name: "phone", label: "", value: yesText(phone), input: box(t("supervision.phone"), t("supervision.phoneHint")) },
    {
      name: "keepDays",
      path: "supervision.keepDays",
      label: t("supervision.keepDays"),
      hint: t("supervision.keepDaysHint"),
      type: "number",
      value: String(keepDays),
      isShown: isFilmed,
    },
  ];
}

function isFilmed(values: Values): boolean {
  return values["camera"] !== "none" || isYes(values["screen"]) || isYes(values["phone"]);
}

/** @throws InputError */
export function examBody(values: Values, zone: string, t: Translate) {
  const time = (name: string) => fromLocalInput(values[name], zone);
  const [opensAt, closesAt] = [time("opensAt"), time("closesAt")];
  if (opensAt === null) throw new InputError(t("exams.timeNeeded"), "opensAt");
  if (closesAt === null) throw new InputError(t("exams.timeNeeded"), "closesAt");
  const results = RESULTS.find((one) => one === values["resultsShown"]);
  return {
    title: values["title"] ?? "",
    opensAt,
    closesAt,
    latestEntryAt: time("latestEntryAt"),
    seconds: Math.round(Number(values["minutes"]) * 60),
    guests: isYes(values["guests"]),
    practice: isYes(values["practice"]),
    accessCode: values["accessCode"] ?? "",
    offlineSeconds: Math.round(Number(values["offlineMinutes"]) * 60),
    facts: (values["facts"] ?? "").split(" ").flatMap((group) => FACT_GROUPS[group] ?? []),
    resultsShown: results ?? "score",
    standing: STANDINGS.find((one) => one === values["standing"]) ?? "none",
    supervision: {
      camera: CAMERAS.find((one) => one === values["camera"]) ?? "none",
      screen: isYes(values["screen"]),
      phone: isYes(values["phone"]),
      keepDays: isFilmed(values) ? Math.round(Number(values["keepDays"])) : 0,
    },
    // A published one has no such fields, and keeps what it has.
    ...(values["paperId"] === undefined ? {} : { paperId: values["paperId"] || null }),
    ...(values["courseId"] === undefined ? {} : { courseId: values["courseId"] || null }),
    ...(values["attempts"] === undefined ? {} : { attempts: Number(values["attempts"]) }),
  };
}

export type ExamStage = "draft" | "waiting" | "open" | "closed" | "released";

/** @param now milliseconds since 1970 */
export function examStage({ publishedAt, opensAt, closesAt, releasedAt }: Examination, now: number): ExamStage {
  if (publishedAt === null) return "draft";
  if (releasedAt !== null) return "released";
  if (now < Date.parse(opensAt)) return "waiting";
  return now < Date.parse(closesAt) ? "open" : "closed";
}
