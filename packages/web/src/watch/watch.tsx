/** Shows `/watch#SECRET`: a lesson for a parent or an inspector, who watches by a link of their own. The smallest picture comes first. */
import { preloadFlv } from "@lectern/player";
import { useState } from "react";
import { Classroom } from "../class/classroom.tsx";
import type { Invitation } from "../class/lesson-door.ts";
import { NO_REPORT } from "../class/parts/room-report.ts";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import "../class/class.css";
import { enableArrowKeyNavigation } from "../class/arrow-keys.ts";
import { WATCH_MESSAGES } from "./messages.ts";
import { useWatching } from "./use-watching.ts";

void preloadFlv();
enableArrowKeyNavigation();
initTranslations(WATCH_MESSAGES);

/** The rung of a ladder that saves most data. */
const SMALLEST = "saver";

function WatchPage({ secret }: { readonly secret: string }) {
  const { t, i18n } = useTranslation();
  const { watching, failure } = useWatching(secret);
  const [room, setRoom] = useState(NO_REPORT);
  if (!watching?.play) {
    const words = secret === "" ? t("noLink") : failure ? failure.message || t("offline") : t("loading");
    return (
      <main className="card">
        <h1>{t("watchTitle")}</h1>
        <p role={secret === "" || failure ? "alert" : "status"}>{words}</p>
      </main>
    );
  }
  const { lesson, until, child } = watching;
  const invitation: Invitation = {
    lessonId: lesson.id,
    title: lesson.title,
    school: "",
    teacher: null,
    guests: false,
    guestConsent: "",
    accent: null,
    logo: null,
    startsAt: lesson.startsAt,
    endsAt: lesson.endsAt,
    state: room.state ?? lesson.state,
    startedAt: room.startedAt ?? lesson.startedAt,
    publisherLeftAt: room.publisherLeftAt,
  };
  const time = new Date(until).toLocaleTimeString(i18n.language, { hour: "2-digit", minute: "2-digit" });
  return (
    <>
      <Classroom
        {...{
          invitation,
          failure,
          hearsOfStream: room.isConnected,
          onRoom: setRoom,
          joined: watching,
          play: watching.play,
          quality: SMALLEST,
        }}
        code={lesson.id}
        onTamper={() => {}}
      />
      <footer className="text-muted watching-note">
        {child ? `${t("watchingFor", { child })} · ` : ""}
        {t("watchingUntil", { time })}
      </footer>
    </>
  );
}

mountPage(<WatchPage secret={location.hash.slice(1)} />);
