/** Shows the streams that are live, each with a thumbnail, its uplink and its viewers. */

import { Link } from "wouter";
import { useTranslation } from "../../texts/use-translation.ts";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import { Thumbnail, useLook } from "./thumbnail.tsx";

export type LiveStreamSummary = {
  readonly app: string;
  readonly name: string;
  readonly still: string;
  readonly uplink: { readonly health: string };
  readonly viewers: { readonly total: number };
};
type LessonLink = { readonly id: string; readonly title: string };

const THUMBNAIL_MS = 4000;

type LiveStreamsProps = {
  readonly streams: readonly LiveStreamSummary[];
  readonly lessonOf: (streamName: string) => LessonLink | undefined;
};

export function LiveStreams({ streams, lessonOf }: LiveStreamsProps) {
  const { t } = useTranslation();
  const look = useLook(THUMBNAIL_MS);
  return (
    <div className="live-wall">
      {streams.map(({ app, name, still, uplink, viewers }) => (
        <div key={`${app}/${name}`} className="live-card">
          <Thumbnail address={`${still}&look=${look}`} />
          <div className="row">
            <StreamName name={name} lesson={lessonOf(name)} />
            <span className={`health ${uplink.health}`}>{t([`uplinkHealth.${uplink.health}`, "uplinkHealth.unknown"])}</span>
          </div>
          <Viewers count={viewers.total} lesson={lessonOf(name)} />
        </div>
      ))}
    </div>
  );
}

/** How many watch, and the way to how they see it. */
function Viewers({ count, lesson }: { count: number; lesson: LessonLink | undefined }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const text = t("viewers", { count });
  if (!lesson) return <div className="row text-muted">{text}</div>;
  return (
    <div className="row">
      <span className="text-muted">{text}</span>
      <Link
        href={schoolPath(scope, `/lessons/${lesson.id}/experience`)}
        aria-label={t("experience.openOf", { title: lesson.title })}
      >
        {t("experience.open")}
      </Link>
    </div>
  );
}

/** The title of the lesson; a stream without a lesson shows its own name. */
function StreamName({ name, lesson }: { name: string; lesson: LessonLink | undefined }) {
  if (!lesson) return <span className="stream-name">{name}</span>;
  return (
    <a className="stream-name" href={`/studio/${lesson.id}`}>
      {lesson.title}
    </a>
  );
}
