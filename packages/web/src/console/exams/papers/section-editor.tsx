/** Edits a section of a paper: its title, how it is drawn and shuffled, its passages, and its questions. */
import { type AuthoredPaper, type AuthoredQuestion, type AuthoredSection, LIMITS } from "@lectern/exam";
import { Badge, Button, Menu } from "@lectern/ui";
import { ADD_ICON, COPY_ICON, DOWN_ICON, PEN_ICON, TRASH_ICON, UP_ICON } from "@lectern/ui/icons";
import { Checkbox, Textarea, TextInput } from "@mantine/core";
import { questionLine } from "../../../exam/paper/answer-text.ts";
import { RichText } from "../../../exam/paper/rich-text.tsx";
import { useTranslation } from "../../../texts/use-translation.ts";
import { MediaRows } from "./media-rows.tsx";
import {
  changeQuestion,
  changeSection,
  moved,
  OFFERED_KINDS,
  type OfferedKind,
  removePassage,
  removeQuestion,
  removeSection,
  withCopy,
  withPassage,
  withQuestion,
} from "./paper-draft.ts";
import { QuestionEditor } from "./question-editor.tsx";

type SectionEditorProps = {
  readonly paper: AuthoredPaper;
  readonly section: AuthoredSection;
  /** From 0. */
  readonly at: number;
  /** Questions of the sections before. */
  readonly before: number;
  /** The question that is open; null: none. */
  readonly open: string | null;
  readonly onOpen: (id: string | null) => void;
  readonly onChange: (paper: AuthoredPaper) => void;
  readonly onAddFromBank: () => void;
};

export function SectionEditor({ paper, section, at, before, open, onOpen, onChange, onAddFromBank }: SectionEditorProps) {
  const { t } = useTranslation();
  const set = (changed: Partial<AuthoredSection>) => onChange(changeSection(paper, { ...section, ...changed }));
  const number = at + 1;
  return (
    <section className="paper-section" aria-label={t("exams.sectionNumber", { number })}>
      <SectionHead paper={paper} section={section} at={at} onChange={onChange} />
      <TextInput
        label={t("exams.sectionTitle")}
        maxLength={LIMITS.titleLetters}
        autoComplete="off"
        dir="auto"
        value={section.title}
        onChange={(event) => set({ title: event.target.value })}
      />
      <Textarea
        label={t("exams.sectionInstruction")}
        autosize
        minRows={1}
        maxLength={LIMITS.textLetters}
        autoComplete="off"
        dir="auto"
        value={section.instruction}
        onChange={(event) => set({ instruction: event.target.value })}
      />
      <SectionRules section={section} onChange={(changed) => onChange(changeSection(paper, changed))} />
      <Passages paper={paper} section={section} onChange={onChange} />
      <ol className="paper-questions">
        {section.questions.map((authored, place) => (
          <QuestionRow
            key={authored.question.id}
            authored={authored}
            number={before + place + 1}
            section={section}
            isOpen={open === authored.question.id}
            onOpen={onOpen}
            onChange={(changed) => onChange(changeSection(paper, changed))}
            onCopy={() => {
              const copied = withCopy(paper, section, authored);
              onChange(copied.paper);
              onOpen(copied.id);
            }}
          />
        ))}
      </ol>
      <AddQuestion
        onAdd={(kind) => {
          const added = withQuestion(paper, section, kind);
          onChange(added.paper);
          onOpen(added.id);
        }}
        onAddFromBank={onAddFromBank}
      />
    </section>
  );
}

function SectionHead({ paper, section, at, onChange }: Pick<SectionEditorProps, "paper" | "section" | "at" | "onChange">) {
  const { t } = useTranslation();
  const number = at + 1;
  const sections = (changed: readonly AuthoredSection[]) => onChange({ ...paper, sections: changed });
  return (
    <header className="paper-section-head">
      <h2>{t("exams.sectionNumber", { number })}</h2>
      <Menu
        label={t("exams.moreOfSection", { number })}
        items={[
          ...(at > 0 ? [{ label: t("exams.moveUp"), icon: UP_ICON, run: () => sections(moved(paper.sections, at, -1)) }] : []),
          ...(at < paper.sections.length - 1
            ? [{ label: t("exams.moveDown"), icon: DOWN_ICON, run: () => sections(moved(paper.sections, at, 1)) }]
            : []),
          { label: t("exams.addPassage"), icon: ADD_ICON, run: () => onChange(withPassage(paper, section)) },
          {
            label: t("exams.removeSection"),
            icon: TRASH_ICON,
            isDanger: true,
            run: () => onChange(removeSection(paper, section.id)),
          },
        ]}
      />
    </header>
  );
}

function Passages({ paper, section, onChange }: Pick<SectionEditorProps, "paper" | "section" | "onChange">) {
  const { t } = useTranslation();
  return section.passages.map((passage, place) => {
    const change = (changed: Partial<typeof passage>) => {
      const passages = section.passages.map((one) => (one.id === passage.id ? { ...one, ...changed } : one));
      onChange(changeSection(paper, { ...section, passages }));
    };
    return (
      <fieldset key={passage.id} className="paper-passage">
        <legend>{t("exams.passageNumber", { number: place + 1 })}</legend>
        <TextInput
          label={t("exams.passageTitle")}
          maxLength={LIMITS.titleLetters}
          autoComplete="off"
          dir="auto"
          value={passage.title}
          onChange={(event) => change({ title: event.target.value })}
        />
        <Textarea
          label={t("exams.passageText")}
          autosize
          minRows={3}
          maxLength={LIMITS.textLetters}
          dir="auto"
          value={passage.text}
          onChange={(event) => change({ text: event.target.value })}
        />
        <MediaRows media={passage.media ?? []} onChange={(media) => change({ media })} />
        <Button kind="quiet" icon={TRASH_ICON} onClick={() => onChange(removePassage(paper, section, passage.id))}>
          {t("exams.removePassage")}
        </Button>
      </fieldset>
    );
  });
}

type AddQuestionProps = { readonly onAdd: (kind: OfferedKind) => void; readonly onAddFromBank: () => void };

function AddQuestion({ onAdd, onAddFromBank }: AddQuestionProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="paper-add" aria-label={t("exams.addQuestion")}>
      <span className="text-muted">{t("exams.addQuestion")}</span>
      {OFFERED_KINDS.map((kind) => (
        <Button key={kind} onClick={() => onAdd(kind)}>
          {t(`exams.kinds.${kind}`)}
        </Button>
      ))}
      <Button kind="quiet" onClick={onAddFromBank}>
        {t("exams.fromBank")}
      </Button>
    </fieldset>
  );
}

type SectionRulesProps = {
  readonly section: AuthoredSection;
  readonly onChange: (changed: AuthoredSection) => void;
};

function SectionRules({ section, onChange }: SectionRulesProps) {
  const { t } = useTranslation();
  return (
    <div className="paper-section-rules">
      <Checkbox
        label={t("exams.shuffleQuestions")}
        checked={section.isShuffled}
        onChange={(event) => onChange({ ...section, isShuffled: event.target.checked })}
      />
      <Checkbox
        label={t("exams.shuffleOptions")}
        checked={section.areOptionsShuffled}
        onChange={(event) => onChange({ ...section, areOptionsShuffled: event.target.checked })}
      />
      <TextInput
        type="number"
        label={t("exams.draw")}
        description={t("exams.drawHint", { count: section.questions.length })}
        min={1}
        max={Math.max(1, section.questions.length)}
        value={section.draw ?? ""}
        onChange={(event) => {
          const { draw: _, ...rest } = section;
          const draw = Math.floor(Number(event.target.value));
          onChange(draw > 0 ? { ...rest, draw } : rest);
        }}
      />
      <TextInput
        type="number"
        label={t("exams.sectionMinutes")}
        description={t("exams.sectionMinutesHint")}
        min={1}
        max={LIMITS.sectionMinutes}
        value={section.minutes ?? ""}
        onChange={(event) => {
          const { minutes: _, ...rest } = section;
          const minutes = Math.min(LIMITS.sectionMinutes, Math.floor(Number(event.target.value)));
          onChange(minutes > 0 ? { ...rest, minutes } : rest);
        }}
      />
    </div>
  );
}

type QuestionRowProps = {
  readonly authored: AuthoredQuestion;
  readonly number: number;
  readonly section: AuthoredSection;
  readonly isOpen: boolean;
  readonly onOpen: (id: string | null) => void;
  readonly onChange: (section: AuthoredSection) => void;
  readonly onCopy: () => void;
};

function QuestionRow({ authored, number, section, isOpen, onOpen, onChange, onCopy }: QuestionRowProps) {
  const { t } = useTranslation();
  const { question } = authored;
  const at = section.questions.indexOf(authored);
  const line = questionLine(question).trim();
  const move = (step: -1 | 1) => onChange({ ...section, questions: moved(section.questions, at, step) });
  return (
    <li className={isOpen ? "paper-question open" : "paper-question"} id={`paper-${question.id}`}>
      <div className="paper-question-row">
        <span className="paper-number">{number}</span>
        <span className="paper-line">
          {line === "" ? <span className="text-muted">{t("exams.noText")}</span> : <RichText text={line} />}
          <span className="paper-marks">
            <Badge>{t(`exams.allKinds.${question.kind}`)}</Badge>
            <span className="text-muted">{t("paper.points", { count: question.points })}</span>
          </span>
        </span>
        <span className="paper-buttons">
          <Button
            kind="quiet"
            icon={isOpen ? UP_ICON : PEN_ICON}
            aria-expanded={isOpen}
            aria-label={t(isOpen ? "exams.closeQuestion" : "exams.editQuestion", { number })}
            onClick={() => onOpen(isOpen ? null : question.id)}
          />
          <Menu
            label={t("exams.moreOfQuestion", { number })}
            items={[
              ...(at > 0 ? [{ label: t("exams.moveUp"), icon: UP_ICON, run: () => move(-1) }] : []),
              ...(at < section.questions.length - 1 ? [{ label: t("exams.moveDown"), icon: DOWN_ICON, run: () => move(1) }] : []),
              { label: t("exams.copyQuestion"), icon: COPY_ICON, run: onCopy },
              {
                label: t("exams.removeQuestion"),
                icon: TRASH_ICON,
                isDanger: true,
                run: () => onChange(removeQuestion(section, question.id)),
              },
            ]}
          />
        </span>
      </div>
      {isOpen ? (
        <QuestionEditor
          authored={authored}
          passages={section.passages}
          onChange={(changed) => onChange(changeQuestion(section, changed))}
        />
      ) : null}
    </li>
  );
}
