/** `/studio/LESSON`: the teacher's page: start, record and end the lesson, publish to it, watch the uplink, invite and remove people. */
import type { Lesson } from "@lectern/client";
import { preloadFlv } from "@lectern/player";
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { loadedLater } from "../components/loaded-later.tsx";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { countAsUsedWhile } from "../session/activity.ts";
import { api, unwrap } from "../session/api.ts";
import { pageQueries } from "../session/queries.ts";
import { SignIn } from "../session/sign-in.tsx";
import { useSignedInQuery } from "../session/use-signed-in-query.ts";
import "./studio.css";
import { Forwards } from "../forwards/forwards.tsx";
import { InvitedPeople } from "../invited/invited-people.tsx";
import { LessonQuality } from "../lesson-quality/lesson-quality.tsx";
import { isTwoWay } from "../stage/two-way.ts";
import { Invite } from "./invite.tsx";
import { lessonPath } from "./lesson/lesson-api.ts";
import { useMembersOutline, useStreamOutline } from "./lesson/use-stream.ts";
import { RecordButton, StartEndButton } from "./lesson-controls.tsx";
import { STUDIO_MESSAGES } from "./messages.ts";
import { Participants } from "./participants.tsx";
import { PeopleTile } from "./people-tile.tsx";
import { AfterLesson } from "./publish/after-lesson.tsx";
import { uplinkLimit } from "./publish/devices/uplink-words.ts";
import { uplinkOf, useMeasuredUplink } from "./publish/parts/use-measured-uplink.ts";
import { usePublishWith } from "./publish/parts/use-publish-with.ts";
import { Preview } from "./publish/preview.tsx";
import { PublishTile } from "./publish/publish-tile.tsx";
import { PublishSettings } from "./publish-settings.tsx";
import { Recordings } from "./recordings.tsx";
import { StudioNavigation } from "./studio-navigation.tsx";
import { Uplink } from "./uplink.tsx";
import { Watchers } from "./watchers.tsx";

// The page starts with the preview; the class follows.
const ClassSide = loadedLater(
  () => import("./room/class-side.tsx").then(({ ClassSide }) => ClassSide),
  function EmptySide() {
    const { t } = useTranslation();
    return <section className="tile side" aria-label={t("room.class")} />;
  },
);

void preloadFlv();
initTranslations(STUDIO_MESSAGES);

const REFETCH_MS = 2000;
/** `?panel=people`: the window shows the class alone, for a second screen. */
const panel = new URLSearchParams(location.search).get("panel");

function Page() {
  const { t } = useTranslation();
  const lesson = useSignedInQuery("lesson", () => unwrap(api().GET("/api/v1/lessons/{lessonId}", lessonPath)), REFETCH_MS);
  if (!lesson.signedIn) return <SignIn onDone={lesson.onSignedIn} />;
  if (lesson.data?.stream) return <Chosen lesson={lesson.data} />;
  if (lesson.data) return <AssistantStudio lesson={lesson.data} />;
  return <Message text={lesson.error === "not-found" ? t("notYours") : t(lesson.error ? "offline" : "loading")} />;
}

function Message({ text }: { text: string }) {
  const { t } = useTranslation();
  return (
    <main className="card">
      <h1>{t("studio")}</h1>
      <p role="status">{text}</p>
    </main>
  );
}

/** Assistants have no publish key; those who do not assist may not read the stream either. */
function AssistantStudio({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const stream = useStreamOutline();
  if (stream.isSuccess) return <Chosen lesson={lesson} />;
  return <Message text={t(stream.isError ? "notYours" : "loading")} />;
}

function Chosen({ lesson }: { lesson: Lesson }) {
  return panel === null ? <Studio lesson={lesson} /> : <PanelWindow lesson={lesson} />;
}

function Studio({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const live = useStreamOutline().data ?? null;
  const access = lesson.stream;
  const measured = useMeasuredUplink(access);
  const [publishWith, setPublishWith] = usePublishWith(live?.isOfSoftware ?? false);
  const [peoplePlace, setPeoplePlace] = useState<HTMLElement | null>(null);
  const isSmall = isTwoWay(lesson);
  // Who publishes begins a lesson again that has ended by itself; to be in a small one, it has to be opened first.
  const isOver = lesson.state === "ended" && (isSmall || lesson.endedBy === "hand");
  const members = useMembersOutline();
  const recorded = isSmall ? members : live;
  useEffect(() => {
    document.title = `${lesson.title} · ${t("studio")}`;
  }, [lesson.title, t]);
  useEffect(() => countAsUsedWhile(() => lesson.state === "live"), [lesson.state]);
  return (
    <main className="studio">
      <header className="row studio-header">
        <StudioNavigation />
        <div>
          <h1>{lesson.title}</h1>
          <p className={lesson.state === "live" ? "live" : "text-muted"}>{t(`state.${lesson.state}`)}</p>
        </div>
        <div className="row">
          {lesson.startedAt ? (
            <a className="button" href={`/console/lessons/${lesson.id}/experience`}>
              {t("viewerExperience")}
            </a>
          ) : null}
          {recorded ? <RecordButton recording={recorded.recording} /> : null}
          <StartEndButton lesson={lesson} />
        </div>
      </header>
      {isOver ? <AfterLesson lesson={lesson} /> : null}
      {isSmall && !isOver ? <PeopleTile onPlace={setPeoplePlace} /> : null}
      {isSmall ? null : access ? (
        // It stays, hidden, until it has closed the devices of a lesson that has ended.
        <PublishTile
          {...{ lesson, access, isLive: live !== null, measured, publishWith, isHidden: isOver }}
          onPublishWith={setPublishWith}
        />
      ) : isOver ? null : (
        <Preview isLive={live !== null} />
      )}
      <ClassSide lesson={lesson} peoplePlace={peoplePlace} />
      {lesson.state === "ended" ? <LessonQuality lesson={lesson} /> : null}
      {!isSmall && (live || (publishWith === "software" && !isOver) || !access) ? <Uplink /> : null}
      {!isSmall && access && publishWith === "software" && !isOver ? (
        <PublishSettings stream={access} uplinkKbps={live?.uplinkKbps ?? null} measuredKbps={uplinkLimit(uplinkOf(measured))} />
      ) : null}
      <Invite lesson={lesson} />
      <InvitedPeople lesson={lesson} />
      <Watchers lesson={lesson} />
      <Participants watching={isSmall ? null : (live?.watching ?? 0)} />
      {isSmall ? null : <Forwards lesson={lesson} />}
      <Recordings lesson={lesson} />
    </main>
  );
}

function PanelWindow({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${lesson.title} · ${t("room.class")}`;
  }, [lesson.title, t]);
  useEffect(() => countAsUsedWhile(() => lesson.state === "live"), [lesson.state]);
  return (
    <main className="panel-window">
      <h1>{lesson.title}</h1>
      <ClassSide lesson={lesson} firstTab={panel} isWindow />
    </main>
  );
}

mountPage(
  <QueryClientProvider client={pageQueries()}>
    <Page />
  </QueryClientProvider>,
);
