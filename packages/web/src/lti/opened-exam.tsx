/** Shows the examination of a launch, in a frame: it is sat in a window of its own, where the browser keeps answers and the whole screen is there. */
import { useState } from "react";
import { useTranslation } from "../texts/use-translation.ts";
import { openWindow } from "./window-hand-over.ts";

type OpenedExamProps = { readonly title: string; readonly isTeacher: boolean; readonly path: string };

export function OpenedExam({ title, isTeacher, path }: OpenedExamProps) {
  const { t } = useTranslation();
  const [isOpened, setOpened] = useState(false);
  const open = (): void => {
    openWindow(path);
    setOpened(true);
  };
  return (
    <main className="card">
      <h1 dir="auto">{title}</h1>
      <p role="status">{t(isOpened ? "lti.examOpened" : isTeacher ? "lti.examManaged" : "lti.examSat")}</p>
      <button type="button" className="button primary" onClick={open}>
        {t("lti.examOpen")}
      </button>
    </main>
  );
}
