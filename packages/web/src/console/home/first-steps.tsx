/** Leads a new school through people, timetable, logo and the first lesson; it goes when they are done, or when the person hides it. */
import type { InvitationSlips } from "@lectern/client";
import { Button, Icon, showToast } from "@lectern/ui";
import { CHECK_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { Link } from "wouter";
import { errorMessage } from "../../session/error-message.ts";
import { keepValue, keptValue } from "../../session/kept-values.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { type SchoolSummary, schoolPath, useSchoolScope } from "../school/school-context.ts";
import { AccountHandover, newSlips } from "./account-handover.tsx";
import { nextStep, SETUP_STEPS, STEP_PAGES } from "./setup-steps.ts";
import { useSchoolProgress } from "./use-school-progress.ts";

const HIDDEN_KEY = "lectern.console.steps-hidden";

export function FirstSteps({ school }: { readonly school: SchoolSummary }) {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const hiddenKey = `${HIDDEN_KEY} ${school.id}`;
  const [isHidden, setIsHidden] = useState(() => keptValue("device", hiddenKey) !== null);
  const state = useSchoolProgress(school, !isHidden);
  const next = state ? nextStep(state.progress) : null;
  if (isHidden || !state || next === null) return null;
  const hide = (): void => {
    keepValue("device", hiddenKey, "1");
    setIsHidden(true);
  };
  return (
    <section className="first-steps" aria-label={t("steps.title")}>
      <div className="row">
        <h2>{t("steps.title")}</h2>
        <Button kind="quiet" onClick={hide}>
          {t("steps.hide")}
        </Button>
      </div>
      <ol>
        {SETUP_STEPS.map((step, i) => {
          const isDone = state.progress[step];
          return (
            <li key={step} className={isDone ? "done" : step === next ? "next" : undefined}>
              <span className="step-mark">{isDone ? <Icon drawing={CHECK_ICON} /> : i + 1}</span>
              <div>
                <Link href={schoolPath(place, STEP_PAGES[step])}>{t(`steps.${step}`)}</Link>
                {isDone ? <span className="unseen">{t("steps.done")}</span> : null}
                {step === next ? <small className="text-muted">{t(`steps.${step}Hint`)}</small> : null}
                {step === next && step === "people" ? (
                  <Link href={schoolPath(place, "/people/import")}>{t("steps.peopleImport")}</Link>
                ) : null}
              </div>
            </li>
          );
        })}
      </ol>
      {state.missingTeachers.map((teacher) => (
        <MissingTeacher key={teacher.id} schoolId={school.id} teacher={teacher} />
      ))}
    </section>
  );
}

type MissingTeacherProps = { readonly schoolId: string; readonly teacher: { readonly id: string; readonly name: string } };

/** The account of a teacher who has not come yet can be handed over again. */
function MissingTeacher({ schoolId, teacher: { id, name } }: MissingTeacherProps) {
  const { t } = useTranslation();
  const [slips, setSlips] = useState<InvitationSlips | null>(null);
  const show = async (): Promise<void> => {
    try {
      setSlips(await newSlips(schoolId, id));
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
    }
  };
  if (slips) return <AccountHandover slips={slips} />;
  return (
    <div className="row">
      <span>{t("steps.teacher", { name })}</span>
      <Button onClick={() => void show()}>{t("steps.teacherAgain")}</Button>
    </div>
  );
}
