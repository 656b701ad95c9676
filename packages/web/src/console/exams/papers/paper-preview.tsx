/** Shows a paper as a candidate gets it: drawn, shuffled, with fields that can be tried. Nothing is kept. */
import { type AnswerValue, type AuthoredPaper, paperOf, sheetOf } from "@lectern/exam";
import { Button, Drawer } from "@lectern/ui";
import { useContext, useMemo, useState } from "react";
import { MediaContext } from "../../../exam/media/media-context.ts";
import { MediaView } from "../../../exam/media/media-view.tsx";
import { numbered } from "../../../exam/paper/numbered.ts";
import { QuestionView } from "../../../exam/paper/question-view.tsx";
import { RichText } from "../../../exam/paper/rich-text.tsx";
import { useTranslation } from "../../../texts/use-translation.ts";
import { PaperIdContext, paperFileUrl } from "./paper-media-context.ts";

type PaperPreviewProps = { readonly paper: AuthoredPaper; readonly onClose: () => void };

export function PaperPreview({ paper, onClose }: PaperPreviewProps) {
  const { t } = useTranslation();
  const paperId = useContext(PaperIdContext);
  const [seed, setSeed] = useState(1);
  const [answers, setAnswers] = useState<Readonly<Record<string, AnswerValue>>>({});
  const questions = useMemo(() => numbered(sheetOf(paperOf(paper), seed)), [paper, seed]);
  const media = useMemo(() => ({ urlOf: (file: string) => paperFileUrl(paperId, file), player: null }), [paperId]);
  return (
    <Drawer title={t("exams.previewOf", { title: paper.title })} closeLabel={t("close")} onClose={onClose}>
      <MediaContext value={media}>
        <div className="paper-preview">
          <Button
            onClick={() => {
              setSeed(seed + 1);
              setAnswers({});
            }}
          >
            {t("exams.otherCandidate")}
          </Button>
          {paper.instruction ? (
            <p>
              <RichText text={paper.instruction} />
            </p>
          ) : null}
          {questions.length === 0 ? <p className="text-muted">{t("exams.noQuestions")}</p> : null}
          {questions.map(({ number, question, section, passage }) => (
            <div key={question.id} className="paper-preview-question">
              {section.questions[0] === question ? (
                <>
                  <h3 dir="auto">{section.title}</h3>
                  {section.instruction ? <RichText text={section.instruction} /> : null}
                </>
              ) : null}
              {passage && section.questions.find((one) => one.passage === passage.id) === question ? (
                <section className="passage" aria-label={passage.title || t("paper.passage")}>
                  {passage.title ? <h4 dir="auto">{passage.title}</h4> : null}
                  <RichText text={passage.text} />
                  <MediaView media={passage.media} />
                </section>
              ) : null}
              <QuestionView
                question={question}
                number={number}
                value={answers[question.id] ?? null}
                isDisabled={false}
                onChange={(value) => setAnswers({ ...answers, [question.id]: value })}
              />
            </div>
          ))}
        </div>
      </MediaContext>
    </Drawer>
  );
}
