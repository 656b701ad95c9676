/** Connects candidates of examinations with the control process and the policies of access. */

import { ExamDoor } from "../../live/exams/door.ts";
import { clientFactsOf } from "../../live/http/media-request.ts";
import { systemClock } from "../../platform/clock.ts";
import type { WorkerAccess } from "./worker-access.ts";
import type { WorkerContext } from "./worker-context.ts";

/** A piece may cross the cluster to the node that has the file, and the last one the network to the object storage. */
const FILE_WITHIN_MS = 20_000;

export function openExams({ ask, config, events }: WorkerContext, { exams }: Pick<WorkerAccess, "exams">): ExamDoor {
  return new ExamDoor({
    ask: {
      openExams: (of) => ask("openExams", of),
      examPackage: (of) => ask("examPackage", of),
      examAnswers: (of) => ask("examAnswers", of),
      examFilePiece: (of) => ask("examFilePiece", of, FILE_WITHIN_MS),
      examStored: (of) => ask("examStored", of),
    },
    secrets: () => config().secrets.links,
    permit: (exam, request) => exams.check(exam, clientFactsOf(request)),
    onRefused: (exam, ip, refusal) => events.refused("exam", "exam", exam, ip, refusal),
    clock: systemClock,
  });
}
