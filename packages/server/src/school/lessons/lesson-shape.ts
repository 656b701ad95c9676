/** A lesson as the API shows it: those who lead it see its publish key, guests of an open one its code. */

import type { Lesson } from "../store/tables.ts";
import { playUrls } from "./join.ts";

export function lessonResponse(lesson: Lesson, hosts: { origin: string; rtmp: string }, leads: boolean) {
  const { stream_app: app, stream_name: name, publish_key: publishKey } = lesson;
  const mayInvite = leads || lesson.guests;
  return {
    id: lesson.id,
    schoolId: lesson.school_id,
    courseId: lesson.course_id,
    teacherId: lesson.teacher_id,
    title: lesson.title,
    mode: lesson.mode,
    state: lesson.state,
    startsAt: lesson.starts_at,
    endsAt: lesson.ends_at,
    startedAt: lesson.started_at,
    endedAt: lesson.ended_at,
    endedBy: lesson.ended_by,
    record: lesson.record,
    guests: lesson.guests,
    capacity: lesson.capacity,
    code: mayInvite ? lesson.code : null,
    joinUrl: mayInvite ? `${hosts.origin}/j/${lesson.code}` : null,
    stream: leads ? { app, name, publishKey, rtmpUrl: `${hosts.rtmp}/${app}/${name}?key=${publishKey}` } : null,
    play: playUrls(lesson, hosts),
    deletedAt: lesson.deleted_at,
    createdAt: lesson.created_at,
    version: lesson.version,
  };
}
