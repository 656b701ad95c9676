/** Connects candidates of examinations with the control process and the policies of access. */

import { ExamDoor } from "../../live/exams/door.ts";
import { clientFactsOf } from "../../live/http/media-request.ts";
import { systemClock } from "../../platform/clock.ts";
import type { WorkerAccess } from "./worker-access.ts";
import type { WorkerContext } from "./worker-context.ts";

export function openExams({ ask, config, events }: WorkerContext, { exams }: Pick<WorkerAccess, "exams">): ExamDoor {
  return new ExamDoor({
    ask: {
      openExams: (of) => ask("openExams", of),
      examPackage: (of) => ask("examPackage", of),
      examAnswers: (of) => ask("examAnswers", of),
      examStored: (of) => ask("examStored", of),
    },
    secrets: () => config().secrets.links,
    permit: (exam, request) => exams.check(exam, clientFactsOf(request)),
    onRefused: (exam, ip, refusal) => events.refused("exam", "exam", exam, ip, refusal),
    clock: systemClock,
  });
}
