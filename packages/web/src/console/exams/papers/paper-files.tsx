/** Imports questions of a file into a paper, and exports the paper as a file for other programs. What is wrong, and what could not be kept, is named. */
import type { ExamPaper } from "@lectern/client";
import { Button, Drawer } from "@lectern/ui";
import { DOWNLOAD_ICON } from "@lectern/ui/icons";
import { Alert } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { saveFile } from "../../../downloads/save-file.ts";
import { ApiError, api, unwrap } from "../../../session/api.ts";
import { errorMessage, InputError } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { ChooseFile } from "../../list/csv-import.tsx";
import { FILE_FORMATS, FILE_TYPES, type FileFormat, formatOf, type Place, placeOf } from "./question-files.ts";

const MEGABYTE = 1024 * 1024;
const MAX_MEGABYTES = 4;
const HEAD_BYTES = 4096;

type LeftOut = Awaited<ReturnType<typeof importFile>>["leftOut"][number]["code"];
type Line = { readonly place: ReactNode; readonly text: string };
type Outcome =
  | { readonly kind: "imported"; readonly added: number; readonly section: string; readonly lines: readonly Line[] }
  | { readonly kind: "exported"; readonly lines: readonly Line[] }
  | { readonly kind: "undone" }
  | { readonly kind: "failed"; readonly message: string; readonly lines: readonly Line[] };

type SavedFile = { readonly filename: string; readonly content: string /** Base64. */; readonly contentType: string };

type PaperFilesProps = {
  /** As it is stored. */
  readonly paper: ExamPaper;
  readonly onChanged: (paper: ExamPaper) => void;
  readonly onClose: () => void;
};

export function PaperFiles({ paper, onChanged, onClose }: PaperFilesProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === "zh-CN" ? "zh-CN" : "en";
  const { outcome, isBusy, run } = useFileCalls();
  const wordsOf = (code: LeftOut) => t(`exams.leftOut.${code}`);
  const importOne = (file: File) => {
    const isWord = /\.docx$/i.test(file.name);
    return run(async () => {
      if (file.size > MAX_MEGABYTES * MEGABYTE) throw new InputError(t("exams.fileTooLarge", { megabytes: MAX_MEGABYTES }));
      const format = formatOf(file.name, await headOf(file));
      if (format === null) throw new InputError(t("exams.fileUnknown"));
      const { section, added, leftOut, paper: changed } = await importFile(paper, format, file);
      onChanged(changed);
      const lines = leftOut.map(({ code, file: part, line, item }) => ({
        place: <PlaceWords file={part ?? ""} line={line === null ? "" : String(line)} item={item ?? ""} part="" isWord={isWord} />,
        text: wordsOf(code),
      }));
      return { kind: "imported", added, section, lines };
    }, isWord);
  };
  const exportAs = (format: FileFormat) =>
    run(async () => {
      const file = await unwrap(
        api().GET("/api/v1/papers/{paperId}/export", { params: { path: { paperId: paper.id }, query: { format, language } } }),
      );
      save(paper.title, file);
      const numbers = questionNumbers(paper);
      const lines = file.leftOut.map(({ id, code }) => {
        const number = numbers.get(id);
        return { place: number === undefined ? t("exams.passage") : t("paper.question", { number }), text: wordsOf(code) };
      });
      return { kind: "exported", lines };
    });
  const saveTemplate = () =>
    run(async () => {
      save(t("exams.wordTemplate"), await unwrap(api().GET("/api/v1/question-template", { params: { query: { language } } })));
      return { kind: "exported", lines: [] };
    });
  const undo = (section: string) =>
    run(async () => {
      const sections = paper.content.sections.filter(({ id }) => id !== section);
      onChanged(
        await unwrap(
          api().PATCH("/api/v1/papers/{paperId}", {
            params: { path: { paperId: paper.id }, header: { "If-Match": `"v${paper.version}"` } },
            body: { content: { ...paper.content, sections } },
          }),
        ),
      );
      return { kind: "undone" };
    });
  return (
    <Drawer title={t("exams.files")} closeLabel={t("close")} onClose={onClose}>
      <div className="fields-form">
        <h3>{t("exams.importFile")}</h3>
        <p className="text-muted">{t("exams.importHint")}</p>
        <div className="row">
          <ChooseFile label={t("exams.chooseFile")} types={FILE_TYPES} isBusy={isBusy} onChoose={(file) => void importOne(file)} />
          <Button icon={DOWNLOAD_ICON} disabled={isBusy} onClick={() => void saveTemplate()}>
            {t("exams.wordTemplate")}
          </Button>
        </div>
        <h3>{t("exams.exportFile")}</h3>
        <div className="row">
          {FILE_FORMATS.map((format) => (
            <Button key={format} icon={DOWNLOAD_ICON} disabled={isBusy} onClick={() => void exportAs(format)}>
              {t(`exams.formats.${format}`)}
            </Button>
          ))}
        </div>
        {outcome ? <FileOutcome outcome={outcome} isBusy={isBusy} onUndo={(section) => void undo(section)} /> : null}
      </div>
    </Drawer>
  );
}

function useFileCalls() {
  const { t } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const run = async (call: () => Promise<Outcome>, isWord = false): Promise<void> => {
    setIsBusy(true);
    setOutcome(null);
    try {
      setOutcome(await call());
    } catch (failure) {
      const errors = failure instanceof ApiError ? (failure.problem.errors ?? []) : [];
      const lines = errors.map(({ path, message }) => ({
        place: <PlaceWords {...placeOf(path)} isWord={isWord} />,
        text: message,
      }));
      setOutcome({ kind: "failed", message: errorMessage(failure, t("offline")), lines });
    } finally {
      setIsBusy(false);
    }
  };
  return { outcome, isBusy, run };
}

type FileOutcomeProps = { readonly outcome: Outcome; readonly isBusy: boolean; readonly onUndo: (section: string) => void };

function FileOutcome({ outcome, isBusy, onUndo }: FileOutcomeProps) {
  const { t } = useTranslation();
  if (outcome.kind === "undone") return <Alert role="status">{t("exams.importUndone")}</Alert>;
  if (outcome.kind === "failed")
    return (
      <Alert
        color="red"
        role="alert"
        title={outcome.lines.length > 0 ? outcome.message : t("failed", { message: outcome.message })}
      >
        <Lines lines={outcome.lines} />
      </Alert>
    );
  return (
    <Alert
      role="status"
      color={outcome.lines.length > 0 ? "yellow" : "blue"}
      title={outcome.kind === "imported" ? t("exams.imported", { count: outcome.added }) : t("exams.exported")}
    >
      {outcome.lines.length > 0 ? <p>{t("exams.notKept")}</p> : null}
      <Lines lines={outcome.lines} />
      {outcome.kind === "imported" ? (
        <Button disabled={isBusy} onClick={() => onUndo(outcome.section)}>
          {t("exams.undoImport")}
        </Button>
      ) : null}
    </Alert>
  );
}

function Lines({ lines }: { readonly lines: readonly Line[] }) {
  if (lines.length === 0) return null;
  return (
    <ul className="paper-mistakes">
      {lines.map(({ place, text }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same mistake may be at the same place twice, and the list never changes
        <li key={at}>
          <strong dir="auto">{place}</strong>: {text}
        </li>
      ))}
    </ul>
  );
}

function PlaceWords({ file, line, item, part, isWord }: Place & { readonly isWord: boolean }) {
  const { t } = useTranslation();
  const words = [
    file,
    line && t(isWord ? "exams.fileParagraph" : "exams.fileLine", { line }),
    item && t("exams.fileItem", { item }),
    part,
  ].filter(Boolean);
  return <>{words.length > 0 ? words.join(", ") : t("exams.wholeFile")}</>;
}

function save(title: string, { filename, content, contentType }: SavedFile): void {
  const extension = /\.[^.]+$/.exec(filename)?.[0] ?? "";
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  saveFile(`${title}${extension}`, new Blob([bytes], { type: contentType }));
}

/** A file that is no text is seen by its first bytes alone. */
async function headOf(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** @throws ApiError */
function importFile({ id, version }: ExamPaper, format: FileFormat, file: File) {
  return unwrap(
    api().POST("/api/v1/papers/{paperId}/import", {
      params: { path: { paperId: id }, query: { format }, header: { "If-Match": `"v${version}"` } },
      // The file itself: it may be a package, or a text in GBK, which the server reads.
      body: file.name,
      bodySerializer: () => file,
      headers: { "content-type": "text/plain" },
    }),
  );
}

/** As the page counts them: through all sections. */
function questionNumbers({ content }: ExamPaper): ReadonlyMap<string, number> {
  const questions = content.sections.flatMap((section) => section.questions);
  return new Map(questions.map(({ question }, at) => [question.id, at + 1]));
}
