/** Shows `/exam/CODE` in its states: the invitation, the waiting room, the questions, and what comes after. */
import { useEffect } from "react";
import { loadedLater } from "../components/loaded-later.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import { codeOfAddress } from "./session/exam-code.ts";
import { phoneToken } from "./supervision/phone-address.ts";
import { useExam } from "./use-exam.ts";
import { AnotherDevice } from "./views/another-device.tsx";
import { EnterCode } from "./views/enter-code.tsx";
import { ExamCard } from "./views/exam-card.tsx";
import { InvitationCard } from "./views/invitation-card.tsx";
import { Sat } from "./views/sat.tsx";

const PhoneCamera = loadedLater(() => import("./views/phone-camera.tsx").then((file) => file.PhoneCamera));

/** Or, on a phone that is a second camera, that camera alone. */
export function ExamPage() {
  const token = phoneToken(location.hash);
  return token === null ? <CandidatePage /> : <PhoneCamera token={token} />;
}

function CandidatePage() {
  const { t } = useTranslation();
  const code = codeOfAddress(location.pathname);
  const exam = useExam(code);
  const { state } = exam;
  const title = "invitation" in state ? state.invitation.title : t("exam.title");
  useEffect(() => {
    document.title = title;
  }, [title]);
  switch (state.step) {
    case "loading":
      return (
        <ExamCard title={title}>
          <p role="status">{t("exam.loading")}</p>
        </ExamCard>
      );
    case "unknown":
      return <EnterCode code={code} />;
    case "failed":
      return (
        <ExamCard title={title}>
          <p role="alert" className="error">
            {state.message || t("offline")}
          </p>
          <button type="button" className="button primary" onClick={exam.reload}>
            {t("exam.tryAgain")}
          </button>
        </ExamCard>
      );
    case "invited":
      return <InvitationCard invitation={state.invitation} enter={exam.enter} />;
    case "elsewhere":
      return <AnotherDevice title={title} isMoving={state.isMoving} message={state.message} onMove={exam.takeOver} />;
    case "entered":
      return (
        <Sat key={state.session.attempt.id + state.session.attempt.seat} {...state} onMove={exam.takeOver} onLeave={exam.forget} />
      );
  }
}
