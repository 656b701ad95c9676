import assert from "node:assert/strict";
import { test } from "node:test";
import type { Examination } from "@lectern/client";
import { FACT_KINDS } from "@lectern/exam";
import type { Translate } from "../../../texts/use-translation.ts";
import { type ExamFormParts, examBody, examFields, examStage } from "./exam-form.ts";

const t: Translate = (key) => key;
const ZONE = "Asia/Shanghai";
const PARTS: ExamFormParts = { t, zone: ZONE, papers: [], courses: [], box: () => () => null };
const EXAM: Examination = {
  id: "e1",
  schoolId: "s1",
  courseId: null,
  paperId: "p1",
  title: "Algebra",
  code: "ABCD2345",
  opensAt: "2026-12-01T01:00:00.000Z",
  closesAt: "2026-12-01T03:00:00.000Z",
  latestEntryAt: null,
  seconds: 2700,
  attempts: 2,
  guests: true,
  accessCode: "tiger",
  practice: false,
  facts: ["page-left", "page-back", "other-device"],
  offlineSeconds: 600,
  resultsShown: "answers",
  standing: "percentile",
  supervision: { camera: "required", screen: true, phone: false, keepDays: 14 },
  publishedAt: null,
  releasedAt: null,
  createdAt: "2026-11-30T01:00:00.000Z",
  version: 1,
};

const valuesOf = (exam: Examination | null) =>
  Object.fromEntries(examFields(exam, PARTS).map(({ name, value = "" }) => [name, value]));

test("the form of an examination gives back the same examination", () => {
  const body = examBody(valuesOf(EXAM), ZONE, t);
  assert.deepEqual(body, Object.fromEntries(Object.keys(body).map((name) => [name, EXAM[name as keyof Examination]])));
  assert.equal(Object.keys(body).length, 16);
});

test("a published examination keeps its paper, its course and the number of attempts", () => {
  const body = examBody(valuesOf({ ...EXAM, publishedAt: EXAM.createdAt }), ZONE, t);
  for (const name of ["paperId", "courseId", "attempts"]) assert.ok(!(name in body), name);
});

test("a new examination notes everything, and needs its times", () => {
  const values = { ...valuesOf(null), opensAt: "2026-12-01T09:00", closesAt: "2026-12-01T11:00" };
  const { facts, opensAt } = examBody(values, ZONE, t);
  assert.deepEqual([[...facts].sort(), opensAt], [[...FACT_KINDS].sort(), EXAM.opensAt]);
  assert.throws(() => examBody({ ...values, closesAt: "" }, ZONE, t));
});

test("the stage of an examination follows its times, until its results are released", () => {
  const published = { ...EXAM, publishedAt: EXAM.createdAt };
  const [before, during, after] = ["2026-12-01T00:59:59Z", "2026-12-01T02:00:00Z", "2026-12-01T03:00:00Z"].map((time) =>
    Date.parse(time),
  );
  assert.equal(examStage(EXAM, during ?? 0), "draft");
  assert.deepEqual(
    [before, during, after].map((now) => examStage(published, now ?? 0)),
    ["waiting", "open", "closed"],
  );
  assert.equal(examStage({ ...published, releasedAt: EXAM.closesAt }, after ?? 0), "released");
});
