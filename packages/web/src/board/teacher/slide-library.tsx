/** Shows the drawer with the teacher's slides: those that are there, with how far their making is, and a file that is added. */

import type { Material } from "@lectern/client";
import { Icon } from "@lectern/ui";
import { UPLOAD_ICON } from "@lectern/ui/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type DragEvent, useRef, useState } from "react";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { type Translate, useTranslation } from "../../texts/use-translation.ts";
import { uploadMaterial } from "./material-upload.ts";
import { SideDrawer } from "./side-drawer.tsx";

type SlideLibraryProps = {
  readonly lessonId: string;
  readonly onChoose: (material: string) => void;
  readonly onClose: () => void;
};

const QUERY_KEY = ["materials"];
/** While something is made, and otherwise. */
const REFETCH_MS = { busy: 1500, idle: 15_000 } as const;
const MAX_SHOWN = 50;
const ACCEPTED = ".pdf,.ppt,.pptx,.doc,.docx,.odp,.odt,.png,.jpg,.jpeg,.webp,.gif,image/*,application/pdf";

export function SlideLibrary({ lessonId, onChoose, onClose }: SlideLibraryProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const [isOver, setIsOver] = useState(false);
  const uploads = useUploads();
  const materials = useMaterials(search.trim());
  const prepared = usePrepared(lessonId);
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    for (const file of event.dataTransfer.files) uploads.add(file);
  };
  const isPrepared = new Set(prepared.map(({ id }) => id));
  const others = materials.filter(({ id }) => !isPrepared.has(id));
  return (
    <SideDrawer
      className={isOver ? "over" : ""}
      title={t("slideLibrary.title")}
      closeLabel={t("slideLibrary.close")}
      first=".library-upload input"
      onClose={onClose}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <label className="button primary library-upload">
        <Icon drawing={UPLOAD_ICON} /> <span>{t("slideLibrary.upload")}</span>
        <input
          type="file"
          accept={ACCEPTED}
          multiple
          onChange={({ target }) => {
            for (const file of target.files ?? []) uploads.add(file);
            target.value = "";
          }}
        />
      </label>
      <small className="text-muted">{t("slideLibrary.hint")}</small>
      <UploadList uploads={uploads.list} onCancel={uploads.cancel} onRetry={uploads.retry} />
      <label className="library-search">
        {t("slideLibrary.search")}
        <input type="search" value={search} onChange={({ target }) => setSearch(target.value)} />
      </label>
      {prepared.length > 0 && search.trim() === "" ? (
        <>
          <h3>{t("slideLibrary.prepared")}</h3>
          <MaterialList materials={prepared} onChoose={onChoose} />
          <h3>{t("slideLibrary.all")}</h3>
        </>
      ) : null}
      {others.length === 0 ? (
        <p className="text-muted">{t(search.trim() === "" ? "slideLibrary.empty" : "slideLibrary.noMatch")}</p>
      ) : (
        <MaterialList materials={others} onChoose={onChoose} />
      )}
    </SideDrawer>
  );
}

function useMaterials(search: string): readonly Material[] {
  const query = { limit: MAX_SHOWN, ...(search === "" ? {} : { search }) };
  const materials = useQuery({
    queryKey: [...QUERY_KEY, search],
    queryFn: () => unwrap(api().GET("/api/v1/materials", { params: { query } })),
    refetchInterval: ({ state: { data } }) => (data?.items.some(isBusy) ? REFETCH_MS.busy : REFETCH_MS.idle),
    placeholderData: (before) => before,
  });
  return (materials.data?.items ?? []).filter(({ kind, state }) => kind !== "board" && state !== "uploading");
}

/** What was put ready for this lesson. */
function usePrepared(lessonId: string): readonly Material[] {
  const prepared = useQuery({
    queryKey: ["lesson-materials", lessonId],
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}/materials", { params: { path: { lessonId } } })),
  });
  return (prepared.data?.items ?? []).map(({ material }) => material);
}

function isBusy({ state }: Material): boolean {
  return state === "waiting" || state === "converting";
}

type Upload = { readonly file: File; readonly share: number; readonly problem: string | null; readonly abort: AbortController };

/** Uploads go on while the drawer is open, one after the other: a teacher's uplink carries the lesson, too. */
function useUploads() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [list, setList] = useState<readonly Upload[]>([]);
  const change = (file: File, update: Partial<Upload>) =>
    setList((all) => all.map((one) => (one.file === file ? { ...one, ...update } : one)));
  const queue = useRef<Promise<void>>(Promise.resolve());
  const run = async (file: File, abort: AbortController): Promise<void> => {
    try {
      abort.signal.throwIfAborted();
      await uploadMaterial(file, (share) => change(file, { share }), abort.signal);
      setList((all) => all.filter((one) => one.file !== file));
    } catch (error) {
      if (abort.signal.aborted) setList((all) => all.filter((one) => one.file !== file));
      else change(file, { problem: errorMessage(error, t("slideLibrary.offline")) });
    }
    await client.invalidateQueries({ queryKey: QUERY_KEY });
  };
  const begin = (file: File): void => {
    const abort = new AbortController();
    const problem = file.size === 0 ? t("slideLibrary.emptyFile") : null;
    setList((all) => [...all.filter((one) => one.file !== file), { file, share: 0, problem, abort }]);
    if (problem !== null) return;
    queue.current = queue.current.then(() => run(file, abort));
  };
  return { list, add: begin, retry: begin, cancel: ({ abort }: Upload) => abort.abort() };
}

type UploadListProps = {
  readonly uploads: readonly Upload[];
  readonly onCancel: (upload: Upload) => void;
  readonly onRetry: (file: File) => void;
};

function UploadList({ uploads, onCancel, onRetry }: UploadListProps) {
  const { t } = useTranslation();
  return (
    <ul className="upload-list">
      {uploads.map((upload) => {
        const { file, share, problem } = upload;
        return (
          <li key={`${file.name} ${file.lastModified}`}>
            <span className="material-title">{file.name}</span>
            {problem === null ? (
              <>
                <progress max={1} value={share} aria-label={t("slideLibrary.uploading", { title: file.name })} />
                <small>{t("slideLibrary.percent", { percent: Math.floor(share * 100) })}</small>
                <button type="button" className="button small" onClick={() => onCancel(upload)}>
                  {t("slideLibrary.cancel")}
                </button>
              </>
            ) : (
              <>
                <span role="alert">{problem}</span>
                <button type="button" className="button small" onClick={() => onRetry(file)}>
                  {t("slideLibrary.again")}
                </button>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function MaterialList({
  materials,
  onChoose,
}: {
  readonly materials: readonly Material[];
  readonly onChoose: (material: string) => void;
}) {
  return (
    <ul className="material-list">
      {materials.map((material) => (
        <MaterialRow key={material.id} material={material} onChoose={onChoose} />
      ))}
    </ul>
  );
}

function MaterialRow({ material, onChoose }: { readonly material: Material; readonly onChoose: (id: string) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { id, title, state, pages, problem } = material;
  const path = { params: { path: { materialId: id } } };
  const retry = async (): Promise<void> => {
    await api().POST("/api/v1/materials/{materialId}/retry", path);
    await client.invalidateQueries({ queryKey: QUERY_KEY });
  };
  if (state === "ready" || (state === "converting" && pages > 0))
    return (
      <li>
        <button type="button" className="material" onClick={() => onChoose(id)}>
          <img src={`/api/v1/materials/${id}/pages/1/picture?size=small`} alt="" loading="lazy" />
          <span>
            <span className="material-title">{title}</span>
            {state === "ready" ? (
              <small className="text-muted">{t("slideLibrary.pages", { count: pages })}</small>
            ) : (
              <Making material={material} />
            )}
          </span>
        </button>
      </li>
    );
  return (
    <li className="material making">
      <span className="material-title">{title}</span>
      {state === "failed" ? (
        <>
          <span role="alert">{problemText(problem, t)}</span>
          <button type="button" className="button small" onClick={() => void retry()}>
            {t("slideLibrary.again")}
          </button>
        </>
      ) : (
        <Making material={material} />
      )}
    </li>
  );
}

function Making({ material: { state, pages, total } }: { readonly material: Material }) {
  const { t } = useTranslation();
  if (state === "waiting") return <small role="status">{t("slideLibrary.waiting")}</small>;
  return (
    <>
      {total === null ? null : <progress max={total} value={pages} aria-label={t("slideLibrary.converting")} />}
      <small role="status">{total === null ? t("slideLibrary.converting") : t("slideLibrary.made", { pages, count: total })}</small>
    </>
  );
}

const PROBLEMS = [
  "password",
  "damaged",
  "unsupported",
  "nothing-in-it",
  "too-many-pages",
  "too-large",
  "picture-too-large",
  "unpacks-too-large",
  "unsafe-names",
  "memory-limit",
  "time-limit",
  "virus-found",
  "upload-lost",
  "disk-full",
] as const;

function problemText(problem: Material["problem"], t: Translate): string {
  const known = PROBLEMS.find((one) => one === problem);
  return t(`slideLibrary.problems.${known ?? "other"}`);
}
