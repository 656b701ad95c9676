/** Shows the editor of a paper: its sections and questions, what keeps it from being published, and how candidates see it. */

import type { ExamPaper } from "@lectern/client";
import { type AuthoredPaper, LIMITS } from "@lectern/exam";
import { Button, SkeletonRows } from "@lectern/ui";
import { ADD_ICON } from "@lectern/ui/icons";
import { Alert, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { loadedLater } from "../../../components/loaded-later.tsx";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { schoolPath, useSchoolScope } from "../../school/school-context.ts";
import "../exams.css";
import { BankDrawer } from "./bank-drawer.tsx";
import { draftErrors, numberBefore } from "./draft-errors.ts";
import { withSection } from "./paper-draft.ts";
import { PaperIdContext } from "./paper-media-context.ts";
import { PaperPreview } from "./paper-preview.tsx";
import { SectionEditor } from "./section-editor.tsx";
import { usePaperDraft } from "./use-paper-draft.ts";

const MAX_SHOWN = 12;

const PaperFiles = loadedLater(async () => (await import("./paper-files.tsx")).PaperFiles);

export function PaperPage({ paperId }: { readonly paperId: string }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const paper = useQuery({
    queryKey: ["exam-paper", paperId],
    queryFn: () => unwrap(api().GET("/api/v1/papers/{paperId}", { params: { path: { paperId } } })),
    // What is typed stays.
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <div className="exams-page">
      <Link className="course-back" href={schoolPath(scope, "/examinations/papers")}>
        {t("exams.papers")}
      </Link>
      {paper.error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: errorMessage(paper.error, t("offline")) })}
        </p>
      ) : paper.data ? (
        <PaperEditor key={paper.data.id} loaded={paper.data} />
      ) : (
        <SkeletonRows label={t("loading")} />
      )}
    </div>
  );
}

function PaperEditor({ loaded }: { readonly loaded: ExamPaper }) {
  const { t } = useTranslation();
  const { saved, draft, setDraft, take, save, isChanged, isSaving, error } = usePaperDraft(loaded);
  const [open, setOpen] = useState<string | null>(null);
  const [bankOf, setBankOf] = useState<string | null>(null);
  const [isPreview, setIsPreview] = useState(false);
  const [areFilesOpen, setAreFilesOpen] = useState(false);
  const addFromBank = async (section: string): Promise<void> => {
    // The bank's questions are added to what is stored.
    if (await save()) setBankOf(section);
  };
  const openFiles = async (): Promise<void> => {
    // Files come into, and are made of, what is stored.
    if (await save()) setAreFilesOpen(true);
  };
  return (
    <PaperIdContext value={saved.id}>
      <div className="page-head list-head paper-head">
        <h1 dir="auto">{draft.title || saved.title}</h1>
        <div className="row">
          <Button disabled={isSaving} onClick={() => void openFiles()}>
            {t("exams.files")}
          </Button>
          <Button onClick={() => setIsPreview(true)}>{t("exams.preview")}</Button>
          <Button kind="primary" disabled={!isChanged || isSaving} onClick={() => void save()}>
            {t(isSaving ? "exams.saving" : isChanged ? "exams.save" : "exams.saved")}
          </Button>
        </div>
      </div>
      {error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: error })}
        </p>
      ) : null}
      <PaperHead draft={draft} onChange={setDraft} />
      {draft.sections.map((section, at) => (
        <SectionEditor
          key={section.id}
          paper={draft}
          section={section}
          at={at}
          before={numberBefore(draft, at)}
          open={open}
          onOpen={setOpen}
          onChange={setDraft}
          onAddFromBank={() => void addFromBank(section.id)}
        />
      ))}
      <Button icon={ADD_ICON} disabled={draft.sections.length >= LIMITS.sections} onClick={() => setDraft(withSection(draft))}>
        {t("exams.addSection")}
      </Button>
      <Mistakes paper={draft} onOpen={setOpen} />
      {bankOf === null ? null : (
        <BankDrawer
          paper={saved}
          section={bankOf}
          onAdded={(paper) => {
            take(paper);
            setBankOf(null);
          }}
          onClose={() => setBankOf(null)}
        />
      )}
      {areFilesOpen ? <PaperFiles paper={saved} onChanged={take} onClose={() => setAreFilesOpen(false)} /> : null}
      {isPreview ? <PaperPreview paper={draft} onClose={() => setIsPreview(false)} /> : null}
    </PaperIdContext>
  );
}

function PaperHead({ draft, onChange }: { readonly draft: AuthoredPaper; readonly onChange: (paper: AuthoredPaper) => void }) {
  const { t } = useTranslation();
  return (
    <div className="paper-section">
      <TextInput
        label={t("fields.title")}
        required
        maxLength={LIMITS.titleLetters}
        autoComplete="off"
        dir="auto"
        value={draft.title}
        onChange={(event) => onChange({ ...draft, title: event.target.value })}
      />
      <Textarea
        label={t("exams.instruction")}
        description={t("exams.instructionHint")}
        autosize
        minRows={2}
        maxLength={LIMITS.textLetters}
        dir="auto"
        value={draft.instruction}
        onChange={(event) => onChange({ ...draft, instruction: event.target.value })}
      />
    </div>
  );
}

/** What an examination with this paper would be refused for. */
function Mistakes({ paper, onOpen }: { readonly paper: AuthoredPaper; readonly onOpen: (question: string) => void }) {
  const { t } = useTranslation();
  const errors = draftErrors(paper);
  if (errors.length === 0) return null;
  return (
    <Alert color="yellow" title={t("exams.mistakes", { count: errors.length })}>
      <ul className="paper-mistakes">
        {errors.slice(0, MAX_SHOWN).map(({ code, section, question }) => {
          const words = t(`exams.errors.${code}`);
          const key = `${code} ${section} ${question?.id}`;
          if (question)
            return (
              <li key={key}>
                <button
                  type="button"
                  className="link-button"
                  onClick={() => {
                    onOpen(question.id);
                    document.getElementById(`paper-${question.id}`)?.scrollIntoView({ block: "center" });
                  }}
                >
                  {t("paper.question", { number: question.number })}
                </button>
                {`: ${words}`}
              </li>
            );
          return <li key={key}>{section === null ? words : `${t("exams.sectionNumber", { number: section })}: ${words}`}</li>;
        })}
      </ul>
    </Alert>
  );
}
