/** What the API takes and shows of lessons. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newLessonRow } from "./lesson-row.ts";
import { endsAfterStart, lessonResponse, newLesson } from "./shapes.ts";

const HOSTS = { origin: "https://school.example", rtmp: "rtmp://school.example", srt: null };

function lesson(guests: boolean) {
  const times = { startsAt: null, endsAt: null };
  const row = newLessonRow({
    schoolId: "s",
    title: "T",
    courseId: null,
    teacherId: null,
    mode: "broadcast",
    record: false,
    ...times,
    guests,
  });
  const rest = {
    started_at: null,
    started_by: null,
    ended_at: null,
    ended_by: null,
    publisher_left_at: null,
    deleted_at: null,
    record_choice: null,
    picture_id: null,
    picture_settled: false,
  };
  const doors = { locked: false, waiting_room: false, open_to_school: false, captions: false, former_key_hash: null };
  const ladder = { ladder: null, ladder_start: null };
  const ofSeries = { series_id: null, occurrence: null, series_edited: false };
  return { ...row, ...rest, ...doors, ...ladder, ...ofSeries, updated_at: new Date(0), created_at: new Date(), version: 1 };
}

test("a lesson ends after it starts, in whatever time zones both are given", () => {
  assert.equal(endsAfterStart({ startsAt: "2026-11-20T09:00:00+08:00", endsAt: "2026-11-20T01:00:01Z" }), true);
  assert.equal(endsAfterStart({ startsAt: "2026-11-20T09:00:00+08:00", endsAt: "2026-11-20T01:00:00Z" }), false);
  assert.equal(endsAfterStart({ startsAt: null, endsAt: "2026-11-20T01:00:00Z" }), true);
  assert.equal(
    newLesson.safeParse({ title: "T", startsAt: "2026-11-20T09:00:00Z", endsAt: "2026-11-20T08:00:00Z" }).success,
    false,
  );
});

test("only those who teach a lesson see its publish key", () => {
  const row = lesson(true);
  assert.equal(lessonResponse(row, HOSTS, { mayInvite: false, mayPublish: true }).stream?.publishKey, row.publish_key);
  assert.equal(JSON.stringify(lessonResponse(row, HOSTS, { mayInvite: true, mayPublish: false })).includes(row.publish_key), false);
});

test("the code is shown to those who teach, and to everyone where guests may join", () => {
  const shown = (guests: boolean, teaches: boolean) =>
    lessonResponse(lesson(guests), HOSTS, { mayInvite: teaches, mayPublish: false }).code !== null;
  assert.deepEqual([shown(true, false), shown(false, false), shown(false, true)], [true, false, true]);
});

test("a new lesson's capacity follows from its mode, unless it is given", () => {
  const capacity = (mode: "broadcast" | "interactive-small" | "one-to-one", given?: number | null) =>
    newLessonRow({
      schoolId: "s",
      title: "T",
      courseId: null,
      teacherId: null,
      startsAt: null,
      endsAt: null,
      mode,
      record: false,
      guests: true,
      capacity: given,
    }).capacity;
  assert.deepEqual([capacity("broadcast"), capacity("interactive-small"), capacity("one-to-one")], [null, 20, 2]);
  assert.deepEqual([capacity("one-to-one", 5), capacity("one-to-one", null)], [5, null]);
});
