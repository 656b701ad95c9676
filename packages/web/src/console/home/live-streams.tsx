/** The streams that are live, each with a thumbnail, its uplink and its viewers. */
import { Card, Group, SimpleGrid, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";

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
  // Changes the address of the thumbnails, so that the browser loads them again.
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((before) => before + 1), THUMBNAIL_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3, xl: 4 }}>
      {streams.map(({ app, name, still, uplink, viewers }) => (
        <Card key={`${app}/${name}`} withBorder padding="sm">
          <Card.Section>
            <img className="still" src={`${still}&look=${tick}`} alt={t("noThumbnail")} width={320} height={180} />
          </Card.Section>
          <Group justify="space-between" mt="xs">
            <StreamName name={name} lesson={lessonOf(name)} />
            <span className={`health ${uplink.health}`}>{t([`uplinkHealth.${uplink.health}`, "uplinkHealth.unknown"])}</span>
          </Group>
          <Viewers count={viewers.total} lesson={lessonOf(name)} />
        </Card>
      ))}
    </SimpleGrid>
  );
}

/** How many watch, and the way to how they see it. */
function Viewers({ count, lesson }: { count: number; lesson: LessonLink | undefined }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const text = t("viewers", { count });
  if (!lesson) return <Text size="sm">{text}</Text>;
  return (
    <Group justify="space-between">
      <Text size="sm">{text}</Text>
      <Link
        href={schoolPath(scope, `/lessons/${lesson.id}/experience`)}
        aria-label={t("experience.openOf", { title: lesson.title })}
      >
        {t("experience.open")}
      </Link>
    </Group>
  );
}

/** The title of the lesson; a stream without a lesson shows its own name. */
function StreamName({ name, lesson }: { name: string; lesson: LessonLink | undefined }) {
  if (!lesson) return <Text className="stream-name">{name}</Text>;
  return (
    <a className="stream-name" href={`/studio/${lesson.id}`}>
      {lesson.title}
    </a>
  );
}
