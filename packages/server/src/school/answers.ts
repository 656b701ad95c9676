/** Answers what media workers, node services and other nodes ask the school. */
import type { PolicyQueries, PolicySources, RefusalMessages } from "../access/policies/policy-messages.ts";
import type { ExamMessages } from "../contracts/exams/exam-messages.ts";
import type { MaterialMessages } from "../contracts/materials/material-messages.ts";
import type { ProbeMessages } from "../contracts/monitoring/probe-messages.ts";
import type { ViewMessages } from "../contracts/playback-sessions/view-messages.ts";
import type { GrowingRecordingMessages, RecordingUpdate } from "../contracts/recordings/recording-messages.ts";
import type { RoomReplayMessages } from "../contracts/rooms/room-replay.ts";
import type { RoomStreamMessages } from "../contracts/rooms/room-stream.ts";
import { RefusalError } from "../platform/api/server.ts";
import { systemClock } from "../platform/clock.ts";
import { ID } from "../platform/id.ts";
import { RoomReplay } from "./classroom/replay/room-replay.ts";
import { findActiveLesson, findLessonByCode } from "./lessons/lesson-by-code.ts";
import { applyReport } from "./lessons/materials/material-reports.ts";
import { MATERIALS } from "./lessons/materials/material-task.ts";
import { openedMaterial, openedTexts } from "./lessons/materials/slides.ts";
import { growingRecording } from "./lessons/recordings/growing-recording.ts";
import { applyRecordingUpdate } from "./lessons/recordings/recording-update.ts";
import { recordingRuleOf } from "./recording-rule-of.ts";
import type { SchoolOptions } from "./school-options.ts";
import type { Services } from "./services.ts";
import { streamPolicyOf } from "./stream-policy-of.ts";
import { storeRefusals } from "./streams/policies/refusal-log.ts";
import { addressListPart, policySnapshot } from "./streams/policies/snapshot.ts";

/** By name: what media workers, node services and other nodes ask. */
export type SchoolAnswers = PolicyQueries &
  PolicySources &
  RefusalMessages &
  MaterialMessages &
  RoomStreamMessages &
  RoomReplayMessages &
  ExamMessages &
  ViewMessages &
  ProbeMessages &
  GrowingRecordingMessages & {
    /** The files of a recording have changed. Fails when that could not be stored in the database. */
    readonly recordingSeen: (update: RecordingUpdate) => Promise<void>;
  };

export function schoolAnswers(services: Services, { recordings }: Pick<SchoolOptions, "recordings">): SchoolAnswers {
  const { store, storedSecrets, changes, signIn, space, views, probes } = services;
  const { db } = store;
  return {
    streamRule: ({ app, name }) => streamPolicyOf(db, app, name),
    recordingRule: ({ id }) => recordingRuleOf(db, id),
    policySnapshot: () => policySnapshot(db, storedSecrets),
    addressListPart: (of) => addressListPart(db, of),
    refusalsSeen: (report) => storeRefusals(db, report),
    growingRecording: (of) => growingRecording(db, of),
    recordingSeen: async (update) => {
      const changed = await applyRecordingUpdate(changes, update);
      if (!changed) return;
      recordings.ruleChanged(update.id);
      space.check(changed.schoolId);
    },
    materialReport: (report) => applyReport(changes, report, () => services.work.wake(MATERIALS)),
    openedMaterial: ({ lesson, material }) => openedMaterial(db, lesson, material),
    openedTexts: ({ lesson, material }) => openedTexts(db, lesson, material),
    roomStream: async ({ code, ip }) => {
      const find = ID.test(code) ? findActiveLesson : findLessonByCode;
      try {
        const { id: room, stream_app: app, stream_name: name } = await find(db, signIn, code, ip);
        return { room, app, name };
      } catch (error) {
        if (error instanceof RefusalError) return { refused: error.refusal.code };
        throw error;
      }
    },
    roomReplay: new RoomReplay(db, systemClock.utc).answer,
    ...services.examAnswers.answers,
    views: async (batch) => {
      await views.take(batch);
      return null;
    },
    probeTargets: () => probes.targets(),
    probeAim: (of) => probes.aim(of),
    probeRun: async (run) => {
      await probes.take(run);
      return null;
    },
  };
}
