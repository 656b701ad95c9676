/** `/studio/LESSON`: the teacher's side: where to push, how it does, who is here, begin and end. */

import type { Lesson } from "@lectern/client";
import { type LecternPlayer, preloadFlv } from "@lectern/player";
import { QueryClient, QueryClientProvider, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { QrCode } from "../components/qr-code.tsx";
import { initTranslations } from "../i18n.ts";
import { LivePlayer } from "../player/live-player.tsx";
import { dispatchAddress } from "../player/media-address.ts";
import { api, unwrap } from "../session/api.ts";
import { SignIn } from "../session/sign-in.tsx";
import "./studio.css";
import { mountPage } from "../mount-page.tsx";
import { useSignedInQuery } from "../session/use-signed-in-query.ts";
import { STUDIO_MESSAGES } from "./messages.ts";
import { Participants } from "./participants.tsx";
import { Recordings } from "./recordings.tsx";
import { type LessonStream, Uplink, useStream } from "./uplink.tsx";

void preloadFlv();
initTranslations(STUDIO_MESSAGES);

const lessonId = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const path = { params: { path: { lessonId } } };
const LOOK_EVERY_MS = 2000;
/** Kbps that an uplink of 5 Mbps carries with room to spare. */
const USUAL_KBPS = 2500;
/** Less than this is no picture of 1280 × 720 any more. */
const LEAST_KBPS = 400;
/** Of what a poor uplink carries, a picture should need no more than this share. */
const ROOM = 0.7;

function Page() {
  const { t } = useTranslation();
  const lesson = useSignedInQuery("lesson", () => unwrap(api().GET("/api/v1/lessons/{lessonId}", path)), LOOK_EVERY_MS);
  if (!lesson.signedIn) return <SignIn onDone={lesson.onSignedIn} />;
  if (lesson.data?.stream) return <Studio lesson={lesson.data} />;
  const notYours = lesson.data || lesson.trouble === "not-found";
  const said = notYours ? t("notYours") : t(lesson.trouble ? "offline" : "loading");
  return (
    <main className="card">
      <h1>{t("studio")}</h1>
      <p role="status">{said}</p>
    </main>
  );
}

function Studio({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const stream = useStream(lessonId);
  const isLive = stream.data !== null && stream.data !== undefined;
  useEffect(() => {
    document.title = `${lesson.title} · ${t("studio")}`;
  }, [lesson.title, t]);
  return (
    <main className="studio">
      <header className="row studio-header">
        <div>
          <h1>{lesson.title}</h1>
          <p className={lesson.state === "live" ? "live" : "text-muted"}>{t(`state.${lesson.state}`)}</p>
        </div>
        <div className="row">
          {isLive ? <RecordButton recording={stream.data?.recording ?? null} /> : null}
          <StartEnd lesson={lesson} />
        </div>
      </header>
      <section className="tile picture" aria-label={t("yours")}>
        <h2>{t("yours")}</h2>
        <OwnPicture isLive={isLive} />
      </section>
      <Uplink stream={stream.data ?? null} />
      <PushCard lesson={lesson} carriesKbps={carriesOf(stream.data ?? null)} />
      <Invite lesson={lesson} />
      <Participants lessonId={lessonId} watching={stream.data?.viewers.total ?? 0} />
      <Recordings lessonId={lessonId} />
    </main>
  );
}

/** Recording begins and ends at the next key frame, so the button waits until it has. */
function RecordButton({ recording }: { recording: string | null }) {
  const { t } = useTranslation();
  const change = useMutation({
    mutationFn: (action: "start" | "stop") =>
      unwrap(api().POST("/api/v1/lessons/{lessonId}/record", { ...path, body: { action } })),
  });
  const isOn = recording !== null;
  return (
    <button type="button" className="button" aria-pressed={isOn} onClick={() => change.mutate(isOn ? "stop" : "start")}>
      {isOn ? <span className="live">{t("recordStop")}</span> : t("recordStart")}
    </button>
  );
}

function StartEnd({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const change = useMutation({
    mutationFn: (what: "start" | "end") =>
      unwrap(
        what === "start"
          ? api().POST("/api/v1/lessons/{lessonId}/start", path)
          : api().POST("/api/v1/lessons/{lessonId}/end", path),
      ),
    onSuccess: (data) => client.setQueryData(["lesson"], data),
  });
  if (sure) {
    return (
      <div className="row" role="alertdialog" aria-label={t("endSure")}>
        <p>{t("endSure")}</p>
        <button
          type="button"
          className="button danger"
          onClick={() => {
            setSure(false);
            change.mutate("end");
          }}
        >
          {t("endYes")}
        </button>
        <button type="button" className="button" onClick={() => setSure(false)}>
          {t("endNo")}
        </button>
      </div>
    );
  }
  if (lesson.state === "live") {
    return (
      <button type="button" className="button" onClick={() => setSure(true)}>
        {t("end")}
      </button>
    );
  }
  return (
    <div className="start-lesson">
      <button type="button" className="button primary" onClick={() => change.mutate("start")} disabled={change.isPending}>
        {t("start")}
      </button>
      <small className="text-muted">{t("startHint")}</small>
    </div>
  );
}

/** As a student sees it, with a link of the teacher's own. */
function OwnPicture({ isLive }: { isLive: boolean }) {
  const { t } = useTranslation();
  const joined = useQuery({
    queryKey: ["joined"],
    queryFn: () => unwrap(api().POST("/api/v1/lessons/{lessonId}/join", { ...path, body: {} })),
    enabled: isLive,
    refetchInterval: 600_000,
  });
  const [player, setPlayer] = useState<LecternPlayer | null>(null);
  const [behind, setBehind] = useState<number | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setBehind(player?.state === "live" ? player.statistics.behind : null), 1000);
    return () => clearInterval(timer);
  }, [player]);
  return (
    <>
      <div className="stage">
        {isLive && joined.data ? (
          <LivePlayer address={joined.data.play.flv} muted onPlayer={setPlayer} />
        ) : (
          <p className="stage-message">{t("noPicture")}</p>
        )}
      </div>
      <p className="text-muted">{behind === null ? "\u00a0" : t("delay", { seconds: behind.toFixed(1) })}</p>
    </>
  );
}

/** What an uplink carries that is not enough for what is sent; null while it is. */
function carriesOf(stream: LessonStream | null): number | null {
  return stream?.uplink.health === "poor" && stream.video ? Math.round(stream.video.bitrateKbps) : null;
}

/** Where to push: at the best node, where there are several. */
function usePushAddress(stream: NonNullable<Lesson["stream"]>): string {
  const { app, name, publishKey, rtmpUrl } = stream;
  const best = useQuery({
    queryKey: ["pushTo", app, name],
    queryFn: () => unwrap(api().GET("/api/v1/dispatch/publish", { params: { query: { stream: `${app}/${name}` } } })),
    enabled: dispatchAddress() !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const url = best.data?.candidates[0]?.url;
  return url ? `${url}?key=${publishKey}` : rtmpUrl;
}

function PushCard({ lesson, carriesKbps }: { lesson: Lesson; carriesKbps: number | null }) {
  const client = useQueryClient();
  const renew = useMutation({
    mutationFn: () => unwrap(api().POST("/api/v1/lessons/{lessonId}/rotate-key", { ...path, body: {} })),
    onSuccess: (data) => client.setQueryData(["lesson"], data),
  });
  if (!lesson.stream) return null;
  return <PushTo stream={lesson.stream} carriesKbps={carriesKbps} renewed={renew.isSuccess} onRenew={() => renew.mutate()} />;
}

type PushToProps = { stream: NonNullable<Lesson["stream"]>; carriesKbps: number | null; renewed: boolean; onRenew: () => void };

function PushTo({ stream, carriesKbps, renewed, onRenew }: PushToProps) {
  const { t } = useTranslation();
  const { name, publishKey } = stream;
  const rtmpUrl = usePushAddress(stream);
  const settingsKbps = carriesKbps === null ? USUAL_KBPS : Math.max(LEAST_KBPS, Math.round((carriesKbps * ROOM) / 100) * 100);
  return (
    <section className="tile push" aria-label={t("push")}>
      <h2>{t("push")}</h2>
      <p className="text-muted">{t("pushHint")}</p>
      <div className="copyables">
        <Copyable label={t("server")} text={rtmpUrl.slice(0, rtmpUrl.lastIndexOf("/"))} />
        <Copyable label={t("key")} text={`${name}?key=${publishKey}`} secret />
        <Copyable label={t("whole")} text={rtmpUrl} secret />
      </div>
      <div className="row">
        <QrCode text={rtmpUrl} label={t("pushQr")} />
        <div className="encoder-settings">
          <h3>{t("settings")}</h3>
          <p>{t("settingsText", { kbps: settingsKbps })}</p>
          <p className="text-muted">
            {carriesKbps === null ? t("settingsWhy.none") : t("settingsWhy.measured", { kbps: carriesKbps })}
          </p>
          <button type="button" className="button" onClick={onRenew}>
            {t("newKey")}
          </button>
          <p role="status" className="text-muted">
            {renewed ? t("newKeyDone") : ""}
          </p>
        </div>
      </div>
    </section>
  );
}

function Invite({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  if (!lesson.joinUrl || !lesson.code) return null;
  return (
    <section className="tile invite" aria-label={t("invite")}>
      <h2>{t("invite")}</h2>
      <div className="row">
        <QrCode text={lesson.joinUrl} label={t("inviteQr")} />
        <div className="copyables">
          <Copyable label={t("link")} text={lesson.joinUrl} />
          <Copyable label={t("code")} text={`${lesson.code.slice(0, 4)}-${lesson.code.slice(4)}`} />
        </div>
      </div>
    </section>
  );
}

function Copyable({ label, text, secret = false }: { label: string; text: string; secret?: boolean }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div className="copyable">
      <strong>{label}</strong>
      <code className={secret ? "secret" : ""} tabIndex={secret ? 0 : undefined}>
        {text}
      </code>
      <button
        type="button"
        className="button"
        hidden={!navigator.clipboard}
        aria-label={`${t("copy")}: ${label}`}
        onClick={() => void copy()}
      >
        {t(copied ? "copied" : "copy")}
      </button>
    </div>
  );
}

mountPage(
  <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
    <Page />
  </QueryClientProvider>,
);
