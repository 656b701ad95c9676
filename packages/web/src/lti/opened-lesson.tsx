/** Shows the lesson of a launch, in a frame: students are in the class at once; staff choose between the studio, in a window, and the class. */
import { lazy, Suspense, useState } from "react";
import { addTranslations } from "../i18n.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { openWindow } from "./window-hand-over.ts";

// Deep linking and the studio's button do not need the player.
const ClassPage = lazy(async () => {
  const [{ ClassPage }, { CLASS_MESSAGES }] = await Promise.all([
    import("../class/class-page.tsx"),
    import("../class/messages.ts"),
  ]);
  addTranslations(CLASS_MESSAGES);
  return { default: ClassPage };
});

type OpenedLessonProps = {
  readonly lesson: { readonly title: string; readonly code: string };
  readonly role: "teacher" | "assistant" | "student" | "supervisor";
  readonly recordingId: string | null;
  readonly studioPath: string;
};

export function OpenedLesson({ lesson, role, recordingId, studioPath }: OpenedLessonProps) {
  const isStaff = role === "teacher" || role === "assistant";
  const [watches, setWatches] = useState(!isStaff || recordingId !== null);
  if (!watches) return <StaffChoice title={lesson.title} role={role} studioPath={studioPath} onWatch={() => setWatches(true)} />;
  return (
    <Suspense>
      <ClassPage code={lesson.code} wanted={{ id: recordingId, startAt: null, find: "" }} />
    </Suspense>
  );
}

type StaffChoiceProps = {
  readonly title: string;
  readonly role: OpenedLessonProps["role"];
  readonly studioPath: string;
  readonly onWatch: () => void;
};

function StaffChoice({ title, role, studioPath, onWatch }: StaffChoiceProps) {
  const { t } = useTranslation();
  return (
    <main className="card">
      <h1>{title}</h1>
      <p>{t(role === "teacher" ? "lti.teaches" : "lti.assists")}</p>
      {role === "teacher" ? (
        <button type="button" className="button primary" onClick={() => openWindow(studioPath)}>
          {t("lti.studio")}
        </button>
      ) : null}
      <button type="button" className="button" onClick={onWatch}>
        {t("lti.watch")}
      </button>
    </main>
  );
}
