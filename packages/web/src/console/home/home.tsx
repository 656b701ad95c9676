/** What is live, what is next, and how to begin. */
import { Alert, Button, Card, Group, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { Attention } from "./attention.tsx";

const STILL_EVERY_MS = 4000;
const NEXT_MS = 3 * 86_400_000;
/** A lesson that should have begun is named for so long. */
const LATE_MS = 12 * 3_600_000;
const SHOWN_NEXT = 10;
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

export function Home() {
  const { t } = useTranslation();
  const time = useFormatTime();
  const place = useSchoolScope();
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((before) => before + 1), STILL_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const streams = useQuery({
    queryKey: ["streams"],
    queryFn: () => unwrap(api().GET("/api/v1/streams", { params: { query: { limit: 60 } } })),
    refetchInterval: 3000,
  });
  const lessons = useQuery({
    queryKey: ["lessons", "live", place.school?.id],
    queryFn: () =>
      unwrap(api().GET("/api/v1/lessons", { params: { query: { ...schoolQuery(place), state: "live", limit: 1000 } } })),
    refetchInterval: 5000,
  });
  const lessonOf = (name: string) => lessons.data?.items.find(({ play }) => play.rtmp.endsWith(`/${name}`));
  const from = new Date(Math.floor(Date.now() / 60_000) * 60_000);
  const next = useQuery({
    queryKey: ["lessons", "next", place.school?.id, from.getTime()],
    queryFn: () => {
      const query = {
        ...schoolQuery(place),
        state: "scheduled" as const,
        from: new Date(from.getTime() - LATE_MS).toISOString(),
        to: new Date(from.getTime() + NEXT_MS).toISOString(),
        limit: 200,
      };
      return unwrap(api().GET("/api/v1/lessons", { params: { query } }));
    },
  });
  const any = useQuery({
    queryKey: ["lessons", "any", place.school?.id],
    queryFn: () => unwrap(api().GET("/api/v1/lessons", { params: { query: { ...schoolQuery(place), limit: 1 } } })),
  });
  const live = streams.data?.items ?? [];
  const begins = ({ startsAt }: { readonly startsAt: string | null }) => Date.parse(startsAt ?? "");
  const planned = [...(next.data?.items ?? [])].sort((a, b) => begins(a) - begins(b));
  const coming = planned.filter((lesson) => begins(lesson) >= from.getTime()).slice(0, SHOWN_NEXT);
  return (
    <Stack>
      <Title order={1}>{t("nav.home")}</Title>
      {any.data?.items.length === 0 && place.school ? <FirstRun /> : null}
      <Attention live={live} lessonOf={lessonOf} planned={planned} />
      <Title order={2}>{t("live")}</Title>
      {streams.isSuccess && live.length === 0 ? <Text>{t("nothingLive")}</Text> : null}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3, xl: 4 }}>
        {live.map((stream) => (
          <Card key={`${stream.app}/${stream.name}`} withBorder padding="sm">
            <Card.Section>
              <img className="still" src={`${stream.still}&look=${tick}`} alt={t("noStill")} width={320} height={180} />
            </Card.Section>
            <Group justify="space-between" mt="xs">
              <StreamName name={stream.name} lesson={lessonOf(stream.name)} />
              <span className={`health ${stream.uplink.health}`}>
                {t([`healthWord.${stream.uplink.health}`, "healthWord.unknown"])}
              </span>
            </Group>
            <Text size="sm">{t("viewers", { count: stream.viewers.total })}</Text>
          </Card>
        ))}
      </SimpleGrid>
      <Title order={2}>{t("next")}</Title>
      {next.isSuccess && coming.length === 0 ? <Text>{t("nothingNext")}</Text> : null}
      <Stack gap="xs">
        {coming.map((lesson) => (
          <Group key={lesson.id}>
            <Text w={200}>{time(lesson.startsAt)}</Text>
            <a href={`/studio/${lesson.id}`}>{lesson.title}</a>
          </Group>
        ))}
      </Stack>
    </Stack>
  );
}

/** A lesson by its title; what belongs to none by its stream's name. */
function StreamName({ name, lesson }: { name: string; lesson: { readonly id: string; readonly title: string } | undefined }) {
  if (!lesson) return <Text className="stream-name">{name}</Text>;
  return (
    <a className="stream-name" href={`/studio/${lesson.id}`}>
      {lesson.title}
    </a>
  );
}

/** Three questions: the school, its first teacher, the first lesson. */
function FirstRun() {
  const { t } = useTranslation();
  const { school } = useSchoolScope();
  const client = useQueryClient();
  const [fields, setFields] = useState({ school: school?.name ?? "", teacher: t("teacherSample"), lesson: t("lessonSample") });
  const [ready, setReady] = useState<{ words: string; lessonId: string; code: string } | null>(null);
  const [trouble, setTrouble] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!school) return;
    try {
      await unwrap(
        api().PATCH("/api/v1/schools/{schoolId}", { params: { path: { schoolId: school.id } }, body: { name: fields.school } }),
      );
      const password = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => LETTERS[byte % LETTERS.length]).join("");
      const login = `teacher${Math.floor(Math.random() * 9000 + 1000)}`;
      const body = { schoolId: school.id, login, name: fields.teacher, role: "teacher" as const, password };
      const teacher = await unwrap(api().POST("/api/v1/users", { body }));
      const lesson = await unwrap(
        api().POST("/api/v1/lessons", {
          body: { schoolId: school.id, title: fields.lesson, teacherId: teacher.id, mode: "broadcast", record: false },
        }),
      );
      setReady({ words: t("ready", { name: teacher.name, login, password }), lessonId: lesson.id, code: lesson.code ?? "" });
      await client.invalidateQueries({ queryKey: ["schools"] });
    } catch (error) {
      setTrouble(errorMessage(error, t("offline")));
    }
  };
  if (ready) {
    return (
      <Alert role="status">
        <Stack>
          <Text>{ready.words}</Text>
          <Group>
            <Button component="a" href={`/studio/${ready.lessonId}`}>
              {t("openStudio")}
            </Button>
            <Button component="a" variant="default" href={`/j/${ready.code}`}>
              {t("openClass")}
            </Button>
          </Group>
        </Stack>
      </Alert>
    );
  }
  const field = (name: keyof typeof fields, label: string) => (
    <TextInput
      label={label}
      required
      value={fields[name]}
      onChange={(event) => setFields({ ...fields, [name]: event.target.value })}
    />
  );
  return (
    <Card withBorder component="form" onSubmit={(event: FormEvent) => void submit(event)} maw={560}>
      <Stack>
        <Title order={2}>{t("firstRun")}</Title>
        <Text className="text-muted">{t("firstRunHint")}</Text>
        {field("school", t("schoolName"))}
        {field("teacher", t("teacherName"))}
        {field("lesson", t("lessonTitle"))}
        {trouble ? <Alert color="red">{t("refused", { words: trouble })}</Alert> : null}
        <Button type="submit">{t("create")}</Button>
      </Stack>
    </Card>
  );
}
