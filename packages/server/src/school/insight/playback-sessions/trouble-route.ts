/** Serves the API route for viewers who report a problem: the answer's number leads to the session of their player, and to the entry of the log. */
import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { viewBeacon } from "../../../contracts/playback-sessions/view-beacon.ts";
import { addressOwner } from "../../../platform/address.ts";
import { systemClock } from "../../../platform/clock.ts";
import { LogThrottle } from "../../../platform/log-throttle.ts";
import { RateLimit } from "../../../platform/rate-limit.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam } from "../../foundation/requests/fields.ts";
import { assertRate } from "../../foundation/requests/request-rate.ts";
import type { LessonContext } from "../../lessons/change-lesson.ts";
import { newCode } from "../../lessons/join-code.ts";
import { keepComplaint } from "./complaints.ts";

/** Problem reports of one person, and of one address, which a whole school may share. */
const REPORTS_OF_PERSON = { burst: 5, perSecond: 1 / 20 };
const REPORTS_OF_ADDRESS = { burst: 60, perSecond: 1 };

const troubleReport = z.strictObject({
  viewer: id.optional(),
  view: viewBeacon.shape.sid
    .nullable()
    .optional()
    .describe("The session that the player tells of in its beacons; null: it tells nothing."),
  state: z.string().max(40).describe("State of the player."),
  engine: z.string().max(40).optional(),
  stalls: z.int().min(0).optional(),
  stallMs: z.number().min(0).optional(),
  reconnects: z.int().min(0).optional(),
  behind: z.number().min(0).optional(),
  firstFrameMs: z.number().min(0).nullable().optional(),
});

export type TroubleContext = Pick<LessonContext, "db" | "log">;

export function troubleRoute({ db, log }: TroubleContext): ApiRoute {
  const ofPerson = new RateLimit(REPORTS_OF_PERSON);
  const ofAddress = new RateLimit(REPORTS_OF_ADDRESS);
  const throttle = new LogThrottle(systemClock, (count) => log.warn({ count }, "playback problem reports suppressed"));
  return route({
    id: "reportTrouble",
    method: "POST",
    path: "/lessons/:lessonId/trouble",
    tag: "Joining",
    summary:
      "Report a playback problem; the number of the answer opens `GET /api/v1/views/NUMBER/why`, and finds the entry of the log",
    access: everybody("lessons:read"),
    rights: ["++++++++", "++++++++"],
    params: idParam("lessonId"),
    body: troubleReport,
    status: 202,
    answer: z.object({ trace: z.string().describe("Eight letters and digits, to read aloud.") }).meta({ id: "Trace" }),
    refusals: [],
    handle: async ({ actor, params: { lessonId }, body, ip, agent }) => {
      // Guests are counted by their address: the participant that they name is not verified.
      if (actor.id !== null) assertRate(ofPerson, [actor.id], schoolText("trouble-limit"));
      assertRate(ofAddress, [addressOwner(ip)], schoolText("trouble-limit"));
      const trace = newCode();
      const report = { trace, lesson: lessonId, ip, agent, ...body };
      if (throttle.allow()) log.warn(report, "viewer reported a playback problem");
      // The log has the report in any case.
      await keepComplaint(db, { number: trace, viewId: body.view ?? null, lessonId }, systemClock.utc()).catch((error: unknown) =>
        log.error({ err: error, trace }, "playback problem report not stored"),
      );
      return { body: { trace } };
    },
  });
}
