/** Shows the paper while a candidate sits it: one question at a time, the bar of questions, the time, and whether answers are saved. */
import { Button, Icon } from "@lectern/ui";
import { FLAG_ICON, LEFT_ICON, RIGHT_ICON } from "@lectern/ui/icons";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { loadedLater } from "../../components/loaded-later.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import type { Invitation } from "../attempt/exam-types.ts";
import { AnswerFilesContext } from "../files/answer-files-context.ts";
import { MediaContext } from "../media/media-context.ts";
import { ShownMediaList } from "../media/shown-media.tsx";
import { type NumberedQuestion, numbered } from "../paper/numbered.ts";
import { QuestionView } from "../paper/question-view.tsx";
import { RichText } from "../paper/rich-text.tsx";
import { SectionClock } from "../sections/load-sections.ts";
import type { ExamSession } from "../session/exam-session.ts";
import type { SessionSnapshot } from "../session/session-snapshot.ts";
import { watchFacts } from "../session/watch-facts.ts";
import type { SupervisionSession } from "../supervision/supervision-session.ts";
import type { TalkDoor } from "../supervision/talk-note.tsx";
import { HandIn } from "./hand-in.tsx";
import { QuestionBar } from "./question-bar.tsx";
import { SavedState } from "./saved-state.tsx";
import { TimeLeft } from "./time-left.tsx";
import { useQuestionKeys } from "./use-question-keys.ts";

type SittingProps = {
  readonly invitation: Invitation;
  readonly session: ExamSession;
  readonly state: SessionSnapshot;
  /** Null: nothing is filmed, or its code is still loaded. */
  readonly supervision: SupervisionSession | null;
  readonly talkDoor: TalkDoor;
  readonly hasStore: boolean;
};

const SupervisionBar = loadedLater(() => import("../supervision/supervision-bar.tsx").then((file) => file.SupervisionBar));

export function Sitting({ invitation, session, state, supervision, talkDoor, hasStore }: SittingProps) {
  const questions = useMemo(() => (state.sheet ? numbered(state.sheet) : []), [state.sheet]);
  const [at, setAt] = useState(0);
  const [isHandingIn, setIsHandingIn] = useState(false);
  const body = useShownFromItsBeginning(at);
  useDevice(session);
  const go = (to: number): void => {
    if (to < 0 || to >= questions.length || to === at) return;
    session.flush();
    setAt(to);
  };
  useQuestionKeys(isHandingIn ? null : (step) => go(at + step));
  const shown = questions[at];
  if (!shown) return null;
  const { question, passage, section } = shown;
  const { isMarked } = session.answerOf(question.id);
  const isPaused = state.pausedAt !== null;
  const times = session.sectionTimes;
  // Its questions are shown once it is begun.
  const isToBegin = times?.timeOf(section)?.endsAt === null;
  const isClosed = isPaused || !session.takesAnswers(question.id);
  const page = (
    <div className="sitting">
      <SittingHead
        invitation={invitation}
        session={session}
        state={state}
        supervision={supervision}
        talkDoor={talkDoor}
        hasStore={hasStore}
        onHandIn={() => setIsHandingIn(true)}
      />
      <QuestionBar questions={questions} at={at} answerOf={(id) => session.answerOf(id)} onGo={go} />
      <main className={passage && !isToBegin ? "sitting-body with-passage" : "sitting-body"}>
        {isToBegin ? null : <Beside shown={shown} />}
        <div className="sitting-question" ref={body} tabIndex={-1}>
          {times ? (
            <SectionClock
              times={times}
              questions={questions}
              at={at}
              pausedAt={state.pausedAt}
              now={session.now}
              onBegin={() => session.beginSection(section.id)}
              onGo={go}
            />
          ) : null}
          {isToBegin ? null : <Answerable session={session} shown={shown} isDisabled={state.isHandingIn || isClosed} />}
        </div>
      </main>
      <SittingFoot
        isFirst={at === 0}
        isLast={at === questions.length - 1}
        isMarked={isMarked}
        isPaused={isPaused}
        isClosed={isClosed}
        onMark={() => session.mark(question.id, !isMarked)}
        onMove={(step) => go(at + step)}
        onHandIn={() => setIsHandingIn(true)}
      />
      {isHandingIn && !isPaused ? (
        <HandIn
          questions={questions}
          session={session}
          state={state}
          onGo={(to) => {
            setIsHandingIn(false);
            go(to);
          }}
          onClose={() => setIsHandingIn(false)}
        />
      ) : null}
    </div>
  );
  return session.shownMedia ? <MediaContext value={session.shownMedia}>{page}</MediaContext> : page;
}

type AnswerableProps = { readonly session: ExamSession; readonly shown: NumberedQuestion; readonly isDisabled: boolean };

/** The question with its answer, and whether that is saved. */
function Answerable({ session, shown: { question, number }, isDisabled }: AnswerableProps) {
  const { t } = useTranslation();
  const { value, isSaved } = session.answerOf(question.id);
  return (
    <>
      <AnswerFilesContext value={session.answerFiles}>
        <QuestionView
          key={question.id}
          question={question}
          number={number}
          value={value}
          isDisabled={isDisabled}
          onChange={(next, isTyped) => session.answer(question.id, next, isTyped)}
        />
      </AnswerFilesContext>
      <p className={isSaved ? "text-muted answer-state" : "answer-state"}>
        {value === null && isSaved ? "" : t(isSaved ? "exam.saved" : "exam.keptHere")}
      </p>
    </>
  );
}

/** What is shown is read out, and its beginning is in sight. @param at the question */
function useShownFromItsBeginning(at: number): RefObject<HTMLDivElement | null> {
  const body = useRef<HTMLDivElement>(null);
  const shownBefore = useRef(at);
  useEffect(() => {
    if (shownBefore.current === at) return;
    shownBefore.current = at;
    body.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [at]);
  return body;
}

function SittingHead({
  invitation,
  session,
  state,
  supervision,
  talkDoor,
  hasStore,
  onHandIn,
}: SittingProps & { readonly onHandIn: () => void }) {
  const { t } = useTranslation();
  const isPaused = state.pausedAt !== null;
  return (
    <header className="sitting-head">
      <h1 dir="auto">{invitation.title}</h1>
      <TimeLeft endsAt={state.endsAt} pausedAt={state.pausedAt} />
      <Button kind="secondary" disabled={isPaused} onClick={onHandIn}>
        {t("exam.handIn")}
      </Button>
      <SavedState state={state} hasStore={hasStore} />
      {supervision !== null || isPaused || state.talk !== null || state.messages.length > 0 ? (
        <SupervisionBar
          supervision={supervision}
          terms={invitation.supervision ?? null}
          pausedAt={state.pausedAt}
          messages={state.messages}
          talk={state.talk}
          talkDoor={talkDoor}
          onConfirm={(id) => session.confirm(id)}
        />
      ) : null}
    </header>
  );
}

/** What stands beside a question: its section, and the passage that it is about. */
function Beside({ shown: { section, passage, question } }: { readonly shown: NumberedQuestion }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="sitting-section">
        <p className="section-title" dir="auto">
          {section.title}
        </p>
        {section.instruction && section.questions[0] === question ? (
          <p className="text-muted">
            <RichText text={section.instruction} />
          </p>
        ) : null}
      </div>
      {passage ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the keys that scroll
        <section className="passage" aria-label={passage.title || t("paper.passage")} tabIndex={0}>
          {passage.title ? <h3 dir="auto">{passage.title}</h3> : null}
          <RichText text={passage.text} />
          <ShownMediaList media={passage.media} />
        </section>
      ) : null}
    </>
  );
}

type SittingFootProps = {
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isMarked: boolean;
  readonly isPaused: boolean;
  /** The question takes no answer now. */
  readonly isClosed: boolean;
  readonly onMark: () => void;
  readonly onMove: (step: 1 | -1) => void;
  readonly onHandIn: () => void;
};

function SittingFoot({ isFirst, isLast, isMarked, isPaused, isClosed, onMark, onMove, onHandIn }: SittingFootProps) {
  const { t } = useTranslation();
  return (
    <nav className="sitting-foot" aria-label={t("exam.moves")}>
      <Button icon={LEFT_ICON} disabled={isFirst} onClick={() => onMove(-1)}>
        {t("exam.previous")}
      </Button>
      <button type="button" className="button mark-button" aria-pressed={isMarked} disabled={isClosed} onClick={onMark}>
        <Icon drawing={FLAG_ICON} />
        {t(isMarked ? "exam.marked" : "exam.mark")}
      </button>
      {isLast ? (
        <Button kind="primary" disabled={isPaused} onClick={onHandIn}>
          {t("exam.handIn")}
        </Button>
      ) : (
        <button type="button" className="button primary" onClick={() => onMove(1)}>
          {t("exam.next")}
          <Icon drawing={RIGHT_ICON} />
        </button>
      )}
    </nav>
  );
}

/** What happens on the device: facts, the network, and the page going away. */
function useDevice(session: ExamSession): void {
  useEffect(() => {
    const end = watchFacts((fact, detail) => session.note(fact, detail));
    const back = () => session.networkIsBack();
    const hidden = () => session.flush();
    addEventListener("online", back);
    document.addEventListener("visibilitychange", hidden);
    return () => {
      end();
      removeEventListener("online", back);
      document.removeEventListener("visibilitychange", hidden);
    };
  }, [session]);
}
