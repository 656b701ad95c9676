/** Defines what a participant gets who has joined a lesson: the lesson, signed links, and the watermark. */
import type { Db, Lesson, Participant } from "../foundation/store/tables.ts";
import { signedPlayUrls } from "./play-urls.ts";
import { GUEST_READER, lessonResponse } from "./shapes.ts";
import { findShownPage, type ShownPage } from "./shown-page.ts";
import { isEncrypted, type ShownRule, shownRulesOfLesson } from "./shown-rules.ts";
import type { StreamControl } from "./stream-control.ts";
import { lessonWatermark } from "./watermark.ts";

/** A guest in the waiting room asks again after this long. */
const ASK_AGAIN_MS = 3000;

type Joined = {
  readonly lesson: Lesson;
  readonly participant: Participant;
  /** Of a guest, at the first join. */
  readonly token: string | null;
  /** The public origin of this server. */
  readonly origin: string;
};

/** What a lesson shows to all of its participants at a moment. */
export type LessonView = { readonly rules: readonly ShownRule[]; readonly shownPage: ShownPage | null };

export async function lessonView(db: Db, lesson: Lesson): Promise<LessonView> {
  return { rules: await shownRulesOfLesson(db, lesson), shownPage: await findShownPage(db, lesson.id) };
}

export function joinedAnswer(
  streams: Pick<StreamControl, "rtmpOf" | "srtOf" | "linkSecret">,
  { lesson, participant, token, origin }: Joined,
  view: LessonView,
) {
  const hosts = { origin, rtmp: streams.rtmpOf(origin), srt: streams.srtOf(origin) };
  const waiting = participant.waiting_since !== null;
  const urls = { secret: streams.linkSecret(), hosts, isEncrypted: isEncrypted(view.rules) };
  const links = waiting ? waitingRoom() : signedPlayUrls(lesson, participant.id, urls);
  const watermark = waiting ? null : lessonWatermark(view.rules, participant);
  const shownPage = waiting ? null : view.shownPage;
  const { id: viewer, name } = participant;
  return { viewer, name, token, waiting, watermark, shownPage, lesson: lessonResponse(lesson, hosts, GUEST_READER), ...links };
}

/** What a guest gets who has to wait. */
function waitingRoom() {
  const soon = new Date(Date.now() + ASK_AGAIN_MS);
  return { play: null, expiresAt: soon, renewAt: soon };
}
