/** Shows pictures and sound beside a question that was answered: as often as one likes. Without an address, pictures are loaded at once, and sound when it is wanted. */
import type { Media } from "@lectern/exam";
import { Button } from "@lectern/ui";
import { useEffect, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { MediaContext } from "./media-context.ts";
import type { MediaSource } from "./media-source.ts";
import { MediaView } from "./media-view.tsx";

type ResultMediaProps = { readonly media: readonly Media[]; readonly source: MediaSource };

export function ResultMedia({ media, source }: ResultMediaProps) {
  const unlimited = media.map((one): Media => (one.kind === "sound" ? { kind: one.kind, file: one.file, title: one.title } : one));
  if ("urlOf" in source)
    return (
      <MediaContext value={{ urlOf: source.urlOf, player: null }}>
        <MediaView media={unlimited} />
      </MediaContext>
    );
  return unlimited.map((one) => <LoadedMedium key={one.file} medium={one} load={source.load} />);
}

type LoadedMediumProps = { readonly medium: Media; readonly load: (file: string) => Promise<Blob | null> };

function LoadedMedium({ medium, load }: LoadedMediumProps) {
  const { t } = useTranslation();
  const [isWanted, setIsWanted] = useState(medium.kind === "picture");
  const [url, setUrl] = useState<string | null>(null);
  const [hasFailed, setHasFailed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the file is loaded once, however often its page is drawn
  useEffect(() => {
    if (!isWanted) return;
    let made: string | null = null;
    let isShown = true;
    load(medium.file).then(
      (blob) => {
        if (!isShown) return;
        made = blob && URL.createObjectURL(blob);
        setUrl(made);
        setHasFailed(made === null);
      },
      () => isShown && setHasFailed(true),
    );
    return () => {
      isShown = false;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [isWanted, medium.file]);
  if (hasFailed) return <p className="error">{t("paper.mediaMissing")}</p>;
  if (url !== null)
    return (
      <MediaContext value={{ urlOf: () => url, player: null }}>
        <MediaView media={[medium]} />
      </MediaContext>
    );
  if (isWanted) return <p className="text-muted">{t("exam.loading")}</p>;
  const title = medium.kind === "sound" ? medium.title : "";
  return <Button onClick={() => setIsWanted(true)}>{title || t("paper.sound")}</Button>;
}
