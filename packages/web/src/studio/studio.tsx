/** Shows `/studio/LESSON`: the teacher's page, in one screen: the bar, the stage with its dock, and the class beside it. The rest is in drawers. */
import type { Lesson } from "@lectern/client";
import { preloadFlv } from "@lectern/player";
import { ToastRegion } from "@lectern/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { StageSlot } from "../board/stage-frame.tsx";
import { loadedLater } from "../components/loaded-later.tsx";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { countAsUsedWhile } from "../session/activity.ts";
import { api, unwrap } from "../session/api.ts";
import { pageQueries } from "../session/queries.ts";
import { useSignedInQuery } from "../session/use-signed-in-query.ts";
import { SignIn } from "../sign-in/sign-in.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import "./studio.css";
import { isSmallLesson } from "../stage/small-lesson-mode.ts";
import { StudioBar } from "./bar/studio-bar.tsx";
import { ClassDock } from "./dock/class-dock.tsx";
import { useDockKeys } from "./dock/use-dock-keys.ts";
import type { DrawerName } from "./drawers/studio-drawers.tsx";
import { Place, PlacesProvider } from "./frame/places.tsx";
import { useSide } from "./frame/side.ts";
import { lessonPath } from "./lesson/lesson-api.ts";
import { useMembersOutline, useStreamOutline } from "./lesson/use-stream.ts";
import { STUDIO_MESSAGES } from "./messages.ts";
import { PeopleTile } from "./people-tile.tsx";
import { useMeasuredUplink } from "./publish/parts/use-measured-uplink.ts";
import { useOnStage } from "./publish/parts/use-on-stage.ts";
import { usePublishWith } from "./publish/parts/use-publish-with.ts";
import { Preview } from "./publish/preview.tsx";
import { PublishTile } from "./publish/publish-tile.tsx";
import { SoftwareStatus } from "./publish/teach/software-status.tsx";

// The page starts with the preview; the class follows.
const ClassSide = loadedLater(
  () => import("./room/class-side.tsx").then(({ ClassSide }) => ClassSide),
  function EmptySide() {
    const { t } = useTranslation();
    return <section className="side" aria-label={t("room.class")} />;
  },
);

// Each when it is opened.
const StudioDrawers = loadedLater(() => import("./drawers/studio-drawers.tsx").then((file) => file.StudioDrawers));
const AfterLesson = loadedLater(() => import("./after/after-lesson.tsx").then((file) => file.AfterLesson));

const Projector = loadedLater(() => import("./projector.tsx").then((file) => file.Projector));

void preloadFlv();
initTranslations(STUDIO_MESSAGES);

const REFETCH_MS = 2000;
/** `?panel=people`: the window shows the class alone, for a second screen; `projector`: the stage alone. */
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
  const { t } = useTranslation();
  const name = t(panel === null ? "studio" : panel === "projector" ? "bar.projector" : "room.class");
  useEffect(() => {
    document.title = `${lesson.title} · ${name}`;
  }, [lesson.title, name]);
  useEffect(() => countAsUsedWhile(() => lesson.state === "live"), [lesson.state]);
  if (panel === "projector") return <Projector lesson={lesson} />;
  if (panel !== null) return <PanelWindow lesson={lesson} tab={panel} />;
  return (
    <PlacesProvider>
      <Studio lesson={lesson} />
      <ToastRegion dismissLabel={t("room.dismiss")} />
    </PlacesProvider>
  );
}

function Studio({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const stream = useStreamOutline();
  const live = stream.data ?? null;
  const isOnStage = useOnStage(lesson, live !== null);
  const access = lesson.stream;
  const measured = useMeasuredUplink(access);
  const [publishWith, setPublishWith] = usePublishWith(live?.isOfSoftware ?? false);
  const [peoplePlace, setPeoplePlace] = useState<HTMLElement | null>(null);
  const [drawer, setDrawer] = useState<DrawerName | null>(null);
  const [areKeysShown, toggleKeys] = useDockKeys();
  const side = useSide();
  const isSmall = isSmallLesson(lesson);
  // Who publishes begins a lesson again that has ended by itself; to be in a small one, it has to be opened first.
  const isOver = lesson.state === "ended" && (isSmall || lesson.endedBy === "hand");
  const members = useMembersOutline();
  const recorded = isSmall ? members : live;
  return (
    <main className={areKeysShown ? "studio with-keys" : "studio"}>
      <StudioBar
        lesson={lesson}
        isSmall={isSmall}
        isOver={isOver}
        onOpen={setDrawer}
        onKeys={toggleKeys}
        isRecording={!isOver && (recorded?.recording ?? null) !== null}
      />
      {isOver ? <AfterLesson lesson={lesson} /> : null}
      {isSmall && !isOver ? <PeopleTile onPlace={setPeoplePlace} /> : null}
      {isSmall ? null : access ? (
        // It stays, hidden, until it has closed the devices of a lesson that has ended.
        <PublishTile
          lesson={lesson}
          access={access}
          isLive={live !== null}
          isOnStage={isOnStage}
          // A server that does not answer keeps nobody from getting ready.
          isKnown={!stream.isPending}
          isOfSoftware={live?.isOfSoftware ?? false}
          uplinkKbps={live?.uplinkKbps ?? null}
          measured={measured}
          publishWith={publishWith}
          isHidden={isOver}
          onPublishWith={setPublishWith}
        />
      ) : isOver ? null : (
        <Preview
          lesson={lesson}
          isLive={live !== null}
          isOnStage={isOnStage}
          notes={live || lesson.state === "live" ? <SoftwareStatus /> : null}
        />
      )}
      {isOver ? null : (
        <div className="studio-dock" role="toolbar" aria-label={t("dock.name")}>
          <Place name="own" />
          <StageSlot name="bar" />
          <ClassDock side={side} recorded={recorded} />
          <Place name="class" />
          <Place name="go" />
        </div>
      )}
      <ClassSide lesson={lesson} side={side} peoplePlace={peoplePlace} />
      {drawer === null || isOver ? null : <StudioDrawers lesson={lesson} open={drawer} onClose={() => setDrawer(null)} />}
    </main>
  );
}

function PanelWindow({ lesson, tab }: { readonly lesson: Lesson; readonly tab: string }) {
  const side = useSide(tab);
  return (
    <main className="panel-window">
      <h1>{lesson.title}</h1>
      <ClassSide lesson={lesson} side={side} isWindow />
    </main>
  );
}

mountPage(
  <QueryClientProvider client={pageQueries()}>
    <Page />
  </QueryClientProvider>,
);
