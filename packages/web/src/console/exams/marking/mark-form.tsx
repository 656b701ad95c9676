/** Takes the points for an answer: typed, pressed, or summed from the criteria of the rubric; and a comment. The keyboard is enough. */
import type { MarkingAssignment, ScoreProposal } from "@lectern/client";
import { Button } from "@lectern/ui";
import { Textarea, TextInput } from "@mantine/core";
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { CriteriaBoxes } from "./criteria-boxes.tsx";
import { MarkingHelp } from "./marking-help.tsx";
import type { MarkingKey } from "./marking-keys.ts";
import type { Given } from "./marking-queue.ts";
import { PointButtons } from "./point-buttons.tsx";
import { ProposedScore } from "./proposed-score.tsx";
import { ReadyComments } from "./ready-comments.tsx";
import { useMarkDraft } from "./use-mark-draft.ts";
import { useMarkingKeys } from "./use-marking-keys.ts";
import { useReadyComments } from "./use-ready-comments.ts";

const MAX_COMMENT = 2000;

type MarkFormProps = {
  readonly question: MarkingAssignment["questions"][number];
  /** Null: it was not marked before. */
  readonly before: Given | null;
  /** Of the scoring service; null: none. */
  readonly proposal: ScoreProposal | null;
  readonly canUndo: boolean;
  readonly onSkip: () => void;
  readonly onUndo: () => void;
  readonly save: (given: Given) => Promise<void>;
};

export function MarkForm({ question: { of, criteria }, before, proposal, canUndo, onSkip, onUndo, save }: MarkFormProps) {
  const { t } = useTranslation();
  const draft = useMarkDraft({ of, criteria, before });
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const words = useRef<HTMLTextAreaElement>(null);
  const ready = useReadyComments();
  useEffect(() => {
    field.current?.focus({ preventScroll: true });
    field.current?.select();
  }, []);
  const press = (key: MarkingKey): void => {
    if (key.does === "points" || key.does === "back") field.current?.focus();
    else if (key.does === "comment") words.current?.focus();
    else if (key.does === "half") draft.half();
    else if (key.does === "undo" && canUndo) onUndo();
    else if (key.does === "skip") onSkip();
    else if (key.does === "help") setIsHelpOpen(true);
    else if (key.does === "criterion") draft.toggle(criteria[key.at]?.id);
    else if (key.does === "ready-comment") draft.addComment(ready.comments[key.at]);
  };
  const take = (): void => {
    if (!proposal) return;
    draft.take(proposal);
    field.current?.focus();
  };
  useMarkingKeys(field, press);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const given = draft.read();
    if (given === null) {
      setError(t("exams.pointsNeeded", { of }));
      field.current?.focus();
      return;
    }
    setIsBusy(true);
    setError("");
    try {
      await save(given);
    } catch (failure) {
      setError(errorMessage(failure, t("offline")));
      setIsBusy(false);
    }
  };
  return (
    <form ref={form} className="mark-form" onSubmit={(event) => void submit(event)}>
      {proposal ? <ProposedScore proposal={proposal} onTake={take} /> : null}
      <CriteriaBoxes criteria={criteria} met={draft.met} onToggle={draft.toggle} />
      <div className="mark-points">
        <TextInput
          ref={field}
          label={t("exams.pointsOf", { of })}
          inputMode="decimal"
          autoComplete="off"
          value={draft.typed}
          {...(error ? { error } : {})}
          onChange={(event) => {
            draft.type(event.target.value);
            setError("");
          }}
        />
        <PointButtons of={of} points={draft.points} onChoose={(one) => draft.type(String(one))} onHalf={draft.half} />
      </div>
      <CommentField field={words} value={draft.comment} onWrite={draft.write} onSend={() => form.current?.requestSubmit()} />
      <ReadyComments ready={ready} comment={draft.comment.trim()} onChoose={draft.addComment} />
      <MarkButtons isBusy={isBusy} canUndo={canUndo} onSkip={onSkip} onUndo={onUndo} onHelp={() => setIsHelpOpen(true)} />
      {isHelpOpen ? <MarkingHelp hasCriteria={criteria.length > 0} onClose={() => setIsHelpOpen(false)} /> : null}
    </form>
  );
}

type CommentFieldProps = {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly value: string;
  readonly onWrite: (text: string) => void;
  readonly onSend: () => void;
};

function CommentField({ field, value, onWrite, onSend }: CommentFieldProps) {
  const { t } = useTranslation();
  return (
    <Textarea
      ref={field}
      label={t("exams.comment")}
      description={t("exams.commentHint")}
      autosize
      minRows={2}
      maxLength={MAX_COMMENT}
      dir="auto"
      value={value}
      onChange={(event) => onWrite(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSend();
      }}
    />
  );
}

type MarkButtonsProps = Pick<MarkFormProps, "canUndo" | "onSkip" | "onUndo"> & {
  readonly isBusy: boolean;
  readonly onHelp: () => void;
};

function MarkButtons({ isBusy, canUndo, onSkip, onUndo, onHelp }: MarkButtonsProps) {
  const { t } = useTranslation();
  return (
    <div className="form-end">
      <Button type="submit" kind="primary" disabled={isBusy}>
        {t("exams.saveAndNext")}
      </Button>
      <Button onClick={onSkip}>{t("exams.skip")}</Button>
      {canUndo ? <Button onClick={onUndo}>{t("exams.undo")}</Button> : null}
      <Button kind="quiet" onClick={onHelp}>
        {t("exams.keys")}
      </Button>
    </div>
  );
}
