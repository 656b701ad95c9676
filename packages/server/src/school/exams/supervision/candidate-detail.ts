/** Presents one candidate to a supervisor: live pictures, all that was noted, messages, notes and recordings. */
import type { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { signLink } from "../../../access/links/signed-link.ts";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { countAnswered } from "../attempts/routes.ts";
import { openTalks } from "../talks.ts";
import { pictureViewer } from "./exam-looks.ts";
import { liveAddresses } from "./live-addresses.ts";
import { presentTalk } from "./present-talk.ts";
import { candidateOfStream } from "./stream-names.ts";
import { presentItem, presentStream, type WallSources, wallItem } from "./wall-items.ts";
import type { candidateShape } from "./wall-shapes.ts";

const RECORDING_SECONDS = 3600;
/** Changes of answers on the time axis. */
const MAX_ANSWERS = 1000;

type Reader = { readonly db: Db; readonly actor: Actor; readonly origin: string; readonly sources: WallSources };

export async function presentCandidate(
  { db, actor, origin, sources }: Reader,
  exam: Exam,
  attempt: ExamAttempt,
): Promise<z.input<typeof candidateShape>> {
  const { login, facts, messages, notes, answered, answers, recordings, talk } = await readCandidate(db, attempt);
  const viewer = viewerOf(actor);
  const names = await namesOf(db, [...messages.map(({ sender_id }) => sender_id), ...notes.map(({ author_id }) => author_id)]);
  const by = (id: string | null) => (id === null ? null : (names.get(id) ?? null));
  const ofWall = facts.map((one) => ({
    fact: one.fact,
    detail: one.detail,
    writtenAt: one.written_at,
    receivedAt: one.received_at,
  }));
  const item = wallItem(
    exam,
    {
      id: attempt.id,
      seat: attempt.seat,
      name: attempt.name,
      login,
      searched: "",
      groupId: attempt.group_id,
      startedAt: attempt.started_at,
      endsAt: attempt.ends_at,
      extraSeconds: attempt.extra_seconds,
      handedInAt: attempt.handed_in_at,
      pausedAt: attempt.paused_at,
      heardAt: attempt.heard_at,
      factCount: facts.length,
      facts: ofWall,
      unseenMessages: messages.filter(({ seen_at }) => seen_at === null).length,
      notes: notes.length,
    },
    sources,
  );
  return {
    ...presentItem(item, sources),
    streams: Object.fromEntries(
      [...item.streams].map(([kind, stream]) => [
        kind,
        {
          ...presentStream(stream, sources),
          play: stream.since === null ? null : liveAddresses(sources, origin, pictureViewer(actor, attempt.id), stream.name),
        },
      ]),
    ),
    facts: { count: facts.length, newest: ofWall.map(({ fact, detail, writtenAt }) => ({ fact, detail, at: writtenAt })) },
    answered,
    answers: answers.map(({ question, written_at }) => ({ question, at: written_at })),
    talk: talk && presentTalk(talk, actor),
    notes: notes.map((note) => ({ id: note.id, text: note.text, by: by(note.author_id), at: note.written_at })),
    messages: messages.map((message) => ({
      id: message.id,
      text: message.text,
      by: by(message.sender_id),
      at: message.sent_at,
      seenAt: message.seen_at,
    })),
    recordings: recordings.flatMap(({ id, name, started_at, seconds, whole }) => {
      const candidate = candidateOfStream(name);
      return candidate
        ? [{ id, kind: candidate.kind, startedAt: started_at, seconds, whole, play: replayAddresses(sources, origin, viewer, id) }]
        : [];
    }),
  };
}

async function readCandidate(db: Db, attempt: ExamAttempt) {
  const [login, facts, messages, notes, answered, recordings, answers, talks] = await Promise.all([
    loginOf(db, attempt.user_id),
    db
      .selectFrom("exam_facts")
      .selectAll()
      .where("attempt_id", "=", attempt.id)
      .orderBy("received_at", "desc")
      .orderBy("seq", "desc")
      .execute(),
    db.selectFrom("exam_messages").selectAll().where("attempt_id", "=", attempt.id).orderBy("id", "desc").execute(),
    db.selectFrom("exam_notes").selectAll().where("attempt_id", "=", attempt.id).orderBy("id", "desc").execute(),
    countAnswered(db, [attempt.id]),
    db
      .selectFrom("recordings")
      .selectAll()
      .where("attempt_id", "=", attempt.id)
      .where("deleted_at", "is", null)
      .orderBy("started_at")
      .execute(),
    db
      .selectFrom("exam_answers")
      .select(["question", "written_at"])
      .where("attempt_id", "=", attempt.id)
      .orderBy("seat", "desc")
      .orderBy("seq", "desc")
      .limit(MAX_ANSWERS)
      .execute(),
    openTalks(db, [attempt.id], Date.now()),
  ]);
  const talk = talks.get(attempt.id) ?? null;
  return { login, facts, messages, notes, answered: answered.get(attempt.id) ?? 0, answers, recordings, talk };
}

function replayAddresses({ secret, now }: WallSources, origin: string, viewer: string, id: string) {
  const link = signLink({ app: "vod", name: id, expires: Math.floor(now / 1000) + RECORDING_SECONDS, viewer }, secret);
  return { hls: `${origin}/vod/${id}.m3u8?${link}`, mp4: `${origin}/vod/${id}.mp4?${link}` };
}

/** Whom links to recordings are given to. */
export function viewerOf({ kind, id }: Actor): string {
  return id ?? kind;
}

async function loginOf(db: Db, userId: string | null): Promise<string | null> {
  if (userId === null) return null;
  const person = await db.selectFrom("users").select("login").where("id", "=", userId).executeTakeFirst();
  return person?.login ?? null;
}

export async function namesOf(db: Db, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> {
  const known = [...new Set(ids.flatMap((id) => id ?? []))];
  if (known.length === 0) return new Map();
  const people = await db.selectFrom("users").select(["id", "name"]).where("id", "in", known).execute();
  return new Map(people.map(({ id, name }) => [id, name]));
}
