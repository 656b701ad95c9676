/**
 * Shows the page of a learning platform's launch, in a frame of the platform's page or in a window: `/lti/SCHOOL/login` sends the browser to the
 * platform, `/lti/launch` opens what the platform names, `/lti/window` takes over from a frame.
 */
import { lecternClient } from "@lectern/client";
import { type ReactNode, useEffect, useState } from "react";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { publicApi, unwrap } from "../session/api.ts";
import { errorMessage } from "../session/error-message.ts";
import { setLaunchToken } from "../session/launch-session.ts";
import { useTranslation } from "../texts/use-translation.ts";
import "../class/class.css";
import { DeepLinking } from "./deep-linking.tsx";
import { LTI_MESSAGES } from "./messages.ts";
import { OpenedExam } from "./opened-exam.tsx";
import { OpenedLesson } from "./opened-lesson.tsx";
import { type PageData, readPageData, storageTargetOf } from "./page-data.ts";
import { getValue, platformStorage, putValue } from "./platform-storage.ts";
import { takeOver } from "./window-hand-over.ts";

initTranslations(LTI_MESSAGES);

const page = readPageData(document.querySelector("meta[name=lectern-launch]")?.getAttribute("content") ?? "");
const isFramed = window.parent !== window;
const FLOW_KEY = "lectern-lti-flow";

type Outcome =
  | { readonly show: "moving" | "blocked" | "nothing" }
  | { readonly show: "launch"; readonly launch: Awaited<ReturnType<typeof launch>> };

const outcome = run(page);

function run({ step, form }: PageData): Promise<Outcome> {
  if (step === "login") return login(page);
  if (step === "window") return takeWindowOver();
  return form === "" ? Promise.resolve({ show: "nothing" }) : openLaunch();
}

/** Keeps the flow where the launch will find it, and goes to the platform. */
async function login({ schoolId, form, storageOrigin }: PageData): Promise<Outcome> {
  const storage = isFramed ? platformStorage(storageTargetOf(form), storageOrigin) : null;
  if (isFramed && !storage && !hasCookies()) return { show: "blocked" };
  const { url, flow, state } = await unwrap(publicApi().POST("/api/v1/lti/logins", { body: { schoolId, form } }));
  const isStored = storage !== null && (await putValue(storage, `${FLOW_KEY}-${state}`, flow));
  if (isFramed && !isStored && !hasCookies()) return { show: "blocked" };
  location.replace(url);
  return { show: "moving" };
}

async function openLaunch(): Promise<Outcome> {
  const opened = await launch(page);
  // The launch counts once: a reload must not send it again.
  history.replaceState(null, "", location.pathname);
  const { kind, lesson, examination, role, token, recordingId } = opened;
  if (isFramed) setLaunchToken(token);
  if (isFramed || kind === "deep-linking") return { show: "launch", launch: opened };
  if (examination !== null) {
    location.replace(examPath(examination, role));
    return { show: "moving" };
  }
  if (lesson === null) return { show: "launch", launch: opened };
  location.replace(role === "teacher" && recordingId === null ? studioPath(lesson.id) : classPath(lesson.code, recordingId));
  return { show: "moving" };
}

async function launch({ form, storageOrigin }: PageData) {
  const storage = isFramed ? platformStorage(storageTargetOf(form), storageOrigin) : null;
  const state = new URLSearchParams(form).get("state") ?? "";
  const flow = storage === null ? null : await getValue(storage, `${FLOW_KEY}-${state}`);
  return await unwrap(publicApi().POST("/api/v1/lti/launches", { body: { form, flow: flow ?? "", asCookie: !isFramed } }));
}

async function takeWindowOver(): Promise<Outcome> {
  const handed = await takeOver();
  if (!handed) return { show: "nothing" };
  const language = document.documentElement.lang;
  const client = lecternClient({ url: location.origin, token: handed.token, language });
  await unwrap(client.POST("/api/v1/lti/windows"));
  const url = new URL(handed.path, location.origin);
  location.replace(url.origin === location.origin ? url.href : location.origin);
  return { show: "moving" };
}

function studioPath(lessonId: string): string {
  return `/studio/${encodeURIComponent(lessonId)}`;
}

function classPath(code: string, recordingId: string | null): string {
  return `/class/${encodeURIComponent(code)}${recordingId === null ? "" : `?recording=${encodeURIComponent(recordingId)}`}`;
}

/** Teachers prepare and supervise it; others sit it. */
function examPath({ id, code }: { readonly id: string; readonly code: string }, role: string): string {
  return role === "teacher" ? `/console/examinations/${encodeURIComponent(id)}` : `/exam/${encodeURIComponent(code)}`;
}

/** Whether this frame can have cookies: only over HTTPS, and where the browser does not block those of other sites. */
function hasCookies(): boolean {
  // On the machine itself, browsers keep such cookies over HTTP too, but the server sets none.
  if (location.protocol !== "https:") return false;
  const name = `lectern-lti-test=${Math.round(performance.now())}`;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API does not exist in all browsers
  document.cookie = `${name}; Path=/lti; Max-Age=60; SameSite=None; Secure; Partitioned`;
  return document.cookie.split("; ").includes(name);
}

function Page() {
  const { t } = useTranslation();
  const [error, setError] = useState("");
  const [result, setResult] = useState<Outcome>({ show: "moving" });
  useEffect(() => {
    outcome.then(setResult, (failure: unknown) => setError(errorMessage(failure, t("lti.offline"))));
  }, [t]);
  if (error !== "")
    return (
      <Card>
        <p className="error" role="alert">
          {error}
        </p>
      </Card>
    );
  if (result.show === "blocked") return <Blocked />;
  if (result.show === "launch") return <Launched launch={result.launch} />;
  return (
    <Card>
      <p role="status">{t(result.show === "nothing" ? "lti.fromCourse" : "lti.working")}</p>
    </Card>
  );
}

function Launched({
  launch: { kind, lesson, examination, role, ticket, courseId, course, recordingId },
}: {
  launch: Awaited<ReturnType<typeof launch>>;
}) {
  if (examination !== null)
    return <OpenedExam title={examination.title} isTeacher={role === "teacher"} path={examPath(examination, role)} />;
  if (kind === "deep-linking" || lesson === null) return <DeepLinking ticket={ticket} courseId={courseId} course={course} />;
  return <OpenedLesson lesson={lesson} role={role} recordingId={recordingId} studioPath={studioPath(lesson.id)} />;
}

/** The launch begins again in a window, where the browser lets it keep its flow. */
function Blocked() {
  const { t } = useTranslation();
  const [isOpened, setOpened] = useState(false);
  const open = (): void => {
    const fields = new URLSearchParams(page.form);
    fields.delete("lti_storage_target");
    window.open(`${location.pathname}?${fields}`, "_blank", "noopener");
    setOpened(true);
  };
  return (
    <Card>
      <p role="status">{t(isOpened ? "lti.openedElsewhere" : "lti.blocked")}</p>
      <button type="button" className="button primary" onClick={open}>
        {t("lti.newWindow")}
      </button>
    </Card>
  );
}

function Card({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className="card">
      <h1>{t("lti.title")}</h1>
      {children}
    </main>
  );
}

mountPage(<Page />);
