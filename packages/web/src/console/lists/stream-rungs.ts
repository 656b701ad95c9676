/** Tells the rungs of a live stream from the stream: each is a stream of its own, named `NAME@RUNG`. */

type NamedStream = {
  readonly app: string;
  readonly name: string;
  readonly viewers: { readonly total: number };
  /** Null: no picture was sent yet. */
  readonly video?: object | null;
};

type LadderJob = {
  readonly app: string;
  readonly name: string;
  readonly rungs: readonly JobRung[];
};

export type JobRung = {
  readonly name: string;
  readonly state: "running" | "dropped";
  /** How far it is behind its source, milliseconds. */
  readonly lagMs: number;
  /** Why it was dropped. */
  readonly problem: string | null;
};

/** The streams without their rungs. A stream counts the viewers of its rungs too, where they are in the list. */
export function withoutRungs<Stream extends NamedStream>(streams: readonly Stream[]): readonly Stream[] {
  const viewersOf = (name: string, app: string) =>
    streams
      .filter((other) => other.app === app && other.name.startsWith(`${name}@`))
      .reduce((sum, { viewers }) => sum + viewers.total, 0);
  return streams
    .filter(({ name }) => !name.includes("@"))
    .map((stream) => ({
      ...stream,
      viewers: { ...stream.viewers, total: stream.viewers.total + viewersOf(stream.name, stream.app) },
    }));
}

/** The name of the lesson's own stream: those of its people are `NAME~PARTICIPANT`. */
export function lessonStream(name: string): string {
  return name.split("~")[0] ?? name;
}

/** Of a lesson whose people publish, one stream: the lesson's own where it is live, else the first of its people, and of those with a picture. */
export function onePerLesson<Stream extends NamedStream>(streams: readonly Stream[]): readonly Stream[] {
  const rank = ({ name, video }: Stream) => (name === lessonStream(name) ? 2 : video ? 1 : 0);
  const shown = new Map<string, Stream>();
  for (const stream of streams) {
    const key = `${stream.app}/${lessonStream(stream.name)}`;
    const before = shown.get(key);
    if (!before || rank(stream) > rank(before)) shown.set(key, stream);
  }
  return [...shown.values()];
}

type StreamedLesson = { readonly title: string; readonly stream: Pick<NamedStream, "app" | "name"> | null };

/** The titles of lessons by the names of their own streams, as `APP/NAME`. */
export function titlesOfStreams(lessons: readonly StreamedLesson[]): ReadonlyMap<string, string> {
  return new Map(lessons.flatMap(({ title, stream }) => (stream ? [[`${stream.app}/${stream.name}`, title] as const] : [])));
}

/** The rungs of a stream, the largest first; empty where none are made. */
export function rungsOfStream(jobs: readonly LadderJob[], { app, name }: Pick<NamedStream, "app" | "name">): readonly JobRung[] {
  return largestFirst(jobs.find((job) => job.app === app && job.name === name && job.rungs.length > 0)?.rungs ?? []);
}

/** Names are sizes, such as 720p; other names come after them. */
export function largestFirst(rungs: readonly JobRung[]): readonly JobRung[] {
  const size = ({ name }: JobRung) => Number(/^(\d+)p$/.exec(name)?.[1] ?? 0);
  const rank = ({ name }: JobRung) => (name === "audio" ? 1 : 0);
  return rungs.toSorted((a, b) => size(b) - size(a) || rank(a) - rank(b));
}
