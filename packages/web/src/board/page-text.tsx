/** Shows what is on a page, for screen readers: the text of the slide, and the texts and formulas that were written. */

import { isBody, listOf, numberOf, textOf } from "@lectern/room";
import { useEffect, useState } from "react";
import { useTranslation } from "../texts/use-translation.ts";
import { type BoardDoor, loadJson } from "./pages/board-door.ts";
import type { PageLocation } from "./pages/page-location.ts";
import type { PageModel } from "./pages/page-model.ts";

/** What is written is read out when the writer pauses. */
const SETTLE_MS = 1500;

type PageTextProps = { readonly place: PageLocation; readonly model: PageModel; readonly door: BoardDoor };

export function PageText({ place, model, door }: PageTextProps) {
  const { t } = useTranslation();
  const slide = useSlideText(place, door);
  const written = useWritten(model);
  return (
    <div className="unseen">
      {slide === "" ? null : (
        <p>
          {t("board.slideText")} {slide}
        </p>
      )}
      <div aria-live="polite">
        {written.length === 0 ? null : (
          <p>
            {t("board.written")} {written.join("; ")}
          </p>
        )}
      </div>
    </div>
  );
}

function useWritten(model: PageModel): readonly string[] {
  const [written, setWritten] = useState<readonly string[]>([]);
  useEffect(() => {
    const read = (): void => {
      timer = null;
      const texts = textsOf(model);
      setWritten((before) => (before.join("\n") === texts.join("\n") ? before : texts));
    };
    let timer: ReturnType<typeof setTimeout> | null = null;
    read();
    const mayBeText = (id: string): boolean => model.item(id)?.content.type !== "stroke";
    const end = model.onChange((change) => {
      if (change.how === "all" || change.ids.some(mayBeText)) timer ??= setTimeout(read, SETTLE_MS);
    });
    return () => {
      end();
      if (timer) clearTimeout(timer);
    };
  }, [model]);
  return written;
}

function textsOf(model: PageModel): string[] {
  return model.items().flatMap(({ content, deleted }) => {
    if (deleted) return [];
    return content.type === "text" ? [content.text] : content.type === "formula" ? [content.tex] : [];
  });
}

function useSlideText({ set, number }: PageLocation, door: BoardDoor): string {
  const material = set.pages === "slides" ? set.material : null;
  const [texts, setTexts] = useState<ReadonlyMap<number, string>>(new Map());
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each material; a renewed link changes nothing
  useEffect(() => {
    setTexts(new Map());
    if (material === null) return;
    const abort = new AbortController();
    // Without them the page is shown as well.
    loadJson(door.texts(material), abort.signal).then(
      (answer) => setTexts(parseTexts(answer)),
      () => {},
    );
    return () => abort.abort();
  }, [material]);
  return texts.get(number) ?? "";
}

function parseTexts(answer: unknown): ReadonlyMap<number, string> {
  const pages = isBody(answer) ? listOf(answer["pages"]) : [];
  return new Map(
    pages.flatMap((page): [number, string][] => {
      const number = isBody(page) ? numberOf(page, "n") : null;
      return isBody(page) && number !== null ? [[number, textOf(page, "text") ?? ""]] : [];
    }),
  );
}
