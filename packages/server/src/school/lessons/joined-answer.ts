/** Defines what a participant gets who has joined a lesson: the lesson, signed links, and the watermark. */
import type { Db, Lesson, Participant } from "../foundation/store/tables.ts";
import { signedPlayUrls } from "./play-urls.ts";
import { GUEST_READER, lessonResponse } from "./shapes.ts";
import { findShownPage } from "./shown-page.ts";
import { isEncrypted, shownRulesOfLesson } from "./shown-rules.ts";
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

type Context = { readonly db: Db; readonly streams: Pick<StreamControl, "rtmpOf" | "srtOf" | "linkSecret"> };

export async function joinedAnswer({ db, streams }: Context, { lesson, participant, token, origin }: Joined) {
  const hosts = { origin, rtmp: streams.rtmpOf(origin), srt: streams.srtOf(origin) };
  const waiting = participant.waiting_since !== null;
  const rules = waiting ? [] : await shownRulesOfLesson(db, lesson);
  const urls = { secret: streams.linkSecret(), hosts, isEncrypted: isEncrypted(rules) };
  const links = waiting ? waitingRoom() : signedPlayUrls(lesson, participant.id, urls);
  const watermark = waiting ? null : lessonWatermark(rules, participant);
  const shownPage = waiting ? null : await findShownPage(db, lesson.id);
  const { id: viewer, name } = participant;
  return { viewer, name, token, waiting, watermark, shownPage, lesson: lessonResponse(lesson, hosts, GUEST_READER), ...links };
}

/** What a guest gets who has to wait. */
function waitingRoom() {
  const soon = new Date(Date.now() + ASK_AGAIN_MS);
  return { play: null, expiresAt: soon, renewAt: soon };
}
