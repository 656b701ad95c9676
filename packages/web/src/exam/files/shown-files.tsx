/** Shows the photos and the recorded sound of an answer: photos large, turned and zoomed; sound at another speed. For markers, and for candidates with their results. */
import { Button } from "@lectern/ui";
import { REDO_ICON, ZOOM_IN_ICON, ZOOM_OUT_ICON } from "@lectern/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { type CSSProperties, useEffect, useRef, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import "./shown-files.css";

/** As the API tells of it. */
export type StoredFile = {
  readonly id: string;
  readonly type: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly isLate: boolean;
};

type ShownFilesProps = {
  readonly files: readonly StoredFile[];
  /** How many the answer names. */
  readonly named: number;
  /** Names the attempt among all that the page shows. */
  readonly attemptId: string;
  readonly load: (id: string) => Promise<Blob | null>;
};

const ZOOMS = [1, 1.5, 2, 3] as const;
const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;

export function ShownFiles({ files, named, attemptId, load }: ShownFilesProps) {
  const { t } = useTranslation();
  const missing = named - files.length;
  return (
    <div className="shown-files">
      {files.map((file, at) => (
        <ShownFile key={file.id} file={file} number={at + 1} attemptId={attemptId} load={load} />
      ))}
      {missing > 0 ? <p className="error">{t("paper.notArrived", { count: missing })}</p> : null}
    </div>
  );
}

type ShownFileProps = Pick<ShownFilesProps, "attemptId" | "load"> & { readonly file: StoredFile; readonly number: number };

function ShownFile({ file, number, attemptId, load }: ShownFileProps) {
  const { t } = useTranslation();
  const content = useQuery({
    queryKey: ["exam-file", attemptId, file.id],
    queryFn: () => load(file.id),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const url = useObjectUrl(content.data ?? null);
  const late = file.isLate ? <p className="text-muted">{t("paper.fileLate")}</p> : null;
  if (content.error || content.data === null)
    return (
      <p className="error" role="alert">
        {t("paper.fileFailed")} <Button onClick={() => void content.refetch()}>{t("paper.fileAgain")}</Button>
      </p>
    );
  if (url === null) return <p className="text-muted">{t("paper.fieldLoading")}</p>;
  return (
    <>
      {file.type.startsWith("audio/") ? <Sound url={url} /> : <Photo url={url} file={file} number={number} />}
      {late}
    </>
  );
}

function Photo({ url, file, number }: { readonly url: string; readonly file: StoredFile; readonly number: number }) {
  const { t } = useTranslation();
  const [turns, setTurns] = useState(0);
  const [at, setAt] = useState(0);
  const zoom = ZOOMS[at] ?? 1;
  const [width, height] = [file.width ?? 4, file.height ?? 3];
  const isSideways = turns % 2 === 1;
  const stage: CSSProperties = {
    width: `${zoom * 100}%`,
    aspectRatio: isSideways ? `${height} / ${width}` : `${width} / ${height}`,
  };
  const image: CSSProperties = { width: isSideways ? `${(100 * width) / height}%` : "100%", rotate: `${turns * 90}deg` };
  const page = t("paper.page", { number });
  return (
    <figure className="shown-photo">
      <figcaption>
        <b>{page}</b>
        <Button
          kind="quiet"
          icon={REDO_ICON}
          aria-label={t("paper.turnPage", { number })}
          onClick={() => setTurns((turns + 1) % 4)}
        />
        <Button
          kind="quiet"
          icon={ZOOM_OUT_ICON}
          aria-label={t("paper.smaller", { number })}
          disabled={at === 0}
          onClick={() => setAt(at - 1)}
        />
        <Button
          kind="quiet"
          icon={ZOOM_IN_ICON}
          aria-label={t("paper.larger", { number })}
          disabled={at === ZOOMS.length - 1}
          onClick={() => setAt(at + 1)}
        />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the keys that scroll */}
      <section className="shown-photo-window" aria-label={page} tabIndex={0}>
        <div className="shown-photo-stage" style={stage}>
          <img src={url} alt={page} style={image} />
        </div>
      </section>
    </figure>
  );
}

function Sound({ url }: { readonly url: string }) {
  const { t, i18n } = useTranslation();
  const player = useRef<HTMLAudioElement>(null);
  const [speed, setSpeed] = useState(1);
  useEffect(() => {
    if (player.current) player.current.playbackRate = speed;
  }, [speed]);
  return (
    <div className="shown-sound">
      {/* biome-ignore lint/a11y/useMediaCaption: what a candidate has said has no captions */}
      <audio ref={player} controls src={url} aria-label={t("paper.recording")} />
      <fieldset aria-label={t("paper.speed")}>
        {SPEEDS.map((one) => (
          <Button key={one} aria-pressed={one === speed} onClick={() => setSpeed(one)}>
            {one.toLocaleString(i18n.language)}×
          </Button>
        ))}
      </fieldset>
    </div>
  );
}

function useObjectUrl(content: Blob | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!content) return setUrl(null);
    const made = URL.createObjectURL(content);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [content]);
  return url;
}
