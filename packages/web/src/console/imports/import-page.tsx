/** Shows a page that imports people or lessons from a file: what is read is shown first, all faults at once, and what was imported can be taken back. */
import { Button } from "@lectern/ui";
import { DOWNLOAD_ICON, UPLOAD_ICON } from "@lectern/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useRef, useState } from "react";
import { Link, useSearchParams } from "wouter";
import { saveCsv } from "../../downloads/save-csv.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { isOfAllSchools, schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import "./imports.css";
import { type Chosen, csvOf, type ImportKind, MAX_MEGABYTES, pastedFile, previewOf } from "./import-calls.ts";
import { ImportPreviewTable } from "./import-preview-table.tsx";
import { ImportRun } from "./import-run.tsx";

const LISTS = { people: "/people", timetable: "/lessons" } as const;
const COLUMNS = {
  people: ["login", "name", "role", "email", "password", "course"],
  timetable: ["date", "start", "end", "title", "course", "teacher", "mode", "guests", "capacity"],
} as const;
const MEGABYTE = 1024 * 1024;

type ChosenFile = { readonly name: string; readonly csv: Blob /** Names it in queries. */; readonly key: number };

export function ImportPage({ kind }: { readonly kind: ImportKind }) {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const [parameters] = useSearchParams();
  const course = useCourse(parameters.get("course"));
  const { file, isReading, problem, choose } = useChosenFile();
  return (
    <div className="import-page">
      <Link className="course-back" href={schoolPath(place, course ? `/courses/${course.id}` : LISTS[kind])}>
        {course?.name ?? t(kind === "people" ? "nav.people" : "nav.lessons")}
      </Link>
      <h1>{t(`imports.${kind}`)}</h1>
      <p className="text-muted">
        {t("imports.hint")} {course ? t("imports.intoCourse", { course: course.name }) : ""}
      </p>
      {isOfAllSchools(place) ? (
        <p role="alert">{t("selectSchool")}</p>
      ) : (
        <div className="row">
          <FileChoice label={file ? t("imports.chooseAnother") : t("imports.choose")} isMain={!file} onChoose={choose} />
          <TemplateButton kind={kind} />
          {file ? <span className="import-file">{file.name}</span> : null}
        </div>
      )}
      {file || isReading || isOfAllSchools(place) ? null : <PasteForm kind={kind} onPaste={choose} />}
      {isReading ? <p role="status">{t("imports.reading")}</p> : null}
      {problem ? (
        <p className="error-box" role="alert">
          {problem}
        </p>
      ) : null}
      {file ? <FileImport key={file.key} kind={kind} file={file} courseId={course?.id} /> : null}
    </div>
  );
}

function useCourse(courseId: string | null) {
  const course = useQuery({
    queryKey: ["course", courseId],
    queryFn: () => unwrap(api().GET("/api/v1/courses/{courseId}", { params: { path: { courseId: courseId ?? "" } } })),
    enabled: courseId !== null,
  });
  return course.data ?? null;
}

function useChosenFile() {
  const { t } = useTranslation();
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [isReading, setReading] = useState(false);
  const [problem, setProblem] = useState("");
  const files = useRef(0);
  const choose = async (chosen: File): Promise<void> => {
    setFile(null);
    setProblem("");
    if (chosen.size > MAX_MEGABYTES * MEGABYTE) return setProblem(t("imports.tooLarge", { megabytes: MAX_MEGABYTES }));
    setReading(true);
    try {
      const csv = await csvOf(chosen);
      setFile({ name: chosen.name, csv, key: ++files.current });
    } catch {
      setProblem(t("imports.notReadable"));
    }
    setReading(false);
  };
  return { file, isReading, problem, choose: (chosen: File) => void choose(chosen) };
}

type FileChoiceProps = { readonly label: string; readonly isMain: boolean; readonly onChoose: (file: File) => void };

/** The same file can be chosen again after it was corrected. */
function FileChoice({ label, isMain, onChoose }: FileChoiceProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind={isMain ? "primary" : "secondary"} icon={UPLOAD_ICON} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.txt,.tsv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = "";
          if (file) onChoose(file);
        }}
      />
    </>
  );
}

/** A list that is no file yet: rows from a spreadsheet, a mail or a chat. */
function PasteForm({ kind, onPaste }: { readonly kind: ImportKind; readonly onPaste: (file: File) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onPaste(pastedFile(text, t("imports.pasted")));
  };
  return (
    <form className="field import-paste" onSubmit={submit}>
      <label htmlFor={id}>{t("imports.paste")}</label>
      <textarea
        id={id}
        rows={8}
        required
        spellCheck={false}
        placeholder={t(`imports.pasteSample.${kind}`)}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div>
        <Button type="submit" disabled={text.trim() === ""}>
          {t("imports.readPasted")}
        </Button>
      </div>
    </form>
  );
}

function TemplateButton({ kind }: { readonly kind: ImportKind }) {
  const { t } = useTranslation();
  const save = (): void => {
    const heads = COLUMNS[kind].map((field) => t(`imports.fields.${field}`));
    saveCsv(`${t(`imports.templateName.${kind}`)}.csv`, `${heads.join(",")}\n${t(`imports.sample.${kind}`)}\n`);
  };
  return (
    <Button icon={DOWNLOAD_ICON} onClick={save}>
      {t("imports.template")}
    </Button>
  );
}

type FileImportProps = {
  readonly kind: ImportKind;
  readonly file: ChosenFile;
  readonly courseId: string | undefined;
};

function FileImport({ kind, file, courseId }: FileImportProps) {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const [choice, setChoice] = useState<Omit<Chosen, "schoolId" | "courseId">>({
    columns: null,
    ignoreUnknown: false,
    createCourses: true,
    makeLogins: true,
  });
  const chosen = { ...scope, ...(courseId ? { courseId } : {}), ...choice };
  const preview = useQuery({
    queryKey: ["import preview", kind, file.key, chosen],
    queryFn: () => previewOf(kind, file.csv, chosen),
    placeholderData: (before) => before,
  });
  const [isStarted, setStarted] = useState(false);
  if (isStarted) return <ImportRun kind={kind} csv={file.csv} chosen={chosen} />;
  if (preview.error)
    return (
      <p className="error-box" role="alert">
        {t("failed", { message: errorMessage(preview.error, t("offline")) })}
      </p>
    );
  if (!preview.data) return <p role="status">{t("imports.reading")}</p>;
  return (
    <ImportPreviewTable
      preview={preview.data}
      choice={choice}
      onChoice={setChoice}
      isPending={preview.isFetching}
      onStart={() => setStarted(true)}
    />
  );
}
